"""Places that a person may name in many ways: twice, through links, with odd names, with the report inside."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from reports.summary import count
from scanner import scan
from scanner.plan import PlanError, make_plan, make_roots
from scanner.run import Run, scan_to_files
from scanner.sources.folder import walk

MAIL = "write to ann.lee@mail.example\n"
posix = pytest.mark.skipif(os.name != "posix", reason="links and odd names need a POSIX system")


@pytest.fixture
def share(tmp_path: Path) -> Path:
    place = tmp_path / "share"
    place.mkdir()
    (place / "a.txt").write_text(MAIL, encoding="utf-8")
    return place


@pytest.mark.parametrize(
    "name",
    [
        lambda share: [share, share / "a.txt"], lambda share: [share / "a.txt", share],
        lambda share: [share, f"{share}/"], lambda share: [share / "a.txt", f"{share}/../share/a.txt"],
    ],
)  # fmt: skip
def test_a_place_named_twice_is_scanned_once(tmp_path: Path, share: Path, name: Callable[[Path], list[Path]]) -> None:
    plan = make_plan(make_roots(name(share)), {}, names="off")
    paths = scan_to_files(plan, Run(tmp_path / "r.parquet", tmp_path / "home"), inspect=lambda _: None)
    counts = count(paths)
    assert (counts.statuses, counts.types, counts.copies) == ({"examined": 1}, {"EMAIL_ADDRESS": 1}, 0)


def test_standard_input_is_named_once() -> None:
    with pytest.raises(PlanError, match="once"):
        make_roots(["-", "-"], ["a", "b"])


@posix
def test_a_link_to_a_file_is_followed_when_it_is_named(tmp_path: Path, share: Path) -> None:
    (tmp_path / "link.txt").symlink_to(share / "a.txt")
    report = scan(tmp_path / "link.txt", home=tmp_path / "home", names="off")
    assert [(row["item"], row["status"]) for row in report.items.to_pylist()] == [("link.txt", "examined")]
    assert report.findings.num_rows == 1


@posix
def test_a_pipe_that_is_named_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(PlanError, match="scan -"):
        scan(tmp_path / "pipe", home=tmp_path / "home")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    place = os.path.join(os.fsencode(tmp_path), b"caf\xe9\n")
    os.mkdir(place)
    Path(os.fsdecode(os.path.join(place, b"a.txt"))).write_text(MAIL, encoding="utf-8")
    report = scan(os.fsdecode(place), home=tmp_path / "home", names="off")
    assert report.findings["root"].to_pylist() == ["caf%E9%0A"]


@posix
def test_the_report_is_no_part_of_the_scan_whatever_way_leads_to_it(tmp_path: Path, share: Path) -> None:
    (tmp_path / "way").symlink_to(share)
    (share / "documents").mkdir()
    (share / "documents" / "b.txt").write_text("hello", encoding="utf-8")
    (share / ".r.items.parquet.draft").write_bytes(b"left behind by a scan that was killed")
    for _ in range(2):
        report = scan(tmp_path / "way", share / "r.parquet", home=share / "documents", names="off")
        assert report.items["item"].to_pylist() == ["a.txt", "documents/b.txt"]
    assert not list(share.glob(".*draft"))


@pytest.mark.parametrize("line", ["!", "\\", "[z-a]", "*a" * 8 + "*b"])
def test_a_rule_file_in_the_share_cannot_stop_the_scan(share: Path, line: str) -> None:
    (share / ".scanignore").write_text(f"{line}\n*.iso\n", encoding="utf-8")
    (share / ("a" * 200)).touch()
    (share / "x.iso").touch()
    [root] = make_roots([share])
    begun = time.monotonic()
    reasons = [getattr(met, "reason", None) for met in walk(root, make_plan((root,), {}), frozenset())]
    assert reasons == [None, None, None, "excluded"]
    assert time.monotonic() - begun < 2
