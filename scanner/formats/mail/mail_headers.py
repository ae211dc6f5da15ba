"""Raw mail header values go in, decoded text, parameters and participants come out, in linear time on any bytes."""

import binascii
import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from scanner.encoding import decode

# Charset, encoding and text of an RFC 2047 word; blanks within the text are wrong and common.
_WORD = re.compile(r"=\?([^?\s]{1,64})\?([bBqQ])\?([^?\n]*)\?=")
_FOLD = re.compile(r"[\r\n]+[ \t]*")
_BETWEEN = re.compile(r"[ \t\r\n]*")
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/]+")
_PARAMETER = re.compile(r"""([^\s=;"']+?)(?:\*(\d{1,4}))?(\*)?\s*=\s*(.*)""", re.DOTALL)
_LONGEST_PARAMETERS = 64 * 1024

ROLES = {
    "from": "from", "resent-from": "from", "x-from": "from", "apparently-from": "from",
    "sender": "sender", "resent-sender": "sender", "return-path": "sender", "x-sender": "sender",
    "envelope-from": "sender", "x-envelope-from": "sender", "errors-to": "sender",
    "to": "to", "resent-to": "to", "delivered-to": "to", "x-original-to": "to", "envelope-to": "to",
    "x-envelope-to": "to", "apparently-to": "to", "x-to": "to", "x-delivered-to": "to", "x-forwarded-to": "to",
    "cc": "cc", "resent-cc": "cc", "x-cc": "cc",
    "bcc": "bcc", "resent-bcc": "bcc", "x-bcc": "bcc",
    "reply-to": "reply_to", "resent-reply-to": "reply_to", "mail-reply-to": "reply_to", "mail-followup-to": "reply_to",
    "disposition-notification-to": "reply_to", "return-receipt-to": "reply_to",
}  # fmt: skip

# No person stands in these. The mail's own id is read: by it every copy and quotation of the mail can be found.
_WITHOUT_PERSONS = re.compile(
    r"(?:.+message-?id|(?:.*-)?(?:references|in-reply-to)|supersedes|content-(?!description).*"
    r"|mime-version|(?:resent-|delivery-|x-original-)?date|date-received|thread-index|lines|x-uidl?|status|x-status"
    r"|x-mozilla-.*|domainkey-signature|(?:x-google-)?dkim-signature|arc-(?:seal|message-signature)|x-gm-message-state"
    r"|x-face|face|user-agent|x-mailer|importance|precedence|(?:x-|x-msmail-)?priority|x-length|x-mimeole|x-attachment-id"
    r"|.*anti-?spam.*|x-spam-(?:status|level|score|flag)|x-gm-.*|x-virus-scanned|thread-topic-id"
    r"|x-google-smtp-source|x-ms-exchange-.*id|x-received-id)"
)
# Ids within a Received header are blanked, not cut out, so that characters keep their place.
_RECEIVED_ID = re.compile(r"\bid\s+<?[^\s;>()]+|\(?message-id:?\s*<[^>]*>", re.IGNORECASE)


def holds_persons(name: str) -> bool:
    """Whether a header of this name may name somebody."""
    return _WITHOUT_PERSONS.fullmatch(name.lower()) is None


def without_ids(text: str) -> str:
    """A Received header with its message ids blanked."""
    return _RECEIVED_ID.sub(lambda match: " " * len(match.group()), text)


def header_text(raw: bytes) -> str:
    """Raw bytes of a header as text, unfolded, encoded words not yet decoded."""
    return _FOLD.sub(" ", decode(raw)).strip()


def decode_words(text: str) -> str:
    """Decode RFC 2047 words; neighbours of one charset are joined before decoding, as letters are cut between them."""
    if "=?" not in text:
        return text
    out: list[str] = []
    waiting, charset, end = b"", "", 0
    for word in _WORD.finditer(text):
        name = word[1].partition("*")[0].lower()
        adjacent = _BETWEEN.fullmatch(text, end, word.start()) is not None and end > 0
        if not adjacent or name != charset:
            out.append(decode(waiting, charset))
            waiting, charset = b"", name
        if not adjacent:
            out.append(text[end : word.start()])
        waiting += _word_bytes(word[2], word[3])
        end = word.end()
    return "".join((*out, decode(waiting, charset), text[end:]))


def _word_bytes(encoding: str, text: str) -> bytes:
    if encoding in "qQ":
        raw = text.replace("_", " ").encode("utf-8", "replace")
        return re.sub(rb"=([0-9A-Fa-f]{2})", lambda match: bytes([int(match[1], 16)]), raw)
    letters = _NOT_BASE64.sub("", text)
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return binascii.a2b_base64(letters + "=" * (-len(letters) % 4))


def parameters(text: str) -> tuple[str, dict[str, str]]:
    """First word of a Content-Type or -Disposition (lower case) and its parameters, RFC 2231 pieces joined."""
    first, *rest = split_outside(text[:_LONGEST_PARAMETERS], ";")
    first, _, more = first.partition("(")[0].strip().partition(" ")
    rest = [more, *rest]  # "text/plain charset=utf-8", without the semicolon
    plain: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for parameter in rest:
        match = _PARAMETER.match(parameter.strip())
        if match is None:
            continue
        name, number, star, value = match[1].lower(), match[2], match[3], _unquoted(match[4].strip())
        if number is not None or star:
            pieces.setdefault(name, []).append((int(number or 0), bool(star), value))
        else:
            plain.setdefault(name, decode_words(value))
    for name, found in pieces.items():
        plain[name] = _joined(sorted(found, key=lambda piece: piece[0]))
    return first.strip().lower(), plain


def _joined(pieces: list[tuple[int, bool, str]]) -> str:
    charset = ""
    raw = b""
    for number, encoded, text in pieces:
        value = text
        if encoded and number == 0 and value.count("'") >= 2:
            charset, _, value = value.split("'", 2)
        raw += unquote_to_bytes(value) if encoded else value.encode("utf-8", "replace")
    return decode(raw, charset)


def _unquoted(value: str) -> str:
    if value.startswith('"'):
        inner = value[1:-1] if len(value) > 1 and value.endswith('"') else value[1:]
        return re.sub(r"\\(.)", r"\1", inner)
    return value


def split_outside(text: str, separators: str) -> Iterator[str]:
    """Split at separators that stand in no quotes, comments or angle brackets. A quote without its partner is plain."""
    # An encoded word may hold any of these signs without meaning them.
    special = re.compile(_WORD.pattern + r'|[\\"()<>' + re.escape(separators) + "]")
    last_quote, last_bracket = text.rfind('"'), text.rfind(")")
    start = depth = 0
    quoted = False
    skip = -1
    for match in special.finditer(text):
        at, sign = match.start(), match.group()
        if at <= skip or len(sign) > 1:
            continue
        if sign == "\\":
            skip = at + 1 if quoted or depth else skip
        elif quoted:
            quoted = sign != '"'
        elif sign == '"':
            quoted = not depth and at < last_quote
        elif sign == "(":
            depth += at < last_bracket
        elif sign == ")":
            depth = max(depth - 1, 0)
        elif sign in separators and not depth:
            yield text[start:at]
            start = at + 1
    yield text[start:]


def participants(text: str) -> Iterator[str]:
    """The participants of an address header, each as `Name <address>` decoded; group names are left out."""
    for raw in _surname_first(split_outside(text, ",;")):
        person = decode_words(_without_group(raw.strip())).strip()
        person = person.replace('\\"', '"') if "\\" in person else person
        if person and person != "<>":
            yield _unquoted_name(person)


def _surname_first(entries: Iterator[str]) -> Iterator[str]:
    """Put `Smith, John <j@x.example>` together again, which should have stood in quotes."""
    before = ""
    for entry in entries:
        if before and "<" in entry and "@" in entry and not entry.lstrip().startswith("<"):
            yield f"{before.strip()}, {entry.strip()}"
            before = ""
            continue
        if before:
            yield before
        # One word, or two such as "van Dyk", and neither an address nor a group's name.
        is_surname = 0 < len(entry.split()) <= 2 and not any(sign in entry for sign in '@<:"=')
        before = entry if is_surname else ""
        if not before:
            yield entry
    if before:
        yield before


def _without_group(entry: str) -> str:
    """`Staff: ann@x.example` -> the member alone. A colon in quotes or in an address is no group sign."""
    name, colon, member = entry.partition(":")
    plain = colon and not any(sign in name for sign in '"<@(')
    return member.strip() if plain and not member.startswith("//") else entry


def _unquoted_name(person: str) -> str:
    """Without the quotes around the display name, which would stand in the middle of a name."""
    name, bracket, rest = person.rpartition("<")
    stripped = name.strip()
    if bracket and len(stripped) > 1 and stripped[0] == stripped[-1] and stripped[0] in "\"'":
        return f"{stripped[1:-1].strip()} <{rest}"
    return person
