"""Promise 28: what a restored backup brings back is recognised by its keyed ids, and erased again by the same means."""

import shutil
from pathlib import Path

from erasable import EMAIL, PHONE, make_share
from erasing import apply_plan, make_plan_file, open_case, run, scan_share


def test_promise_28_a_restored_backup_lights_up_and_is_erased_again(tmp_path: Path) -> None:
    make_share(tmp_path / "share")
    shutil.copytree(tmp_path / "share", tmp_path / "backup")
    case = open_case(tmp_path)
    plan, _ = make_plan_file(tmp_path, case, scan_share(tmp_path))
    assert apply_plan(tmp_path, plan).exit_code == 0
    assert "beyond use" in (record := (tmp_path / "record.html").read_text("utf-8")) or "out of use" in record
    clean = scan_share(tmp_path, "clean")
    assert run(tmp_path, "erase", "check", str(clean)).exit_code == 0

    shutil.rmtree(tmp_path / "share")
    shutil.copytree(tmp_path / "backup", tmp_path / "share")
    back = scan_share(tmp_path, "back")
    seen = run(tmp_path, "erase", "check", str(back))
    assert seen.exit_code == 1
    assert all(f"{name}0." in seen.output for name in ("list", "data", "rows", "box", "pack", "letter", "book", "crm"))
    home = b"".join(file.read_bytes() for file in (tmp_path / "home").glob("tombstones*"))
    assert home
    assert not any(value.encode() in home for value in (EMAIL, PHONE))

    plan, _ = make_plan_file(tmp_path, case, back)
    assert apply_plan(tmp_path, plan).exit_code == 0
    assert run(tmp_path, "erase", "check", str(scan_share(tmp_path, "again"))).exit_code == 0
