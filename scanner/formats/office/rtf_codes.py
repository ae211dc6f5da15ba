"""The bytes of a rich text file go in, its words, groups and runs of bytes come out; and what the words mean."""

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n\0]+|([^\\{}\r\n\0]+)", re.DOTALL
)


class Kind(Enum):
    """What a token is."""

    OPEN = "open"
    CLOSE = "close"
    WORD = "word"
    SIGN = "sign"  # a backslash and one character
    BYTE = "byte"  # given in hexadecimal
    TEXT = "text"
    BINARY = "binary"


class Token(NamedTuple):
    """One token: `name` of a word, its `number` (None = it has none), or the bytes of a run."""

    kind: Kind
    name: str = ""
    number: int | None = None
    data: bytes = b""


_OPEN, _CLOSE = Token(Kind.OPEN), Token(Kind.CLOSE)


def tokens(data: bytes) -> Iterator[Token]:
    """All tokens; line ends mean nothing in this format."""
    at = 0
    while found := _TOKEN.search(data, at):
        at = found.end()
        word, number, byte, sign, brace, text = found.groups()
        if word is not None:
            value = int(number) if number else None
            if word == b"bin" and value:
                count = min(max(value, 0), len(data) - at)
                yield Token(Kind.BINARY, data=data[at : at + count])
                at += count
            else:
                yield Token(Kind.WORD, word.decode("ascii"), value)
        elif text is not None:
            yield Token(Kind.TEXT, data=text)
        elif byte is not None:
            yield Token(Kind.BYTE, data=bytes.fromhex(byte.decode("ascii")))
        elif brace is not None:
            yield _OPEN if brace == b"{" else _CLOSE
        elif sign is not None:
            yield Token(Kind.SIGN, sign.decode("latin-1"))


# Words and signs that are characters.
CHARACTERS = {
    "tab": "\t", "line": "\n", "lbr": "\n", "softline": "\n", "emdash": "—", "endash": "–", "emspace": " ",
    "enspace": " ", "qmspace": " ", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
    "nestcell": "\t", "nestrow": "\n", "column": "\n",
}  # fmt: skip
SIGNS = {"~": " ", "_": "-", "\\": "\\", "{": "{", "}": "}", "\t": "\t", "-": "", ":": "", "|": ""}
# Character sets of fonts; 0 and 1 mean the code page of the file.
CHARSETS = {
    77: "mac_roman", 78: "cp932", 79: "cp949", 80: "gbk", 81: "big5", 128: "cp932", 129: "cp949", 130: "johab",
    134: "gbk", 136: "big5", 161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 179: "cp1256",
    186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
CODE_PAGES = {10000: "mac_roman", 65001: "utf-8", 936: "gbk", 950: "big5", 1361: "johab", 708: "iso8859_6"}

# Groups of text that stand apart from the main text.
APART = {
    "header": "header", "headerl": "header", "headerr": "header", "headerf": "header", "footer": "footer",
    "footerl": "footer", "footerr": "footer", "footerf": "footer", "footnote": "footnote", "annotation": "comment",
    "shptxt": "textbox", "xe": "index", "tc": "index",
}  # fmt: skip
# Groups of one text with a label: properties, people, form fields.
LABELLED = {
    "title": "title", "subject": "subject", "author": "author", "operator": "last modified by", "manager": "manager",
    "company": "company", "category": "category", "keywords": "keywords", "doccomm": "comments", "comment": "comments",
    "atnauthor": "author", "staticval": "property", "hlinkbase": "link", "ffdeftext": "form field", "ffl": "form field",
    "ffhelptext": "form field", "ffstattext": "form field", "docvar": "document variable", "linkval": "property",
}  # fmt: skip
PEOPLE = frozenset(("author", "last modified by", "manager"))
# Groups that are looks, numbers, code, or a copy for old programs: not somebody's words.
_LOOKS = (
    "colortbl stylesheet listtable listoverridetable rsidtbl generator filetbl pgptbl xmlnstbl latentstyles datastore "
    "themedata colorschememapping mmathPr fchars lchars background pnseclvl listtext pntext panose blipuid picprop "
    "objclass objname atnid atndate atnref atrfstart atrfend bkmkstart bkmkend wgrffmtfilter passwordhash datafield "
    "nonshppict shprslt template printim buptim propname falt ffname ud"
)
IGNORED = frozenset(_LOOKS.split())
# Groups that a program may pass over, and that hold text all the same.
_HOLDING = "shpinst shppict fldinst objdata revtbl upr sp sv sn formfield userprops pict object result txfieldtext"
READ = frozenset(_HOLDING.split())
