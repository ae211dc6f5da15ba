"""Name of a normaliser goes in (rules name it), a function from the found text to the value used for keys comes out."""

import ipaddress
import re
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import unquote

from stdnum import numdb

from detectors.checksums import compact

_NO_DIGITS = re.compile("[^0-9]+")
_AT = re.compile(r"\s{0,3}[\[(]\s{0,3}at\s{0,3}[\])]\s{0,3}", re.IGNORECASE)
_DOT = re.compile(r"\s{0,3}[\[(]\s{0,3}dot\s{0,3}[\])]\s{0,3}", re.IGNORECASE)
_HALF = re.compile("[\ud800-\udfff]")


def encodable(text: str) -> str:
    """Text of the same length without halves of characters, which no model of a library takes."""
    return text if text.isascii() else _HALF.sub("\ufffd", text)


def digits(text: str) -> str:
    """Digits alone."""
    return text if text.isdigit() and text.isascii() else _NO_DIGITS.sub("", text)


def last_four(text: str) -> str:
    """What is left of a shortened card number."""
    return digits(text)[-4:]


def plain(text: str) -> str:
    """The text without the blanks around it."""
    return text.strip()


def email(text: str) -> str:
    """Lower case, `(at)`, `(dot)` and the code of links undone, the domain in its ASCII form where it has one."""
    written = text.strip()
    if "@" not in written and "%40" in written:
        written = unquote(written)
    if "@" not in written:
        written = written.replace(" dot ", ".").replace(" at ", "@")
    if "[" in written or "(" in written:
        written = _DOT.sub(".", _AT.sub("@", written))
    address = written.casefold()
    local, _, domain = address.rpartition("@")
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:  # not a name that could be registered: keep it as written
            return address
    return f"{local}@{domain}"


def ip(text: str) -> str:
    """The shortest form: 2001:db8:0:0:0:0:0:1 is 2001:db8::1."""
    return ipaddress.ip_address(text).compressed


def postcode(text: str) -> str:
    """Upper case with one blank before the last three."""
    whole = compact(text)
    return f"{whole[:-3]} {whole[-3:]}"


def driving_licence(text: str) -> str:
    """The 16 characters of the driver number; the two of the issue number change with every card."""
    return compact(text)[:16]


def nino(text: str) -> str:
    """Without the suffix: a number is unique without it, and it is often left out."""
    return compact(text)[:8]


def utr(text: str) -> str:
    """Ten digits, without the K that some letters of HMRC add."""
    return digits(text)


def handle(text: str) -> str:
    """The account name at the end of a profile address or after @."""
    return re.split(r"[/@]", text.rstrip("/"))[-1].casefold()


NORMALISERS: dict[str, Callable[[str], str]] = {
    "compact": compact,
    "digits": digits,
    "driving_licence": driving_licence,
    "email": email,
    "handle": handle,
    "ip": ip,
    "last_four": last_four,
    "nino": nino,
    "plain": plain,
    "postcode": postcode,
    "utr": utr,
}


def trim_iban(text: str) -> str:
    """Cut after the length of the country, since words may follow the last group without any border."""
    length = _iban_length(compact(text[:4])[:2])
    seen = 0
    for index, char in enumerate(text):
        seen += char.isalnum()
        if seen == length:
            return text[: index + 1]
    return text


@lru_cache(maxsize=512)
def _iban_length(country: str) -> int:
    [(_, properties), *_] = numdb.get("iban").info(country)
    return 4 + sum(int(count) for count in re.findall(r"[0-9]+", properties.get("bban", "")))


TRIMMERS: dict[str, Callable[[str], str]] = {"iban": trim_iban}
