"""Invented people and texts go in; small Outlook items (MSG, TNEF) and certificates come out, byte by byte."""

import struct
from collections.abc import Mapping, Sequence

import old_office

Value = "str | bytes | int | float | list[str]"
_UNIX_EPOCH = 11_644_473_600
_ONE_OFF = bytes.fromhex("00000000812b1fa4bea310199d6e00dd010f540200000190")
ADDRESS_SET = bytes.fromhex("0420060000000000c000000000000046")


def one_off(name: str, address: str) -> bytes:
    """An address book entry for one mail."""
    return _ONE_OFF + "".join(f"{text}\0" for text in (name, "SMTP", address)).encode("utf-16-le")


def ticks(seconds: float) -> int:
    """Seconds since 1970 on the clock of Windows."""
    return int((seconds + _UNIX_EPOCH) * 10_000_000)


def streams(
    properties: Mapping[int, object], header: int, prefix: str = "", old_text: bool = False
) -> old_office.Streams:
    """The streams of one storage of a MSG file."""
    out: old_office.Streams = {}
    listed = bytes(header)
    for number, value in properties.items():
        if isinstance(value, float):
            listed += struct.pack("<HHLQ", 0x40, number, 6, ticks(value))
        elif isinstance(value, int):
            listed += struct.pack("<HHLQ", 3, number, 6, value)
        elif isinstance(value, list):
            out[f"{prefix}__substg1.0_{number:04X}101F"] = bytes(4 * len(value))
            for index, text in enumerate(value):
                out[f"{prefix}__substg1.0_{number:04X}101F-{index:08X}"] = text.encode("utf-16-le")
        elif isinstance(value, bytes):
            out[f"{prefix}__substg1.0_{number:04X}0102"] = value
        elif old_text:
            out[f"{prefix}__substg1.0_{number:04X}001E"] = str(value).encode("cp1252")
        else:
            out[f"{prefix}__substg1.0_{number:04X}001F"] = str(value).encode("utf-16-le")
    return {f"{prefix}__properties_version1.0": listed, **out}


def message_streams(
    properties: Mapping[int, object],
    recipients: Sequence[Mapping[int, object]] = (),
    attachments: Sequence[Mapping[int, object] | old_office.Streams] = (),
    prefix: str = "",
    old_text: bool = False,
) -> old_office.Streams:
    """All streams of an item. An attachment that maps names to bytes is an item within this one."""
    out = streams(properties, 24 if prefix else 32, prefix, old_text)
    for number, recipient in enumerate(recipients):
        out |= streams(recipient, 8, f"{prefix}__recip_version1.0_#{number:08X}/", old_text)
    for number, attachment in enumerate(attachments):
        place = f"{prefix}__attach_version1.0_#{number:08X}/"
        if attachment and isinstance(next(iter(attachment)), str):
            out |= streams({0x3705: 5, 0x3001: "inner"}, 8, place)
            out |= {f"{place}__substg1.0_3701000D/{name}": data for name, data in attachment.items()}  # type: ignore[misc]
        else:
            out |= streams(attachment, 8, place)  # type: ignore[arg-type]
    return out


def names(numbered: Sequence[int | str]) -> old_office.Streams:
    """The streams that name the properties from 0x8000 on."""
    entries = texts = b""
    for index, name in enumerate(numbered):
        if isinstance(name, int):
            entries += struct.pack("<LHH", name, 6, index)
        else:
            raw = name.encode("utf-16-le")
            entries += struct.pack("<LHH", len(texts), 7, index)
            texts += struct.pack("<L", len(raw)) + raw + b"\0" * (-len(raw) % 4)
    place = "__nameid_version1.0/__substg1.0_"
    return {f"{place}00020102": ADDRESS_SET, f"{place}00030102": entries, f"{place}00040102": texts}


def mail(**more: object) -> old_office.Streams:
    """The streams of a mail with a sender, recipients, headers, a text and a file."""
    properties = {
        0x001A: "IPM.Note", 0x0037: "Visit", 0x0039: 1_700_000_000.0, 0x0042: "Ann Lee", 0x0064: "SMTP",
        0x0065: "ann@x.example", 0x1035: "<m1@x.example>",
        0x007D: "Received: from h (192.0.2.7) by r.example\r\nFrom: ann@x.example\r\nReply-To: <desk@x.example>\r\n",
        0x1000: "Dear Bob,\r\nplease ring me.\r\n\r\nKind regards\r\nAnn Lee\r\n07700 900123\r\n",
    }  # fmt: skip
    recipients = [
        {0x0C15: 1, 0x3001: "Bob Ray", 0x3002: "EX", 0x3003: "/o=X/cn=BOB", 0x39FE: "bob@x.example"},
        {0x0C15: 2, 0x3001: "cy@x.example", 0x3003: "cy@x.example"},
        {0x0C15: 3, 0x3001: "Di Fox", 0x3002: "EX", 0x3003: "/o=X/cn=DI"},
    ]
    attachments = [{0x3705: 1, 0x3707: "list.csv", 0x370E: "text/csv", 0x3701: b"name,email\nAnn,ann@x.example\n"}]
    return message_streams(
        {**properties, **more.get("properties", {})}, recipients, more.get("attachments", attachments)
    )  # type: ignore[arg-type, dict-item]


def msg() -> bytes:
    """A mail as a file."""
    return old_office.box(mail())


def attribute(level: int, number: int, data: bytes) -> bytes:
    """One attribute of a TNEF stream."""
    return struct.pack("<BLL", level, number, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def tnef_properties(values: Sequence[tuple[int, int | str | None, object]]) -> bytes:
    """(number, name, value) triples as the properties of a TNEF stream."""
    out = struct.pack("<L", len(values))
    for number, name, value in values:
        kind = 0x1F if isinstance(value, str) else 0x102 if isinstance(value, bytes) else 3
        kind = 0x40 if isinstance(value, float) else kind
        out += struct.pack("<HH", kind, number)
        if isinstance(name, int):
            out += ADDRESS_SET + struct.pack("<LL", 0, name)
        elif isinstance(name, str):
            raw = f"{name}\0".encode("utf-16-le")
            out += ADDRESS_SET + struct.pack("<LL", 1, len(raw)) + raw + b"\0" * (-len(raw) % 4)
        if isinstance(value, float):
            out += struct.pack("<Q", ticks(value))
        elif isinstance(value, int):
            out += struct.pack("<l", value)
        else:
            raw = f"{value}\0".encode("utf-16-le") if isinstance(value, str) else value
            assert isinstance(raw, bytes)
            out += struct.pack("<LL", 1, len(raw)) + raw + b"\0" * (-len(raw) % 4)
    return out


def tnef() -> bytes:
    """A winmail.dat with a text, a recipient, a file of the old kind and an item within it."""
    inner = struct.pack("<LH", 0x223E9F78, 1) + attribute(1, 0x0002800C, b"the inner text of Cy Fox")
    held = bytes.fromhex("0703020000000000c000000000000046") + inner
    properties = tnef_properties([
        (0x0039, None, 1_700_000_000.0), (0x1000, None, "Dear Bob, ring Ann Lee"), (0x8000, 0x8083, "ann@x.example"),
        (0x8001, "Badge", "N-17"),
    ])  # fmt: skip
    row = tnef_properties([(0x0C15, None, 1), (0x3001, None, "Bob Ray"), (0x39FE, None, "bob@x.example")])
    embedded = tnef_properties([(0x3001, None, "inner"), (0x3705, None, 5)])
    embedded = struct.pack("<L", 3) + embedded[4:] + struct.pack("<HHLL", 0x0D, 0x3701, 1, len(held)) + held
    return b"".join((
        struct.pack("<LH", 0x223E9F78, 1),
        attribute(1, 0x00069007, struct.pack("<LL", 1252, 0)),
        attribute(1, 0x00018004, b"Visit\0"),
        attribute(1, 0x00069004, struct.pack("<L", 1) + row),
        attribute(1, 0x00069003, properties),
        attribute(2, 0x00069002, bytes(14)),
        attribute(2, 0x00018010, b"list.csv\0"),
        attribute(2, 0x0006800F, b"name,email\nAnn,ann@x.example\n"),
        attribute(2, 0x00069002, bytes(14)),
        attribute(2, 0x00069005, embedded),
    ))  # fmt: skip


def der(tag: int, *parts: bytes) -> bytes:
    """A value of DER with a length in three bytes where it needs them."""
    data = b"".join(parts)
    return (
        bytes([tag, len(data)]) + data if len(data) < 0x80 else bytes([tag, 0x82]) + struct.pack(">H", len(data)) + data
    )


def certificate(name: str, address: str, padding: int = 300) -> bytes:
    """A certificate of version 3 without a real key or signature."""
    person = der(0x30, der(0x31, der(0x30, bytes.fromhex("0603550403"), der(0x0C, name.encode()))))
    names_of = der(0x30, bytes.fromhex("0603551d11"), der(0x04, der(0x30, der(0x81, address.encode()))))
    empty = der(0x30)
    body = der(
        0x30, bytes.fromhex("a003020102"), der(0x02, b"\x01"), empty, person, empty, person, der(0x30, bytes(padding)),
        der(0xA3, der(0x30, names_of)),
    )  # fmt: skip
    return der(0x30, body, empty, der(0x03, bytes(8)))


def signature(*certificates: bytes) -> bytes:
    """A detached signature (CMS) with these certificates."""
    signed = der(0x30, b"\x02\x01\x01", der(0x31), der(0x30, bytes.fromhex("06092a864886f70d010701")),
                 der(0xA0, *certificates), der(0x31))  # fmt: skip
    return der(0x30, bytes.fromhex("06092a864886f70d010702"), der(0xA0, signed))
