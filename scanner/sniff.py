"""The first bytes of a file go in, its media type comes out: by content; the name settles what content leaves open."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO

from scanner.dialect import is_table
from scanner.encoding import decode
from scanner.packages import ole_type, zip_type
from scanner.signatures import loose_type, sure_type
from scanner.sql_text import is_sql

EMPTY = "application/x-empty"
_SAMPLE = 64 * 1024
_TABLE_SAMPLE = 16 * 1024
_LEAST_SHOWN = 8
_MOST_ZEROS = 64 * 1024 * 1024  # zero bytes that are passed over before a text is no longer looked for
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EBCDIC_XML = b"\x4c\x6f\xa7\x94"

_CONTROL = re.compile("[\x01-\x07\x0e-\x19\x1c-\x1f]")  # no text has many of these
_TABLE_NAMES = frozenset((".csv", ".tsv", ".tab", ".psv"))
# Regular commas in these are code, markup or logs, not the columns of a table.
_PROSE_NAMES = re.compile(
    r"\.(?:bat|c|cfg|conf|cpp|cs|css|eml|go|h|ics|ini|java|js|log|md|php|po|ps1|py|rb|rs|rst|sh|sql|srt|tex|toml|ts|"
    r"vcf|ya?ml)"
)
_TABLE_HINTS = frozenset(("text/csv", "text/tab-separated-values", "application/csv"))

_HEADER = re.compile(r"([!-9;-~]{1,76})[ \t]*:")
_MAIL_HEADERS = re.compile(
    r"(?:resent-)?(?:from|to|cc|bcc|date|message-id|sender|reply-to)|subject|received|return-path|mime-version|"
    r"content-(?:type|transfer-encoding|disposition)|delivered-to|envelope-to|in-reply-to|references|newsgroups|"
    r"organization|dkim-signature|received-spf|authentication-results|importance|precedence|user-agent|status|"
    r"list-(?:id|unsubscribe)|thread-(?:topic|index)|errors-to"
)
_SURE_MAIL_HEADERS = frozenset(
    ("from", "received", "return-path", "message-id", "mime-version", "delivered-to", "envelope-to", "resent-from")
)
_LENGTH_LINE = re.compile(r"\s{0,10}\d{1,12}[ \t]*\r?\n(?!\d)")
_MBOX_LINE = re.compile(r"From (?:\S.*\s|-\s+)?.*\d\d?:\d\d.*\d{4}|From \?\?\?@\?\?\?")

_HTML_TAGS = (
    "html|head|body|title|meta|script|style|table|tbody|tr|td|th|div|span|p|br|hr|a|b|i|u|h[1-6]|ul|ol|li|font|img|"
    "form|input|center|link|frameset|pre|em|strong|blockquote|article|section|header|footer|main|nav"
)
_HTML_START = re.compile(rf"\s*<(?:!doctype\s+html|(?:{_HTML_TAGS})(?:\s[^<>]*)?/?>)", re.IGNORECASE)
_HTML_FRAME = re.compile(r"<(?:!doctype\s+html|html|head|body|table)\b[^<>]*>", re.IGNORECASE)
_HTML_CLOSING = re.compile(rf"</(?:{_HTML_TAGS})\s*>", re.IGNORECASE)
_PROLOG = re.compile(
    r"\s*(?:<\?.*?\?>|<!--.*?-->|<!doctype(?!\s+html)[^\[>]*(?:\[.*?\]\s*)?>)", re.IGNORECASE | re.DOTALL
)
_XML_DUMP = re.compile(r"<(?:mysqldump|pma_xml_export|resultset\s+statement=)[\s>\"']")
_XML_ROOT = re.compile(r"\s*<(?:[A-Za-z_][\w.-]*:)?[A-Za-z_][\w.-]*(?:\s[^<>@]*)?/?>")

_MARKS = {
    "BEGIN:VCARD": "text/vcard",
    "BEGIN:VCALENDAR": "text/calendar",
    "-----BEGIN PGP MESSAGE-----": "application/pgp-encrypted",
}
_MARKED = re.compile(rf"\s{{0,100}}({'|'.join(_MARKS)})[ \t]*(?:\r?\n|\r)", re.IGNORECASE)

_JSON_TOKEN = re.compile(
    r"\s*(?:(?P<open>[\[{])|(?P<close>[\]}])|(?P<mark>[,:])|"
    r"(?P<value>\"(?:[^\"\\]|\\.)*\"|-?\d[\d.eE+-]*|true|false|null|NaN|-?Infinity))",
    re.DOTALL,
)
_JSON_TOKENS = 400  # enough to tell JSON from braces in a text


def media_type(head: bytes, name: str, stream: IO[bytes] | None = None, hint: str = "") -> str:
    """Media type of a file by its first bytes.

    `stream` is the same file, seekable, for what only its rest can tell; its position is changed. `hint` is a media
    type that a container declares; like the name it only chooses between kinds of text.
    """
    if not head:
        return EMPTY
    found = _signed(head, stream)
    if found:
        return found
    content = head.lstrip(b"\0")
    zeros = len(head) - len(content)
    if not content:
        content = _behind_zeros(len(head), stream)
    elif zeros < 8:
        content = head  # UTF-16 and UTF-32 begin with a few
    if content.startswith(b"PK\x03\x04"):
        return zip_type(content, stream)
    text = _text(content)
    if text is None:
        # Dumps of MySQL hold binary values as they are.
        return "application/sql" if is_sql(content.decode("latin-1")) else loose_type(head)
    return _text_type(text, PurePosixPath(name).suffix.lower(), len(head) < _SAMPLE, hint.lower())


def _signed(head: bytes, stream: IO[bytes] | None) -> str:
    if head.startswith(_OLE_MAGIC):
        return ole_type(head, stream)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", b"PK00PK\x03\x04")):
        return zip_type(head, stream)
    if head.startswith(_EBCDIC_XML):
        return "application/xml"
    pdf = head.find(b"%PDF-", 0, 1024)
    if pdf == 0 or (pdf > 0 and _may_stand_before_pdf(head[:pdf])):
        return "application/pdf"
    return sure_type(head)


def _may_stand_before_pdf(junk: bytes) -> bool:
    """Printers and mail gateways put a few lines before a PDF; a mail, page or dump that holds one is no PDF."""
    text = junk.decode("latin-1")
    return not junk.strip() or (b"<" not in junk and _mail(text) is None and not is_sql(text))


def _behind_zeros(start: int, stream: IO[bytes] | None) -> bytes:
    """What follows when a file begins with zero bytes only."""
    if stream is None:
        return b""
    stream.seek(start)
    passed = start
    while passed < _MOST_ZEROS and (block := stream.read(1 << 18)):
        passed += len(block)
        rest = block.lstrip(b"\0")
        if rest:
            return rest
    return b""


def _text(head: bytes) -> str | None:
    """The decoded beginning when it is text: next to no control characters, and not mostly zero bytes."""
    text = decode(head[:_SAMPLE])
    if not text.strip("\0"):
        return None
    shown = re.sub("\0+", "\0", text)  # padded records
    if len(shown) < _LEAST_SHOWN and len(text) > len(shown) * 4:
        return None  # a few letters before many zero bytes are a signature, no record
    control = len(_CONTROL.findall(shown))
    is_text = (
        control <= len(shown) * 0.02 + 1
        and text.count("\ufffd") <= len(shown) * 0.2 + 1  # an encoding that we do not know
        and shown.count("\0") <= len(shown) * 0.2 + 1
    )
    return text if is_text else None


def _text_type(text: str, suffix: str, whole: bool, hint: str) -> str:
    text = text.lstrip("\ufeff\0")
    table = suffix in _TABLE_NAMES or hint in _TABLE_HINTS
    for found in _structured(text, suffix, whole, hint):
        if found:
            return found
    if table or (
        not _PROSE_NAMES.fullmatch(suffix) and is_table(text[:_TABLE_SAMPLE], whole and len(text) <= _TABLE_SAMPLE)
    ):
        return "text/csv"
    return "text/plain"


def _structured(text: str, suffix: str, whole: bool, hint: str) -> Iterator[str | None]:
    """The structured kinds of text, the ones that are told most surely first."""
    yield _marked(text)
    yield _mail(text) or (_weak_mail(text) if hint == "message/rfc822" or suffix == ".eml" else None)
    yield "application/sql" if (suffix == ".sql" or not _PROSE_NAMES.fullmatch(suffix)) and is_sql(text) else None
    yield _json(text, suffix, whole)
    if suffix not in _TABLE_NAMES or text.lstrip().startswith("<"):
        yield _markup(text, suffix, hint)


def _marked(text: str) -> str | None:
    """Texts whose first line says what they are."""
    found = _MARKED.match(text)
    return _MARKS[found[1].upper()] if found else None


def _header_lines(text: str) -> tuple[list[str], bool]:
    """Names of the header fields that a text begins with, lower case; whether a blank line or the end follows them."""
    names: list[str] = []
    for line in text.splitlines():
        if not line.strip():
            return names, True
        found = _HEADER.match(line)
        if found:
            names.append(found[1].lower())
        elif line[0] not in " \t" and not line.startswith((">From ", "From ")):
            return names, False
    return names, True


def _mail(text: str) -> str | None:
    """message/rfc822, message/x-emlx or application/mbox when a text begins with a mail's header."""
    if length := _LENGTH_LINE.match(text):
        return "message/x-emlx" if _mail(text[length.end() :]) == "message/rfc822" else None
    text = text.lstrip("\r\n\ufeff")
    first, _, rest = text.partition("\n")
    if first.startswith("From ") and _MBOX_LINE.match(first):
        names, _ = _header_lines(rest)
        blank = not rest.split("\n", 1)[0].strip()
        return "application/mbox" if names or blank else None
    names, ended = _header_lines(text)
    known = {name for name in names if _MAIL_HEADERS.fullmatch(name)}
    if not names or not (known & _SURE_MAIL_HEADERS):
        return None
    extra = any(name.startswith("x-") for name in names)
    enough = len(known) >= 2 or (extra and ended) if ended else len(known) >= 3
    return "message/rfc822" if enough else None


def _weak_mail(text: str) -> str | None:
    """A container or a name says that it is a mail: one header field, or a body without a header, will do."""
    names, _ = _header_lines(text.lstrip("\r\n"))
    return "message/rfc822" if any(_MAIL_HEADERS.fullmatch(name) or name.startswith("x-") for name in names) else None


def _markup(text: str, suffix: str, hint: str) -> str | None:
    """HTML by its tags, XML by its prolog or root; a text that merely has an angle bracket is neither."""
    start = text[:_TABLE_SAMPLE]
    body = start
    while prolog := _PROLOG.match(body):
        body = body[prolog.end() :]
    declared = start.lstrip().startswith("<?xml")
    frame = _HTML_FRAME.search(body)
    is_html = bool(_HTML_START.match(body)) and (suffix != ".xml" or bool(frame))
    if is_html or (frame and len(_HTML_CLOSING.findall(text)) > 1 and not declared):
        return "text/html"
    if declared or (body is not start and body.lstrip().startswith("<")) or _is_xml_root(body, suffix):
        return "application/x-mysqldump-xml" if _XML_DUMP.search(start) else "application/xml"
    says_html = suffix in (".html", ".htm", ".xhtml") or hint == "text/html"
    return "text/html" if says_html and re.search(r"<[a-zA-Z!/][^<>]*>|&\w+;", text) else None


def _is_xml_root(body: str, suffix: str) -> bool:
    root = _XML_ROOT.match(body)
    if not root:
        return False
    return suffix == ".xml" or "</" in body or root[0].endswith("/>") or "xmlns" in root[0]


def _json(text: str, suffix: str, whole: bool) -> str | None:
    """JSON when the beginning follows its grammar; JSON lines when the first line is a whole value and more follow."""
    body = text.lstrip()
    if not body.startswith(("{", "[")):
        return None
    kept, end, tokens = _json_prefix(body)
    if end:
        first, rest = body[:end], body[end:]
        following = rest.lstrip()
        if not following:
            return "application/x-ndjson" if suffix in (".jsonl", ".ndjson") else "application/json"
        if "\n" not in first and rest.lstrip(" \t\r").startswith("\n") and following.startswith(("{", "[")):
            return "application/x-ndjson"
        return "application/json" if following.startswith(("{", "[")) and tokens > 2 else None
    # Not closed within the sample: cut off, or broken further on.
    enough = tokens >= 12 or (tokens >= 3 and suffix in (".json", ".jsonl", ".ndjson"))
    at_the_end = kept >= len(body.rstrip()) or not whole
    if enough or (at_the_end and tokens > 3):
        return "application/x-ndjson" if suffix in (".jsonl", ".ndjson") else "application/json"
    return None


def _json_prefix(body: str) -> tuple[int, int, int]:
    """How far a text follows JSON's grammar, where its first value ends (0 = not seen), and the number of tokens."""
    at, depth, tokens = 0, 0, 0
    before = ""
    while tokens < _JSON_TOKENS and (token := _JSON_TOKEN.match(body, at)):
        kind = token.lastgroup or ""
        if kind == "value" and before == "value":
            break
        at = token.end()
        tokens += 1
        before = kind
        depth += (kind == "open") - (kind == "close")
        if depth <= 0:
            return at, at, tokens
    if tokens >= _JSON_TOKENS:
        return len(body), 0, tokens
    return at, 0, tokens
