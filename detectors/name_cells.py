"""Cells under a label and mail headers go in, the names of people that form and label alone tell come out."""

import re

from detectors.facts import is_shop_mailbox
from detectors.name_parts import NAME_WORD, TITLED, Part, one_form
from detectors.name_things import SURNAMES, may_be_somebody
from detectors.name_words import known_things, namesakes
from detectors.name_words import words as listed

CELL_SCORE = 0.6  # before the label is weighed
HEADER_SCORE = 0.8
DISPLAY_NAME = "display name of a mail address"

_CELL = re.compile(r"[^\W\d_][^\W\d_'\u2019.\- ]*(?:[ '\u2019.\-]{1,2}[^\W\d_]+){0,6}\.?")
_ENTRY = re.compile(
    r'(?:"(?P<quoted>[^"<>\n]{1,100})"|(?P<plain>[^"<>@;,\s][^"<>@;\n]{0,99}?))\s{0,4}<[^<>\s@]{0,80}@[^<>\s@]{0,255}>'
    r"|^\s{0,4}(?P<shown>[^\"<>@;,\s(][^\"<>@;\n(]{0,99}?) ?\([^()\s@]{1,80}@[^()\s@]{1,255}\)\s{0,4}$"
)


def looks_like_names(text: str, *, sure: bool) -> bool:
    """Whether a cell under a label of names holds names. `sure`: the label is about names and nothing else."""
    value = TITLED.sub("", text.strip())
    pieces = value.split(", ") if value.count(",") == 1 else [value]
    words = [word.strip(".").casefold() for word in NAME_WORD.findall(value)]
    if not words or len(words) > 6 or not all(_CELL.fullmatch(piece) for piece in pieces):
        return False
    # A middle initial is no name; "J." under "First name" is one.
    if max(map(len, words)) < 2 and not value.endswith("."):
        return False
    name = " ".join(words)
    if name in known_things() and not (sure and name in namesakes()):
        return False
    if set(words) & listed("no_value") or set(words[1:]) & (listed("organisation") - SURNAMES):
        return False
    if sure:
        return True
    capital = all(piece[:1].isupper() for piece in value.split())
    return capital and 2 <= len(words) <= 4 and not set(words) & listed("common")


def cell_names(text: str) -> list[Part]:
    """The one name of a cell, without its title."""
    lead = len(text) - len(text.lstrip())
    titled = TITLED.match(text, lead)
    start = titled.end() if titled else lead
    end = start + len(text[start:].rstrip())
    turned = "," in text[start:end]
    return [Part(start, end, CELL_SCORE, "a name by its label and its form", one_form(text[start:end], turned=turned))]


def header_names(text: str) -> list[Part]:
    """The display names of a From, To or Cc line; addresses without one are left to the detector of addresses."""
    found = []
    for entry in _ENTRY.finditer(text):
        group = next(kind for kind in ("quoted", "plain", "shown") if entry[kind])
        shown = entry[group]
        start = entry.start(group) + len(shown) - len(shown.lstrip(" ,;'"))
        shown = shown.strip(" ,;'")
        name = looks_like_names(shown, sure=True) or _of_somebody(shown, entry[0])
        if name and not _role(shown) and not _of_its_own(shown, entry[0]):
            (part,) = cell_names(shown)
            found.append(Part(part.start + start, part.end + start, HEADER_SCORE, DISPLAY_NAME, part.value))
    return found


def _of_somebody(shown: str, entry: str) -> bool:
    """Whether somebody who is called like a shop writes by both halves of the name: "laura.ashley@example.org"."""
    halves, (local, _) = shown.casefold().split(), _address(entry)
    return may_be_somebody(halves) and all(half in local for half in halves)


def _of_its_own(shown: str, entry: str) -> bool:
    """Whether a firm that is called like a person wrote: "John Lewis <orders@example.com>", "… <jl@johnlewis.com>"."""
    name, (local, domain) = shown.casefold(), _address(entry)
    if name not in known_things():
        return False
    joined = name.replace(" ", "")
    person = local != joined and any(half in local for half in name.split())  # "tom.jones@", but not "tomjones@"
    return (joined in domain.split(".") and not person) or is_shop_mailbox(local)


def _address(entry: str) -> tuple[str, str]:
    """What stands before and behind the @ of an entry's address, in "Name <address>" and "Name (address)"."""
    local, _, domain = re.split(r"[<(]", entry.casefold())[-1].rstrip("> )").partition("@")
    return local, domain


def _role(shown: str) -> bool:
    """Mailing lists and departments: every word is a common one, or an organisation's."""
    words = {word.strip(".").casefold() for word in NAME_WORD.findall(shown)}
    return not words - listed("common") - listed("organisation")
