"""A schema and records go in, an Avro file comes out (Avro 1.11 specification), as small as can be."""

import json
import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any

MARK = bytes(range(16))


def long(value: int) -> bytes:
    """A whole number, zigzag."""
    value = (value << 1) ^ (value >> 63)
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def text(value: str | bytes) -> bytes:
    """A length and its bytes."""
    raw = value.encode() if isinstance(value, str) else value
    return long(len(raw)) + raw


def datum(schema: Any, value: Any, named: Any = None) -> bytes:
    """A value by its schema; of a union the first branch but null that is there; the outermost record may recur."""
    named = named or schema
    if schema == named["name"]:
        schema = named
    if isinstance(schema, list):
        which = schema.index("null") if value is None else next(i for i, one in enumerate(schema) if one != "null")
        return long(which) + datum(schema[which], value, named)
    kind = schema["type"] if isinstance(schema, Mapping) else schema
    if kind == "record":
        return b"".join(datum(field["type"], value[field["name"]], named) for field in schema["fields"])
    if kind == "array":
        items = b"".join(datum(schema["items"], one, named) for one in value)
        return (long(len(value)) + items if value else b"") + long(0)
    if kind == "map":
        items = b"".join(text(key) + datum(schema["values"], one, named) for key, one in value.items())
        return (long(-len(value)) + long(len(items)) + items if value else b"") + long(0)
    if kind == "enum":
        return long(schema["symbols"].index(value))
    simple: dict[str, Callable[[Any], bytes]] = {
        "null": lambda _: b"", "boolean": lambda one: bytes([one]), "int": long, "long": long, "string": text,
        "bytes": text, "fixed": bytes, "double": lambda one: struct.pack("<d", one),
    }  # fmt: skip
    return simple[kind](value)


def avro(
    schema: Any, blocks: Sequence[Sequence[Any]], codec: str = "null", pack: Callable[[bytes], bytes] = bytes
) -> bytes:
    """A file with these blocks of records."""
    notes = {"avro.schema": json.dumps(schema), "avro.codec": codec}
    out = b"Obj\x01" + long(len(notes)) + b"".join(text(key) + text(value) for key, value in notes.items()) + long(0)
    out += MARK
    for records in blocks:
        data = pack(b"".join(datum(schema, record) for record in records))
        out += long(len(records)) + text(data) + MARK
    return out
