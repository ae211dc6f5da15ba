"""The doctor says what is so: of real homes, real packages and real lists of mounts, and never a secret."""

import base64
import hashlib
import json
import os
import subprocess
import sys
import tomllib
from datetime import date
from importlib.metadata import distribution
from pathlib import Path

import pytest
from click.testing import CliRunner

from scanner.home import load_key
from scanner.limits import MB
from subjects.cli import whosedata
from subjects.doctor.check import Check, State, as_lines, exit_code
from subjects.doctor.file_systems import kind_at, network_kind, of_bsd, of_linux
from subjects.doctor.keeping import keeping_checks, room_check
from subjects.doctor.machine import clock_check, machine_checks, memory_check, sandbox_check
from subjects.doctor.reading import NOT_FOR_USERS, PARTS

ROOT = Path(__file__).parents[3]
MOUNTS = r"""
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
40 22 0:35 / /srv/the\040share rw,relatime shared:20 - cifs //nas.example/share rw,vers=3.1.1
41 40 0:36 / /srv/the\040share/local rw - xfs /dev/sdb1 rw
42 22 0:37 / /mnt/key rw - fuse.sshfs ann@nas.example: rw
43 22 0:38 / /mnt/twice rw - nfs4 nas.example:/twice rw
44 43 0:39 / /mnt/twice rw - tmpfs tmpfs rw
"""
MAC = """/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
//ann@nas.example/share on /Volumes/share (smbfs, nodev, nosuid, mounted by ann)
"""
posix = pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")


def by_name(checks: list[Check]) -> dict[str, Check]:
    named = {check.name: check for check in checks}
    assert len(named) == len(checks)
    return named


def doctor(home: Path, *words: str, path: Path | None = None) -> tuple[int, dict[str, dict[str, str]], str]:
    """The command in a process of its own, with `path` in front of what Python imports: code, checks, all output."""
    environment = {**os.environ, "WHOSEDATA_PASSPHRASE": "correct horse", "PYTHONPATH": str(path or "")}
    command = [sys.executable, "-P", "-c", "from subjects.cli import whosedata; whosedata()", "doctor", "--json"]
    command += ["--home", str(home), "--out", str(home.parent), *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout, done.stderr
    told = json.loads(done.stdout)
    assert told["exit_code"] == done.returncode
    return done.returncode, {row["name"]: row for row in told["checks"]}, done.stdout + done.stderr


def package(site: Path, name: str, files: dict[str, str], requires: str = "", record: str | None = None) -> None:
    """An installed distribution, as pip leaves it behind."""
    info = site / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    needed = f"Requires-Dist: {requires}\n" if requires else ""
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{needed}", "utf-8")
    lines = [f"{info.name}/METADATA,,", f"{info.name}/RECORD,,"]
    for path, text in files.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(text, "utf-8")
        digest = base64.urlsafe_b64encode(hashlib.sha256((record or text).encode()).digest()).rstrip(b"=").decode()
        lines.append(f"{path},sha256={digest},{len(text)}")
    (info / "RECORD").write_text("\n".join(lines) + "\n", "utf-8")


def test_a_whole_installation_is_told_and_nothing_is_made(tmp_path: Path) -> None:
    home = tmp_path / "home"
    code, checks, _ = doctor(home)
    assert code in (0, 3)
    assert not [name for name, row in checks.items() if row["state"] == "broken"]
    for name in ("Packages", "Names", "Detectors", "Key", "Python", "Own names", "Own files", "Clock"):
        assert checks[name]["state"] == "good", checks[name]
    assert not home.exists()


@posix
def test_a_key_that_others_can_read_is_told_and_never_shown(tmp_path: Path) -> None:
    home = tmp_path / "home"
    key = load_key(home)
    (home / "key").chmod(0o644)
    home.chmod(0o755)
    code, checks, output = doctor(home)
    assert code == 3
    assert checks["Key"]["state"] == checks["Home is private"]["state"] == "limited"
    assert "chmod 600" in checks["Key"]["do"]
    assert key.secret.hex() not in output
    assert "correct horse" not in output
    (home / "key").chmod(0o600)
    home.chmod(0o700)
    mended = by_name(list(keeping_checks(home, tmp_path)))
    assert mended["Key"].state is mended["Home is private"].state is State.GOOD
    assert key.key_id in mended["Key"].says


def test_a_damaged_key_is_broken(tmp_path: Path) -> None:
    load_key(tmp_path)
    (tmp_path / "key").write_text("cafe", "utf-8")
    checks = by_name(list(keeping_checks(tmp_path, tmp_path)))
    assert checks["Key"].state is State.BROKEN
    assert exit_code(list(checks.values())) == 4


@posix
def test_report_folders_that_are_none_or_everybodys(tmp_path: Path) -> None:
    assert by_name(list(keeping_checks(tmp_path, tmp_path / "nowhere")))["Report folder"].state is State.BROKEN
    everybodys = tmp_path / "all"
    everybodys.mkdir()
    everybodys.chmod(0o777)
    assert by_name(list(keeping_checks(tmp_path, everybodys)))["Report folder"].state is State.BROKEN
    everybodys.chmod(0o1777)
    assert by_name(list(keeping_checks(tmp_path, everybodys)))["Report folder"].state is State.GOOD


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/srv/the share/reports", "cifs"), ("/srv/the share", "cifs"), ("/srv/the shared", "ext4"),
        ("/srv/the share/local/x", "xfs"), ("/home/ann", "ext4"), ("/mnt/key/home", "fuse.sshfs"),
        ("/mnt/twice/x", "tmpfs"),
    ],
)  # fmt: skip
def test_the_mount_that_holds_a_folder(place: str, kind: str) -> None:
    assert kind_at(place, of_linux(MOUNTS)) == kind


def test_mounts_of_a_mac_and_of_nothing() -> None:
    assert kind_at("/Volumes/share/reports", of_bsd(MAC)) == "smbfs"
    assert kind_at("/Users/ann", of_bsd(MAC)) == "apfs"
    assert kind_at("/Users/ann", []) is None


def test_a_folder_of_this_computer_is_on_no_share(tmp_path: Path) -> None:
    assert not network_kind(tmp_path / "not" / "yet" / "made")


def test_another_package_with_a_name_of_ours_is_named(tmp_path: Path) -> None:
    package(tmp_path / "site", "port-tool", {"scanner/ports.py": "", "port_tool.py": ""})
    code, checks, _ = doctor(tmp_path / "home", path=tmp_path / "site")
    assert code == 3
    assert checks["Own names"]["state"] == "limited"
    assert "port-tool (scanner)" in checks["Own names"]["says"]


def test_a_changed_file_and_a_missing_package_are_broken(tmp_path: Path) -> None:
    package(tmp_path / "site", "whosedata", {"scanner/extra.py": "1"}, "click>=999", record="2")
    code, checks, _ = doctor(tmp_path / "home", path=tmp_path / "site")
    assert code == 4
    assert "scanner/extra.py" in checks["Own files"]["says"]
    assert "click" in checks["Packages"]["says"]
    assert ">=999" in checks["Packages"]["says"]


def test_without_tesserocr_pictures_are_limited(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "tesserocr.py").write_text("raise ImportError('no wheel')", "utf-8")
    code, checks, _ = doctor(tmp_path / "home", path=tmp_path / "site")
    assert code == 3
    assert checks["Pictures"]["state"] == "limited"
    assert "needs_ocr" in checks["Pictures"]["says"]


def test_an_optional_part_that_is_absent_is_no_limit(tmp_path: Path) -> None:
    """A distribution of ours that asks for a driver nobody has: only the part is told, with how to get it."""
    package(tmp_path / "site", "whosedata", {}, 'no-such-driver>=1; extra == "db"')
    _, checks, _ = doctor(tmp_path / "home", path=tmp_path / "site")
    assert checks["Databases"]["state"] == "optional"
    assert checks["Databases"]["do"] == "pip install 'whosedata[db]'"
    assert checks["Stores"]["state"] == "good"
    assert exit_code([Check("a", State.OPTIONAL, ""), Check("b", State.GOOD, "")]) == 0


def test_added_readers_of_other_packages_are_named(tmp_path: Path) -> None:
    site = tmp_path / "site"
    package(site, "odd-format", {"odd_format.py": "raise ValueError('no')"})
    (site / "odd-format-1.0.dist-info" / "entry_points.txt").write_text(
        "[whosedata.formats]\napplication/x-odd = odd_format:extract\n", "utf-8"
    )
    code, checks, _ = doctor(tmp_path / "home", path=site)
    assert code == 3
    assert "odd-format cannot be loaded (ValueError)" in checks["Added by others"]["says"]


def test_every_optional_part_has_words() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert set(project["optional-dependencies"]) == set(PARTS) | NOT_FOR_USERS
    assert distribution("whosedata").requires


def test_little_memory_little_room_and_a_stopped_clock(tmp_path: Path) -> None:
    assert memory_check(1024 * MB, 8).do == "scan --jobs 2"
    assert memory_check(2048 * MB, 2).state is State.LIMITED
    assert memory_check(None, 2).state is State.UNKNOWN
    assert room_check("Room", tmp_path, 1 << 60).state is State.LIMITED
    assert room_check("Room", tmp_path / "later", 1).state is State.GOOD
    assert clock_check(date(1970, 1, 1)).state is State.BROKEN
    names = ["Python", "Own names", "Own files", "Sandbox", "Memory", "Processors", "Clock"]
    assert [check.name for check in machine_checks()] == names


def test_what_a_sandbox_lacks_is_told() -> None:
    assert sandbox_check("full").state is State.GOOD
    lacking = sandbox_check("degraded(a parser may write where you may; a parser may open connections)")
    assert lacking.state is State.LIMITED
    assert lacking.says.endswith("hold them in: a parser may write where you may; a parser may open connections")


def test_lines_for_a_terminal_hold_no_control_signs() -> None:
    lines = list(as_lines([Check("Key", State.LIMITED, "a\x1b[31m\nb", "do\x07")]))
    assert all(line.isprintable() for line in lines)
    assert lines[-1].startswith("1 limited")


def test_the_help_says_the_exit_codes() -> None:
    text = CliRunner().invoke(whosedata, ["doctor", "--help"]).output
    assert "0 all is good" in " ".join(text.split())
    assert "Example" in text
