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
    r"(?<![^\W_])(?:dear|hi|hello|hey|signed(?: by)?|regards|sincerely|faithfully|truly|cheers|thanks|thank you|wishes"
    r"|attn|attention|fao|f\.a\.o\.?|named?|called|surname|forename|patient|client|tenant|customer|mother|father|son"
    r"|daughter|wife|husband|partner|brother|sister|spoke (?:to|with)|met with|c/o|written by|prepared by|contact)"
    r"[ \t\u00a0]{0,3}[,:;\-!.]{0,3}\s{0,4}$",
    re.IGNORECASE,
)


@cache
def words(section: str) -> frozenset[str]:
    """One list of rules/name_words.txt, in lower case: common, ambiguous, no_value, organisation or around."""
    return frozenset(_sections()[section])


@cache
def thing_behind() -> re.Pattern[str]:
    """What stands behind a name that is a company's, a street's or a thing's: "& Sons", "Building Services", "Road"."""
    kinds = "|".join(sorted(words("organisation"), key=len, reverse=True))
    return re.compile(
        rf"(?:['\u2019]s)?,? (?:(?:&|and) (?:sons?|co|partners|associates|brothers)|(?:[A-Z][a-z]+ )?(?:{kinds}))\b",
        re.IGNORECASE,
    )


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
