"""Names that try to become part of the page stay text: the elements are those of a harmless page, and nothing runs."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from browsers import chromium
from example_audit import example_audit
from hostile_names import HOSTILE
from selectolax.lexbor import LexborHTMLParser

from reports.audit.result import Audit
from reports.page.audit_page import audit_page
from reports.page.markup import el
from reports.page.worklists import file_name, worklist_page, write_worklists


def hostile_audit(text: str) -> Audit:
    """The example with the text wherever something from outside can stand."""
    audit = example_audit(item=text, owner=text)
    requests = replace(audit.requests, open=tuple(replace(one, case_id=text, right=text, to_do=(text,)) for one in audit.requests.open))  # fmt: skip  # noqa: E501
    assert audit.ropa is not None
    return replace(
        audit,
        top=(text,) * 3,
        requests=requests,
        ropa=tuple(replace(gap, place=text, what=text) for gap in audit.ropa),
        source=replace(audit.source, report=text, run_id=text, version=text),
        stores=replace(audit.stores, stores=(text,) * 3, owners=(text,) * 3),
    )


def skeleton(page: str) -> list[tuple[str, tuple[str, ...]]]:
    """Every element with the names of its attributes, in order."""
    root = LexborHTMLParser(page).root
    assert root is not None
    return [(node.tag, tuple(sorted(node.attributes))) for node in root.traverse(include_text=False)]


def test_there_are_enough_of_them():
    assert len(set(HOSTILE)) >= 150


def test_no_element_comes_from_a_name():
    harmless = skeleton(audit_page(hostile_audit("harmless")))
    assert len(harmless) > 300
    for text in HOSTILE:
        assert skeleton(audit_page(hostile_audit(text))) == harmless, text


def test_no_element_of_a_worklist_comes_from_a_name():
    def listed(text: str) -> list[list[tuple[str, tuple[str, ...]]]]:
        audit = hostile_audit(text)
        return [skeleton(worklist_page(audit, work)) for work in audit.worklists]

    harmless = listed("harmless")
    assert len(harmless) == 2
    for text in HOSTILE:
        assert listed(text) == harmless, text


def test_attributes_are_escaped():
    assert el("td", "x", data_label='"><b>') == '<td data-label="&quot;&gt;&lt;b&gt;">x</td>'


def test_nothing_runs_in_a_browser(tmp_path: Path):
    with chromium() as browser:
        page = browser.new_page()
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        for number, text in enumerate(HOSTILE[::8]):
            path = tmp_path / f"{number}.html"
            path.write_text(audit_page(hostile_audit(text)), encoding="utf-8")
            page.goto(path.as_uri())
            assert page.title() == "Personal data audit, 26 November 2026"
        assert all(url.startswith("file:") for url in asked)


def test_files_of_worklists_stay_in_their_folder_and_hold_no_formula(tmp_path: Path):
    for owner in ("../../etc/passwd", "CON", "=cmd", "Ann Example", "", "阿部", "a/b", "a\\b", "x" * 300):
        audit = example_audit(item="=cmd|'/C calc'!A0", owner=owner)
        written = write_worklists(audit, tmp_path / "lists")
        assert {path.parent for path in written} == {tmp_path / "lists"}
        assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == sorted(set(written))
        with written[1].open(encoding="utf-8-sig", newline="") as file:
            [row] = csv.DictReader(file)
        assert row["place"].startswith("'=")
        assert row["urgency"] == "high"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("阿部", "本田"),
        ("a/b", "a b"),
        ("", "no owner"),
        ("", "No-owner"),
        ("a.b", "a b"),
        ("Ann", "ann"),
        ("x" * 99, "x" * 98),
    ],
)
def test_two_owners_never_share_a_file(one: str, other: str):
    assert file_name(one) != file_name(other)


def test_lists_of_before_are_gone_and_other_files_stay(tmp_path: Path):
    mine = tmp_path / "worklist-mine.csv"
    mine.write_text("my own")
    before = write_worklists(example_audit(owner="Bob Sample"), tmp_path)
    after = write_worklists(example_audit(owner="Ann Example"), tmp_path)
    assert set(before) - set(after)
    assert set(tmp_path.iterdir()) == {mine, *after}
