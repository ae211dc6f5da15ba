"""Content in, bytes of archives, databases and mails out, the same bytes on every platform and library version.

Nothing is compressed, because compressors differ between versions; every time stamp is fixed.
"""

import base64
import io
import sqlite3
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

STAMP = (2025, 4, 1, 9, 0, 0)
EPOCH = 1743498000  # the same moment


def zip_bytes(members: Mapping[str, bytes]) -> bytes:
    """A zip archive of stored members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, STAMP)
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
    return buffer.getvalue()


def encrypted_zip(name: str, content: bytes, password: bytes) -> bytes:
    """A zip of one member under the old zip encryption (the standard library can read it, not write it)."""
    plain = bytearray(zip_bytes({name: content}))
    crc = zlib.crc32(content)
    secret = _zip_crypto(bytes(11) + bytes([crc >> 24]) + content, password)
    header = 30 + len(name)
    central = plain.index(b"PK\x01\x02")
    out = plain[:header] + secret + plain[central:]
    central += 12
    for flags, size in ((6, 18), (central + 8, central + 20)):
        out[flags] |= 1
        out[size : size + 4] = len(secret).to_bytes(4, "little")
    end = out.index(b"PK\x05\x06")
    out[end + 16 : end + 20] = central.to_bytes(4, "little")
    return bytes(out)


def _zip_crypto(plain: bytes, password: bytes) -> bytes:
    """Section 6.1 of the zip specification."""
    table = [_crc_entry(number) for number in range(256)]
    keys = [0x12345678, 0x23456789, 0x34567890]

    def update(byte: int) -> None:
        keys[0] = (keys[0] >> 8) ^ table[(keys[0] ^ byte) & 0xFF]
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = (keys[2] >> 8) ^ table[(keys[2] ^ (keys[1] >> 24)) & 0xFF]

    for byte in password:
        update(byte)
    out = bytearray()
    for byte in plain:
        key = keys[2] | 2
        out.append(byte ^ (((key * (key ^ 1)) >> 8) & 0xFF))
        update(byte)
    return bytes(out)


def _crc_entry(number: int) -> int:
    for _ in range(8):
        number = (number >> 1) ^ (0xEDB88320 if number & 1 else 0)
    return number


def gzip_bytes(content: bytes, name: str) -> bytes:
    """A gz file that holds its content stored."""
    blocks = [content[start : start + 65535] for start in range(0, len(content), 65535)] or [b""]
    body = b"".join(
        bytes([index == len(blocks) - 1])
        + len(block).to_bytes(2, "little")
        + (len(block) ^ 0xFFFF).to_bytes(2, "little")
        + block
        for index, block in enumerate(blocks)
    )
    header = b"\x1f\x8b\x08\x08" + EPOCH.to_bytes(4, "little") + b"\x00\xff" + name.encode("ascii") + b"\x00"
    return header + body + zlib.crc32(content).to_bytes(4, "little") + len(content).to_bytes(4, "little")


def tar_bytes(members: Mapping[str, bytes]) -> bytes:
    """A tar archive."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime, info.mode = len(content), EPOCH, 0o644
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def sqlite_bytes(script: str, rows: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """A database: the script makes the tables, rows fill them. Version stamps of the library are fixed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.sqlite"
        database = sqlite3.connect(path)
        try:
            database.execute("PRAGMA page_size = 1024")
            database.executescript(script)
            for table, values in rows.items():
                marks = ", ".join("?" * len(values[0]))
                database.executemany(f"INSERT INTO {table} VALUES ({marks})", values)  # noqa: S608 - names of our own tables
            database.commit()
        finally:
            database.close()
        raw = bytearray(path.read_bytes())
    raw[24:28] = raw[92:96] = (1).to_bytes(4, "big")  # change counter, and the change it was valid for
    raw[96:100] = (3040001).to_bytes(4, "big")  # version of the library that wrote it
    return bytes(raw)


def attachment(name: str, media_type: str, content: bytes) -> str:
    """One MIME part that carries a file."""
    encoded = base64.encodebytes(content).decode("ascii")
    return (
        f'Content-Type: {media_type}; name="{name}"\nContent-Transfer-Encoding: base64\n'
        f'Content-Disposition: attachment; filename="{name}"\n\n{encoded}'
    )


def multipart(headers: str, subtype: str, parts: Sequence[str], boundary: str) -> str:
    """A mail of several parts; headers and parts come ready made."""
    body = "".join(f"--{boundary}\n{part}\n" for part in parts)
    kind = f'MIME-Version: 1.0\nContent-Type: multipart/{subtype}; boundary="{boundary}"\n'
    return f"{headers}{kind}\n{body}--{boundary}--\n"


def film_bytes() -> bytes:
    """The beginning of a film (MP4), which no scan can read."""
    return (24).to_bytes(4, "big") + b"ftypmp42" + bytes(4) + b"mp42isom" + (8).to_bytes(4, "big") + b"mdat"
