"""A text and a place in it go in, the sentence and the paragraphs around that place come out; no look is unbounded."""

import re

LONGEST = 400  # characters of a sentence that are looked at on either side of a place
PARAGRAPHS_BACK = 1_500  # characters above a paragraph in which somebody may have been named

# A full stop after an initial or a title ends nothing; a line that goes on in lower case is one with the next.
# It begins with the sign itself, and only then looks back: so the search leaps from sign to sign.
_END = re.compile(
    r"[.!?\n\r\t|](?:"
    r"(?<=[.!?])(?<![A-Z].)(?<!\b[Mm]r.)(?<!\b[Mm]s.)(?<!\b[Mm]rs.)(?<!\b[Dd]r.)(?<!\bProf.)(?<!\bno.)(?<!\bNo.)"
    r"[\"')\u2019]?\s+(?=[^\s\da-z])"
    r"|(?<=\n)(?:[ \t]*(?=\n)|(?=[ \t]*[-*\u2022]|[ \t]*[A-Z][\w /'()-]{1,40}:|[>\d]))|(?<=\r)\n?\r\n?|(?<=[\t|]))"
)
_SHORT_LINE = 60
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")


def sentence_at(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence that holds `text[start:end]`: a short line, an entry of a list or a form line is one of its own."""
    low, high = max(0, start - LONGEST), min(len(text), end + LONGEST)
    first = low
    for match in _END.finditer(text, low, start):
        first = match.end()
    last = next((match.start() for match in _END.finditer(text, end, high)), high)
    # Lines that end early were ended on purpose: names in a list, headings.
    line_start = text.rfind("\n", first, start) + 1
    while line_start > first:
        before = text.rfind("\n", first, line_start - 1) + 1 or first
        if line_start - 1 - before < _SHORT_LINE:
            first = line_start
            break
        line_start = before if before > first else 0
    line_end = text.find("\n", end, last)
    while line_end >= 0:
        begin = text.rfind("\n", first, line_end) + 1 or first
        if line_end - begin < _SHORT_LINE:
            last = line_end
            break
        line_end = text.find("\n", line_end + 1, last)
    return first, last


def above(text: str, at: int) -> tuple[int, int]:
    """(start of the paragraph that holds `at`, start of the stretch above it in which a pronoun finds its person)."""
    low = max(0, at - PARAGRAPHS_BACK)
    breaks = [match.end() for match in _BLANK_LINE.finditer(text, low, at)]
    paragraph = breaks[-1] if breaks else low
    return paragraph, breaks[-3] if len(breaks) > 2 else low
