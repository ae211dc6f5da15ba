"""The people in, papers about them out: CV, payslip, letter of a clinic, absences, and decoys beside them."""

import marks as m
from office import Letter, docx_bytes, pdf_bytes
from people import DOMAIN, ORGANISATION, Person
from planting import Share, decoy, mark
from tables import delimited

People = dict[str, Person]


def make(share: Share, people: People) -> None:
    """More of the folders clients, hr, it and templates."""
    _cv(share, people)
    _payslip(share, people)
    _clinic_letter(share, people)
    _absences(share, people)
    _meeting_note(share, people)
    _passwords(share, people)
    _policy(share)
    _survey(share)


def _health(words: str) -> str:
    return mark("HEALTH", words)


def _cv(share: Share, people: People) -> None:
    path = "hr/CV Fairweather.docx"
    applicant = people["p22"]
    paragraphs = [
        "Curriculum vitae",
        m.name(applicant),
        m.address(applicant),
        f"Telephone {m.mobile(applicant)}, e-mail {m.email(applicant)}",
        f"Date of birth: {m.born_long(applicant)}",
        "Work experience",
        "2021 - present: driver of a minibus, three days a week",
        "2018 - 2021: assistant in a garden centre",
        "Education",
        "2014 - 2017: school certificates in six subjects",
        "Interests",
        "Allotments, the village band",
        "References available on request",
    ]
    texts = [share.render(path, text) for text in paragraphs]
    share.add(path, docx_bytes(Letter(paragraphs=texts, author=share.render(path, m.name(applicant)))))
    share.classes[path] = "cv"


def _payslip(share: Share, people: People) -> None:
    path = "hr/payslip March Achterberg.txt"
    person = people["p18"]
    share.write(
        path,
        f"""PAYSLIP
{ORGANISATION}
Employee: {m.name(person)}
Employee no: {decoy("number of an employee", "0018")}
NI number: {m.nino(person)}
Tax code: {decoy("tax code", "1257L")}
Pay date: {decoy("date of payment", "31/03/2025")}

Gross pay            2,140.00
PAYE tax               218.40
National insurance     109.80
{mark("UNION", "Union subs")}              14.50
Net pay              1,797.30

Paid by BACS to sort code {m.sort_code(person)}, account {m.account(person)}
""",
    )
    share.classes[path] = "payslip"


def _clinic_letter(share: Share, people: People) -> None:
    path = "clients/clinic letter Pettifer.pdf"
    patient = people["p24"]
    lines = [
        "Wrenford Hospital, Department of Cardiology",
        "",
        "Dear Dr",
        f"Re: Mr {m.name(patient)}, born {m.born(patient)}",
        f"NHS number: {m.nhs(patient)}",
        m.address(patient),
        "",
        "Thank you for referring this patient.",
        f"Mr {m.surname(patient)} has {_health('angina')} and takes {_health('ramipril')} 5 mg.",
        f"Diagnosis: see the letter of {decoy('date of a letter', '12 May 2024')}.",
        "Follow-up in six months.",
    ]
    share.add(path, pdf_bytes([[share.render(path, line) for line in lines]]))
    share.classes[path] = "medical_letter"


def _absences(share: Share, people: People) -> None:
    """Health under its label, and cells that say that there is nothing."""
    path = "hr/absences 2025.csv"
    reasons = ("migraine", "back pain", "", "operation on a knee")
    rows = [["Employee", "First day", "Days", "Reason for absence"]]
    for number, (key, reason) in enumerate(zip(("p17", "p18", "p19", "p20"), reasons, strict=True)):
        first = decoy("first day of an absence", f"2025-02-{number + 10}")
        rows.append(
            [m.name(people[key]), first, str(number + 1), _health(reason) if reason else decoy("nothing", "n/a")]
        )
    share.add(path, share.render(path, delimited(rows)).encode())


def _meeting_note(share: Share, people: People) -> None:
    worker, driver, helper = people["p18"], people["p11"], people["p14"]
    share.write(
        "hr/notes of a talk.txt",
        f"""Notes of a talk on 20 March 2025, kept by {m.name(people["p17"])}

{m.name(worker)} brought his {mark("UNION", "union rep")} to the talk.
{m.name(driver)} has {mark("CRIMINAL", "a conviction")} for speeding from 2019, which he told us himself.
{m.name(helper)} is a {mark("RELIGION", "Catholic")} and asks for Good Friday.

{decoy("policy", "health and safety")} training is on Monday. The
{decoy("policy", "criminal record check policy")} is to be read by all. {decoy("colour", "black ink")} has been ordered.
The talk with the {decoy("no trade union", "credit union")} is off.
""",
    )


def _passwords(share: Share, people: People) -> None:
    share.write(
        "it/access.txt",
        f"""Shared mailbox: {mark("EMAIL_ADDRESS", f"info@{DOMAIN}")}
Password: {mark("CREDENTIAL", "dovecote-Lane-7")}
The alarm code is {mark("CREDENTIAL", "4821")}; {m.name(people["p20"])} knows it, too.
A new password is {decoy("notice", "required")} each year.
""",
    )


def _policy(share: Share) -> None:
    """What the law lists is about nobody."""
    share.write(
        "templates/special category policy.txt",
        f"""Policy on special category data

We may process data on {decoy("policy", "health")}, {decoy("policy", "religion")}, {decoy("policy", "ethnic origin")},
{decoy("policy", "trade union membership")}, sex life and biometric data, and on criminal convictions,
where the law allows it.
We do not discriminate against anyone who has a disability, is pregnant or is gay.
""",
    )


def _survey(share: Share) -> None:
    """Shares of groups, without a person."""
    rows = [["Ethnic group", "Religion", "Disability", "Share"]]
    for number, (group, faith) in enumerate(
        (("White British", "Christian"), ("Black African", "Muslim"), ("Chinese", "none"))
    ):
        cells = (decoy("a group, nobody", group), decoy("a group, nobody", faith), "yes")
        rows.append([*cells, f"{number * 12 + 9}%"])
    share.write("board/survey 2024.csv", delimited(rows, line_end="\n"))
