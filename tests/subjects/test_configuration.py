"""What is wrong in whosedata.toml, or in the name of a place: one sentence with the file and what to write, exit 2."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from detectors.registry import SETTINGS
from scanner.config import read_config
from scanner.plan import make_plan
from subjects.cli import whosedata


def scan(*words: str | Path) -> Result:
    return CliRunner().invoke(whosedata, ["scan", *map(str, words), "--names", "off", "--jobs", "1", "--no-progress"])


@pytest.fixture
def share(empty_share: Path) -> Path:
    (empty_share / "a.txt").write_text("Dear Ann, write to ann@mail.example.\n", encoding="utf-8")
    return empty_share


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package with a detector, installed as the entry points of Python see it."""
    folder = tmp_path / "site"
    (folder / "acme-1.dist-info").mkdir(parents=True)
    (folder / "acme-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1\n")
    (folder / "acme-1.dist-info" / "entry_points.txt").write_text("[whosedata.detectors]\nacme = acme:load\n")
    monkeypatch.syspath_prepend(folder)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[detectors.settings]\nmodulus_tabel = "v.txt"', ["mean modulus_table?"]),
        ('[detectors.settings]\nqqq = "v.txt"', ["unknown key qqq", f"known are {', '.join(SETTINGS)}."]),
        ('[detectors.settings.acme]\nlevel = 3', ["no plug-in is installed"]),
        ('[detectors.settings]\nspacy_model = ["a"]', ['spacy_model = "text"']),
        ('[controller]\nnam = "Wren Close Trust"', ["unknown key nam in [controller]", "did you mean name?"]),
        ('[controller]\nname = ""', ["name in [controller] needs a text"]),
        ('[[recipients]]\nname = "Quickpost"\ncontakt = "x"', ["contakt in [[recipients]]", "did you mean contact?"]),
        ('[[recipients]]\nwhat = "letters"', ["[[recipients]] needs a name"]),
        ('[[portable]]\nitem = "*.csv"\nbasis = "contract"\ncolumn = ["Name"]', ["did you mean columns?"]),
        ('[[portable]]\nitem = "*.csv"\nbasis = "contract"\ncolumns = "Name"', ["columns in [[portable]]"]),
        ('[scan]\nexclud = ["*.iso"]', ["unknown key exclud in [scan]", "did you mean exclude?"]),
        ('[scan]\nexclude = "*.iso"', ["exclude must be a list of words"]),
        ("[scan]\nentities = [1]", ["entities must be a list of words"]),
        ('[own]\ndomains = "wrenclose.example"', ["domains must be a list of words"]),
        ('[detectors]\nrecognizers = "ours.yaml"', ["recognizers must be a list of words"]),
        ("[scan]\nmin_score = 7", ["out of range"]),
        ("[scan]\npasswords = 7", ['passwords = "passwords.txt"']),
        ("[limit]\nmax_depth = 3", ["unknown section [limit]", "did you mean limits?"]),
        ('[retention]\nkeep = "seven"', ["“seven” is not a period"]),
    ],
)  # fmt: skip
def test_what_is_wrong_in_the_file_is_said_with_its_name(share: Path, text: str, said: list[str]) -> None:
    Path("our.toml").write_text(f"{text}\n", encoding="utf-8")
    result = scan(share, "--config", "our.toml")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("whosedata: our.toml: ")
    assert [words for words in said if words not in result.stderr] == []


@pytest.mark.usefixtures("plugin")
def test_settings_of_a_plug_in_stand_under_its_name(share: Path) -> None:
    file = share.parent / "our.toml"
    file.write_text('[detectors.settings]\nspacy_model = "m"\n[detectors.settings.acme]\nlevel = 3\nfile = "x"\n')
    plan = make_plan((), read_config(file))
    assert plan.detectors.settings == {"spacy_model": "m", "acme.level": "3", "acme.file": "x"}


@pytest.mark.usefixtures("plugin")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[detectors.settings]\nmodulus_tabel = "v.txt"', "did you mean modulus_table?"),
        ('[detectors.settings]\nlevel = "3"', "Settings of a plug-in stand under its name: [detectors.settings.acme]."),
        ("[detectors.settings.acne]\nlevel = 3", "did you mean acme?"),
    ],
)
def test_a_plug_in_excuses_no_misspelt_key(share: Path, text: str, said: str) -> None:
    Path("our.toml").write_text(f"{text}\n", encoding="utf-8")
    result = scan(share, "--config", "our.toml")
    assert (result.exit_code, said in result.stderr) == (2, True), result.stderr


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("s3://My Bucket/x", "“My Bucket” in an address that begins with s3://"),
        ("s3://my%20bucket/x", "cannot be the name of a bucket"),
        ("sqlite://", "sqlite:///crm.sqlite"),
        ("sqlite:///", "names no file"),
        ("sqlite://crm.sqlite", "three slashes"),
        ("", "One of the places to scan has no name"),
        (" ", "One of the places to scan has no name"),
    ],
)
def test_a_place_that_cannot_be_is_wrong_use(share: Path, place: str, said: str) -> None:
    result = scan(share, place)
    assert (result.exit_code, said in result.stderr) == (2, True), result.output
    assert not Path("report.parquet").exists()


def test_since_what_is_no_report_says_what_to_do(share: Path) -> None:
    pq.write_table(pa.table({"a": [1]}), "other.parquet")
    for name, said in (("other.parquet", "not a report"), ("gone.parquet", "does not exist")):
        result = scan(share, "--since", name)
        assert result.exit_code == 2
        assert [words for words in (name, said, "leave --since out") if words not in result.stderr] == []
