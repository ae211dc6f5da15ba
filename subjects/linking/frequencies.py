"""How many people of Britain bear a name: the shipped list goes in, shares by keyed name come out."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from scanner.keys import Keyring
from subjects.linking.comparing import Frequencies

NAMES_FILE = "names.tsv"


def load_frequencies(keyring: Keyring) -> Frequencies:
    """Names are keyed when they are loaded: what is compared is never clear text (design.md 4)."""
    found: dict[str, dict[int, float]] = {"forename": {}, "surname": {}}
    for kind, name, share in _listed():
        found[kind][keyring.number(kind, name)] = share
    return Frequencies(found["forename"], found["surname"])


@cache
def _listed() -> tuple[tuple[str, str, float], ...]:
    return tuple(_read((files("subjects.linking") / NAMES_FILE).read_text("utf-8")))


def _read(text: str) -> Iterator[tuple[str, str, float]]:
    """Lines `kind <tab> name <tab> people per million`."""
    for line in text.splitlines():
        if line and not line.startswith("#"):
            kind, name, per_million = line.split("\t")
            yield kind, name, float(per_million) / 1_000_000
