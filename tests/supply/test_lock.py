"""The lock file is whole: what pyproject.toml asks for, and all that this needs in turn, pinned and with hashes."""

import re
from importlib.metadata import PackageNotFoundError, requires

import pytest
from lock import NOT_FOR_USERS
from locked import LOCK, Locked, LockError, lock, project, read_lock
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PACKAGES = lock()
LINES = """# made by a script
click==8.1 ; sys_platform == 'win32' \\
    --hash=sha256:{0} \\
    --hash=sha256:{1}
    # via whosedata (pyproject.toml)
Rich_Text==13.0 \\
    --hash=sha256:{0}
    # via
    #   click
    #   whosedata (pyproject.toml)
""".format("a" * 64, "b" * 64)


def asked() -> list[Requirement]:
    """What a user's installation may ask for: everything but the parts for building and comparing."""
    table = project()
    parts = [part for name, part in table["optional-dependencies"].items() if name not in NOT_FOR_USERS]
    return [Requirement(line) for line in (*table["dependencies"], *(line for part in parts for line in part))]


def pinned(name: str) -> list[Locked]:
    return [package for package in PACKAGES if package.name == canonicalize_name(name)]


def here(package: Locked) -> bool:
    return not package.marker or Marker(package.marker).evaluate()


def test_a_lock_file_is_read_as_it_is_written() -> None:
    assert read_lock(LINES.splitlines()) == [
        Locked("click", "8.1", "sys_platform == 'win32'", ("a" * 64, "b" * 64), ("whosedata",)),
        Locked("rich-text", "13.0", "", ("a" * 64,), ("click", "whosedata")),
    ]
    with pytest.raises(LockError, match="line 2"):
        read_lock(["click==8.1", "--extra-index-url somewhere"])


def test_everything_that_we_ask_for_is_pinned_in_a_version_that_we_asked_for() -> None:
    for wanted in asked():
        found = pinned(wanted.name)
        assert found, f"{wanted} is not in {LOCK.name}: python supply/lock.py"
        assert all(wanted.specifier.contains(package.version) for package in found), f"{wanted}: {found}"


def test_every_package_has_hashes_and_somebody_who_needs_it() -> None:
    names = {"whosedata", *(package.name for package in PACKAGES)}
    for package in PACKAGES:
        assert package.hashes
        assert package.needed_by
        assert names.issuperset(package.needed_by)


def test_what_packages_need_in_turn_is_pinned_too() -> None:
    """By the metadata of what is installed here: pip refuses to install anything that has no hash."""
    looked_at = 0
    for package in filter(here, PACKAGES):
        try:
            lines = requires(package.name) or ()
        except PackageNotFoundError:
            continue
        for line in map(Requirement, lines):
            if line.marker is None or line.marker.evaluate({"extra": ""}):
                assert [one for one in pinned(line.name) if here(one)], f"{package.name} needs {line}"
                looked_at += 1
    assert looked_at > 50


def test_one_version_of_each_package_fits_each_system() -> None:
    for package in PACKAGES:
        others = [one for one in pinned(package.name) if one is not package]
        assert not others or all(one.marker for one in (package, *others))
    assert len({package.name for package in PACKAGES if here(package)}) == sum(map(here, PACKAGES))


def test_no_address_stands_in_the_lock_file() -> None:
    assert not re.search(r"https?:|//|index-url|find-links|file:", LOCK.read_text("utf-8"))
