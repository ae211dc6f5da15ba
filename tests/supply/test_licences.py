"""Every dependency has a licence that somebody allowed, and the list says what the packages say."""

from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest
from licences import (
    Licensed,
    allowed_ids,
    always_installed,
    is_allowed,
    licence_of,
    look_up,
    not_allowed,
    read_list,
    rules,
)
from locked import Locked, lock
from packaging.licenses import canonicalize_license_expression

ROWS = read_list()
PACKAGES = lock()


def installed(folder: Path, *lines: str) -> Distribution:
    """A package with these lines in its metadata."""
    info = folder / "x-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("\n".join(["Metadata-Version: 2.4", "Name: x", "Version: 1", *lines]), "utf-8")
    return Distribution.at(info)


def test_every_locked_package_has_one_row() -> None:
    listed = [(row.name, row.version) for row in ROWS]
    assert listed == [(package.name, package.version) for package in PACKAGES], "python supply/licences.py --write"


def test_no_licence_is_unknown_or_not_allowed() -> None:
    assert not_allowed(ROWS, PACKAGES) == []


def test_every_licence_is_a_valid_expression() -> None:
    for row in ROWS:
        assert canonicalize_license_expression(row.licence)


def test_the_list_says_what_installed_packages_say() -> None:
    """Where another version is installed here, it may say so in other words, but nothing else."""
    fresh = {row.name: row for row in look_up(PACKAGES, ROWS)}
    wrong = [(row, fresh[row.name]) for row in ROWS if fresh[row.name].licence != row.licence]
    same = []
    for row, other in wrong:
        try:
            same.append(distribution(row.name).version == row.version)
        except PackageNotFoundError:
            continue
        assert not same[-1], f"{row} is now {other}"


@pytest.mark.parametrize(
    ("expression", "is_met"),
    [
        ("MIT", True), ("GPL-3.0-only", False), ("MIT AND GPL-3.0-only", False), ("MIT OR GPL-3.0-only", True),
        ("GPL-3.0-only OR GPL-2.0-only", False), ("(MIT OR GPL-2.0-only) AND Apache-2.0", True),
        ("(MIT AND GPL-2.0-only) OR AGPL-3.0-only", False), ("Apache-2.0 WITH LLVM-exception", True),
        ("GPL-2.0-only WITH Classpath-exception-2.0", False), ("MIT OR MIT AND GPL-2.0-only", True), ("unknown", False),
        ("", False), ("MIT AND", False), ("(MIT", False), ("MIT)", False),
    ],
)  # fmt: skip
def test_an_expression_is_allowed_when_it_can_be_met(expression: str, is_met: bool) -> None:
    assert is_allowed(expression, allowed_ids(rules())) is is_met


@pytest.mark.parametrize(
    ("lines", "licence"),
    [
        (["License-Expression: MIT"], "MIT"),
        (["License: BSD"], "BSD-3-Clause"),
        (["License: MIT OR Apache-2.0"], "MIT OR Apache-2.0"),
        (["Classifier: License :: OSI Approved :: MIT License"], "MIT"),
        (["License: Copyright 1999, all of it", "Classifier: License :: OSI Approved :: MIT License"], "MIT"),
        (["License: As I please"], "unknown"),
        ([], "unknown"),
        (["Classifier: License :: OSI Approved :: MIT License", "Classifier: License :: Other/Mine"], "unknown"),
    ],
)  # fmt: skip
def test_what_metadata_say(lines: list[str], licence: str, tmp_path: Path) -> None:
    assert licence_of(installed(tmp_path, *lines), rules()["words"]) == licence


def test_a_copyleft_licence_is_allowed_in_an_optional_part_only() -> None:
    packages = [
        Locked("click", "8", needed_by=("whosedata",)), Locked("deep", "1", needed_by=("click",)),
        Locked("pillow-heif", "1", needed_by=("whosedata",)),
    ]  # fmt: skip
    assert always_installed(packages) >= {"click", "deep"}
    rows = [Licensed(package.name, package.version, "GPL-2.0-only", "") for package in packages]
    assert [row.name for row in not_allowed(rows, packages)] == ["click", "deep"]


def test_every_entry_by_hand_is_still_needed() -> None:
    assert set(rules()["packages"]) <= {package.name for package in PACKAGES}
