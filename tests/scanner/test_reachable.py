"""A folder that is not what it was when the scan began is noticed; one that is, and what is no folder, is let be."""

from pathlib import Path

import pytest

from scanner.plan import Root
from scanner.reachable import Folders, LostPlaceError

ELSEWHERE = Path("/dev/shm")


def test_a_folder_that_is_there(tmp_path: Path) -> None:
    folders = Folders([Root(str(tmp_path), "share")])
    folders.require("share")
    (tmp_path / "a.txt").write_text("new", encoding="utf-8")
    folders.require("share")


def test_one_that_is_gone(tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    folders = Folders([Root(str(share), "share")])
    share.rmdir()
    with pytest.raises(LostPlaceError, match=r"cannot be read any more .*: the disk or share is gone"):
        folders.require("share")


@pytest.mark.skipif(not ELSEWHERE.is_dir(), reason="needs a second file system")
def test_one_where_nothing_is_mounted_any_more(tmp_path: Path) -> None:
    """What is left where a share was mounted is an empty folder of another device."""
    share = tmp_path / "share"
    share.symlink_to(tmp_path)
    if ELSEWHERE.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("both are one file system")
    folders = Folders([Root(str(share), "share")])
    share.unlink()
    share.symlink_to(ELSEWHERE)
    with pytest.raises(LostPlaceError, match="another disk or share is there now"):
        folders.require("share")


def test_files_and_addresses_and_unknown_labels_are_not_watched(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("here", encoding="utf-8")
    folders = Folders([Root(str(file), "a"), Root("-", "in"), Root("sftp://host/share", "far")])
    file.unlink()
    for label in ("a", "in", "far", "nobody"):
        folders.require(label)
