"""Texts go in, secrets that open something come out: passwords, PINs, door codes, keys, answers for recovery."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from detectors.batch import Batch
from detectors.hints import spread
from detectors.labels import expected_types
from detectors.types import Detector, DetectorOptions, Evidence, Span, Text

CREDENTIAL = "CREDENTIAL"
NAME = "credentials"
_WORD = (
    r"pass ?words?|passwd|pwd|pass ?codes?|pass ?phrase|pin|pin (?:number|code)|memorable (?:word|information)"
    r"|(?:security|secret|recovery) (?:answer|code|key|phrase)|(?:door|gate|alarm|entry|keypad|key ?safe|safe|padlock"
    r"|wi-?fi) (?:code|key|password|combination|number)|api[ _-]?key|secret[ _-]key|access[ _-]key|client[ _-]secret"
    r"|auth[ _-]token"
)
# "password: x", "password = x", "the alarm code is x", "password for the mail is x"
_SAID = re.compile(
    rf"(?<![\w-])(?P<word>{_WORD})(?![\w-])(?: (?:for|to|of|at) (?:[\w'\u2019-]{{1,20}} ){{0,4}}?[\w'\u2019-]{{1,20}})?"
    r"[ \t]{0,3}(?P<sign>[:=]|\bis\b:?|\bare\b|\bwas\b)[ \t]{0,3}[\"'\u201c\u2018`]?"
    r"(?P<value>[^\s\"'\u201c\u201d\u2018\u2019`,;]{3,80})",
    re.IGNORECASE,
)
_CODE_WORD = re.compile(r"pin|code|combination|number", re.IGNORECASE)
_HINTS = (
    "pass", "pwd", "pin", "code", "key", "token", "secret", "answer", "memorable", "combination", "-----begin", "://",
    "akia", "asia", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xox", "sk_live_", "aiza",
)  # fmt: skip
_BLOCK = re.compile(r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----")
_LONGEST_BLOCK = 10_000
_IN_URL = re.compile(r"[a-z][a-z0-9+.-]{1,15}://[^\s/:@]{1,64}:(?P<value>[^\s/@]{3,80})@(?=[\w\[])", re.IGNORECASE)
_TOKEN = re.compile(
    r"(?<![\w-])(?:(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,90}|glpat-[\w-]{20}"
    r"|xox[abprs]-[A-Za-z0-9-]{20,80}|sk_live_[A-Za-z0-9]{20,60}|AIza[\w-]{35})(?![\w-])"
)
# What programs and notices write where a secret would stand.
_NO_VALUE = frozenset(
    {
        "yes", "no", "true", "false", "null", "none", "nil", "n/a", "na", "unknown", "required", "optional", "needed",
        "forgotten", "reset", "changed", "expired", "set", "unset", "empty", "blank", "hidden", "redacted", "removed",
        "secret", "string", "str", "text", "varchar", "your", "the", "a", "an", "not", "never", "always", "same", "too",
        "very", "incorrect", "wrong", "invalid", "correct", "protected", "encrypted", "stored", "sent", "given", "kept",
        "shared", "and", "or", "in", "on", "with", "by", "below", "above", "attached", "here", "there", "this", "that",
        "please",
    }
)  # fmt: skip
_PLACEHOLDER = re.compile(r"[*\u2022xX.#_-]+|[<\[{($%].*|.*[({\[<$].*|.*\.\.\.")
_STRONG = re.compile(r"[0-9]|[^\w\s]|_|[a-z][A-Z]")
_HIDDEN = re.compile(r"[*\u2022xX.#_-]+|[<\[{][^>\]}]*[>\]}]")
_DATE = re.compile(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}(?:[ T].*)?")


@dataclass(frozen=True, slots=True)
class CredentialDetector:
    """Finds secrets. Nobody is shown them: the report holds their type and place only."""

    name: str = NAME
    entity_types: tuple[str, ...] = (CREDENTIAL,)

    def detect(self, texts: Sequence[Text]) -> Iterator[list[Span]]:
        """One list of spans for each text."""
        return spread(texts, self.find(texts))

    def find(self, texts: Sequence[Text]) -> dict[int, list[Span]]:
        """The spans of the texts that have any."""
        batch = Batch.of(texts)
        if not batch.mentions(_HINTS) and not any(CREDENTIAL in expected_types(label) for label in batch.labels):
            return {}
        found = ((number, list(_spans(text))) for number, text in enumerate(batch))
        return {number: sorted(spans, key=_start) for number, spans in found if spans}


def _spans(text: Text) -> Iterator[Span]:
    if text.label and CREDENTIAL in expected_types(text.label):
        yield from _labelled(text)
        return
    lowered = text.text.lower()
    if any(hint in lowered for hint in _HINTS):
        yield from _in_prose(text.text)


def _start(span: Span) -> int:
    return span.start


def _labelled(text: Text) -> Iterator[Span]:
    value = text.text.strip()
    plain = value.casefold()
    if len(value) < 3 or len(value) > 500 or plain in _NO_VALUE or _DATE.fullmatch(value):
        return
    if _HIDDEN.fullmatch(value):
        return
    start = text.text.index(value)
    yield _span(text.text, start, start + len(value), 0.85, "a value under its label", label=text.label[:200])


def _in_prose(text: str) -> Iterator[Span]:
    for match in _BLOCK.finditer(text):
        end = text.find("-----END", match.end(), match.end() + _LONGEST_BLOCK)
        end = text.find("-----", end + 8, end + 80) + 5 if end >= 0 else match.end()
        yield _span(text, match.start(), max(end, match.end()), 0.95, "a private key")
    for match in _TOKEN.finditer(text):
        yield _span(text, *match.span(), 0.9, "a key in the form of a known service")
    for match in _IN_URL.finditer(text):
        if not _PLACEHOLDER.fullmatch(match["value"]):
            yield _span(text, *match.span("value"), 0.75, "a password within an address")
    for match in _SAID.finditer(text):
        start, end = match.span("value")
        value = text[start:end].rstrip(".!?)")
        if _is_secret(text, match, value):
            score = 0.8 if match["sign"] in ":=" else 0.7
            word = " ".join(match["word"].lower().split())
            yield _span(text, start, start + len(value), score, "a secret that is told", context=word)


def _is_secret(text: str, match: re.Match[str], value: str) -> bool:
    """Whether what follows the word is a secret and no more of the sentence."""
    if (
        len(value) < 3
        or value.casefold() in _NO_VALUE
        or _PLACEHOLDER.fullmatch(value)
        or value.startswith(("//", "--"))
    ):
        return False
    if re.fullmatch(_WORD, value, re.IGNORECASE):
        return False
    code = bool(_CODE_WORD.search(match["word"]))
    if code:
        return bool(re.fullmatch(r"[A-Za-z]{0,2}[0-9][0-9A-Za-z#*-]{2,11}", value))
    if match["sign"] not in ":=":
        return len(value) > 3 and bool(_STRONG.search(value))
    # After a colon a plain word is one only when it ends its line: "Password: please ask Jane".
    rest = text[match.start("value") + len(value) : match.end() + 40].partition("\n")[0]
    rest = rest.strip(" \t\r.;,\"'\u201d\u2019`)")
    return bool(_STRONG.search(value)) or not rest


def _span(text: str, start: int, end: int, score: float, why: str, *, context: str = "", label: str = "") -> Span:
    evidence = Evidence(pattern=why, context=context, label=label)
    return Span(CREDENTIAL, start, end, score, NAME, why, text[start:end], evidence)


def load(options: DetectorOptions) -> list[Detector]:  # noqa: ARG001 - every factory is given the options
    """The detector of secrets."""
    return [CredentialDetector()]
