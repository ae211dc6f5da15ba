"""Tables in, an archive of pg_dump out (-Fc or -Ft, version 1.14; -Fc of version 1.15), as small as can be."""

import io
import tarfile
import zlib

import pyarrow as pa

TABLE = b"CREATE TABLE public.staff (\n    id integer NOT NULL,\n    name text,\n    mail text,\n    photo bytea\n);\n"
KEY = b"ALTER TABLE ONLY public.staff\n    ADD CONSTRAINT staff_pkey PRIMARY KEY (id);\n"
COPY = b"COPY public.staff (id, name, mail, photo) FROM stdin;\n"
ROWS = b"7\tAnn Lee\tann@x.example\t\\\\x416e6e\n9\tBob\\tRay\t\\N\t\\N\n\\.\n\n\n"
CUSTOM, TAR = 1, 3


def number(value: int) -> bytes:
    """A sign and four bytes."""
    return bytes([value < 0]) + abs(value).to_bytes(4, "little")


def text(value: bytes | None) -> bytes:
    """A length and a text; -1 for none."""
    return number(-1) if value is None else number(len(value)) + value


def entry(place: int, kind: bytes, definition: bytes, copy: bytes | None, form: int, file: bytes = b"") -> bytes:
    """One entry of the table of contents."""
    strings = (b"", definition, b"", copy, b"public", b"", b"heap", b"keeper", b"false")
    head = number(place) + number(copy is not None) + text(b"0") + text(b"0") + text(b"staff") + text(kind)
    where = b"\x02" + bytes(8) if form == CUSTOM else text(file)
    return head + number(2) + b"".join(map(text, strings[1:])) + text(None) + where


def contents(form: int, compression: bytes, version: int = 14) -> bytes:
    """The table of contents: one table with its key and data, a large object."""
    entries = [
        entry(1, b"ENCODING", b"SET client_encoding = 'UTF8';\n", None, form),
        entry(2, b"TABLE", TABLE, None, form),
        entry(3, b"TABLE DATA", b"", COPY, form, b"3.dat"),
        entry(4, b"BLOBS", b"", None, form),
        entry(5, b"CONSTRAINT", KEY, None, form),
    ]
    head = b"PGDMP\x01" + bytes([version]) + b"\x00\x04\x08" + bytes([form]) + compression
    return head + number(0) * 7 + text(b"shop") + text(b"15.0") * 2 + number(len(entries)) + b"".join(entries)


def block(packed: bytes) -> bytes:
    """One stretch of data in pieces."""
    half = len(packed) // 2
    return text(packed[:half]) + text(packed[half:]) + number(0)


def custom(compression: int = -1, rows: bytes = ROWS) -> bytes:
    """An archive in one file."""
    pack = zlib.compress if compression else bytes
    return contents(CUSTOM, number(compression)) + data_of(pack(rows), pack(b"Dear Ann Lee"))


def newer(method: int, rows: bytes = ROWS) -> bytes:
    """The same as pg_dump 16 writes it, which names the method: 2 is LZ4, 3 Zstandard."""
    codec = pa.Codec("lz4" if method == 2 else "zstd")
    packed = (codec.compress(data, asbytes=True) for data in (rows, b"Dear Ann Lee"))
    return contents(CUSTOM, bytes([method]), version=15) + data_of(*packed)


def data_of(rows: bytes, large_object: bytes) -> bytes:
    """The data of the table and the large object."""
    objects = b"\x03" + number(4) + number(77) + block(large_object) + number(0)
    return b"\x01" + number(3) + block(rows) + objects


def tarred() -> bytes:
    """An archive in the form of a tar."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, data in (
            ("toc.dat", contents(TAR, number(0))),
            ("3.dat", ROWS),
            ("blob_77.dat", b"Dear Ann Lee"),
            ("restore.sql", TABLE + COPY.replace(b"stdin", b"'$$PATH$$/3.dat'")),
        ):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()
