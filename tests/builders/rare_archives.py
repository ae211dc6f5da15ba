"""One file goes in, a small archive of a rare kind with it comes out: written byte for byte, as it is defined."""

import binascii
import gzip
import lzma
import struct
import zlib

NAME = b"a.csv"


def rar(data: bytes, name: bytes = NAME, volume: bool = False) -> bytes:
    """RAR 4, stored."""

    def block(kind: int, flags: int, fields: bytes) -> bytes:
        rest = struct.pack("<BHH", kind, flags, 7 + len(fields)) + fields
        return struct.pack("<H", zlib.crc32(rest) & 0xFFFF) + rest

    fields = struct.pack(
        "<LLBLLBBHL", len(data), len(data), 3, zlib.crc32(data), 0x58216000, 20, 0x30, len(name), 0o100640
    )
    return b"".join(
        (b"Rar!\x1a\x07\x00", block(0x73, int(volume), bytes(6)), block(0x74, 0x8000, fields + name), data,
         block(0x7B, 0x4000, b""))
    )  # fmt: skip


def cab(data: bytes, name: bytes = NAME) -> bytes:
    """Cabinet, not packed."""
    file = struct.pack("<LLHHHH", len(data), 0, 0, 0x5821, 0x6000, 0x20) + name + b"\0"
    start = 36 + 8 + len(file)
    total = start + 8 + len(data)
    header = b"MSCF" + struct.pack("<LLLLLBBHHHHH", 0, total, 0, 36 + 8, 0, 3, 1, 1, 1, 0, 1, 0)
    return header + struct.pack("<LHH", start, 1, 0) + file + struct.pack("<LHH", 0, len(data), len(data)) + data


def lha(data: bytes, name: bytes = NAME) -> bytes:
    """LHA, header of level 0, stored."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0xA001 if crc & 1 else 0)
    rest = b"-lh0-" + struct.pack("<LLLBBB", len(data), len(data), 0x58216000, 0x20, 0, len(name)) + name
    rest += struct.pack("<H", crc)
    return bytes([len(rest), sum(rest) & 0xFF]) + rest + data + b"\0"


def cpio(data: bytes, name: bytes = NAME) -> bytes:
    """CPIO, new ASCII form."""

    def entry(name: bytes, data: bytes, mode: int) -> bytes:
        fields = (7, mode, 1000, 100, 1, 1_700_000_000, len(data), 0, 0, 0, 0, len(name) + 1, 0)
        head = b"070701" + b"".join(b"%08x" % field for field in fields) + name + b"\0"
        return head + bytes(-len(head) % 4) + data + bytes(-len(data) % 4)

    whole = entry(name, data, 0o100640) + entry(b"TRAILER!!!", b"", 0)
    return whole + bytes(-len(whole) % 512)


def ar(data: bytes, name: bytes = NAME) -> bytes:
    """AR, as of Debian packages."""
    head = b"%-16s%-12d%-6d%-6d%-8o%-10d`\n" % (name + b"/", 1_700_000_000, 1000, 100, 0o100640, len(data))
    return b"!<arch>\n" + head + data + b"\n" * (len(data) % 2)


def xar(data: bytes, name: bytes = NAME) -> bytes:
    """XAR, stored."""
    toc = (
        b'<?xml version="1.0" encoding="UTF-8"?><xar><toc><file id="1"><data><length>%d</length><offset>0</offset>'
        b'<size>%d</size><encoding style="application/octet-stream"/></data><mode>0640</mode><type>file</type>'
        b"<name>%s</name></file></toc></xar>" % (len(data), len(data), name)
    )
    small = zlib.compress(toc)
    return b"xar!" + struct.pack(">HHQQL", 28, 1, len(small), len(toc), 0) + small + data


def rpm(data: bytes, name: bytes = NAME) -> bytes:
    """RPM: two lists of no fields, then a packed CPIO."""
    lead = b"\xed\xab\xee\xdb\x03\x00" + struct.pack(">HH66sHH16s", 0, 1, b"sample-1", 1, 5, b"")
    fields = (
        b"\x8e\xad\xe8\x01" + bytes(4) + struct.pack(">LL", 1, 8) + struct.pack(">LLLL", 1000, 6, 0, 1) + b"sample\0\0"
    )
    return lead + fields * 2 + gzip.compress(cpio(data, name), mtime=0)


def iso(data: bytes, name: bytes = b"A.CSV;1") -> bytes:
    """ISO 9660 of one file below its root."""
    sector = 2048

    def both(number: int, form: str) -> bytes:
        return struct.pack("<" + form, number) + struct.pack(">" + form, number)

    def record(name: bytes, at: int, size: int, folder: bool) -> bytes:
        fixed = both(at, "L") + both(size, "L") + bytes([124, 3, 14, 9, 0, 0, 0, 2 if folder else 0, 0, 0])
        body = fixed + both(1, "H") + bytes([len(name)]) + name + bytes((len(name) + 1) % 2)
        return bytes([len(body) + 2, 0]) + body

    root = record(b"\0", 21, sector, True)
    table = struct.pack("<BBLHBB", 1, 0, 21, 1, 0, 0), struct.pack(">BBLHBB", 1, 0, 21, 1, 0, 0)
    total = max(32, 22 + -(-len(data) // sector))  # less is not looked at
    volume = b"".join(
        (b"\x01CD001\x01\x00", b" " * 32, b"SAMPLE".ljust(32), bytes(8), both(total, "L"), bytes(32), both(1, "H"),
         both(1, "H"), both(sector, "H"), both(len(table[0]), "L"), struct.pack("<LL", 19, 0),
         struct.pack(">LL", 20, 0), root, b" " * (128 * 4 + 37 * 3), (b"0" * 16 + b"\0") * 4, b"\x01")
    )  # fmt: skip
    folder = root + record(b"\1", 21, sector, True) + record(name, 22, len(data), False)
    sectors = [volume, b"\xffCD001\x01", b"", *table, folder]
    head = bytes(16 * sector) + b"".join(part.ljust(sector, b"\0") for part in sectors)
    return (head + data).ljust(total * sector, b"\0")


def compressed(data: bytes) -> bytes:
    """Unix compress: at most 200 bytes, so that no code is longer than nine bits."""
    assert len(data) <= 200
    bits = sum(byte << 9 * index for index, byte in enumerate(data))
    return b"\x1f\x9d\x90" + bits.to_bytes(-(-9 * len(data) // 8), "little")


def lz4(data: bytes) -> bytes:
    """One frame of one block that is not packed."""
    return b"\x04\x22\x4d\x18\x60\x40\x82" + struct.pack("<L", 0x80000000 | len(data)) + data + bytes(4)


def lzip(data: bytes) -> bytes:
    """One member."""
    chain = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16, "lc": 3, "lp": 0, "pb": 2}]
    packed = lzma.compress(data, lzma.FORMAT_RAW, filters=chain)
    return b"LZIP\x01\x10" + packed + struct.pack("<LQQ", binascii.crc32(data), len(data), len(packed) + 26)
