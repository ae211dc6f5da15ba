"""The walk: every kind of entry is met exactly once, in a fixed order, and nothing makes it hang or leave the root."""

import os
import socket
import sys
from pathlib import Path

import pytest

from scanner.model import Item, Met, Reason, Skip
from scanner.plan import Plan, Root, make_plan, make_roots
from scanner.sources.folder import open_regular, walk

posix = pytest.mark.skipif(os.name != "posix", reason="special files need a POSIX system")


def met(place: Path, own: frozenset[str] = frozenset(), **options: object) -> dict[str, Reason | None]:
    root = Root(str(place), "r")
    found = list(walk(root, make_plan((root,), {}, **options), own))
    paths = [entry.path for entry in found]
    assert len(set(paths)) == len(paths)
    return {entry.path: entry.reason if isinstance(entry, Met) else None for entry in found}


def touch(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")


def test_order_is_by_bytes_files_of_a_folder_first(tmp_path: Path) -> None:
    touch(*(tmp_path / name for name in ("b/2", "b/1", "a", "Z", "c/d/e", "é")))
    assert list(met(tmp_path)) == ["Z", "a", "é", "b/1", "b/2", "c/d/e"]


@posix
def test_special_files_are_rows_and_never_hang(tmp_path: Path) -> None:
    touch(tmp_path / "real")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "loop").symlink_to(".")
    (tmp_path / "outside").symlink_to("/etc")
    (tmp_path / "dangling").symlink_to("nowhere")
    with socket.socket(socket.AF_UNIX) as server:
        os.chdir(tmp_path)
        server.bind("sock")
        assert met(tmp_path) == {"real": None} | dict.fromkeys(
            ("dangling", "link", "loop", "outside", "pipe", "sock"), Reason.SPECIAL
        )


@posix
@pytest.mark.parametrize("kind", ["fifo", "link", "gone", "folder"])
def test_a_file_that_turned_into_something_else_is_not_opened(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x"
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "link":
        path.symlink_to("/etc/hostname")
    elif kind == "folder":
        path.mkdir()
    with pytest.raises(Skip) as caught, open_regular(os.fsencode(path)):
        pass
    assert caught.value.reason is (Reason.CHANGED if kind == "gone" else Reason.SPECIAL)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_names_of_any_bytes_come_back(tmp_path: Path) -> None:
    names = [b"caf\xe9.txt", b"a\nb", b"%41", b"x!y", b"\xe2\x80\xaegnp.exe", b"\xff\xfe", b"back\\slash"]
    for name in names:
        Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name))).write_bytes(b"x")
    root = Root(str(tmp_path), "r")
    items = [entry for entry in walk(root, Plan((root,)), frozenset()) if isinstance(entry, Item)]
    assert sorted(os.path.basename(item.address) for item in items) == sorted(names)
    for item in items:
        assert item.path.isprintable()
        with open_regular(item.address) as file:
            assert file.read() == b"x"


def test_rules_as_git_has_them(tmp_path: Path) -> None:
    touch(*(tmp_path / name for name in ("a.iso", "keep/b.iso", "keep/c.txt", "tmp/x", "deep/tmp/y", "deep/z")))
    (tmp_path / "keep" / ".scanignore").write_text("!b.iso\nc.txt\n", encoding="utf-8")
    assert met(tmp_path, exclude=("*.iso", "tmp/")) == {
        "a.iso": Reason.EXCLUDED, "tmp": Reason.EXCLUDED, "deep/tmp": Reason.EXCLUDED, "deep/z": None,
        "keep/.scanignore": None, "keep/b.iso": None, "keep/c.txt": Reason.EXCLUDED,
    }  # fmt: skip
    included = met(tmp_path, include=("*.txt",))
    assert [path for path, reason in included.items() if reason is None] == []
    assert included["deep/z"] is Reason.EXCLUDED


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs a user whom the system can refuse")
def test_an_unreadable_folder_is_a_row(tmp_path: Path) -> None:
    (tmp_path / "shut").mkdir(mode=0)
    assert met(tmp_path) == {"shut": Reason.PERMISSION}


@posix
def test_a_rule_file_that_cannot_be_read_has_no_say(tmp_path: Path) -> None:
    touch(tmp_path / "a", tmp_path / "rules")
    (tmp_path / "rules").write_text("a\n", encoding="utf-8")
    (tmp_path / ".scanignore").symlink_to("rules")
    assert met(tmp_path) == {".scanignore": Reason.SPECIAL, "a": None, "rules": None}


def test_what_the_scan_writes_is_no_part_of_it(tmp_path: Path) -> None:
    touch(tmp_path / "report.parquet", tmp_path / "a")
    assert met(tmp_path, own=frozenset({str(tmp_path / "report.parquet")})) == {"a": None}


def test_a_tree_of_great_depth(tmp_path: Path) -> None:
    here = os.getcwd()
    os.chdir(tmp_path)
    try:
        for _ in range(300):
            os.mkdir("d")
            os.chdir("d")
        Path("end").write_text("x", encoding="utf-8")
    finally:
        os.chdir(here)
    assert list(met(tmp_path)) == ["d/" * 300 + "end"]


def test_one_file_is_a_place_too(tmp_path: Path) -> None:
    touch(tmp_path / "folder" / "a.txt")
    [root] = make_roots([tmp_path / "folder" / "a.txt"])
    [item] = walk(root, Plan((root,)), frozenset())
    assert (root.label, item.path) == ("folder", "a.txt")
