"""The folder of labelled material goes in, its labelled texts come out: sentences, addresses, clinical notes."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from gold import Labelled, Mention, Unit, mentions_of

_RESEARCH = frozenset({
    "PERSON", "PHONE_NUMBER", "CREDIT_CARD", "EMAIL_ADDRESS", "IBAN_CODE", "IP_ADDRESS", "US_SSN", "ADDRESS",
})  # fmt: skip
# Spanish clinical notes, made up by hospital staff (CC BY 4.0).
_SPANISH = {
    "NOMBRE_SUJETO_ASISTENCIA": "PERSON", "NOMBRE_PERSONAL_SANITARIO": "PERSON", "CORREO_ELECTRONICO": "EMAIL_ADDRESS",
    "NUMERO_TELEFONO": "PHONE_NUMBER", "NUMERO_FAX": "PHONE_NUMBER", "CALLE": "ADDRESS",
}  # fmt: skip
_PRONOUNS = frozenset(
    {"i", "he", "she", "we", "they", "you", "it", "his", "her", "my", "our", "your", "who", "me", "him", "us"}
)


def research_texts(data: Path) -> Iterator[Labelled]:
    """presidio-research: sentences from templates, filled with names and numbers of many countries."""
    units, wanted = [], []
    for name in ("generated_small", "generated_large"):
        path = data / "text_gold/presidio-research" / f"{name}.json"
        for number, sample in enumerate(json.loads(path.read_text(encoding="utf-8"))):
            units.append(Unit(f"{name} {number}", sample["full_text"]))
            wanted += [
                Mention(f"{name} {number}", span["entity_type"], span["entity_value"])
                for span in sample["spans"]
                if span["entity_type"] in _RESEARCH
            ]
    yield Labelled(
        "sentences (presidio-research)", "texts", tuple(wanted), _RESEARCH, _RESEARCH, tuple(units),
        countries=("gb", "us"),
    )  # fmt: skip


def named_texts(data: Path) -> Iterator[Labelled]:
    """Persons in sentences of the news, of encyclopedias, of chat.

    The persons of GUM and re3d are people of any kind, pronouns too: those in capitals are wanted, and the lists are
    not held for complete. The Twitter corpus (btc) counts accounts as persons: they are left out.
    """
    person = frozenset({"PERSON"})
    for path in [*sorted((data / "ner").iterdir()), data / "text_gold/wnut17/dev.txt"]:
        of_any_kind = path.name.startswith(("gum", "re3d"))
        units, wanted = [], []
        for number, (text, spans) in enumerate(sentences(path)):
            units.append(Unit(str(number), text))
            values = [text[start:end] for start, end in spans if "@" not in text[max(0, start - 2) : end]]
            wanted += [Mention(str(number), "PERSON", value) for value in values if not of_any_kind or _is_name(value)]
        name = "wnut17-dev" if path.name == "dev.txt" else path.stem
        yield Labelled(
            f"names in text: {name}",
            "texts",
            tuple(wanted),
            person,
            frozenset() if of_any_kind else person,
            tuple(units),
        )


def spanish_texts(data: Path) -> Iterator[Labelled]:
    """Whole notes. They are in a language that is not ours: the row says how far it carries."""
    units, wanted = [], []
    for path in sorted((data / "text_gold/meddocan/dev/brat").glob("*.txt")):
        units.append(Unit(path.stem, path.read_text(encoding="utf-8")))
        for line in path.with_suffix(".ann").read_text(encoding="utf-8").splitlines():
            _, tag, value = line.split("\t")
            if kind := _SPANISH.get(tag.split()[0]):
                wanted.append(Mention(path.stem, kind, value))
    kinds = frozenset(_SPANISH.values())
    yield Labelled("Spanish clinical notes", "texts", tuple(wanted), kinds, kinds, tuple(units), countries=("gb", "es"))


def american_addresses(data: Path) -> Iterator[Labelled]:
    """Addresses of the United States as people type them, under a heading, and without one."""
    lines = []
    for path in sorted((data / "text_gold/usaddress").glob("*.xml")):
        for entry in ET.parse(path).getroot():  # noqa: S314 - a file of our own collection
            lines += [" ".join("".join(entry.itertext()).split())]
    address = frozenset({"ADDRESS"})
    for label in ("address", ""):
        units = tuple(Unit(str(number), line, label) for number, line in enumerate(lines))
        name = f"US addresses, {'under a heading' if label else 'alone on a line'}"
        yield Labelled(name, "texts", mentions_of(units, "ADDRESS"), address, address, units, countries=("gb", "us"))


def sentences(path: Path) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """Sentences of a CoNLL file with the spans of persons."""
    text, spans, inside = "", [], False
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        words = re.split(r"[\t ]+", line.strip()) if line.strip() and not line.startswith("# ") else []
        if not words:
            if text and not line.strip():
                yield text, spans
                text, spans, inside = "", [], False
            continue
        word, tag = (words[1], words[2]) if path.suffix == ".iob2" and len(words) > 2 else (words[0], words[-1])
        start = len(text) + 1 if text else 0
        text = f"{text} {word}" if text else word
        person = tag.upper() in {"B-PER", "I-PER", "B-PERSON", "I-PERSON"}
        if person and inside and not tag.upper().startswith("B"):
            spans[-1] = (spans[-1][0], len(text))
        elif person:
            spans.append((start, len(text)))
        inside = person


def _is_name(value: str) -> bool:
    words = value.split()
    return all(word[0].isupper() for word in words) and not all(word.casefold() in _PRONOUNS for word in words)
