"""The people in, the tables of donors, staff and volunteers out: CSV, TSV, XLSX, JSON, JSON lines, XML and SQLite."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

import marks as m
from containers import sqlite_bytes
from office import Sheet, xlsx_bytes
from people import ORGANISATION, Person
from planting import Share, decoy, mark

People = dict[str, Person]
Row = Sequence[str]


def make(share: Share, people: People) -> None:
    """Folders donors, hr, volunteers and the database of clients."""
    _gift_aid(share, people)
    _direct_debits(share, people)
    _card_gifts(share, people)
    _regular_givers(share, people)
    _thank_you(share, people)
    _staff(share, people)
    _payroll(share, people)
    _rota(share, people)
    _volunteers(share, people)
    _checks(share, people)
    _sign_ups(share, people)
    _casework(share, people)


def delimited(rows: Iterable[Row], delimiter: str = ",", line_end: str = "\r\n") -> str:
    """Rows as CSV; cells are quoted where they must be."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    return out.getvalue()


def _some(people: People, first: int, last: int) -> list[Person]:
    return [people[f"p{number:02}"] for number in range(first, last + 1)]


def _gift_aid(share: Share, people: People) -> None:
    """Lines above the heading, first and last names apart, a date that is no date of birth."""
    path = "donors/2024 gift aid.csv"
    rows: list[Row] = [["Title", "First name", "Last name", "House and street", "Postcode", "Donation date", "Amount"]]
    for number, person in enumerate(_some(people, 5, 16)):
        gift = decoy("date of a gift", f"{number + 3:02}/05/2024")
        amount = f"{number * 7 + 10}.00"
        rows.append(["", m.forename(person), m.surname(person), m.street(person), m.postcode(person), gift, amount])
    head = f"Gift Aid schedule,,,,,,\r\nCharity name:,{ORGANISATION},,,,,\r\nTax year:,2024-25,,,,,\r\n"
    share.add(path, share.render(path, head + delimited(rows)).encode())


def _direct_debits(share: Share, people: People) -> None:
    """Semicolons, bank details."""
    path = "donors/direct debits.csv"
    rows: list[Row] = [["Donor", "Sort code", "Account number", "IBAN", "E-mail", "Mandate"]]
    for number, person in enumerate(_some(people, 7, 14)):
        mandate = decoy("number of a mandate", f"WV-{104007 + number * 13}-DD")
        bank = [m.sort_code(person), m.account(person), m.iban(person) if number % 2 else m.iban_spaced(person)]
        rows.append([m.name(person), *bank, m.email(person), mandate])
    share.add(path, share.render(path, delimited(rows, ";")).encode())


def _card_gifts(share: Share, people: People) -> None:
    """Tabs; card numbers beside order numbers and moments in seconds that only look like identifiers."""
    path = "donors/card gifts.tsv"
    rows: list[Row] = [["order_id", "created_at", "customer", "card_number", "amount"]]
    for number, person in enumerate(_some(people, 5, 20)):
        order = decoy("order number", str(4010200300 + number * 7919))
        moment = decoy("moment in seconds", str(1743498000 + number * 86461))
        card = m.card_closed(person) if number % 3 else m.card(person)
        rows.append([order, moment, m.name(person), card, f"{number * 5 + 5}.00"])
    share.add(path, share.render(path, delimited(rows, "\t", "\n")).encode())


def _regular_givers(share: Share, people: People) -> None:
    """Numbers that lost their leading zero, and a sheet that nobody sees."""
    path = "donors/regular givers.xlsx"
    rows: list[Row] = [["Name", "Mobile", "E-mail", "Account number", "Monthly gift"]]
    for number, person in enumerate(_some(people, 9, 16)):
        giver = [m.name(person), m.mobile_number(person), m.email(person), m.account(person), str(number + 5)]
        rows.append([share.render(path, cell) for cell in giver])
    hidden: list[Row] = [["Name", "Date of birth", "National Insurance number"]]
    hidden += [
        [share.render(path, cell) for cell in (m.name(person), m.born(person), m.nino(person))]
        for person in _some(people, 23, 24)
    ]
    sheets = [
        Sheet("Givers", rows, numeric=frozenset({"Mobile", "Account number", "Monthly gift"})),
        Sheet("Old list", hidden, hidden=True),
    ]
    share.add(path, xlsx_bytes(sheets, share.render(path, m.name(people["p17"]))))


def _thank_you(share: Share, people: People) -> None:
    """Text of a Windows machine: pound signs, curly quotes and accents in one byte each."""
    donor, director = people["p12"], people["p17"]
    share.write(
        "donors/thank you letter.txt",
        f"""{m.name(donor)}
{m.address(donor)}

{decoy("date of a letter", "2 April 2025")}

Dear {m.forename(donor)},

Your gift of £{decoy("amount", "250.00")} has paid for the café’s new “warm room”. Thank you!
Your reference is {decoy("number of a gift", "7004821953")}.

Yours sincerely
{m.name(director)}
Director, {ORGANISATION}
{m.email(director)}
""",
        encoding="cp1252",
        line_end="\r\n",
    )


def _staff(share: Share, people: People) -> None:
    path = "hr/staff.xlsx"
    rows: list[Row] = [
        ["Employee", "Date of birth", "NI number", "Address", "Next of kin", "Next of kin phone", "Start date"]
    ]
    kin = (people["p16"], people["p22"], people["p11"], people["p10"])
    for number, (person, relative) in enumerate(zip(_some(people, 17, 20), kin, strict=True)):
        start = decoy("first day at work", f"{2011 + number * 3}-09-01")
        cells = [m.name(person), m.born(person), m.nino_spaced(person), m.address(person)]
        cells += [m.name(relative), m.mobile(relative), start]
        rows.append([share.render(path, cell) for cell in cells])
    share.add(path, xlsx_bytes([Sheet("Staff", rows)], share.render(path, m.name(people["p18"]))))


def _payroll(share: Share, people: People) -> None:
    """Nested records; JSON keys are the labels."""
    path = "hr/payroll export.json"
    employees = [
        {
            "payrollId": decoy("number on the payroll", f"E{1007 + number}"),
            "fullName": m.name(person),
            "dateOfBirth": m.born_iso(person),
            "niNumber": m.nino(person),
            "bank": {"sortCode": m.sort_code(person), "accountNumber": m.account(person)},
            "contact": {"email": m.email(person), "mobile": m.mobile_abroad(person)},
            "taxReference": m.utr(person) if number % 2 else None,
        }
        for number, person in enumerate(_some(people, 17, 20))
    ]
    made = {"schemaVersion": "3.1.0.4", "exportedAt": 1743498000, "employees": employees}
    share.decoys[path, "3.1.0.4"] = "version"
    share.decoys[path, "1743498000"] = "moment in seconds"
    share.write(path, json.dumps(made, ensure_ascii=False, indent=1) + "\n")


def _rota(share: Share, people: People) -> None:
    """Dates of shifts are no dates of birth."""
    path = "hr/holiday rota 2025.csv"
    staff = _some(people, 17, 20)
    rows: list[Row] = [["Employee", "From date", "To date", "Days"]]
    for number, person in enumerate(staff):
        first, last = f"2025-07-{number * 7 + 1:02}", f"2025-07-{number * 7 + 5:02}"
        rows.append([m.name(person), decoy("day of a holiday", first), decoy("day of a holiday", last), "5"])
    share.add(path, share.render(path, delimited(rows, line_end="\n")).encode())


def _volunteers(share: Share, people: People) -> None:
    """Quoted cells with commas and with line breaks."""
    path = "volunteers/volunteers.csv"
    rows: list[Row] = [
        ["Name", "Address", "Home phone", "Mobile", "Email", "Emergency contact", "Emergency phone", "Notes"]
    ]
    volunteers = _some(people, 9, 16)
    for number, person in enumerate(volunteers):
        friend = volunteers[(number + 3) % len(volunteers)]
        note = "Prefers mornings,\nno stairs" if number % 3 == 0 else "Driver"
        who = m.reversed_name(person) if number % 4 == 1 else m.name(person)
        home = [m.address_lines(person), m.landline(person), m.mobile(person), m.email(person)]
        rows.append([who, *home, m.name(friend), m.mobile(friend), note])
    share.add(path, share.render(path, delimited(rows)).encode("utf-8-sig"))


def _checks(share: Share, people: People) -> None:
    path = "volunteers/background checks.xml"
    checks = "".join(
        f"""  <check certificate="{decoy("number of a certificate", f"00172{4000317 + number * 211}")}">
    <volunteer>{escape(m.name(person))}</volunteer>
    <dateOfBirth>{m.born_iso(person)}</dateOfBirth>
    <postcode>{m.postcode(person)}</postcode>
    <issued>{decoy("date of issue", f"2024-11-{number + 10}")}</issued>
  </check>
"""
        for number, person in enumerate(_some(people, 9, 16))
    )
    share.write(path, f'<?xml version="1.0" encoding="UTF-8"?>\n<checks>\n{checks}</checks>\n')


def _sign_ups(share: Share, people: People) -> None:
    """One record a line, as a web form writes them."""
    path = "volunteers/web sign-ups.jsonl"
    lines = [
        {
            "submitted": decoy("moment in seconds", str(1741600000 + number * 5003)),
            "name": m.name(person),
            "email": m.email(person),
            "phone": m.mobile(person),
            "client_ip": mark("IP_ADDRESS", f"203.0.113.{17 + number * 9}"),
            "app_version": decoy("version", f"2.{number}.14.3"),
        }
        for number, person in enumerate(_some(people, 10, 15))
    ]
    share.write(path, "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))


def _casework(share: Share, people: People) -> None:
    """Three tables; one row can be about two people."""
    path = "clients/casework.db"
    clients, contacts, visits = [], [], []
    kin = {"p01": "p02", "p03": "p01", "p04": "p01", "p05": "p06", "p09": "p22", "p24": "p16"}
    for number, (key, relative) in enumerate(kin.items(), 1):
        person, next_of_kin = people[key], people[relative]
        cells = (m.name(person), m.born_iso(person), m.nhs_closed(person), m.address(person))
        relation = (m.name(next_of_kin), m.mobile(next_of_kin))
        clients.append([number, *(share.render(path, cell) for cell in (*cells, *relation))])
        contacts.append([number, share.render(path, m.landline(person)), share.render(path, m.email(person))])
        note = f"Spoke to {m.name(next_of_kin)} about the forms." if number % 2 else "Nobody at home."
        ticket = decoy("number of a ticket", str(6000000001 + number * 137))
        visits.append(
            [number, number, f"2025-03-{number:02}", int(share.render(path, ticket)), share.render(path, note)]
        )
    script = """
        CREATE TABLE clients (id INTEGER PRIMARY KEY, full_name TEXT, date_of_birth TEXT, nhs_number TEXT, address TEXT,
          next_of_kin TEXT, next_of_kin_phone TEXT);
        CREATE TABLE contact_details (client_id INTEGER, telephone TEXT, email TEXT);
        CREATE TABLE visits (id INTEGER PRIMARY KEY, client_id INTEGER, visit_date TEXT, ticket_id INTEGER, notes TEXT);
    """
    share.add(path, sqlite_bytes(script, {"clients": clients, "contact_details": contacts, "visits": visits}))
