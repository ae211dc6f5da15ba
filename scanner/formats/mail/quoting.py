"""The text of a mail body goes in, its stretches come out: what was written, what is quoted, and the signature."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

WRITTEN, QUOTED, SIGNATURE = "written", "quoted", "signature"


class Stretch(NamedTuple):
    """Characters `start` to `end` of a body, and what they are."""

    start: int
    end: int
    kind: str


_QUOTE = re.compile(r"[ \t]{0,3}(?:>|\|[ \t])")
# "On 3 May 2024, at 10:12, Ann wrote:" in the languages that mail programs speak most, on one line or two.
_ATTRIBUTION = re.compile(
    r"(?:On|Am|Le|El|Op|Il|Em|Den|Dne|Dnia|W dniu)\b.{4,300}"
    r"\b(?:wrote|schrieb|a\s+écrit|escribió|schreef|ha\s+scritto|escreveu|skrev|napsal|pisze|napisał\w?)\b.{0,120}:\s*"
    r"|\d{4}-\d\d-\d\d \d\d?:\d\d.{0,200}<[^<>\s]{1,200}@[^<>\s]{1,200}>:\s*",
    re.DOTALL,
)
_SHORT_ATTRIBUTION = re.compile(r".{1,200}\b(?:wrote|writes|schrieb|a\s+écrit|schreef|escribió|skrev)\b.{0,80}:\s*")
_ORIGINAL = re.compile(
    r"\s*-{2,}\s*(?:Original (?:Message|Appointment)|Ursprüngliche Nachricht|Message d['’]origine|Mensaje original"
    r"|Oorspronkelijk bericht|Messaggio originale|Mensagem original|Oprindelig meddelelse|Ursprungligt meddelande"
    r"|Forwarded (?:message|by)\b.{0,200}?|Weitergeleitete Nachricht|Message transféré|Mensaje reenviado"
    r"|Doorgestuurd bericht|Messaggio inoltrato|Mensagem encaminhada)\s*-{2,}\s*"
    r"|\s*(?:Begin forwarded message|Anfang der weitergeleiteten Nachricht|Début du message réexpédié)\s*:\s*",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s*_{10,}\s*")  # what Outlook draws above the block
_OUTLOOK_FIRST = re.compile(r"\s{0,3}\*?(?:From|Von|De|Van|Da|Fra|Från|Od)\s*:\*?\s*\S", re.IGNORECASE)
_OUTLOOK_NEXT = re.compile(
    r"\s{0,3}\*?(?:Sent|Date|Gesendet|Datum|Envoyé|Enviad[oa](?: (?:el|em))?|Verzonden|Inviato|Data|Fecha|Sendt|Skickat"
    r"|Wysłano)\s*:\*?\s*\S",
    re.IGNORECASE,
)
_SIGN_OFF = re.compile(
    r"\s*(?:(?:with |my )?(?:very |kind|best|warm|many|all the)?\s*(?:regards|wishes|best|thanks|thank you|cheers)"
    r"(?: and (?:kind |best )?(?:regards|wishes))?|yours(?: (?:sincerely|faithfully|truly|ever))?|sincerely(?: yours)?"
    r"|respectfully|rgds|br|kr|all my love|love|xx?|(?:mit )?(?:freundlichen?|besten?|vielen?|lieben?|herzlichen?)"
    r" gr(?:üßen?|uessen?|üssen?)|mfg|lg|cordialement|bien cordialement|bien à vous|cordiali saluti|distinti saluti"
    r"|saludos(?: cordiales)?|un saludo|atentamente|atenciosamente|cumprimentos|met vriendelijke groet(?:en)?|mvg"
    r"|groet(?:en|jes)?|mvh|(?:med )?venlig hilsen|med vennlig hilsen|med vänliga hälsningar|hilsen|pozdrawiam)"
    r"\s*[,.!;\-]*\s*",
    re.IGNORECASE,
)
_NAME_LINE = re.compile(r"\s*(?:[^\W\d_a-z][\w.'’-]*)(?:\s+[\w.'’(),&-]+){0,6}\s*")
_LONGEST_LINE = 400
_SIGNATURE_LINES = 15
_SIGNATURE_WIDTH = 120


def stretches(text: str) -> list[Stretch]:
    """The stretches of a body in their order; blank ones are left out."""
    starts = _line_starts(text)
    lines = [text[start:end] for start, end in pairwise(starts)]
    kinds = _kinds(lines)
    out: list[Stretch] = []
    first = 0
    for number in range(1, len(lines) + 1):
        if number == len(lines) or kinds[number] != kinds[first]:
            if text[starts[first] : starts[number]].strip():
                out.append(Stretch(starts[first], starts[number], kinds[first]))
            first = number
    return out


def _line_starts(text: str) -> list[int]:
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    return starts if starts[-1] == len(text) and len(starts) > 1 else [*starts, len(text)]


def _kinds(lines: list[str]) -> list[str]:
    kinds = [QUOTED if _QUOTE.match(line) else WRITTEN for line in lines]
    end = len(lines)
    for number, line in enumerate(lines):
        if kinds[number] == QUOTED:
            continue
        if _starts_old_mail(lines, number):
            kinds[number:] = [QUOTED] * (len(lines) - number)
            end = number
            break
        if kinds[number] == WRITTEN and line.rstrip("\r\n")[-1:] == ":" and (count := _attribution(lines, number)):
            first = number - count + 1
            kinds[first : number + 1] = [QUOTED] * count
            if not _answers_below(lines, number):
                kinds[number:] = [QUOTED] * (len(lines) - number)
                end = first
                break
    _blank_lines(lines, kinds)
    for first, last in _signatures(lines, kinds, end):
        kinds[first:last] = [SIGNATURE] * (last - first)
    return kinds


def _starts_old_mail(lines: list[str], number: int) -> bool:
    """`-----Original Message-----`, or the header block that Outlook puts above what it answers."""
    line = lines[number]
    if len(line) > _LONGEST_LINE:
        return False
    if _ORIGINAL.fullmatch(line):
        return True
    if _RULE.fullmatch(line) and number + 1 < len(lines):
        return _starts_old_mail(lines, number + 1) if not _RULE.fullmatch(lines[number + 1]) else False
    if not _OUTLOOK_FIRST.match(line):
        return False
    following = [text for text in lines[number + 1 : number + 6] if text.strip()][:3]
    return any(_OUTLOOK_NEXT.match(text[:_LONGEST_LINE]) for text in following)


def _attribution(lines: list[str], number: int) -> int:
    """Over how many lines (1 to 3, 0 = none) an `On ... wrote:` stretches that ends in line `number`."""
    # A lone "Ann wrote:" counts only above quote signs; the long form, with a date, speaks for itself.
    quote_follows = _quote_follows(lines, number)
    candidate = ""
    for first in range(number, max(number - 3, -1), -1):
        line = lines[first]
        if len(line) > _LONGEST_LINE or not line.strip() or _QUOTE.match(line):
            break
        candidate = line + candidate
        if _ATTRIBUTION.fullmatch(candidate.strip()) and (quote_follows or re.search(r"\d", candidate)):
            return number - first + 1
    return 1 if quote_follows and _SHORT_ATTRIBUTION.fullmatch(lines[number][:_LONGEST_LINE].strip()) else 0


def _quote_follows(lines: list[str], number: int) -> bool:
    following = next((line for line in lines[number + 1 : number + 4] if line.strip()), "")
    return _QUOTE.match(following) is not None


def _answers_below(lines: list[str], number: int) -> bool:
    """With quote signs the old mail ends where they end; without them it is all that follows."""
    return _quote_follows(lines, number) or not any(line.strip() for line in lines[number + 1 :])


def _blank_lines(lines: list[str], kinds: list[str]) -> None:
    """Blank lines belong to what stands before them, so that one quotation is one stretch."""
    for number in range(1, len(lines)):
        if not lines[number].strip():
            kinds[number] = kinds[number - 1]


def _signatures(lines: list[str], kinds: list[str], end: int) -> Iterator[tuple[int, int]]:
    """The signature at the end of what was written last: below `-- `, or a sign-off with a name below it."""
    last = end
    while last and (kinds[last - 1] == QUOTED or not lines[last - 1].strip()):
        last -= 1
    first = last
    while first and kinds[first - 1] == WRITTEN and last - first < 60:
        first -= 1
    for number in range(first, last):
        if lines[number].rstrip("\r\n") in {"-- ", "--"} and last - number <= 40:
            yield number + 1, last
            return
    for number in range(max(first, last - _SIGNATURE_LINES), last - 1):
        if len(lines[number]) <= 60 and _SIGN_OFF.fullmatch(lines[number]) and _names_somebody(lines, number + 1, last):
            yield number + 1, last
            return


def _names_somebody(lines: list[str], start: int, end: int) -> bool:
    block = [line for line in lines[start:end] if line.strip()]
    short = all(len(line) <= _SIGNATURE_WIDTH for line in block)
    return bool(block) and short and len(block[0]) <= 60 and _NAME_LINE.fullmatch(block[0]) is not None
