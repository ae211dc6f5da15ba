"""Promise 24: what went to an authority is logged, and is held back from the person by a signed decision alone."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from answered import Row, opened, packed, run, scanned

FILES = {
    "note.txt": "Client: Peggy Tolliver, peggy@home.example, born 12/03/1952.\n",
    "police.txt": "Request of the police about Peggy Tolliver, peggy@home.example, born 12/03/1952: crime 77.\n",
}
SIGNED = {"code": "E-CRIME", "why": "it would tell of an inquiry", "signed_by": "H Marchbank"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return scanned(tmp_path, FILES)


def held_back(**changed: str) -> Callable[[Row], Mapping[str, str]]:
    def decide(row: Row) -> Mapping[str, str]:
        if not row["item"].endswith("police.txt"):
            return {"decision": row["proposal"]}
        return {"decision": "exempt", **SIGNED, **changed}

    return decide


def test_a_disclosure_is_logged_even_after_the_end(folder: Path) -> None:
    case = opened(folder, "access")
    run(folder, "case", "close", case, "--outcome", "withdrawn")
    unsaid = run(folder, "case", "event", case, "disclosed", "--say", "who=the police")
    assert (unsaid.exit_code, "--say why=" in unsaid.output) == (2, True)
    words = ("--say", "who=the police", "--say", "why=DPA 2018 Schedule 2 paragraph 2")
    assert run(folder, "case", "event", case, "disclosed", *words).exit_code == 0
    assert "who: the police, why: DPA 2018 Schedule 2 paragraph 2" in run(folder, "case", "show", case).output


@pytest.mark.parametrize(
    ("change", "said"),
    [({"signed_by": ""}, "who decided that"), ({"why": ""}, "say in “why”"), ({"code": "K-LAW"}, "needs its code")],
)
def test_nothing_is_held_back_unsigned(folder: Path, change: dict[str, str], said: str) -> None:
    result, out = packed(folder, opened(folder, "access"), held_back(**change))
    assert (result.exit_code, said in result.output, out.exists()) == (2, True, False), result.output


def test_a_signed_decision_holds_it_back_and_the_letter_says_on_what_ground(folder: Path) -> None:
    result, out = packed(folder, opened(folder, "access"), held_back())
    assert result.exit_code == 0, result.output
    everything = b"".join(file.read_bytes() for file in out.rglob("*") if file.is_file())
    assert b"crime 77" not in everything
    assert b"crime and taxation" in everything
    assert b"Marchbank" not in everything
    working = out.with_name(f"{out.name}.working.csv").read_text("utf-8")
    assert "E-CRIME,it would tell of an inquiry (signed: H Marchbank)" in working


def test_what_is_not_exempted_goes_out(folder: Path) -> None:
    result, out = packed(folder, opened(folder, "access"), lambda row: {"decision": "include"})
    assert result.exit_code == 0, result.output
    assert any("crime 77" in file.read_text("utf-8") for file in (out / "items").iterdir())
