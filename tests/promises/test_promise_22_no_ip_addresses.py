"""Promise 22: logs with IP addresses contradict a notice that says that none are collected."""

from pathlib import Path

from notices import NEW_NOTICE, OLD_NOTICE, of, remarks

from reports.notice.result import Misfit

LOG = '203.0.113.7 - - [12/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 512\n' * 3


def test_a_log_with_client_addresses_contradicts_the_notice(tmp_path: Path) -> None:
    contradicted = of(remarks(OLD_NOTICE, tmp_path, {"access.log": LOG}), Misfit.CONTRADICTED)
    remark = contradicted["held, and denied by the notice: IP addresses"]
    assert (remark.line, remark.found) == (5, 3)


def test_without_a_log_nothing_is_contradicted(tmp_path: Path) -> None:
    found = remarks(OLD_NOTICE, tmp_path, {"a.txt": "Name: Ann Reed\nEmail: ann.reed@home.example\n"})
    assert of(found, Misfit.CONTRADICTED) == {}


def test_a_notice_that_says_nothing_of_it_does_not_declare_it(tmp_path: Path) -> None:
    found = remarks(NEW_NOTICE, tmp_path, {"access.log": LOG})
    assert "held, and not in the notice: IP addresses" in of(found, Misfit.UNDECLARED)
