"""Promise 23: handles of a social network in an export contradict a notice that says they are not held."""

from pathlib import Path

from notices import OLD_NOTICE, of, remarks

from reports.notice.result import Misfit

EXPORT = "Name,Profile\nAnn Reed,https://www.linkedin.com/in/ann-reed-example\nBo Cole,https://www.linkedin.com/in/bo-cole-example\n"


def test_an_export_of_profiles_contradicts_the_notice(tmp_path: Path) -> None:
    contradicted = of(remarks(OLD_NOTICE, tmp_path, {"followers.csv": EXPORT}), Misfit.CONTRADICTED)
    remark = contradicted["held, and denied by the notice: social media profiles"]
    assert (remark.line, remark.found) == (6, 2)
