"""Secrets of places: read from a file or the environment, and nowhere afterwards; findings opened at their address."""

from pathlib import Path
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from postgresql_server import PASSWORD, PostgreSQL

from reports.ids import format_id
from reports.parquet import read_report
from scanner import scan
from scanner.credentials import gather
from scanner.plan import PlanError, Root
from subjects.cli import scan_command, whosedata


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHOSEDATA_DB_PASSWORD", PASSWORD)


def test_a_finding_is_opened_by_its_key_alone(
    shop: str, postgresql: PostgreSQL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WHOSEDATA_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WHOSEDATA_DB_PASSWORD", "")
    secrets = tmp_path / "secrets.toml"
    secrets.write_text(f'["{shop}"]\npassword = "{PASSWORD}"\n', encoding="utf-8")
    words = [shop, "--names", "off", "--jobs", "1", "--credentials", str(secrets), "--label", "crm"]
    result = CliRunner().invoke(scan_command, words)
    assert result.exit_code == 0, result.output
    secrets.chmod(0o600)
    rows = read_report(tmp_path / "report.parquet").to_arrow().to_pylist()
    [row] = [row for row in rows if row["location"] == "table=customer;row=12;col=3;chars=0-13"]
    before = len(postgresql.log.read_text(errors="replace"))
    words = ["open", "report.parquet", format_id(row["finding_id"]), "--credentials", str(secrets)]
    opened = CliRunner().invoke(whosedata, words)
    assert opened.exit_code == 0, opened.output
    assert "text     zoe@z.example\n" in opened.stdout
    assert "  > email: zoe@z.example" in opened.stdout
    assert "    name: Zoë Müller" in opened.stdout
    asked = postgresql.log.read_text(errors="replace")[before:]
    assert "WHERE id IN" in asked
    find = ["find", "report.parquet", "--email", "zoe@z.example", "--context", *words[3:]]
    found = CliRunner().invoke(whosedata, find)
    assert found.exit_code == 0, found.output
    assert "Zoë Müller" in found.stdout
    postgresql.run("UPDATE customer SET email = 'someone.else@v.example' WHERE id = 12;", "shop")
    try:
        changed = CliRunner().invoke(whosedata, words)
        assert (changed.exit_code, "something else stands" in changed.output) == (4, True)
        found = CliRunner().invoke(whosedata, find)
        assert "> email" not in found.stdout
        assert "has changed since the scan" in found.stdout
    finally:
        postgresql.run("UPDATE customer SET email = 'zoe@z.example' WHERE id = 12;", "shop")
    monkeypatch.setenv("WHOSEDATA_DB_PASSWORD", PASSWORD)
    moved = CliRunner().invoke(whosedata, [*words, "--root", f"crm={shop.replace('/shop', '/no_shop')}"])
    assert moved.exit_code == 4
    assert "not there any more" in moved.output


def test_a_password_is_nowhere_but_in_its_place(shop: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not in the report, the journal of a scan that was stopped, or what is printed."""
    monkeypatch.chdir(tmp_path)
    home = str(tmp_path / "home")
    held = shop.replace("keeper@", f"keeper:{quote(PASSWORD)}@")
    for address in (held, f"{shop}?password={quote(PASSWORD)}"):
        refused = CliRunner().invoke(scan_command, [address, "--home", home])
        assert refused.exit_code == 2
        assert "holds a password" in refused.output
        assert quote(PASSWORD) not in refused.output

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("scanner.run.merge", stop)
    with pytest.raises(KeyboardInterrupt):
        scan(shop, "report.parquet", home=home, names="off")
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.name == "journal.sqlite" for path in written)
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    done = CliRunner().invoke(scan_command, [shop, "--names", "off", "--home", home, "-v"])
    assert done.exit_code == 0, done.output
    assert "examined" in done.output
    assert PASSWORD not in done.output
    for path in [*written, *(path for path in tmp_path.rglob("*") if path.is_file())]:
        if path.exists():
            assert PASSWORD.encode() not in path.read_bytes(), path
    assert PASSWORD not in repr(gather([Root(shop, "shop")], None, {"PGPASSWORD": PASSWORD}))


def test_what_cannot_be_a_place_is_said_before_anything_is_read(tmp_path: Path) -> None:
    secrets = tmp_path / "secrets.toml"
    for text in ("password", 'password = "x"', '["postgresql://h/x"]\npin = "1"', '["postgresql://h/x"]\npassword = 1'):
        secrets.write_text(text, encoding="utf-8")
        with pytest.raises(PlanError, match=r"secrets\.toml"):
            gather([Root("postgresql://h/x", "x")], secrets, {})
    for address in ("gopher://h/x", "mysql://h/x?init_command=DROP", "postgresql://a:1/b@h/x", "mysql://[::1/x"):
        result = CliRunner().invoke(scan_command, [address, "--home", str(tmp_path / "home")])
        assert result.exit_code == 2, address


def test_the_longest_beginning_of_an_address_has_its_secrets(tmp_path: Path) -> None:
    secrets = tmp_path / "secrets.toml"
    secrets.write_text(
        '["postgresql://a@h"]\npassword = "one"\n["postgresql://a@h/crm"]\npassword = "two"\n', encoding="utf-8"
    )
    places = ["postgresql://a@h/crm", "postgresql://a@h/crm2", "postgresql://a@h2/crm", "mysql://b@h/x"]
    known = gather([Root(place, "x") for place in places], secrets, {"WHOSEDATA_DB_PASSWORD": "env", "MYSQL_PWD": "m"})
    assert [known.of(place).get("password") for place in places] == ["two", "one", "env", "env"]
