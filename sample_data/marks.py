"""An invented person in, one marked piece of their data out: what the makers of files put together."""

from people import OFFICE_ADDRESS, OFFICE_PHONE, Person
from planting import long_date, mark, uk_date

OFFICE_TEL = mark("PHONE_NUMBER", OFFICE_PHONE)
OFFICE_POST = mark("ADDRESS", OFFICE_ADDRESS)


def name(person: Person) -> str:
    """Forename and surname."""
    return mark("PERSON", person.name)


def reversed_name(person: Person) -> str:
    """Surname, forename: as lists have it."""
    return mark("PERSON", f"{person.surname}, {person.forename}")


def forename(person: Person) -> str:
    """The forename alone, as a column has it."""
    return mark("PERSON", person.forename)


def surname(person: Person) -> str:
    """The surname alone, as a column has it."""
    return mark("PERSON", person.surname)


def email(person: Person) -> str:
    """The e-mail address; children have none."""
    return mark("EMAIL_ADDRESS", person.email) if person.email else ""


def mobile(person: Person) -> str:
    """The mobile number, 07700 900123."""
    return mark("PHONE_NUMBER", person.mobile)


def mobile_abroad(person: Person) -> str:
    """The mobile number as +44 7700 900123."""
    return mark("PHONE_NUMBER", "+44 " + person.mobile.removeprefix("0"))


def mobile_number(person: Person) -> str:
    """The mobile number as a spreadsheet keeps it when it takes it for a number: the leading zero is lost."""
    return mark("PHONE_NUMBER", person.mobile.replace(" ", "").removeprefix("0"))


def landline(person: Person) -> str:
    """The number of the household."""
    return mark("PHONE_NUMBER", person.landline)


def address(person: Person) -> str:
    """The address on one line."""
    return mark("ADDRESS", person.address)


def address_lines(person: Person) -> str:
    """The address on three lines of one cell."""
    return mark("ADDRESS", f"{person.street}\n{person.town}\n{person.postcode}")


def street(person: Person) -> str:
    """House number and street, in a column of their own."""
    return mark("ADDRESS", person.street)


def postcode(person: Person) -> str:
    """The postcode, in a column of its own."""
    return mark("UK_POSTCODE", person.postcode)


def born(person: Person) -> str:
    """Date of birth, 14/06/1981."""
    return mark("DATE_OF_BIRTH", uk_date(person.born))


def born_iso(person: Person) -> str:
    """Date of birth, 1981-06-14."""
    return mark("DATE_OF_BIRTH", person.born)


def born_long(person: Person) -> str:
    """Date of birth, 14 June 1981."""
    return mark("DATE_OF_BIRTH", long_date(person.born))


def nino(person: Person) -> str:
    """National Insurance number, closed up."""
    return mark("UK_NINO", person.nino)


def nino_spaced(person: Person) -> str:
    """National Insurance number as letters show it, AB 12 34 56 C."""
    pairs = [person.nino[start : start + 2] for start in range(0, 9, 2)]
    return mark("UK_NINO", " ".join(pairs))


def nhs(person: Person) -> str:
    """NHS number, 3-3-4."""
    return mark("UK_NHS", f"{person.nhs[:3]} {person.nhs[3:6]} {person.nhs[6:]}")


def nhs_closed(person: Person) -> str:
    """NHS number, ten digits."""
    return mark("UK_NHS", person.nhs)


def utr(person: Person) -> str:
    """Unique Taxpayer Reference."""
    return mark("UK_UTR", person.utr)


def sort_code(person: Person) -> str:
    """Sort code, 08-99-99."""
    return mark("UK_SORT_CODE", person.sort_code)


def account(person: Person) -> str:
    """Account number."""
    return mark("UK_BANK_ACCOUNT", person.account)


def iban(person: Person) -> str:
    """IBAN, closed up."""
    return mark("IBAN_CODE", person.iban)


def iban_spaced(person: Person) -> str:
    """IBAN in groups of four."""
    return mark("IBAN_CODE", " ".join(person.iban[start : start + 4] for start in range(0, len(person.iban), 4)))


def card(person: Person) -> str:
    """Card number in groups of four."""
    return mark("CREDIT_CARD", " ".join(person.card[start : start + 4] for start in range(0, len(person.card), 4)))


def card_closed(person: Person) -> str:
    """Card number without blanks."""
    return mark("CREDIT_CARD", person.card)
