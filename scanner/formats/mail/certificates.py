"""Bytes that hold X.509 certificates go in, the names and mail addresses of their holders come out; DER, no checks."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

_LONGEST = 64 * 1024  # bytes of one certificate
_MOST = 100
# SEQUENCE { SEQUENCE { [0] { INTEGER 2 }, INTEGER ...: a certificate of version 3, wherever it stands.
_START = re.compile(rb"\x30[\x81\x82].{1,2}\x30[\x81\x82].{1,2}\xa0\x03\x02\x01\x02\x02", re.DOTALL)
_SEQUENCE, _SET, _EXTENSIONS, _MAIL_NAME = 0x30, 0x31, 0xA3, 0x81
_COMMON_NAME = bytes.fromhex("0603550403")
_MAIL_ADDRESS = bytes.fromhex("06092a864886f70d010901")
_ALTERNATIVE_NAMES = bytes.fromhex("0603551d11")
_CODECS = {0x0C: "utf-8", 0x13: "ascii", 0x14: "latin-1", 0x16: "ascii", 0x1E: "utf-16-be", 0x1C: "utf-32-be"}


class Holder(NamedTuple):
    """Whom a certificate is about."""

    name: str
    addresses: tuple[str, ...]


def holders(data: bytes) -> Iterator[Holder]:
    """The holders that have a mail address; authorities, whose certificates come along, mostly have none."""
    seen: set[Holder] = set()
    for start in islice(_START.finditer(data), _MOST):
        holder = _holder(data[start.start() : start.start() + _LONGEST])
        if holder.addresses and holder not in seen:
            seen.add(holder)
            yield holder


class _Value(NamedTuple):
    tag: int
    data: bytes


def _values(data: bytes) -> Iterator[_Value]:
    """The values that follow each other in DER; ends where it is broken."""
    at = 0
    while at + 2 <= len(data):
        tag, first = data[at], data[at + 1]
        at += 2
        length = first
        if first & 0x80:
            count = first & 0x7F
            if not 0 < count <= 4:
                return
            length = int.from_bytes(data[at : at + count], "big")
            at += count
        yield _Value(tag, data[at : at + length])
        at += length


def _holder(data: bytes) -> Holder:
    certificate = next(_values(data), _Value(0, b""))
    fields = list(_values(next(_values(certificate.data), _Value(0, b"")).data))
    sequences = [field.data for field in fields if field.tag == _SEQUENCE]
    # Signature algorithm, issuer, validity, subject.
    subject = sequences[3] if len(sequences) > 3 else b""
    name, addresses = "", []
    for part in _values(subject):
        if part.tag == _SET and part.data:
            attribute = next(_values(part.data), _Value(0, b"")).data
            if attribute.startswith(_COMMON_NAME):
                name = _text(attribute[len(_COMMON_NAME) :])
            elif attribute.startswith(_MAIL_ADDRESS):
                addresses.append(_text(attribute[len(_MAIL_ADDRESS) :]))
    for field in fields:
        if field.tag == _EXTENSIONS:
            addresses += _alternative_names(field.data)
    return Holder(name, tuple(dict.fromkeys(address for address in addresses if "@" in address)))


def _alternative_names(data: bytes) -> Iterator[str]:
    for extension in _values(next(_values(data), _Value(0, b"")).data):
        if extension.data.startswith(_ALTERNATIVE_NAMES):
            *_, octets = _values(extension.data)
            for name in _values(next(_values(octets.data), _Value(0, b"")).data):
                if name.tag == _MAIL_NAME:
                    yield name.data.decode("ascii", "replace")


def _text(data: bytes) -> str:
    value = next(_values(data), _Value(0, b""))
    return value.data.decode(_CODECS.get(value.tag, "latin-1"), "replace").strip("\0 ")
