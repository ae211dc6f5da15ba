"""Letters of a request: refusals that say how to complain, and one notice for each recipient, open until told."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from subjects.cli import whosedata

Run = Callable[..., Result]
CONFIG = """
[controller]
name = "Wren Close Trust"
contact = "10 Wren Close, NN12 6RD"
complaints = "complaints@wren.example"

[[recipients]]
name = "Quickpost Mailings"
contact = "data@quickpost.example"

[[recipients]]
name = "Ledger & Sons"
"""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    (tmp_path / "whosedata.toml").write_text(CONFIG, encoding="utf-8")
    return lambda *words: CliRunner().invoke(whosedata, [*words, "--home", str(tmp_path / "home")])


def opened(run: Run, right: str, *more: str) -> str:
    words = ("--name", "Peggy Tolliver", "--email", "peggy@home.example", "--phone", "07700 900123")
    case = run("case", "new", "--right", right, *words, *more).output.split()[1].rstrip(",")
    run("case", "event", case, "identity-confirmed", "--say", "method=known")
    return case


def letter(run: Run, tmp_path: Path, case: str, kind: str, *more: str) -> Result:
    config = ("--config", str(tmp_path / "whosedata.toml"))
    return run("letter", case, kind, "--out", str(tmp_path / "letters"), *config, *more)


def happened(run: Run, case: str, kind: str, *said: str) -> Result:
    return run("case", "event", case, kind, *(word for text in said for word in ("--say", text)))


def missing(run: Run, case: str) -> list[str]:
    rows = map(json.loads, run("cases", "--format", "json").output.splitlines())
    found: list[str] = next(row["missing"] for row in rows if row["case"] == case)
    return found


def test_a_refusal_gives_its_reason_and_every_way_to_complain(run: Run, tmp_path: Path) -> None:
    case = opened(run, "erasure")
    assert letter(run, tmp_path, case, "refusal").exit_code == 2
    result = letter(run, tmp_path, case, "refusal", "--why", "E-MUE the same was asked for five times this week.")
    assert result.exit_code == 0, result.output
    html = (tmp_path / "letters" / f"{case}-refusal.html").read_text("utf-8")
    for words in ("five times", "manifestly unfounded", "complaints@wren.example", "ico.org.uk", "a court", "164A"):
        assert words in html, words
    with zipfile.ZipFile(tmp_path / "letters" / f"{case}-refusal.docx") as archive:
        assert "ico.org.uk" in archive.read("word/document.xml").decode()
    untold = run("case", "close", case, "--outcome", "refused", "--why", "too many")
    assert (untold.exit_code, "tell the person first" in untold.output) == (2, True)
    happened(run, case, "sent", "how=letter")
    assert run("case", "close", case, "--outcome", "refused", "--why", "too many").exit_code == 0


def test_each_recipient_is_an_open_step_until_it_was_told(run: Run, tmp_path: Path) -> None:
    case = opened(run, "erasure")
    early = letter(run, tmp_path, case, "notices")
    assert (early.exit_code, "nothing was erased yet" in early.output) == (2, True)
    happened(run, case, "searched", "place=share")
    happened(run, case, "erased", "what=newsletter")
    result = letter(run, tmp_path, case, "notices", "--recipient", "The printer")
    assert result.exit_code == 0, result.output
    letters = sorted(path.name for path in (tmp_path / "letters").glob("*.html"))
    assert [name.split("-", 4)[4] for name in letters] == ["quickpost-mailings.html", "ledger-sons.html", "the-printer.html"]  # fmt: skip  # noqa: E501
    text = (tmp_path / "letters" / letters[0]).read_text("utf-8")
    assert "Peggy Tolliver, peggy@home.example" in text
    assert "900123" not in text, "no more than tells who it is"
    happened(run, case, "sent", "how=e-mail")
    assert missing(run, case) == ["recipients-told"]
    assert "say of each" in happened(run, case, "recipients-told", "who=all").output
    numbers = [name.split("-")[3] for name in letters]
    happened(run, case, "recipient-told", f"recipient={numbers[0]}", "how=e-mail")
    assert happened(run, case, "recipient-not-told", f"recipient={numbers[1]}").exit_code == 2
    happened(run, case, "recipient-not-told", f"recipient={numbers[1]}", "why=the firm was wound up in 2019")
    refused = run("case", "close", case, "--outcome", "responded")
    assert (refused.exit_code, "recipients-told" in refused.output) == (2, True)
    assert "tell The printer" in run("cases").output
    happened(run, case, "recipient-told", f"recipient={numbers[2]}", "how=post")
    assert happened(run, case, "recipient-told", f"recipient={numbers[2]}", "how=post").exit_code == 2
    assert run("case", "close", case, "--outcome", "responded").exit_code == 0


def test_a_correction_says_what_is_right_and_access_has_no_notices(run: Run, tmp_path: Path) -> None:
    case = opened(run, "rectification")
    happened(run, case, "changed", "what=3 files")
    assert "what to correct" in letter(run, tmp_path, case, "notices").output
    assert (
        letter(run, tmp_path, case, "notices", "--why", "07700 900123 is wrong, 07700 900124 is right").exit_code == 0
    )
    access = opened(run, "access")
    assert letter(run, tmp_path, access, "notices").exit_code == 2


def test_nobody_to_tell_is_said_in_one_word(run: Run, tmp_path: Path) -> None:
    case = opened(run, "restriction")
    happened(run, case, "marked", "what=x")
    happened(run, case, "sent", "how=e-mail")
    assert run("letter", case, "notices", "--out", str(tmp_path / "letters")).exit_code == 2
    happened(run, case, "recipients-told", "who=nobody")
    assert run("case", "close", case, "--outcome", "responded").exit_code == 0


@pytest.mark.parametrize(
    ("kind", "why", "words"),
    [
        ("acknowledgement", "", "We answer by"),
        ("identity", "", "keep no copy"),
        ("question", "Which years do you mean?", "stands still"),
        ("extension", "The archive is large.", "two more months"),
        ("lifting", "The address was checked.", "before it does"),
    ],
)
def test_every_letter_says_what_the_law_asks(run: Run, tmp_path: Path, kind: str, why: str, words: str) -> None:
    case = opened(run, "access")
    result = letter(run, tmp_path, case, kind, *(("--why", why) if why else ()))
    assert result.exit_code == 0, result.output
    html = (tmp_path / "letters" / f"{case}-{kind}.html").read_text("utf-8")
    assert words in html
    assert why in html


def test_an_agent_needs_authority_and_a_child_is_pointed_out(run: Run, tmp_path: Path) -> None:
    case = opened(run, "access", "--agent", "Ann Fox", "--dob", "12/03/2015", "--received", "2026-11-02")
    assert missing(run, case)[0] == "authority-received"
    assert "written authority" not in run("case", "show", case).output
    letter(run, tmp_path, case, "identity")
    assert "written authority" in (tmp_path / "letters" / f"{case}-identity.html").read_text("utf-8")
    assert "The person is 11 years old. Note whether the child understands" in run("case", "show", case).output
    scots = opened(run, "access", "--dob", "12/03/2013", "--received", "2026-11-02", "--division", "scotland")
    assert "presumed able to ask" in run("case", "show", scots).output
    grown = opened(run, "access", "--dob", "02/11/2008", "--received", "2026-11-02")
    assert "years old" not in run("case", "show", grown).output, "eighteen on that day"


def test_an_access_request_that_comes_later_freezes_too(run: Run) -> None:
    erasure = opened(run, "erasure")
    access = opened(run, "access")
    frozen = happened(run, erasure, "erased", "what=x")
    assert (frozen.exit_code, access in frozen.output) == (2, True)
    run("case", "close", access, "--outcome", "withdrawn")
    assert happened(run, erasure, "erased", "what=x").exit_code == 0
