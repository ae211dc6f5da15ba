"""The check of known weaknesses finds what a database holds, without a network, and says when there is none."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from advisories import HELP, DatabaseError, affects, newest, records, weaknesses
from locked import Locked, lock

SCRIPT = Path(__file__).parents[2] / "supply" / "advisories.py"


def advisory(name: str, *ranges: dict[str, str], versions: tuple[str, ...] = (), **more: object) -> dict[str, Any]:
    part = {
        "package": {"ecosystem": "PyPI", "name": name}, "versions": list(versions),
        "ranges": [{"type": "ECOSYSTEM", "events": list(ranges)}] if ranges else [],
    }  # fmt: skip
    return {"id": "X-2026-1", "modified": "2026-10-01T00:00:00Z", "summary": "A loop", "affected": [part], **more}


def check(*words: str, database: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "WHOSEDATA_ADVISORIES": database}
    return subprocess.run([sys.executable, str(SCRIPT), *words], env=environment, capture_output=True, text=True, timeout=60, check=False)  # fmt: skip  # noqa: E501


@pytest.mark.parametrize(
    ("events", "hit"),
    [
        (({"introduced": "0"}, {"fixed": "2.0"}), True), (({"introduced": "0"}, {"fixed": "1.5"}), False),
        (({"introduced": "0"}, {"fixed": "1.4"}), False), (({"introduced": "0"},), True),
        (({"introduced": "1.5"}, {"fixed": "1.6"}), True), (({"introduced": "1.5.1"},), False),
        (({"introduced": "0"}, {"last_affected": "1.5"}), True),
        (({"introduced": "0"}, {"last_affected": "1.4"}), False),
        (({"introduced": "0"}, {"fixed": "1.0"}, {"introduced": "1.2"}, {"fixed": "1.6"}), True),
        (({"fixed": "1.6"}, {"introduced": "1.2"}, {"fixed": "1.0"}, {"introduced": "0"}), True),
        (({"introduced": "0"}, {"fixed": "1.0"}, {"introduced": "1.6"}), False),
        (({"introduced": "0"}, {"fixed": "no version"}), True), (({"introduced": "0"}, {"limit": "1.5"}), False),
        (({"introduced": "0"}, {"fixed": "1.5rc1"}), False), (({"introduced": "0"}, {"fixed": "1.5.post1"}), True),
    ],
)  # fmt: skip
def test_ranges_of_versions(events: tuple[dict[str, str], ...], hit: bool) -> None:
    [part] = advisory("x", *events)["affected"]
    assert affects(part, "1.5") is hit


def test_listed_versions_other_systems_and_withdrawn_advisories() -> None:
    packages = [Locked("pillow", "13.0.0"), Locked("click", "8.0")]
    listed = advisory("Pillow", versions=("13.0",))
    assert [one.name for one in weaknesses(packages, [listed])] == ["pillow"]
    assert not weaknesses(packages, [{**listed, "withdrawn": "2026-10-02T00:00:00Z"}])
    other = json.loads(json.dumps(listed).replace("PyPI", "npm"))
    assert not weaknesses(packages, [other])
    git = {
        "id": "X",
        "affected": [
            {
                "package": {"ecosystem": "PyPI", "name": "click"},
                "ranges": [{"type": "GIT", "events": [{"introduced": "0"}]}],
            }
        ],
    }
    assert not weaknesses(packages, [git])


def write_folder(place: Path, rows: list[dict[str, Any]]) -> Path:
    (place / "vulns" / "x").mkdir(parents=True)
    for number, row in enumerate(rows):
        (place / "vulns" / "x" / f"{number}.json").write_text(json.dumps(row), "utf-8")
    return place


def write_yaml(place: Path, rows: list[dict[str, Any]]) -> Path:
    place.mkdir()
    for number, row in enumerate(rows):
        (place / f"{number}.yaml").write_text(json.dumps(row), "utf-8")  # JSON is YAML, too
    return place


def write_zip(place: Path, rows: list[dict[str, Any]]) -> Path:
    with zipfile.ZipFile(place, "w") as archive:
        for number, row in enumerate(rows):
            archive.writestr(f"{number}.json", json.dumps(row))
    return place


def write_one(place: Path, rows: list[dict[str, Any]]) -> Path:
    place = place.with_suffix(".json")
    place.write_text(json.dumps(rows[0]), "utf-8")
    return place


@pytest.mark.parametrize("write", [write_folder, write_yaml, write_zip, write_one])
def test_a_weakness_of_what_is_locked_is_found(
    write: Callable[[Path, list[dict[str, Any]]], Path], tmp_path: Path
) -> None:
    ours = lock()[0]
    rows = [advisory(ours.name, {"introduced": "0"}, {"fixed": "99999"}, aliases=["CVE-2026-0001"])]
    done = check(str(write(tmp_path / "base", rows)))
    assert done.returncode == 1, done.stderr
    assert f"{ours.name} {ours.version}  X-2026-1 (CVE-2026-0001)  fixed in 99999  A loop" in done.stdout


def test_nothing_known_is_exit_code_0(tmp_path: Path) -> None:
    rows = [
        advisory("no-such-package", {"introduced": "0"}),
        advisory(lock()[0].name, {"introduced": "0"}, {"fixed": "0.0.1"}),
    ]
    done = check(database=str(write_zip(tmp_path / "all.zip", rows)))
    assert done.returncode == 0
    assert "2 advisories, the newest of 2026-10-01: 0 known" in done.stdout


def test_no_database_is_told_and_is_no_success(tmp_path: Path) -> None:
    done = check()
    assert done.returncode == 2
    assert done.stderr.strip() == HELP
    (tmp_path / "empty").mkdir()
    (tmp_path / "letter.json").write_text("Dear Ann", "utf-8")
    for database in ("empty", "letter.json", "nowhere"):
        done = check(str(tmp_path / database))
        assert done.returncode == 2
        assert "Nothing was checked" in done.stderr
    with pytest.raises(DatabaseError):
        list(records(tmp_path / "empty"))


def test_the_age_of_a_database() -> None:
    assert str(newest([{"modified": "2026-01-02T03:04:05Z"}, {"modified": "2025-01-01"}, {"modified": "soon"}, {}])) == "2026-01-02"  # fmt: skip  # noqa: E501
    assert newest([]) is None
