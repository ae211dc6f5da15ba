"""The word lists of names: what is no name, what makes an organisation or a street of one, what announces one."""

import re
from functools import cache
from importlib.resources import files

TITLES = (
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "rev", "reverend", "sir", "dame", "lord", "lady",
    "cllr", "councillor", "fr", "sister", "master", "messrs", "mister", "madam", "mme", "herr", "frau", "sr", "sra",
)  # fmt: skip
TITLE_BEFORE = re.compile(rf"(?<![^\W_])(?:{'|'.join(TITLES)})\.?[ \u00a0]{{1,2}}$", re.IGNORECASE)
ANNOUNCED_BEFORE = re.compile(
    r"(?<![^\W_])(?:dear|hi|hello|hey|signed(?: by)?|regards|visited|rang|phoned|emailed|sincerely|faithfully|truly"
    r"|cheers|thanks|thank you|wishes|attn|attention|fao|f\.a\.o\.?|named?|called|surname|forename|patient|client"
    r"|tenant|customer|mother|father|son|daughter|wife|husband|partner|brother|sister"
    r"|spoke (?:to|with)|met with|c/o|written by|prepared by|contact)"
    r"[ \t\u00a0]{0,3}[,:;\-!.]{0,3}\s{0,4}$",
    re.IGNORECASE,
)


@cache
def words(section: str) -> frozenset[str]:
    """One list of rules/name_words.txt, in lower case."""
    return frozenset(_sections()[section])


@cache
def thing_behind() -> re.Pattern[str]:
    """What stands behind a name that is a company's, a street's or a thing's: "& Sons", "Building Services", "Road"."""
    kinds = "|".join(sorted(words("organisation"), key=len, reverse=True))
    return re.compile(
        rf"(?:['\u2019]s)?,? (?:(?:&|and) (?:sons?|co|partners|associates|brothers)"
        rf"|(?-i:[A-Z][A-Za-z]+ )?(?:{kinds}))\b",
        re.IGNORECASE,
    )


@cache
def thing_before() -> re.Pattern[str]:
    """What stands in front of the name of a ship, a storm, a school or a pub: "HMS", "Storm", "St", "the Lord"."""
    kinds = "|".join(sorted(words("thing_before"), key=len, reverse=True))
    pub = "sir|lord|lady|duke|duchess|earl|marquis|admiral|prince|princess|king|queen|general|george"
    return re.compile(
        rf"(?<![^\W_])(?:(?:{kinds})[ \u00a0](?:(?:{pub}) )?|(?:the|at) (?:{pub}) (?:of )?)\Z", re.IGNORECASE
    )


@cache
def known_things() -> frozenset[str]:
    """Firms, charities, brands, illnesses and titles of works that are called like people, in small letters."""
    return frozenset(name.replace("_", " ") for name in words("known"))


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
