"""The word lists of names: what is no name, what makes an organisation or a street of one, what announces one."""

import re
from functools import cache
from importlib.resources import files

TITLES = (
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "rev", "reverend", "sir", "dame", "lord", "lady",
    "cllr", "councillor", "fr", "sister", "master", "messrs", "mister", "madam", "mme", "herr", "frau", "sr", "sra",
)  # fmt: skip
_PUBS = (
    "sir", "lord", "lady", "duke", "duchess", "earl", "marquis", "admiral", "prince", "princess", "king", "queen",
    "general", "george",
)  # fmt: skip
TITLE_BEFORE = re.compile(rf"(?<![^\W_])(?:{'|'.join(TITLES)})\.?[ \u00a0]{{1,2}}$", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?:^|[.!?:\n])[\s\"'\u2018\u201c>*\u2022-]*\Z")
_GREETING = (
    "dear", "hi", "hello", "hey", "signed", "signed by", "regards", "sincerely", "faithfully", "truly", "cheers",
    "thanks", "thank you", "wishes",
)  # fmt: skip
_ANNOUNCING = (
    *_GREETING, "visited", "rang", "phoned", "emailed", "attn", "attention", "fao", "f.a.o", "name", "named",
    "called", "surname", "forename", "patient", "client", "tenant", "customer", "mother", "father", "son", "daughter",
    "wife", "husband", "partner", "brother", "sister", "spoke to", "spoke with", "met with", "c/o", "written by",
    "prepared by", "contact",
)  # fmt: skip
_GREETED_BEFORE, ANNOUNCED_BEFORE = (
    re.compile(
        rf"(?<![^\W_])(?:{'|'.join(map(re.escape, said))})[ \t\u00a0]{{0,3}}[,:;\-!.]{{0,3}}\s{{0,4}}$", re.IGNORECASE
    )
    for said in (_GREETING, _ANNOUNCING)
)
# Looking for one of many words in front of every word of a text takes longer than the model: their ends tell most off.
_TITLE_ENDS = frozenset(title[-2:] for title in TITLES)
_ANNOUNCING_ENDS = frozenset(said[-2:] for said in _ANNOUNCING)


def begins_sentence(text: str, start: int) -> bool:
    """Whether a text, a line or a sentence begins at `start`: there a capital says nothing."""
    return bool(_SENTENCE_END.search(text[max(0, start - 12) : start]))


def title_before(text: str, start: int) -> bool:
    """Whether a title stands right before `start`."""
    head = text[max(0, start - 14) : start]
    return head.rstrip(" .\u00a0\n")[-2:].casefold() in _TITLE_ENDS and bool(TITLE_BEFORE.search(head))


def announced_before(text: str, start: int) -> bool:
    """Whether a word that announces a name stands right before `start`: "Dear", "Signed by:", "spoke to"."""
    head = text[max(0, start - 24) : start]
    said = head.rstrip().rstrip(" \t\u00a0,:;-!.")[-2:].casefold()
    return said in _ANNOUNCING_ENDS and bool(ANNOUNCED_BEFORE.search(head))


def greeted_before(text: str, start: int) -> bool:
    """Whether it is a greeting or the end of a letter that announces a name: "Dear", "Signed by:", "Regards,"."""
    return announced_before(text, start) and bool(_GREETED_BEFORE.search(text[max(0, start - 24) : start]))


@cache
def words(section: str) -> frozenset[str]:
    """One list of rules/name_words.txt, in lower case."""
    return frozenset(_sections()[section])


@cache
def thing_behind() -> re.Pattern[str]:
    """What stands behind a name that is a company's, a street's or a thing's: "& Sons", "Building Services", "Road"."""
    kinds, firms = ("|".join(sorted(words(name), key=len, reverse=True)) for name in ("organisation", "firm"))
    return re.compile(
        rf"(?:,? (?:&|and) (?:sons?|co|partners|associates|brothers)"
        rf"|, (?:{firms})"  # but "Uddin, Imran, Attlee Court 3", "J. Bai, Hall Crescent"
        rf"|(?:['\u2019]s)? (?-i:[A-Z][A-Za-z]+ )?(?:{kinds}))\b",
        re.IGNORECASE,
    )


def thing_before(text: str, start: int) -> bool:
    """Whether what makes the name of a thing stands right before `start`: "HMS", "Storm", "St", "the Lord"."""
    head = text[max(0, start - 24) : start]
    return head[-3:-1].casefold() in _thing_ends() and bool(thing_before_pattern().search(head))


@cache
def thing_before_pattern() -> re.Pattern[str]:
    """What stands in front of the name of a ship, a storm, a school or a pub."""
    kinds, pub = "|".join(sorted(words("thing_before"), key=len, reverse=True)), "|".join(_PUBS)
    return re.compile(
        rf"(?<![^\W_])(?:(?:{kinds})[ \u00a0](?:(?:{pub}) )?|(?:the|at) (?:{pub}) (?:of )?)\Z", re.IGNORECASE
    )


@cache
def _thing_ends() -> frozenset[str]:
    """The ends of the words before the last blank without which the pattern cannot match."""
    return frozenset(word[-2:] for word in [*words("thing_before"), *_PUBS, "of"])


@cache
def known_things() -> frozenset[str]:
    """Firms, charities, brands, illnesses and titles of works that are called like people, in small letters."""
    return frozenset(name.replace("_", " ") for name in words("known"))


@cache
def namesakes() -> frozenset[str]:
    """Those of the known things whose names many people bear."""
    return frozenset(name.replace("_", " ") for name in words("namesake"))


@cache
def _sections() -> dict[str, list[str]]:
    text = (files("detectors") / "rules" / "name_words.txt").read_text(encoding="utf-8")
    found: dict[str, list[str]] = {}
    section = ""
    for line in text.splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif not line.startswith("#"):
            found.setdefault(section, []).extend(line.split())
    return found
