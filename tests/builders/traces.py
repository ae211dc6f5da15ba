"""Values and a folder go in; where one of them stands in a file comes out, in clear, encoded, packed or hashed."""

import base64
import gzip
import hashlib
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq

LEAST = 8  # characters of a form, digits or letters; a shorter one stands anywhere by chance
LEAST_DIGITS = 10


def forms(value: str) -> Iterator[tuple[str, bytes]]:
    """Ways to write a value, with what each is called."""
    plain = re.sub(r"[\W_]+", "", value)
    texts = {"raw": value, "lower": value.lower(), "upper": value.upper(), "plain": plain.lower()}
    for name, text in texts.items():
        raw = text.encode()
        yield name, raw
        yield f"{name} in UTF-16", text.encode("utf-16-le")
        yield f"{name} in hex", raw.hex().encode()
        for shift in range(3):
            coded = base64.b64encode(b"\0" * shift + raw).rstrip(b"=")
            inner = coded[-(-shift * 8 // 6) + (1 if shift else 0) : len(coded) - 1]
            yield f"{name} in base64", inner
            yield f"{name} in base64 for URLs", inner.translate(bytes.maketrans(b"+/", b"-_"))
        for kind in ("md5", "sha1", "sha256"):
            digest = hashlib.new(kind, raw).digest()
            yield f"{kind} of {name}", digest[:8]
            yield f"{kind} of {name} turned round", digest[:8][::-1]
            yield f"{kind} of {name} in hex", digest.hex()[:16].encode()
            yield f"{kind} of {name} in base64", base64.b64encode(digest)[:20]
    yield "in a URL", quote(value, safe="").encode()
    yield "escaped", json.dumps(value)[1:-1].encode()
    yield "turned round", value[::-1].encode()


def needles(values: Iterable[str]) -> dict[bytes, str]:
    """All forms of all values that are long enough to mean something, with what they are."""
    found = {}
    for value in values:
        for name, needle in forms(value):
            if len(needle) >= LEAST:
                found[needle] = f"{name} of {value}"
    return found


def arrow_table(data: bytes) -> pa.Table:
    """What an Arrow file holds, also one that was cut off: it has the rows so far, and no list of them."""
    table = pa.table({})
    with suppress(pa.ArrowInvalid, OSError), pa.ipc.open_stream(data[8:]) as stream:
        table = stream.schema.empty_table()
        for batch in stream:
            table = pa.concat_tables([table, pa.Table.from_batches([batch])])
    return table


def unpacked(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """The bytes of a file, and what is packed in it."""
    yield name, data
    if data.startswith((b"PAR1", b"ARROW1")):
        table = pq.read_table(io.BytesIO(data)) if data.startswith(b"PAR1") else arrow_table(data)
        yield f"{name}: values", json.dumps(table.to_pylist(), default=str, ensure_ascii=False).encode()
        yield (
            f"{name}: metadata",
            b"\n".join(key + b"=" + value for key, value in (table.schema.metadata or {}).items()),
        )
        numbers = [column for column in table.columns if str(column.type) == "int64"]
        yield (
            f"{name}: numbers",
            b"".join(n.to_bytes(8, "big", signed=True) for c in numbers for n in c.to_pylist() if n is not None),
        )
    elif data.startswith(b"SQLite format 3"):
        base = sqlite3.connect(":memory:")
        base.deserialize(data)
        yield f"{name}: values", "\n".join(base.iterdump()).encode()
    elif data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield from unpacked(f"{name}!/{member}", archive.read(member))
    elif data.startswith(b"\x1f\x8b"):
        yield from unpacked(f"{name}: unpacked", gzip.decompress(data))


def _stands_at(data: bytes, at: int, needle: bytes) -> bool:
    """Whether a form begins here; a short row of digits within a longer one is there by chance."""
    end = at + len(needle)
    if (
        needle.isdigit()
        and len(needle) < LEAST_DIGITS
        and (data[max(0, at - 1) : at].isdigit() or data[end : end + 1].isdigit())
    ):
        return False
    return data.startswith(needle, at)


def traces(folders: Iterable[Path], values: Iterable[str]) -> list[str]:
    """Each place where a form of a value stands, as `file: form of value`."""
    values = list(values)
    wanted: dict[bytes, list[tuple[bytes, str]]] = {}
    for needle, what in needles(values).items():
        wanted.setdefault(needle[:LEAST], []).append((needle, what))
    digits = {re.sub(r"\D", "", value): value for value in values}
    digits = {plain: value for plain, value in digits.items() if len(plain) >= LEAST_DIGITS}
    words = {re.sub(r"[\W_]+", "", value).lower().encode(): value for value in values}
    words = {plain: value for plain, value in words.items() if len(plain) >= LEAST}
    found = []
    for folder in folders:
        for path in sorted(file for file in folder.rglob("*") if file.is_file()):
            for name, data in unpacked(str(path.relative_to(folder.parent)), path.read_bytes()):
                # One look at each place, however many forms there are.
                places = (at for at in range(len(data) - LEAST + 1) if data[at : at + LEAST] in wanted)
                near = [(at, *one) for at in places for one in wanted[data[at : at + LEAST]]]
                found += [f"{name}: {what}" for at, needle, what in near if _stands_at(data, at, needle)]
                only = re.sub(rb"\D", b"", data).decode()
                found += [f"{name}: digits of {value}" for plain, value in digits.items() if plain in only]
                letters = re.sub(rb"[^a-z0-9]+", b"", data.lower())
                found += [f"{name}: letters of {value}" for plain, value in words.items() if plain in letters]
    return found
