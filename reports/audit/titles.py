"""The fifteen questions of an audit in plain words: title, why the law asks, what to do, what is counted."""

from typing import NamedTuple

from reports.audit.result import Severity, Unit


class Question(NamedTuple):
    """What is asked, and how grave it is when there is something."""

    number: str
    title: str
    why: str
    action: str
    severity: Severity
    unit: Unit


QUESTIONS = (
    Question(
        "A1", "Kept for longer than your rules allow",
        "Personal data must not be kept longer than it is needed (UK GDPR Article 5(1)(e)).",
        "Delete what is past its period. Where the end of the relationship is not known, find it out and decide.",
        Severity.HIGH, Unit.ITEMS,
    ),
    Question(
        "A2", "No owner or no purpose",
        "Every store of personal data needs a purpose and somebody who answers for it (Articles 5(2) and 30).",
        "Name an owner and a purpose for each of these folders in ropa.yaml, or clear them out.",
        Severity.MEDIUM, Unit.ITEMS,
    ),
    Question(
        "A3", "Copies of the same data",
        "Hold no more than is needed (Article 5(1)(c)): every copy can leak, and must be found for every request.",
        "Keep one copy, and delete the others.",
        Severity.MEDIUM, Unit.ITEMS,
    ),
    Question(
        "A4", "Special category data",
        "Health, race, religion, politics, union, sex life, genetics and biometrics need a condition of Article 9.",
        "Write down the condition you rely on, and move these files to where only those who need them can read them.",
        Severity.HIGH, Unit.FINDINGS,
    ),
    Question(
        "A5", "Criminal offence data",
        "Convictions and DBS results may be held only under Article 10 and Schedule 1 of the DPA 2018.",
        "Keep the result of a check and its date, and delete the certificate.",
        Severity.HIGH, Unit.FINDINGS,
    ),
    Question(
        "A6", "Children's data",
        "Children merit specific protection (Recital 38); under 13 a parent must consent (DPA 2018 section 9).",
        "Check that you need it and that the right person agreed. A contract with somebody under 18 may not bind them.",
        Severity.HIGH, Unit.FINDINGS,
    ),
    Question(
        "A7", "CVs past the period of consideration",
        "Applicants are told that a CV is destroyed after a period: keep to it (Article 5(1)(e)).",
        "Delete these CVs, unless an interview is still to come.",
        Severity.HIGH, Unit.ITEMS,
    ),
    Question(
        "A8", "Payment card data",
        "PCI DSS: card numbers must not be stored readable (3.5.1), security codes and tracks never (3.3.1).",
        "Delete security codes and track data today; delete or mask the card numbers.",
        Severity.HIGH, Unit.FINDINGS,
    ),
    Question(
        "A9", "In the wrong place",
        "Personal data in mailboxes, downloads, bins and folders open to all is hard to protect (Article 5(1)(f)).",
        "Move what is needed to its proper folder, empty bins and download folders, close folders open to everyone.",
        Severity.MEDIUM, Unit.ITEMS,
    ),
    Question(
        "A10", "Lists exported and left lying",
        "One lost export is a breach of everybody on it (Articles 5(1)(c) and 32).",
        "Delete exports that did their job; encrypt those you must keep.",
        Severity.HIGH, Unit.ITEMS,
    ),
    Question(
        "A11", "Passwords and keys beside people",
        "Passwords in files open further stores to whoever finds them (Article 32).",
        "Change these passwords, move them to a password manager, and delete them here.",
        Severity.HIGH, Unit.FINDINGS,
    ),
    Question(
        "A12", "Conflicting details of one person",
        "Personal data must be accurate and kept up to date (Article 5(1)(d)).",
        "Find out which is right, and correct the others.",
        Severity.LOW, Unit.PEOPLE,
    ),
    Question(
        "A13", "Sent or kept abroad",
        "Transfers need an adequacy regulation, the UK-US data bridge or an IDTA (Articles 44 to 49); the Privacy "
        "Shield is void.",
        "Write down the safeguard for each of these recipients, or stop sending.",
        Severity.MEDIUM, Unit.FINDINGS,
    ),
    Question(
        "A14", "Erased or suppressed, and back again",
        "An erasure must hold after a restore or an import (Article 17), and so must an objection to mailings "
        "(Article 21(3)).",
        "Erase again under the same case, and find out which import or backup brought it back.",
        Severity.HIGH, Unit.FINDINGS,
    ),
    Question(
        "A15", "Could not be read",
        "What was not read is not known to be clean: an answer to a request must say what was not searched.",
        "Give passwords (--passwords), let pictures be read (--ocr auto), raise limits; look at the rest by hand.",
        Severity.MEDIUM, Unit.ITEMS,
    ),
)  # fmt: skip
