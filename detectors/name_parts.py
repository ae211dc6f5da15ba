"""Tags of the model go in, the names of whole people with offset, score and value come out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from detectors.name_lists import look_up
from detectors.name_things import behind_article, beside_ampersand, is_thing
from detectors.name_words import TITLES, announced_before, greeted_before, title_before
from detectors.name_words import words as listed
from detectors.rampart import Tag

PERSON = "PERSON"
SINGLE_WORD = 0.8  # what a lone word keeps of its score when nothing beside it speaks for a name
CONTEXT_GAIN = 0.7
LEAST = 0.3
LONGEST = 12  # words of one name
BEHIND_ARTICLE = 0.51  # "a John Smith concert": who is certain stands at the least score that is shown
PLACE = 0.5  # what a lone word that is a town, or somebody of history, keeps
CERTAIN = 0.98  # chance from which the model is believed against the lists of ordinary words
SURE_OF_PLACE = 0.95  # the same against those of towns and of somebody of history
SURE_OF_WORDS = 0.65  # the same where every word may be a name: "Heather wrote to Mark"
SURE_OF_SURNAME = 0.65  # chance of a lone surname from which a listed forename before it belongs to it
PLAIN = 0.4  # chance of a name from which the model is believed without the lists
BELIEVED = 0.4
# How many times likelier a word is to be a name when it is on a list, also where the model rather sees a thing
# ("four Tom Collins"), or when something announces a name.
SURELY_LISTED, LISTED_THING, MAYBE_LISTED, ANNOUNCED_ODDS = 12.0, 5.0, 1.5, 5.0
LISTED_TOO = 1.5  # the same of a forename that a reader was told to be one

_HUMPS = re.compile(r"[a-z][A-Z]")
_TWO_CAPITALS_NAME = re.compile(r"(?:Mc|Mac|De|Di|Du|La|Le|Fitz|Van)[A-Z][a-z]")
# Titles that pubs, ships and barracks bear as well.
NOBLE = re.compile(r"(?:sir|dame|lord|lady|master|sister|fr)[ \u00a0]\Z", re.IGNORECASE)
NAME_WORD = re.compile(r"[^\W\d_]+(?:['\u2019.\-][^\W\d_]+)*\.?")
_WORD_HEAD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*['\u2019-]?\Z")  # $ would also match before a line break
_WORD_TAIL = re.compile(r"[^\W\d_]*(?:['\u2019-][^\W\d_]+)*")
_REST_OF_WORD = re.compile(r"-[a-z]{3}")  # behind one letter: "E-mail", "X-ray", "T-shirt"
_GAP = re.compile(r"[ \t\u00a0]{1,2}|[-'\u2019]|\.[ \u00a0]?|[ \u00a0]?-[ \u00a0]?")
_COMMA = re.compile(r",[ \u00a0]{1,2}")
_INITIALS = re.compile(r"(?<![\w.])(?:[^\W\d_a-z]\.?[ \u00a0]?){1,3}\Z")
_IN_DATE = re.compile(r"\d[-/]\Z")
_CODE_BEHIND = re.compile(r"(?<![^\W_])[A-Z]{2}[ \u00a0-]?\d\d")
_IN_WORD = frozenset("'\u2019-")
_SIZE = re.compile(r" ?\(\d")
_VALUE_END = re.compile(r"[ \t]*(?:[\n,;&\"']|\Z)")
_BLANKS, _LONG = " \n\t", 60
_SLASHED = re.compile(
    r"(?<![\w/\\.:@'\u2019-])[^\W\d_a-z](?:[^\W\d_]|['\u2019-](?=[^\W\d_]))+"
    r"(?:/[^\W\d_a-z](?:[^\W\d_]|['\u2019-](?=[^\W\d_]))+){1,5}(?![\w/\\@-]|\.\w)"
)
_POSSESSIVE = re.compile(r"['\u2019]s?$", re.IGNORECASE)
TITLED = re.compile(rf"(?<![^\W_])(?:(?:{'|'.join(TITLES)})\.?[ \u00a0]+)+", re.IGNORECASE)
_FORENAME_BEFORE = re.compile(r"(?<![^\s(\"'\u2018\u201c>])([^\W\d_a-z][^\W\d_]+(?:-[^\W\d_]+)?)[ \u00a0]\Z")
_SURNAME_BEHIND = re.compile(
    r"[ \u00a0]((?:Mc|Mac|O['\u2019])?[A-Z][a-z]{2,}(?:-[A-Z][a-z]+)?)(?![\w&@/\\-]|[.'\u2019]\w)"
)


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


def _runs(text: str, offset: int, tags: Sequence[Tag]) -> Iterator[_Run]:
    current: _Run | None = None
    for tag in tags:
        start, end = tag.start + offset, tag.end + offset
        score = believed(text, start, end, tag)
        if score < BELIEVED:
            continue
        words = 1 if text[start:end].isalpha() else len(NAME_WORD.findall(text, start, end)) or 1
        if current and len(current.labels) < LONGEST:
            joined = _join(current, text[current.end : start], tag.label)
            if joined is not None:
                total = current.words + words
                mean = (current.score * current.words + score * words) / total
                current = _Run(current.start, end, mean, total, (*current.labels, tag.label), joined)
                continue
        if current:
            yield current
        current = _Run(start, end, score, words, (tag.label,))
    if current:
        yield current


def believed(text: str, start: int, end: int, tag: Tag) -> float:
    """What the model says of a word, and what the lists of names and the words in front of it make of that."""
    word = text[start:end]
    if end - start == 1 and (text[start - 1 : start].isdigit() or _REST_OF_WORD.match(text, end)):
        return 0.0  # "10F Chmielewski", "E-mail"
    if word == "a" and text[end + 1 : end + 2].isupper():
        return 0.0  # "a John Smith concert"
    known, lowered = look_up(word), word.casefold()
    if tag.weighed:
        odds = tag.score / max(0.01, 1 - tag.score) * (LISTED_TOO if word[0].isupper() and only_forename(word) else 1)
        return odds / (1 + odds)
    plain = tag.score >= PLAIN and tag.score >= tag.place
    if plain and not (known.sure and word[0].isupper()):
        return tag.score
    odds = tag.score / max(0.01, 1 - tag.score)
    if known.sure and lowered not in listed("common"):
        sure = SURELY_LISTED if tag.score >= tag.place else LISTED_THING
        odds *= sure if lowered not in listed("ambiguous") else MAYBE_LISTED
    elif known.known and word[0].isupper():
        odds *= MAYBE_LISTED
    if lowered not in listed("common") and announced_before(text, start):
        odds *= ANNOUNCED_ODDS
    return odds / (1 + odds)


def only_forename(word: str) -> bool:
    """Whether the lists know a word as a forename and as nothing else."""
    known = look_up(word)
    return known.given and known.sure and word.casefold() not in listed("ambiguous")


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
    start, end = trimmed(text, start, end)
    start = _with_forename(text, start, end, run)
    end = _with_surname(text, start, _before_code(text, start, end), run)
    if start >= end or (in_identifier(text, start, end) and not _is_value(text, start, end, run)):
        return None
    words = [word.strip(".").casefold() for word in NAME_WORD.findall(text, start, end)]
    titled = title_before(text, start)
    announced = titled or announced_before(text, start)
    if not words or max(map(len, words)) < 2 or _is_word(words, run, announced):
        return None
    civil = titled and not NOBLE.search(text[max(0, start - 14) : start])
    civil = civil or (text[end : end + 1] == "," and greeted_before(text, start))  # "Dear Zhao Wing,"
    if not civil and (
        is_thing(text, start, end, words, certain=run.score >= CERTAIN) or _in_heading(text, start, end, words, run)
    ):
        return None
    if not titled and len(words) == 1 and run.score < CERTAIN and beside_ampersand(text, start, end):
        return None
    initials = _INITIALS.search(text, max(0, start - 9), start) if _may_be_initial(text, start) else None
    if initials and initials.end() == start:
        start, words = initials.start(), ["initial", *words]
    score = run.score
    if announced:
        score += (1 - score) * CONTEXT_GAIN
    else:
        score *= _case_factor(text[start:end], words) * (SINGLE_WORD if _is_lone(words) else 1)
    if not titled and behind_article(text, start, end):
        score *= BEHIND_ARTICLE
    famous = len(words) == 1 and (words[0] in listed("place") or words[0] in listed("figure"))
    if famous and not announced and run.score < SURE_OF_PLACE:
        score *= PLACE
    if score < LEAST:
        return None
    why = ", after a title" if titled else ", announced" if announced else ""
    return Part(start, end, round(score, 3), "name by the model" + why, one_form(text[start:end], turned=run.turned))


def _may_be_initial(text: str, start: int) -> bool:
    """Whether what stands before `start` ends as initials do, in a capital or a full stop."""
    last = text[max(0, start - 2) : start].rstrip(" \u00a0")[-1:]
    return last == "." or (last.isalnum() and not "a" <= last <= "z")


def _is_word(words: Sequence[str], run: _Run, announced: bool) -> bool:
    """Whether it is no name but words: the model tells "Heather wrote" from "heather grows" by a wide margin."""
    if len(words) == 1 and words[0] in listed("common"):
        # "Contact\nWebmaster: Jane Smith": no list knows anybody of that name.
        return not look_up(words[0]).known or (not announced and run.score < CERTAIN)
    if len(words) == 1 and words[0] in listed("organisation") and not look_up(words[0]).known:
        return run.score < CERTAIN  # "27 President St"
    plain = all(word in listed("common") or word in listed("ambiguous") for word in words)
    return plain and not announced and run.score < SURE_OF_WORDS


def _before_code(text: str, start: int, end: int) -> int:
    """The end of a name without the letters of a code behind it: "NINO AJ 79 94 73 D"."""
    code = _CODE_BEHIND.match(text, end - 2) if text[end - 2 : end].isupper() and end - start >= 2 else None
    return start + len(text[start : end - 2].rstrip(" ,\u00a0")) if code else end


def _is_lone(words: Sequence[str]) -> bool:
    """A single word that is no listed forename."""
    known = look_up(words[0])
    return len(words) == 1 and not (known.sure and known.given)


def _with_forename(text: str, start: int, end: int, run: _Run) -> int:
    """The start of a name with the listed forename before a lone surname: the model took "Benedict" for the eggs."""
    if start >= end or run.labels != ("SURNAME",) or run.score < SURE_OF_SURNAME:
        return start
    before = _FORENAME_BEFORE.search(text, max(0, start - 20), start)
    return before.start(1) if before and only_forename(before[1]) else start


def _with_surname(text: str, start: int, end: int, run: _Run) -> int:
    """The end of a rare surname behind a lone forename: the model does not know Barnstable, but it knows John."""
    if run.labels != ("GIVEN_NAME",) or not text[start:end].istitle() or " " in text[start:end]:
        return end
    behind = _SURNAME_BEHIND.match(text, end)
    word = behind[1].casefold() if behind else ""
    lists = ("common", "ambiguous", "organisation", "around", "no_value")
    return behind.end() if behind and not any(word in listed(name) for name in lists) else end


def _case_factor(written: str, words: Sequence[str]) -> float:
    """The model knows no case: what is left of a score where the capitals speak against a name and no list for it."""
    single = len(words) == 1
    if any(look_up(word).sure for word in words):
        return 0.9 if written.islower() or written.isupper() else 1.0
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
    before, behind = text[max(0, start - 1) : start], text[end : end + 1]
    head = _WORD_HEAD.search(text, max(0, start - 40), start) if before.isalnum() or before in _IN_WORD else None
    tail = _WORD_TAIL.match(text, end, end + 40) if behind.isalnum() or behind in _IN_WORD else None
    return head.start() if head else start, tail.end() if tail else end


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the words around a name, without its possessive, on one line."""
    if text[start:end].isalpha():
        return start, start if text[start:end].casefold() in _around() else end
    line = text.find("\n", start, end)
    end = line if line >= 0 else end
    possessive = _POSSESSIVE.search(text[start:end])
    if possessive:
        end = start + possessive.start()
    words, around = list(NAME_WORD.finditer(text, start, end)), _around()
    while words and words[0].group().strip(".").casefold() in around:
        words.pop(0)
    # "Jones came": a name that begins with a capital does not end in small letters.
    while (
        len(words) > 1
        and words[0].group().islower()
        and words[-1].group()[0].isupper()
        and not _leads(words[0].group())
    ):
        words.pop(0)
    while words and (_trails(words) or words[-1].group().strip(".").casefold() in around):
        words.pop()
    if not words:
        return start, start
    last = words[-1]
    # A full stop belongs to an initial and not to the end of a sentence.
    stop = last.end() - (last.group().endswith(".") and len(last.group()) > 2)
    return words[0].start(), stop


@cache
def _around() -> frozenset[str]:
    """Words that stand beside names and belong to none."""
    return listed("around") | set(TITLES)


def _is_no_surname(word: str) -> bool:
    return not look_up(word).known and word not in listed("particle")


def _leads(word: str) -> bool:
    """Whether a word in small letters may begin a name whose other words have capitals."""
    return word.casefold() in listed("particle") or len(word) < 3 or look_up(word).sure


def _trails(words: list[re.Match[str]]) -> bool:
    """Where a name of more than one part is left, or what stands behind it is listed nowhere: "Simpson brushes"."""
    left = len(words) > 2 or (len(words) == 2 and ("-" in words[0].group() or _is_no_surname(words[-1].group())))
    return left and words[0].group()[0].isupper() and words[-1].group().islower()


def in_identifier(text: str, start: int, end: int) -> bool:
    """Whether the word is a piece of an e-mail address, a path, a file name, a postcode, a variable, or a type."""
    inside = text[start:end]
    if not inside.replace(" ", "").isalpha() and any(char.isdigit() or char in "@_/\\<>=|{}" for char in inside):
        return True
    before, after = text[start - 1 : start], text[end : end + 2]
    if before.isdigit() or _IN_DATE.search(text[max(0, start - 2) : start]):
        return True  # "NN63 1ED", "28-Jun-1944"
    if before == "@" and look_up(inside).known and inside[0].isupper() and not text[start - 2 : start - 1].strip():
        return False  # "@Guowei, many thanks"
    if "/" in (before, after[:1]) and _is_slashed(text, start, end):
        return False  # "Sharma/Bajwa to bring cakes"
    typed = not inside.istitle() and inside.casefold() in listed("type") and _SIZE.match(text, end)
    if typed or (before and (before == "@" or (before in "_/\\.#$=" and text[start - 2 : start - 1].strip()))):
        return True
    # As RFC 6350, 3.4 and RFC 5545, 3.3.11 write a comma, a semicolon and a line break.
    escape = after in {"\\,", "\\;", "\\n"}
    return (
        bool(after)
        and not escape
        and (after[0] in "@_\\=" or after[0].isdigit() or (after[0] in "./" and after[1:].isalnum()))
    )


def _is_value(text: str, start: int, end: int, run: _Run) -> bool:
    """Whether it is the whole value of a setting: "owner=Okafor"."""
    key = text[start - 1 : start] == "=" and text[start - 2 : start - 1].isalnum()
    words = text[start:end].split(" ")
    named = all(word.istitle() and look_up(word).known for word in words)
    return key and named and run.score >= CERTAIN and _VALUE_END.match(text, end) is not None


def _is_slashed(text: str, start: int, end: int) -> bool:
    """Whether it is one of several names with a slash between, and no piece of a path."""
    least = max(0, start - _LONG)
    low = max(least, *(text.rfind(blank, least, start) + 1 for blank in _BLANKS))
    at = end if text[end : end + 1] == "/" else start - 1  # the slash
    match = _SLASHED.search(text, low, end + _LONG)
    while match and match.end() < at:
        match = _SLASHED.search(text, match.end(), end + _LONG)
    if not match or match.start() > at:
        return False
    pieces = match[0].casefold().split("/")
    words = sum(piece in listed("common") for piece in pieces)  # one of two may be: "Sun/Lam"; of three it is a path
    return any(look_up(piece).known for piece in pieces) and words <= (len(pieces) == 2)


def _in_heading(text: str, start: int, end: int, words: list[str], run: _Run) -> bool:
    """A word of a line in capitals: the model knows no case, and a heading's words are seldom names."""
    if not text[start:end].isupper() or run.score >= 0.9:
        return False
    line = text[max(0, start - 80) : start].rpartition("\n")[2] + text[start : end + 80].partition("\n")[0]
    others = len(NAME_WORD.findall(line)) - len(words)
    return line.isupper() and others >= 2 and not any(look_up(word).sure for word in words)


def one_form(written: str, *, turned: bool) -> str:
    """Forename first, lower case, single blanks, no title."""
    if turned:
        surname, _, forename = written.partition(",")
        written = f"{forename} {surname}"
    words = written.casefold().split()
    return " ".join([*(word for word in words[:-1] if word.removesuffix(".") not in TITLES), *words[-1:]])
