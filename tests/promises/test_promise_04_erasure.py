"""Promise 4: what goes is gone, what is kept is told with its category and reason; holds and open requests refuse."""

import shutil
from pathlib import Path

from erasable import EMAIL, NAME, PHONE, make_share
from erasing import Row, apply_plan, hers, make_plan_file, open_case, run, scan_share

INVOICE = f"Invoice 17 of 4 June 2024\nTo: {NAME}, {EMAIL}\nTelephone {PHONE}\nHall hire, 120.00, paid\n"


def kept(row: Row) -> Row:
    """An invoice is younger than seven years: it is kept for the tax office; all else goes."""
    if "invoice" in row["item"]:
        return {**row, "decision": "exempt", "code": "K-LAW", "why": "accounts, seven years"}
    return hers(row)


def test_promise_4_an_invoice_is_kept_and_told_a_marketing_copy_goes(tmp_path: Path) -> None:
    make_share(tmp_path / "share")
    (tmp_path / "share" / "invoice17.txt").write_text(INVOICE, encoding="utf-8")
    (tmp_path / "share" / "newsletter.csv").write_text(
        f"Name,E-mail\nAnn Fox,ann@fox.example\n{NAME},{EMAIL}\n", "utf-8"
    )
    case = open_case(tmp_path)
    plan, _ = make_plan_file(tmp_path, case, scan_share(tmp_path), kept)
    result = apply_plan(tmp_path, plan)
    assert (result.exit_code, "0 findings of the erased values" in result.output) == (0, True), result.output
    assert (tmp_path / "share" / "invoice17.txt").read_text("utf-8") == INVOICE
    assert (tmp_path / "share" / "newsletter.csv").read_text("utf-8") == "Name,E-mail\nAnn Fox,ann@fox.example\n"
    record = (tmp_path / "record.html").read_text("utf-8")
    assert "share/invoice17.txt" in record
    assert "Article 17(3)(b)" in record
    assert "accounts, seven years" in record
    found = run(tmp_path, "find", str(scan_share(tmp_path, "later")), "--email", EMAIL, "--phone", PHONE).output
    assert "invoice17.txt" in found
    assert not any(name in found for name in ("newsletter", "list0", "data0", "book0", "letter0", "pack0", "crm0"))


def test_promise_4_a_hold_blocks_until_it_is_lifted(tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    file = tmp_path / "share" / "list.csv"
    file.write_text(f"Name,E-mail,Phone\nAnn Fox,ann@fox.example,\n{NAME},{EMAIL},{PHONE}\n", "utf-8")
    before = file.read_bytes()
    case = open_case(tmp_path)
    plan, _ = make_plan_file(tmp_path, case, scan_share(tmp_path))
    run(tmp_path, "case", "event", case, "held", "--say", "why=court")
    assert (apply_plan(tmp_path, plan).exit_code, file.read_bytes()) == (2, before)
    run(tmp_path, "case", "event", case, "released", "--say", "why=settled")
    assert apply_plan(tmp_path, plan).exit_code == 0
    assert EMAIL not in file.read_text("utf-8")


def test_promise_4_nothing_is_closed_while_something_is_to_do_by_hand(tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    (tmp_path / "share" / "page.html").write_text(f"<p>{NAME}, {EMAIL}, {PHONE}</p>", "utf-8")
    shutil.copytree(tmp_path / "share", tmp_path / "before")
    case = open_case(tmp_path)
    plan, said = make_plan_file(tmp_path, case, scan_share(tmp_path))
    assert "cannot change this kind of file" in said
    assert apply_plan(tmp_path, plan).exit_code == 3
    assert (tmp_path / "share" / "page.html").read_bytes() == (tmp_path / "before" / "page.html").read_bytes()
    closed = run(tmp_path, "case", "close", case, "--outcome", "responded")
    assert "cannot be closed as answered" in closed.output
