"""Privacy notices that were written for tests, with faults in known places, and how a report for them is made."""

from datetime import date
from pathlib import Path

from reports.audit.reading import read_held
from reports.notice.check import check_notice
from reports.notice.result import Misfit, Remark
from reports.parquet import open_report
from scanner import scan

ON = date(2026, 11, 26)
OLD_NOTICE = """\
Privacy notice of Wren Valley Trust

For the purposes of the Data Protection Act 1998 we are the controller.
We collect your name, your email address and your bank details.
We not collect your IP address to count visits.
If you post on our social media, the data is only stored there and not held by us.
We will not pass on details of your gender.
Our legal basis is contract. This may include name, date of and, payment details.
We keep data for a period of 7 years after the end of your membership.
CVs are stored for the period of consideration.
Some service providers are covered by the Privacy Shield.
You have rights related to automated decision making.
The latest version of this notice was published on 24th May 2018.
"""
NEW_NOTICE = """\
Privacy notice of Wren Valley Trust, last updated on 1 October 2026

Under the UK GDPR and the Data Protection Act 2018 we are the controller. The purposes are named below.
We collect your name and your email address. Our lawful basis is contract.
We keep them for 2 years after your membership. We share them with no third parties.
You have the right of access and the right to object. You can withdraw your consent at any time.
Complain to us by post, or to the ICO. No significant decision is made without a human (Articles 22A to 22D).
"""


def remarks(notice: str, folder: Path, files: dict[str, str]) -> list[Remark]:
    """What does not fit between a notice and a share of these files."""
    share = folder / "share"
    share.mkdir(parents=True)
    for name, text in files.items():
        (share / name).write_text(text, encoding="utf-8")
    scan(share, home=folder / "home", out=folder / "report.parquet")
    return check_notice(notice, read_held(open_report(folder / "report.parquet")), ON)


def of(found: list[Remark], misfit: Misfit) -> dict[str, Remark]:
    """The remarks of one kind by what they say."""
    return {one.what: one for one in found if one.misfit is misfit}
