"""Tags of the model, cells and mail headers go in, the names of whole people with offset, score and value come out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from detectors.name_words import ANNOUNCED_BEFORE, TITLE_BEFORE, TITLES, thing_behind
from detectors.name_words import words as listed
from detectors.rampart import NAME_LABELS, Tag

PERSON = "PERSON"
SINGLE_WORD = 0.8  # what a lone word keeps of its score when nothing beside it speaks for a name
CONTEXT_GAIN = 0.7
LEAST = 0.3
CELL_SCORE = 0.6  # before the label is weighed
HEADER_SCORE = 0.8

_HUMPS = re.compile(r"[a-z][A-Z]")
_TWO_CAPITALS_NAME = re.compile(r"(?:Mc|Mac|De|Di|Du|La|Le|Fitz|Van)[A-Z][a-z]")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019.\-][^\W\d_]+)*\.?")
_WORD_HEAD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*['\u2019-]?\Z")  # $ would also match before a line break
_WORD_TAIL = re.compile(r"[^\W\d_]*(?:['\u2019-][^\W\d_]+)*")
_GAP = re.compile(r"[ \t\u00a0]{1,2}|[-'\u2019]|\.[ \u00a0]?|[ \u00a0]?-[ \u00a0]?")
_COMMA = re.compile(r",[ \u00a0]{1,2}")
_INITIALS = re.compile(r"(?<![\w.])(?:[^\W\d_a-z]\.?[ \u00a0]?){1,3}\Z")
_POSSESSIVE = re.compile(r"['\u2019]s?$", re.IGNORECASE)
_TITLED = re.compile(rf"(?:(?:{'|'.join(TITLES)})\.?[ \u00a0]+)+", re.IGNORECASE)
_SURNAMES = frozenset({"hill", "park", "lane", "house", "way", "church", "street", "law", "gardens"})
_SURNAME_BEHIND = re.compile(
    r"[ \u00a0]((?:Mc|Mac|O['\u2019])?[A-Z][a-z]{2,}(?:-[A-Z][a-z]+)?)(?![\w&@/\\-]|[.'\u2019]\w)"
)
_AMPERSAND = re.compile(r"[ \u00a0]?&[ \u00a0]?[A-Z]")
_CELL = re.compile(r"[^\W\d_][^\W\d_'\u2019.\- ]*(?:[ '\u2019.\-]{1,2}[^\W\d_]+){0,6}\.?")
_ENTRY = re.compile(
    r'(?:"(?P<quoted>[^"<>\n]{1,100})"|(?P<plain>[^"<>@;,\s][^"<>@;\n]{0,99}?))\s{0,4}<[^<>\s@]{0,80}@[^<>\s@]{0,255}>'
)


_AFTER_TITLE = re.compile(
    r"(?<![\w.@/-])(?P<title>[Mm]rs?|MRS?|Ms|Miss|Mx|[Dd]r|DR|Prof|Professor|Rev|Reverend|Cllr|Councillor)\.?"
    r"[ \u00a0]{1,2}"
    r"(?P<name>(?:[^\W\d_a-z][\w'\u2019-]{0,30}\.?[ \u00a0]){0,2}[^\W\d_a-z][^\W\d_]*(?:['\u2019-][^\W\d_]+)*(?<=..)"
    r"|[a-z]{3,30}(?![\w@.-]\w))"
)
_PLACE_BEFORE = re.compile(r"[A-Z][a-z]+ $")


@dataclass(frozen=True, slots=True)
class Part:
    """The name of one person in a text: where, how sure, why, and its normalised form."""

    start: int
    end: int
    score: float
    reason: str
    value: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Run:
    """Tags that belong to one name. `turned`: the surname stands first, with a comma."""

    start: int
    end: int
    score: float
    words: int
    labels: tuple[str, ...]
    turned: bool = False


def people(text: str, offset: int, tags: Sequence[Tag]) -> Iterator[Part]:
    """The people whom the model's tags of `text[offset:]` name, after the checks that the model does not make."""
    for run in _runs(text, offset, tags):
        part = _checked(text, run)
        if part:
            yield part


def titled(text: str) -> Iterator[Part]:
    """People whom a title alone tells, also in small letters: the model overlooks "P.S. mr tomlinson rang"."""
    for match in _AFTER_TITLE.finditer(text):
        start, end = match.span("name")
        words = [word.casefold() for word in _WORD.findall(text, start, end)]
        capital = match["name"][0].isupper()
        # "12 Oak Dr Leeds" is a drive; "i miss the bus" and "ms word" are no ladies.
        drive = match["title"].casefold() == "dr" and _PLACE_BEFORE.search(
            text[max(0, match.start() - 30) : match.start()]
        )
        weak = not capital and match["title"].casefold() not in {"mr", "mrs", "dr"}
        if drive or weak or any(word in listed("common") for word in words) or words[-1] in listed("organisation"):
            continue
        if _in_identifier(text, start, end):
            continue
        score = 0.8 if capital else 0.55
        yield Part(start, end, score, "a name after a title", _value(text[start:end], turned=False))


def _runs(text: str, offset: int, tags: Sequence[Tag]) -> Iterator[_Run]:
    current: _Run | None = None
    for tag in tags:
        if tag.label not in NAME_LABELS:
            continue
        start, end = tag.start + offset, tag.end + offset
        words = len(_WORD.findall(text, start, end)) or 1
        if current:
            joined = _join(current, text[current.end : start], tag.label)
            if joined is not None:
                total = current.words + words
                score = (current.score * current.words + tag.score * words) / total
                current = _Run(current.start, end, score, total, (*current.labels, tag.label), joined)
                continue
            yield current
        current = _Run(start, end, tag.score, words, (tag.label,))
    if current:
        yield current


def _join(run: _Run, gap: str, label: str) -> bool | None:
    """Whether the next tag belongs to the run: None = no, else whether the surname stands first."""
    if not gap or _GAP.fullmatch(gap):
        return run.turned
    # "Smith, John", but not "Jane Smith, John Doe".
    if _COMMA.fullmatch(gap) and label == "GIVEN_NAME" and "GIVEN_NAME" not in run.labels and not run.turned:
        return True
    return None


def _checked(text: str, run: _Run) -> Part | None:
    start, end = _whole_words(text, run.start, run.end)
    start, end = _trimmed(text, start, end)
    end = _with_surname(text, start, end, run)
    if start >= end or _in_identifier(text, start, end):
        return None
    words = [word.strip(".").casefold() for word in _WORD.findall(text, start, end)]
    titled = bool(TITLE_BEFORE.search(text[max(0, start - 14) : start]))
    announced = titled or bool(ANNOUNCED_BEFORE.search(text[max(0, start - 24) : start]))
    plain = all(word in listed("common") or word in listed("ambiguous") for word in words)
    if not words or max(map(len, words)) < 2:
        return None
    # "Heather wrote" is a person and "heather grows" is not: the model tells them apart by a wide margin.
    unsure = (words[0] in listed("common") or run.score < 0.9) if len(words) == 1 else run.score < 0.8
    if plain and not announced and unsure:
        return None
    if not titled and (_is_thing(text, start, end, words, run) or _in_heading(text, start, end, words, run)):
        return None
    initials = _INITIALS.search(text, max(0, start - 9), start)
    if initials and initials.end() == start:
        start, words = initials.start(), ["initial", *words]
    score = run.score * (SINGLE_WORD if len(words) == 1 and not announced else 1)
    if announced:
        score += (1 - score) * CONTEXT_GAIN
    if not announced:
        score *= _case_factor(text[start:end], len(words) == 1)
    if score < LEAST:
        return None
    why = ", after a title" if titled else ", announced" if announced else ""
    return Part(start, end, round(score, 3), "name by the model" + why, _value(text[start:end], turned=run.turned))


def _with_surname(text: str, start: int, end: int, run: _Run) -> int:
    """The end of a rare surname behind a lone forename: the model does not know Barnstable, but it knows John."""
    if run.labels != ("GIVEN_NAME",) or not text[start:end].istitle() or " " in text[start:end]:
        return end
    behind = _SURNAME_BEHIND.match(text, end)
    word = behind[1].casefold() if behind else ""
    lists = ("common", "ambiguous", "organisation", "around", "no_value")
    return behind.end() if behind and not any(word in listed(name) for name in lists) else end


def _case_factor(written: str, single: bool) -> float:
    """The model knows no case: what is left of a score where the capitals speak against a name."""
    if written.islower():
        return 0.6 if single else 0.8
    if single and written.isupper():
        return 0.7  # an abbreviation, more often than not
    return 0.6 if single and has_humps(written) else 1.0


def has_humps(word: str) -> bool:
    """Whether a word is written like PyYAML or JaneSmith, and not like McDonald."""
    return bool(_HUMPS.search(word)) and not _TWO_CAPITALS_NAME.match(word)


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Grow to the borders of the words: the model may see only one half of a hyphenated name."""
    head = _WORD_HEAD.search(text, max(0, start - 40), start)
    tail = _WORD_TAIL.match(text, end, end + 40)
    return head.start() if head else start, tail.end() if tail else end


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the words around a name, without its possessive, on one line."""
    line = text.find("\n", start, end)
    end = line if line >= 0 else end
    possessive = _POSSESSIVE.search(text[start:end])
    if possessive:
        end = start + possessive.start()
    words = list(_WORD.finditer(text, start, end))
    around = listed("around") | set(TITLES)
    while words and words[0].group().strip(".").casefold() in around:
        words.pop(0)
    # "Jones came": a name that begins with a capital does not end in small letters.
    while words and (_trails(words) or words[-1].group().strip(".").casefold() in around):
        words.pop()
    if not words:
        return start, start
    last = words[-1]
    # A full stop belongs to an initial and not to the end of a sentence.
    stop = last.end() - (last.group().endswith(".") and len(last.group()) > 2)
    return words[0].start(), stop


def _trails(words: list[re.Match[str]]) -> bool:
    """Only where a name of more than one part is left: of "Tea towel" nothing should be."""
    left = len(words) > 2 or (len(words) == 2 and "-" in words[0].group())
    return left and words[0].group()[0].isupper() and words[-1].group().islower()


def _in_identifier(text: str, start: int, end: int) -> bool:
    """Whether the word is a piece of an e-mail address, a path, a file name or a variable."""
    inside = text[start:end]
    if any(char.isdigit() or char in "@_/\\<>=|{}" for char in inside):
        return True
    before, after = text[start - 1 : start], text[end : end + 2]
    if before and (before == "@" or (before in "_/\\.#$=" and text[start - 2 : start - 1].strip())):
        return True
    return bool(after) and (after[0] in "@_\\=" or after[0].isdigit() or (after[0] in "./" and after[1:].isalnum()))


def _is_thing(text: str, start: int, end: int, words: list[str], run: _Run) -> bool:
    """A company, street or product that bears a person's name."""
    if words[-1] in listed("organisation") and len(words) > 1 and words[-1] not in _SURNAMES:
        return True
    if thing_behind().match(text, end):
        return True
    if len(words) > 1 or ("GIVEN_NAME" in run.labels and run.score >= 0.9):
        return False
    return bool(_AMPERSAND.match(text, end)) or text[max(0, start - 3) : start].rstrip().endswith("&")


def _in_heading(text: str, start: int, end: int, words: list[str], run: _Run) -> bool:
    """A word of a line in capitals: the model knows no case, and a heading's words are seldom names."""
    if not text[start:end].isupper() or run.score >= 0.9:
        return False
    line = text[max(0, start - 80) : start].rpartition("\n")[2] + text[start : end + 80].partition("\n")[0]
    others = len(_WORD.findall(line)) - len(words)
    return line.isupper() and others >= 2


def looks_like_names(text: str, *, sure: bool) -> bool:
    """Whether a cell under a label of names holds names. `sure`: the label is about names and nothing else."""
    value = _TITLED.sub("", text.strip())
    pieces = value.split(", ") if value.count(",") == 1 else [value]
    words = [word.strip(".").casefold() for word in _WORD.findall(value)]
    if not words or len(words) > 6 or not all(_CELL.fullmatch(piece) for piece in pieces):
        return False
    if set(words) & listed("no_value") or set(words[1:]) & (listed("organisation") - _SURNAMES):
        return False
    if sure:
        return True
    capital = all(piece[:1].isupper() for piece in value.split())
    return capital and 2 <= len(words) <= 4 and not set(words) & listed("common")


def cell_names(text: str) -> list[Part]:
    """The one name of a cell, without its title."""
    lead = len(text) - len(text.lstrip())
    titled = _TITLED.match(text, lead)
    start = titled.end() if titled else lead
    end = start + len(text[start:].rstrip())
    turned = "," in text[start:end]
    return [Part(start, end, CELL_SCORE, "a name by its label and its form", _value(text[start:end], turned=turned))]


def header_names(text: str) -> list[Part]:
    """The display names of a From, To or Cc line; addresses without one are left to the detector of addresses."""
    found = []
    for entry in _ENTRY.finditer(text):
        group = "quoted" if entry["quoted"] else "plain"
        shown = entry[group]
        start = entry.start(group) + len(shown) - len(shown.lstrip(" ,;'"))
        shown = shown.strip(" ,;'")
        if looks_like_names(shown, sure=True) and not _role(shown):
            (part,) = cell_names(shown)
            reason = "display name of a mail address"
            found.append(Part(part.start + start, part.end + start, HEADER_SCORE, reason, part.value))
    return found


def _role(shown: str) -> bool:
    """Mailing lists and departments: every word is a common one, or an organisation's."""
    words = {word.strip(".").casefold() for word in _WORD.findall(shown)}
    return not words - listed("common") - listed("organisation")


def _value(written: str, *, turned: bool) -> str:
    """Forename first, lower case, single blanks, no title."""
    if turned:
        surname, _, forename = written.partition(",")
        written = f"{forename} {surname}"
    return " ".join(_TITLED.sub("", written.strip()).split()).casefold()
