"""Bytes of unknown encoding go in, text comes out: every character, U+FFFD where there is none, never an error."""

import codecs
import io
import re
import unicodedata
from collections.abc import Iterator
from encodings.aliases import aliases
from typing import IO

import charset_normalizer

from scanner.model import Place

BLOCK = 256 * 1024
_SAMPLE = 4 * 1024  # charset-normalizer needs 1 ms for this much

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_EBCDIC_XML = b"\x4c\x6f\xa7\x94"  # "<?xm"

# A name that is declared, and the superset that browsers and mail programs read under it.
_SUPERSETS = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "big5": "big5hkscs",
}  # fmt: skip
# Python knows them as text encodings, but no document is written in them, or their decoders are slow.
_REFUSED = re.compile(r".*_codec|rot_13|mbcs|oem|idna|punycode|(?:raw_)?unicode_escape|undefined|tactis")
_STATEFUL = re.compile(r"iso2022|hz|utf[-_]?7")
_JAPANESE = re.compile(r"cp932|shift_ji|euc_ji?s|euc_jp")
_MULTIBYTE = re.compile(r"cp9(?:32|36|49|50)|shift_ji|euc_|gb|big5|johab")
_OTHER_SCRIPTS = re.compile(r"cp125[1356]|koi8|cp866|cp874|iso8859_(?:5|6|7|8|11)$|mac_cyrillic|tis_620")

_UTF8_CHARACTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH_BYTES = bytes(range(0x80, 0x100))
_HIGH_RUN = re.compile(rb"[\x80-\xff]{2,}")
_TWO_BYTE_TEXT = re.compile(rb"(?:[\t\n\r -~]\0){4}|(?:\0[\t\n\r -~]){4}")
_NARROW_TEXT = re.compile(rb"[\t\n\r -~]{24,}")  # twelve Chinese characters in a row that all look like it are rare
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")


def decode(data: bytes, declared: str = "") -> str:
    """Decode the whole of something small; `declared` is what a header or a tag says, and is believed if it can be."""
    if data.isascii() and b"\0" not in data and b"\x1b" not in data and not _STATEFUL.search(_codec(declared)):
        return data.decode("ascii")
    return "".join(decode_stream(io.BytesIO(data), declared))


def decode_stream(stream: IO[bytes], declared: str = "") -> Iterator[str]:
    """Decode block by block, in bounded memory: BOM, UTF-8, UTF-16 without BOM, what is declared, cp1252.

    Where encodings are mixed in one file, each line is decoded by itself.
    """
    return (text for text, _ in decode_places(stream, declared))


def decode_places(stream: IO[bytes], declared: str = "") -> Iterator[tuple[str, Place]]:
    """The same, with the place of each piece: decode_from() goes on there."""
    head = stream.read(BLOCK)
    encoding, skip = encoding_of(head, declared)
    if encoding:
        decoder = codecs.getincrementaldecoder(encoding)("replace")
        return _with_codec(decoder, encoding, skip, head[skip:], stream)
    return _mixed(skip, "" if _codec(declared) == "utf-8" else _codec(declared), head[skip:], stream)


def decode_from(stream: IO[bytes], place: Place) -> Iterator[tuple[str, Place]]:
    """The piece that decode_places() gave with this place, and all that follow."""
    at, length, encoding, word, number = place
    stream.seek(int(at))
    block = stream.read(int(length))
    if not encoding:
        return _mixed(int(at), str(word), block, stream)
    decoder = codecs.getincrementaldecoder(str(encoding))("replace")
    decoder.setstate((bytes.fromhex(str(word)), int(number)))
    return _with_codec(decoder, str(encoding), int(at), block, stream)


def _mixed(at: int, legacy: str, head: bytes, stream: IO[bytes]) -> Iterator[tuple[str, Place]]:
    """Place: where the block begins, the bytes that were read of it so far, "", what is not UTF-8, 0."""
    for block, held in _blocks(head, stream):
        place = (at, held, "", legacy, 0)
        text = _utf8(block)
        if text is None:
            legacy = legacy or _guess(block)
            text = _by_legacy(block, legacy)
        yield text, place
        at += len(block)


def _codec(declared: str) -> str:
    """Python's name of a declared encoding, or the superset that is meant; "" when there is no such encoding."""
    if not declared:
        return ""
    try:
        name = codecs.lookup(declared.strip().strip("\"'")).name
    except (LookupError, ValueError):
        return ""
    if name in _SUPERSETS:
        return _SUPERSETS[name]
    known = name.replace("-", "_") in aliases.values() or name in ("utf-8-sig", "koi8-u", "cp1006")
    if not known or _REFUSED.fullmatch(name.replace("-", "_")):
        return ""
    return "utf-8" if name == "utf-8-sig" else name


def encoding_of(head: bytes, declared: str) -> tuple[str, int]:
    """The one encoding of the whole and the length of its BOM; "" when each block has to be looked at."""
    if head.startswith(codecs.BOM_UTF8):
        return "", len(codecs.BOM_UTF8)
    for bom, encoding in _BOMS:
        if head.startswith(bom) and (encoding != "utf-32-le" or _decodes(head[:1024], encoding)):
            return encoding, len(bom)
    return _wide(head) or _believed(head, _codec(declared)) or _by_signature(head), 0


def _believed(head: bytes, name: str) -> str:
    """A declared encoding in which the whole has to be read; "" when it says no more than "like ASCII"."""
    if name.startswith(("utf-16", "utf-32")):
        if b"\0" not in head:
            return ""  # a declaration that stands in ASCII letters cannot itself be UTF-16
        return name if name.endswith("e") else f"{name}-le"
    if _MULTIBYTE.match(name):
        return name if _decodes(head, name) else ""
    return name if name and (_STATEFUL.match(name) or not _is_superset_of_ascii(name)) else ""


def _by_signature(head: bytes) -> str:
    if head.startswith(_EBCDIC_XML) or _is_ebcdic(head[:4096]):
        return "cp037"
    stateful = b"\x1b$" in head and head.isascii() and _decodes(head, "iso2022_jp_2")
    return "iso2022_jp_2" if stateful else ""


def _is_ebcdic(sample: bytes) -> bool:
    """Mainframe text: many 0x40, its space, and nearly everything a letter, digit or mark under EBCDIC."""
    if len(sample) < 16 or sample.isascii() or sample.count(b"@") * 12 < len(sample):
        return False
    plain = sum(char.isascii() and (char.isprintable() or char in "\r\n\t") for char in sample.decode("cp037"))
    return plain * 20 >= len(sample) * 19


def _is_superset_of_ascii(name: str) -> bool:
    plain = bytes(range(32, 127))
    try:
        return plain.decode(name, "replace") == plain.decode("ascii")
    except (LookupError, ValueError):
        return True


def _decodes(head: bytes, encoding: str) -> bool:
    """Whether the beginning of a text is valid; its last character may be cut."""
    try:
        codecs.getincrementaldecoder(encoding)("strict").decode(head)
    except UnicodeError:
        return False
    return True


def _wide(head: bytes) -> str:
    """UTF-16 or UTF-32 without BOM, told by where the zero bytes stand."""
    sample = head[:16384]
    sample = sample[: len(sample) // 4 * 4] or sample[: len(sample) // 2 * 2]
    if len(sample) < 4 or b"\0" not in sample:
        return ""
    first, second, third, fourth = (sample[place::4].count(0) * 4 / len(sample) for place in range(4))
    even, odd = (first + third) / 2, (second + fourth) / 2
    sure = {
        "utf-32-le": first < 0.1 and second > 0.5 and min(third, fourth) > 0.9,
        "utf-32-be": fourth < 0.1 and third > 0.5 and min(first, second) > 0.9,
        "utf-16-le": odd > 0.5 and even < 0.1 * odd,
        "utf-16-be": even > 0.5 and odd < 0.1 * even,
    }
    if True in sure.values():
        return next(encoding for encoding, is_it in sure.items() if is_it)
    # Other scripts than Latin: zero bytes only in spaces, digits and line ends, and always on the same side.
    likely = "utf-16-le" if odd > 0.02 and not even else "utf-16-be" if even > 0.02 and not odd else ""
    return likely if likely and _decodes(sample, likely) and _reads_well(sample, likely) else ""


def _reads_well(sample: bytes, encoding: str) -> bool:
    text = sample.decode(encoding, "ignore")
    odd = sum(unicodedata.category(char) in ("Cn", "Co", "Cc") and char not in "\r\n\t\f" for char in text)
    return odd * 100 <= len(text) and any(char in text for char in " \n")


def _with_codec(
    decoder: codecs.IncrementalDecoder, encoding: str, at: int, block: bytes, stream: IO[bytes]
) -> Iterator[tuple[str, Place]]:
    """Place: where the block begins, its length, the encoding, and what the decoder still holds of the one before."""
    while True:
        kept, state = decoder.getstate()
        place = (at, len(block), encoding, kept.hex(), state)
        text = _without_surrogates(decoder.decode(block, final=not block))
        yield text + _narrow_text(block, encoding), place
        if not block:
            return
        at += len(block)
        block = stream.read(BLOCK)


def _narrow_text(block: bytes, encoding: str) -> str:
    """What stands in ASCII letters within UTF-16, where a program went on in another encoding: once more, as it is."""
    if not encoding.startswith("utf-16") or not (runs := _NARROW_TEXT.findall(block)):
        return ""
    return "\n" + b"\n".join(runs).decode("ascii")


def _without_surrogates(text: str) -> str:
    """UTF-7 can spell half a character, which nothing behind us could store."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _blocks(head: bytes, stream: IO[bytes]) -> Iterator[tuple[bytes, int]]:
    """The bytes in blocks that end with a line, or at least not within a character; and how many were at hand then."""
    waiting = head
    while more := stream.read(BLOCK):
        cut = _safe_cut(waiting)
        yield waiting[:cut], len(waiting)
        waiting = waiting[cut:] + more
    if waiting:
        yield waiting, len(waiting)


def _safe_cut(data: bytes) -> int:
    """Behind the last line end, else the last white space, else between two UTF-8 characters."""
    for mark in (b"\n", b"\r", b" ", b"\t", b","):
        at = data.rfind(mark, len(data) // 2) + 1
        if at:
            return at
    at = len(data)
    while at > max(0, len(data) - 4) and data[at - 1] & 0xC0 == 0x80:
        at -= 1
    if at and data[at - 1] >= 0xC0:
        at -= 1
    return at or len(data)


def _utf8(block: bytes) -> str | None:
    """The block if it is UTF-8 and does not spell UTF-16 (whose Latin letters are valid UTF-8, with zero bytes)."""
    if b"\0" in block and _TWO_BYTE_TEXT.search(block):
        return None
    try:
        return block.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _by_legacy(block: bytes, legacy: str) -> str:
    two_byte = b"\0" in block and _TWO_BYTE_TEXT.search(block)
    if not two_byte:
        if _MULTIBYTE.match(legacy) and _decodes(block, legacy):
            return block.decode(legacy, "replace")
        if not _UTF8_CHARACTER.search(block):
            return block.decode(legacy, "replace")
    return "".join(_lines(block, legacy))


def _lines(block: bytes, legacy: str) -> Iterator[str]:
    half = False  # the line before was UTF-16-LE: the second byte of its line end stands first in this one
    for found in _LINE.finditer(block):
        line = found[0]
        if half and line.startswith(b"\0"):
            line = line[1:]
        half = False
        if not line:
            continue
        if b"\0" in line and _TWO_BYTE_TEXT.search(line):
            half = line[1::2].count(0) > line[::2].count(0)
            yield _two_byte_line(line, half)
        else:
            yield _line(line, legacy)


def _two_byte_line(line: bytes, little: bool) -> str:
    if not little:
        return line.decode("utf-16-be", "replace")
    end = line[-1:] if line.endswith((b"\n", b"\r")) else b""
    return line[: len(line) - len(end)].decode("utf-16-le", "replace") + end.decode("ascii")


def _line(line: bytes, legacy: str) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        pass
    text = line.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = len(text) - len(text.encode("ascii", "ignore")) - bad
    # A few broken characters among many whole ones: damaged UTF-8, not another encoding.
    return text if good >= 2 * bad and good > 1 else line.decode(legacy, "replace")


def _guess(block: bytes) -> str:
    """The encoding of text that is not UTF-8: cp1252, unless another script is clearly seen.

    charset-normalizer calls Western text cp1250 or cp775 as often as cp1252; it is right about other scripts, whose
    letters come in runs, whereas accented letters stand alone.
    """
    lines = [line for line in block[: BLOCK // 4].splitlines() if not line.isascii() and _utf8(line) is None]
    sample = b"\n".join(lines)
    sample = sample if len(sample) <= _SAMPLE else sample[: _safe_cut(sample[:_SAMPLE])]
    high = len(sample) - len(sample.translate(None, _HIGH_BYTES))
    if high < 6 or sum(map(len, _HIGH_RUN.findall(sample))) < high * 0.6:
        return "cp1252"
    for match in charset_normalizer.from_bytes(sample):
        if match.chaos > 0.2 or not _decodes(sample, match.encoding):
            continue
        if _JAPANESE.match(match.encoding) and not re.search("[\u3040-\u30ff]", str(match)):
            continue  # Japanese without kana is another script misread
        if _MULTIBYTE.match(match.encoding):
            return match.encoding
        # Any bytes at all are valid in a single-byte encoding: it takes more of them to believe it.
        if _OTHER_SCRIPTS.match(match.encoding) and high >= 24 and match.chaos <= 0.1 and match.coherence >= 0.2:
            return match.encoding
    return "cp1252"
