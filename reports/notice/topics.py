"""Sentences of a privacy notice go in, which kinds of personal data it declares and which it denies come out."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from reports.notice.result import Sentence

CV = "class:cv"  # a class of document in place of an entity type


@dataclass(frozen=True, slots=True)
class Topic:
    """One kind of data as notices call it, and the entity types of a report that are of it."""

    words: str
    pattern: re.Pattern[str]
    types: tuple[str, ...]


def _topic(words: str, pattern: str, *types: str) -> Topic:
    return Topic(words, re.compile(pattern, re.IGNORECASE), types)


TOPICS = (
    _topic("names", r"\bnames?\b", "PERSON"),
    _topic("e-mail addresses", r"\be-?mail(?: address(?:es)?)?\b", "EMAIL_ADDRESS"),
    _topic(
        "telephone numbers",
        (r"\b(?:tele)?phone(?: numbers?)?\b|\bmobile numbers?\b"
         r"|\bcontact (?:details|numbers?)\b"),
        "PHONE_NUMBER",
    ),
    _topic(
        "postal addresses",
        (r"(?<!e-mail )(?<!email )(?<!ip )(?<!web )\baddress(?:es)?\b"
         r"|\bcontact details\b|\bpostcodes?\b"),
        "ADDRESS", "UK_POSTCODE",
    ),
    _topic("dates of birth and ages", r"\bdates? of birth\b|\bd\.?o\.?b\b|\byour age\b", "DATE_OF_BIRTH", "AGE"),
    _topic("bank details", r"\bbank\b|\bsort codes?\b|\bdirect debits?\b",
           "UK_BANK_ACCOUNT", "UK_SORT_CODE", "IBAN_CODE"),
    _topic("payment cards", r"\b(?:payment|credit|debit) cards?\b|\bcard (?:details|numbers?)\b",
           "CREDIT_CARD", "CARD_SECURITY_CODE", "CARD_TRACK"),
    _topic(
        "CVs and job applications",
        (r"\bcvs?\b|\bcurriculum vitae\b"
         r"|\bjob applications?\b|\bemployment details\b"),
        CV,
    ),
    _topic("preferences and interests", r"\bpreferences\b|\binterests\b(?! of)", "PREFERENCE"),
    _topic("IP addresses", r"\bip address(?:es)?\b|\binternet protocol\b", "IP_ADDRESS"),
    _topic("social media profiles", r"\bsocial (?:media|network)", "SOCIAL_HANDLE"),
    _topic("gender", r"\bgender\b|\byour sex\b", "GENDER"),
    _topic("National Insurance numbers", r"\bnational insurance\b|\bni numbers?\b|\bninos?\b", "UK_NINO"),
    _topic("NHS numbers", r"\bnhs numbers?\b", "UK_NHS"),
    _topic("passports and identity documents", r"\bpassports?\b|\bidentity (?:cards?|documents?)\b",
           "UK_PASSPORT", "ID_DOCUMENT"),
    _topic("driving licences", r"\bdriving licen[cs]es?\b", "UK_DRIVING_LICENCE"),
    _topic("vehicle registrations", r"\bvehicles?\b|\bregistration (?:plates?|marks?)\b", "UK_VEHICLE_REGISTRATION"),
    _topic("tax references", r"\btax (?:references?|numbers?|codes?)\b|\butrs?\b", "UK_UTR"),
    _topic("health", r"\bhealth\b|\bmedical\b|\bdisabilit", "HEALTH"),
    _topic("ethnic origin", r"\bethnic|\bracial\b|\brace\b", "ETHNICITY"),
    _topic("religion", r"\breligio|\bbeliefs?\b", "RELIGION"),
    _topic("political opinions", r"\bpolitical (?:opinions?|views?)\b", "POLITICS"),
    _topic("trade union membership", r"\btrade unions?\b", "UNION"),
    _topic("sex life and orientation", r"\bsex(?:ual)? (?:life|orientation)\b|\bsexuality\b", "SEX_LIFE"),
    _topic("biometric data", r"\bbiometric|\bfingerprints?\b", "BIOMETRIC"),
    _topic("genetic data", r"\bgenetic\b", "GENETIC"),
    _topic("criminal records", r"\bcriminal\b|\bconvictions?\b|\bdbs\b", "CRIMINAL"),
    _topic("pupil and learner numbers", r"\b(?:pupil|learner) numbers?\b", "UK_UPN", "UK_ULN"),
    _topic("passwords and keys", r"\bpasswords?\b", "CREDENTIAL"),
)  # fmt: skip
# "we do not collect", "will not", "are not held", and "We not collect", as a real notice has it.
_DENIED = re.compile(
    r"\b(?:do|does|did|will|would|shall|can|are|is|be|we|only)(?:n['’]t| not| never)\b|\bwon['’]t\b|\bnever\b"
    r"|\b(?:and|but|or) not (?:held|stored|kept|collected|used)\b|\bno longer (?:hold|collect|store)",
    re.IGNORECASE,
)
_HOLDING = re.compile(r"\b(?:collect|hold|held|stor|keep|kept|request|record|ask|process|use[sd]?\b|pass|receiv|includ|provid|details)", re.IGNORECASE)  # fmt: skip  # noqa: E501
# How the organisation itself is reached, and what is sent to it, is no declaration of what it holds.
_OURS = re.compile(r"\bquestions\b.{0,80}\bshould be sent\b|\bby writing to\b|\bemailing us\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that says that a kind of data is held, or is not."""

    topic: Topic
    sentence: Sentence
    denied: bool


def claims(sentences: Iterable[Sentence]) -> Iterator[Claim]:
    """What the sentences declare and deny, kind by kind."""
    for sentence in sentences:
        if not _HOLDING.search(sentence.text) or _OURS.search(sentence.text):
            continue
        for topic in TOPICS:
            if topic.pattern.search(sentence.text):
                yield Claim(topic, sentence, bool(_DENIED.search(sentence.text)))


def sentences_of(text: str) -> Iterator[Sentence]:
    """The sentences of a notice; a line break after a full line ends one, as headings and lists have no full stop."""
    for number, line in enumerate(text.splitlines(), start=1):
        for piece in re.split(r"(?<=[.!?])\s+(?=[A-Z‘“(])", line.strip()):
            if piece:
                yield Sentence(piece, number)


def by_topic(found: Mapping[str, int], topic: Topic) -> int:
    """How many findings of a report are of a kind."""
    return sum(found.get(kind, 0) for kind in topic.types)
