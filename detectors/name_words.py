"""The word lists of names: what is no name, what makes an organisation or a street of one, what announces one."""

import re
from functools import cache
from importlib.resources import files

TITLES = (
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "rev", "reverend", "sir", "dame", "lord", "lady", "cllr",
    "councillor", "fr", "sister", "master", "messrs", "mister", "madam", "mme", "herr", "frau", "sr", "sra", "hon",
)  # fmt: skip
# Words that the model likes to take into a name and that are none of it.
AROUND = frozenset(
    (*TITLES, "dear", "hi", "hello", "hey", "regards", "thanks", "cheers", "signed", "from", "to", "cc", "re", "fwd", "attn",
     "fao", "manager", "director", "tel", "mobile", "email", "name", "date", "team", "and", "or", "the", "of", "at", "by",
     "with", "for", "customer", "client", "patient", "tenant", "sincerely", "faithfully", "ps", "sent", "subject")
)  # fmt: skip
# Forenames that are also words or months: alone they need something beside them that speaks for a name.
AMBIGUOUS = frozenset(
    "bill mark grant will april june may summer don art guy hope faith joy grace rose dawn eve penny rich rob sue pat jack"
    " chase drew frank max ray reed star angel amber ruby pearl jade iris ivy lily daisy holly hazel olive ginger jasmine"
    " heather basil victor christian dean earl duke king prince bishop page cliff glen dale brook sandy rusty crystal melody"
    " harmony paris london florence victoria sydney madison austin dallas chelsea devon india china georgia jordan israel"
    " kent lincoln york berlin carol miles major gene".split()
)
# What a form holds instead of a name.
NO_VALUE = frozenset(
    "none unknown null nan na yes no true false tbc tba tbd test various other others admin total all anonymous system"
    " vacant deceased private company business retired self same name surname forename user guest default example".split()
)
_ORGANISATION = (
    "ltd limited plc llp lp inc incorporated corp corporation gmbh co company group holdings partners associates sons bros"
    " brothers solicitors accountants consulting services solutions systems foundation trust charity society association"
    " council committee university college school academy hospital surgery clinic church bank hotel inn arms club centre"
    " center theatre museum library stadium park house court cottage farm building tower street st road rd lane avenue ave"
    " drive close crescent gardens grove terrace way square hill station airport bridge award prize cup scale test disease"
    " syndrome act report model method theorem algorithm law effect county city island islands river lake valley"
).split()
ORGANISATION_WORDS = frozenset(_ORGANISATION)
THING_BEHIND = re.compile(
    rf"(?:['\u2019]s)?,? (?:(?:&|and) (?:sons?|co|partners|associates|brothers)|(?:[A-Z][a-z]+ )?(?:{'|'.join(_ORGANISATION)}))\b",
    re.IGNORECASE,
)
TITLE_BEFORE = re.compile(rf"(?<![^\W_])(?:{'|'.join(TITLES)})\.?[ \u00a0]{{1,2}}$", re.IGNORECASE)
ANNOUNCED_BEFORE = re.compile(
    r"(?<![^\W_])(?:dear|hi|hello|hey|signed(?: by)?|regards|sincerely|faithfully|truly|cheers|thanks|thank you|wishes|attn"
    r"|attention|fao|f\.a\.o\.?|named?|called|surname|forename|patient|client|tenant|customer|mother|father|son|daughter"
    r"|wife|husband|partner|brother|sister|spoke (?:to|with)|met with|c/o|written by|prepared by|contact)"
    r"[ \t\u00a0]{0,3}[,:;\-!.]{0,3}\s{0,4}$",
    re.IGNORECASE,
)


@cache
def not_names() -> frozenset[str]:
    """Lower-case words that a capital does not make a name."""
    text = (files("detectors") / "rules" / "not_names.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())
