"""Texts go in, spans of people's names come out: labels and mail headers by rule, prose by the model of names."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module

from detectors import names_unsure, rampart, second_reader, tagger
from detectors.labels import announced, is_alone, label_words
from detectors.name_cells import DISPLAY_NAME, cell_names, header_names, looks_like_names
from detectors.name_like import may_name
from detectors.name_lists import look_up
from detectors.name_parts import PERSON, Part, people
from detectors.name_things import may_be_somebody, tells_somebody, within_known
from detectors.name_words import namesakes, title_before, words
from detectors.names_document import again
from detectors.names_in_rows import in_rows
from detectors.names_lines import laid_out_names
from detectors.names_thorough import Entity, united
from detectors.names_written import LISTED_PAIR, alone_in_cell, name_words, written_names
from detectors.remembered import Reader, Remembering
from detectors.scoring import weigh
from detectors.types import Detector, DetectorOptions, Span, Text

# Importing spaCy takes most of a second: a worker that does not ask it must not pay for it.
_SPACY = "detectors.names_spacy"
SHORT_PHRASE = 60
SHORT_VALUE = 120
SENTENCE = 3  # words in small letters that make a sentence of a line with a mail address
DOUBTED = 50  # pairs of a text about which the words around are asked: a text with more is a list of people
COLUMN = 20  # values under one label that make a column worth a sample
SAMPLE = 40
MOSTLY = 0.6
SURE_OF_CELL = 0.5
_BELONGING = ("ETHNICITY", "RELIGION", "SEX_LIFE")
FEW = 3  # words of a value that says no more than that
_WORDS = re.compile(r"(?<!\S)[^\W\d_]{2,}(?!\w)")
_ADDRESS = re.compile(r"[^\s@]@\w[\w-]*\.\w")


@dataclass(frozen=True, slots=True)
class NameDetector:
    """Finds people's names.

    `first` gives the tags of each text; `cells` those of cells and bare names, if they hold a word like a name: most
    hold none. Without `cells` `first` reads all. `second`, asked besides, gives the entities of each text.
    `is_thing` tells whether a stretch of a text names a thing: asked about pairs that are found by the lists alone.
    """

    first: Reader
    cells: Reader | None = None
    second: Callable[[Sequence[str]], list[list[Entity]]] | None = None
    is_thing: Callable[[str, int, int], bool] | None = None
    name: str = "names"
    entity_types: tuple[str, ...] = (PERSON,)

    def detect(self, texts: Sequence[Text]) -> Iterator[list[Span]]:
        """One list of spans for each text. Equal texts of a batch are read once."""
        order: dict[tuple[str, str], int] = {}
        places = [order.setdefault((text.text, text.label), len(order)) for text in texts]
        distinct = [Text(body, label) for body, label in order]
        groups = self._sampled(distinct)
        ruled = [_decided(text, groups.get(text.label)) for text in distinct]
        asked = [text for text, own in zip(distinct, ruled, strict=True) if own is None]
        # Where a column was no column of names, its label would only mislead the model.
        unhelpful = frozenset(label for label, mostly in groups.items() if not mostly)
        answers = iter(self._by_model(asked, unhelpful))
        parts = [next(answers) if own is None else own for own in ruled]
        found = [[self._span(text, part) for part in own] for text, own in zip(distinct, parts, strict=True)]
        for place in places:
            yield list(found[place])

    def _sampled(self, distinct: Sequence[Text]) -> dict[str, bool]:
        """For each label with many short values, whether a sample of them are mostly names: a column is of one kind."""
        cells: dict[str, list[Text]] = {}
        for text in distinct:
            if text.label and len(text.text) <= SHORT_PHRASE and _by_rule(text, sure=False) is None:
                cells.setdefault(text.label, []).append(text)
        verdicts: dict[str, bool] = {}
        for label, values in cells.items():
            if len(values) >= COLUMN:
                sample = values[:: max(1, len(values) // SAMPLE)][:SAMPLE]
                verdicts[label] = sum(map(bool, self._by_model(sample))) >= MOSTLY * len(sample)
        return verdicts

    def _by_model(self, texts: Sequence[Text], unhelpful: frozenset[str] = frozenset()) -> list[list[Part]]:
        """The names that the model finds in each text, with its label in front unless that is `unhelpful`."""
        asked: dict[int, tuple[int, str]] = {}  # number of the text -> length of the label, what is asked
        prose, cells = dict[str, None](), dict[str, None]()
        for index, text in enumerate(texts):
            by_cells = self.cells and _is_short(text.text, text.label)
            if not any(map(str.isalpha, text.text)) or (by_cells and not _worth_asking(text)):
                continue
            label = "Value" if text.label in unhelpful else text.label
            asked[index] = _introduced(text.text, label)
            (cells if by_cells else prose).setdefault(asked[index][1])
        tags = dict(zip(prose, self.first(list(prose)), strict=True)) if prose else {}
        if self.cells and cells:
            tags |= zip(cells, self.cells(list(cells)), strict=True)
        parts: list[list[Part]] = [[] for _ in texts]
        for index, (lead, piece) in asked.items():
            own = [tag for tag in tags[piece] if tag.start >= lead]
            # The model has read the label as well; a weak answer must not be raised by it once more.
            least = SURE_OF_CELL if PERSON in announced(texts[index].label).expected else 0.0
            alone = list(alone_in_cell(texts[index].text)) if own else []
            seen = _united(list(people(texts[index].text, -lead, own)), alone)
            parts[index] = [part for part in seen if part.score >= least]
        if self.second:
            parts = list(_second_opinion(texts, parts, self.second))
        return [self._completed(text, parts[index], asked.get(index)) for index, text in enumerate(texts)]

    def _completed(self, text: Text, found: list[Part], asked: tuple[int, str] | None) -> list[Part]:
        """What the model found, whom the way of writing tells, and who is named again by one half of the name.

        `asked`: what the model has read of this text, and the length of the label in front of it.
        """
        words = name_words(text.text)
        laid_out = laid_out_names(text.text) if "\n" in text.text or ":" in text.text else ()
        written = [*written_names(text.text, words), *laid_out]
        if asked and self.is_thing and PERSON not in announced(text.label).expected:
            lead, piece = asked
            doubted = list(_by_lists_alone(text.text, written, found))
            if len(doubted) <= DOUBTED:
                things = {part for part in doubted if self.is_thing(piece, part.start + lead, part.end + lead)}
                written = [part for part in written if part not in things]
        parts = [part for part in _united(found, written) if not within_known(text.text, part.start, part.end)]
        more = list(again(text.text, words, parts)) if parts and len(text.text) > SHORT_PHRASE else []
        parts = _united(parts, more) if more else parts
        rows = list(in_rows(text.text, words, parts)) if len(parts) > 1 and "\n" in text.text else []
        return _united(parts, rows) if rows else parts

    def _span(self, text: Text, part: Part) -> Span:
        if part.reason == DISPLAY_NAME and PERSON in announced(text.label).excluded:
            text = replace(text, label="")  # the address beside it says what the label denies
        score, evidence = weigh(PERSON, part.score, text, part.start, part.end, pattern=part.reason)
        return Span(PERSON, part.start, part.end, score, self.name, part.reason, part.value, evidence, part.facts)


def _by_lists_alone(text: str, written: Sequence[Part], found: Sequence[Part]) -> Iterator[Part]:
    """Pairs that only the lists of names tell: nothing around tells that they are people, and no kin is there.

    Whether Paul Smith is the shop has been weighed by rule.
    """
    held = sorted(found, key=lambda part: part.start)
    ends, surnames = [part.end for part in held], {part.value.rpartition(" ")[2] for part in held}
    for part in written:
        behind = bisect_right(ends, part.start)
        overlaps = behind < len(held) and held[behind].start < part.end
        kin = part.value in namesakes() or part.value.rpartition(" ")[2] in surnames
        if part.reason == LISTED_PAIR and not overlaps and not kin and not tells_somebody(text, part.start, part.end):
            yield part


def _second_opinion(
    texts: Sequence[Text], parts: Sequence[list[Part]], ask: Callable[[Sequence[str]], list[list[Entity]]]
) -> Iterator[list[Part]]:
    """What spaCy makes of prose; what stands in cells and fields is decided by column and label."""
    prose = [index for index, text in enumerate(texts) if not text.label or len(text.text) > SHORT_VALUE]
    asked = dict(zip(prose, ask([texts[index].text for index in prose]), strict=True))
    for index, own in enumerate(parts):
        yield united(texts[index].text, own, asked[index]) if index in asked else own


def _united(found: Sequence[Part], written: Sequence[Part]) -> list[Part]:
    """Of parts that overlap the longest, with the best score of them."""
    kept: list[Part] = []
    for part in sorted([*found, *written], key=lambda part: (part.start, -part.end)):
        if kept and part.start < kept[-1].end:
            longest = max(kept[-1], part, key=lambda one: one.end - one.start)
            kept[-1] = replace(longest, score=max(kept[-1].score, part.score))
        else:
            kept.append(part)
    return kept


def _is_short(text: str, label: str) -> bool:
    """Whether it is a cell, the value of a field or a bare name: nothing in which the words around tell of a name."""
    if len(text) > (SHORT_VALUE if label else SHORT_PHRASE) or "\n" in text.strip():
        return False
    # Without any capital a name cannot be told from a sentence by its words; who has a mail address beside is a record.
    plain = _WORDS.findall(text)
    record = sum(map(str.islower, plain)) < SENTENCE and _ADDRESS.search(text)
    return bool(label or text.islower() or record or all(map(_in_names, plain)))


def _in_names(word: str) -> bool:
    """Whether a word stands in a bare name, or between two: "Ludwig van Beethoven and Jane Smith"."""
    return not word.islower() or word in words("particle") or word in {"and", "or"}


def _worth_asking(text: Text) -> bool:
    return PERSON in announced(text.label).expected or may_name(text.text)


def _introduced(piece: str, label: str) -> tuple[int, str]:
    """A short piece as the model reads it best: after its label. Gives the length of what was put in front."""
    if not _is_short(piece, label) or (not label and " " not in piece.strip()):
        return 0, piece
    lead = f"{label_words(label)[:40] or 'Value'}: "
    return len(lead), lead + piece


def _decided(text: Text, sure: bool | None) -> list[Part] | None:
    """The names that label, form and the column (`sure`: as in _by_rule) tell, or None: the model has to read it."""
    own = _by_rule(text, sure)
    return [] if own is None and not sure and _says_belonging(text) else own


def _by_rule(text: Text, sure: bool | None = None) -> list[Part] | None:
    """The names that label and form alone tell, or None when the model has to read the text.

    `sure`: whether a sample of the values under this label were mostly names; None = there was no sample.
    """
    if _is_transport(text):
        return []
    said = announced(text.label)
    if PERSON in said.excluded or not text.text.strip():
        # "E-mail display name: Jane Smith (j@example.com)"
        return header_names(text.text) if "@" in text.text and len(text.text) < SHORT_VALUE * 4 else []
    if PERSON not in said.expected:
        return cell_names(text.text) if sure and _fits_in_column(text.text) else None
    if "@" in text.text or ";" in text.text:
        return header_names(text.text) if len(text.text) < 64_000 and _all_addresses(text.text) else None
    fits = len(text.text) <= SHORT_VALUE and "\n" not in text.text.strip()
    strong = fits and bool(_STRONG_LABEL.search(label_words(text.label)))
    if fits and (strong or sure is not False):
        somebody = _FOR_PEOPLE.search(label_words(text.label)) and may_be_somebody(text.text.casefold().split())
        if somebody or looks_like_names(text.text, sure=strong or bool(sure)):
            return cell_names(text.text)
    return [] if strong and not any(map(str.isalpha, text.text)) else None


def _says_belonging(text: Text) -> bool:
    """Whether a value says what somebody belongs to, "Religion: Christian", and is no name of two listed words."""
    shown = text.text.split()
    # Who is called Faith may have a column.
    if len(shown) > FEW or label_words(text.label) == "faith" or not is_alone(text.label, _BELONGING):
        return False
    pair = len(shown) > 1 and look_up(shown[-2]).given and look_up(shown[-1]).surname
    return not pair and not title_before(text.text, text.text.rfind(shown[-1]))


def _fits_in_column(value: str) -> bool:
    """Whether a value among names is one: it has the form of one, or is a listed one of a single word."""
    single = " " not in value.strip() and value.strip()[:1].isupper() and look_up(value.strip()).known
    return looks_like_names(value, sure=bool(single))


def _is_transport(text: Text) -> bool:
    """Whether it is what mail servers tell each other: much of a mailbox, and in none of it is anybody named.

    A column may be called "Received" as well: what stands there does not read as servers write.
    """
    label = text.label.casefold()
    if label == "received":
        return bool(_RELAYED.match(text.text) or _STAMPED.match(text.text))
    return label in words("transport")


_RELAYED = re.compile(
    r"\A\s{0,8}\(?(?:from|by|qmail) [\s\S]{0,300}?"
    r"(?:\bwith (?:e?smtp|lmtp|qmqp|http|local|microsoft)|\((?:postfix|exim|qmail)|\bid [\w.-]{5}|\[[\d.]{7,15}\])",
    re.IGNORECASE,
)
# As RFC 5321, 4.4 has each relay write: "(from a@b) by c (8.11); Mon, 2 Dec 2002 08:55:59 -0000".
_STAMPED = re.compile(
    r"\A\s{0,8}\(?(?:from|by)\b[^;]{0,400}?\bby\s{1,8}[\w.-]{1,255}\s{1,8}(?:\(|with|id|for|via)[^;]{0,400};"
    r"\s{1,8}(?:[A-Z][a-z]{2},\s{1,8})?[0-9]{1,2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}(?::[0-9]{2})?"
    r" (?:[+-][0-9]{4}|[A-Z]{2,4})"
)
# Under these stands no shop.
_FOR_PEOPLE = re.compile(
    r"\b(?:full|first|last|given|family|patient|pupil|student|employee|staff|volunteer|parent|guardian) names?\b"
)
_STRONG_LABEL = re.compile(
    r"\b(?:names|surname|mothers? maiden|maiden names?|forenames?|fname|lname|author|signed by|next of kin|spouse|payee"
    r"|(?:first|last|full|given|family|middle|customer|client|member|donor|patient|pupil|student|tenant|employee|staff"
    r"|contact|holder|person|volunteer|owner|partner|parent|guardian) names?)\b"
)


def _all_addresses(text: str) -> bool:
    """Whether a text is a mail header's list of addresses and no sentence."""
    entries = [entry for entry in re.split(r"[;,]", text) if entry.strip()]
    return sum("@" in entry for entry in entries) * 2 >= len(entries)


def _check() -> None:
    """Look whether the second reader is there, and Rampart, which is asked about addresses."""
    rampart.check()
    second_reader.check()


def load(options: DetectorOptions) -> list[Detector]:
    """The detector of names, unless names are off.

    Raises:
        ModelError: the model is missing or is not the one that was measured; better now than in the middle of a scan.
    """
    if options.names == "off":
        return []
    if options.names == "thorough":
        _check()
        model, spacy = options.settings.get("spacy_model", ""), import_module(_SPACY)
        spacy.load_model(model)  # now, so that it counts as what a worker needs when idle
        return [NameDetector(Remembering(second_reader.tag), second=partial(spacy.entities, name=model))]
    tagger.load_model()
    if options.names == "fast":
        return [NameDetector(tagger.tag, cells=tagger.tag, is_thing=tagger.takes_for_thing)]
    _check()
    prose = partial(names_unsure.tag, ask=Remembering(names_unsure.doubted))
    return [NameDetector(prose, cells=Remembering(names_unsure.tag_short), is_thing=names_unsure.takes_for_thing)]
