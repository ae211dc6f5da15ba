"""An address goes in, texts come out that hide it behind length, odd bytes, encodings and what slows detectors down."""

import base64
import quopri
from collections.abc import Callable

MB = 1_000_000
# What some detector or other could stumble over when it comes in masses.
PADS = {
    "letters": "a",
    "words": "lorem ",
    "dots": "a.",
    "digits": "1-",
    "ats": "@",
    "blanks": " ",
    "quotes": '"',
    "brackets": "(",
    "slashes": "/",
    "percents": "%20",
    "accents": "é",
    "faces": "😀",
    "marks": "a\u0301",
    "numbers": "0",
    "names": "Ann Lee ",
    "capitals": "Ab",
    "hyphens": "-",
    "tabs": "\t",
    "colons": "a:",
    "addresses": "a@b.",
    "line ends": "\n",
    "stars": "/*",
    "dashes": "--\n",
    "crosses": "#\n",
    "angles": "<a ",
    "ampersands": "&a",
    "braces": '{"a":',
    "apostrophes": "' ",
    "equals": "a=",
    "backslashes": "\\",
    "inserts": "INSERT INTO a ",
    "headers": "To: \n",
    "commas": "a,",
    "semicolons": "; ",
    "pipes": "| ",
}
ENCODINGS = (
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "utf-32-le",
    "utf-32-be",
    "cp1252",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1255",
    "cp1256",
    "iso8859-2",
    "iso8859-15",
    "koi8-r",
    "mac-roman",
    "cp437",
    "cp850",
    "shift_jis",
    "euc-jp",
    "iso2022-jp",
    "euc-kr",
    "gb18030",
    "big5",
    "utf-7",
    "cp037",
    "cp500",
    "hz",
)
WORDS = {
    "cp1250": "zażółć gęślą jaźń ",
    "cp1251": "Привет, как дела? ",
    "cp1253": "Καλημέρα κόσμε ",
    "cp1255": "שלום עולם ",
    "cp1256": "مرحبا بالعالم ",
    "iso8859-2": "příliš žluťoučký ",
    "koi8-r": "Привет, мир и все ",
    "shift_jis": "こんにちは世界 ",
    "euc-jp": "こんにちは世界 ",
    "iso2022-jp": "こんにちは世界 ",
    "euc-kr": "안녕하세요 세계 ",
    "gb18030": "你好世界朋友 ",
    "big5": "你好世界朋友 ",
    "hz": "你好世界 ",
}
# Each end of a window or block that a reader or a detector may have.
EDGES = (512, 4096, 8192, 10_000, 65_536, 131_072, 262_144, 1_048_576)


def padded(pad: str, size: int) -> Callable[[str], bytes]:
    """The address behind so many characters of one sort."""
    return lambda canary: (pad * (size // len(pad)) + f" {canary} \n").encode()


def at(edge: int, back: int) -> Callable[[str], bytes]:
    """The address across the end of a block: it begins `back` characters before it."""
    return lambda canary: (
        ("word " * (edge // 5 + 1))[: edge - back - 1] + f" {canary} and so on\n" + "word " * 50
    ).encode()


def encoded(encoding: str) -> Callable[[str], bytes]:
    """A letter in one encoding."""
    words = WORDS.get(encoding, "please write to ")
    return lambda canary: (f"{words * 12}\n{words}{canary} {words}\n" * 3).encode(encoding)


def _cases() -> dict[str, Callable[[str], bytes]]:
    cases: dict[str, Callable[[str], bytes]] = {}
    for name, pad in PADS.items():
        cases[f"pad {name}.txt"] = padded(pad, 40_000 if name in {"dots", "addresses"} else 200_000)
    for edge in EDGES:
        for back in (1, 12):
            cases[f"edge {edge} {back}.txt"] = at(edge, back)
    for encoding in ENCODINGS:
        cases[f"encoding {encoding}.txt"] = encoded(encoding)
    cases |= {
        "million characters.txt": padded("x y ", MB),
        "million characters in one word.txt": padded("x", MB),
        "no line end.txt": lambda c: b"word " * 300_000 + c.encode(),
        "line ends of a Mac.txt": lambda c: b"line\r" * 50_000 + c.encode() + b"\rend",
        "line ends NEL.txt": lambda c: ("line\x85" * 5000 + c + "\x85end").encode(),
        "line ends U+2028.txt": lambda c: ("line\u2028" * 5000 + c + "\u2028end").encode(),
        "form feeds.txt": lambda c: b"page\f" * 5000 + c.encode() + b"\f",
        "two hundred thousand lines.txt": lambda c: b"x\n" * 200_000 + c.encode() + b"\n",
        "NULs before.txt": lambda c: b"letter\n" + bytes(3000) + b"\n" + c.encode() + b"\n",
        "NULs at the end.txt": lambda c: b"letter to " + c.encode() + b"\n" + bytes(5000),
        "NULs at the start.txt": lambda c: bytes(70_000) + b"\nletter to " + c.encode() + b"\n",
        "NULs between words.txt": lambda c: b"Dear\0Ann\0write\0to\0" + c.encode() + b"\0soon\0" * 20,
        "one NUL far in.txt": lambda c: b"word " * 30_000 + b"\0 " + c.encode() + b" end",
        "controls.txt": lambda c: bytes(range(1, 32)) * 50 + b"\n" + c.encode() + b"\n",
        "wrong bytes before.txt": lambda c: "Zoë café ".encode() * 50 + b"\xff\xfe\xc3\x28 " + c.encode() + b"\n",
        "wrong bytes far in.txt": lambda c: b"plain text " * 20_000 + b"\xe9\xff\x80 " + c.encode() + b"\n",
        "UTF-8 then UTF-16.txt": lambda c: b"first page\n" * 300 + ("\nsecond " + c + "\n").encode("utf-16-le"),
        "UTF-16 then UTF-8.txt": lambda c: "first page\n".encode("utf-16") * 30 + b"\nsecond " + c.encode() + b"\n",
        "UTF-16 without a mark, long.txt": lambda c: ("word " * 50_000 + c).encode("utf-16-le"),
        "UTF-16 of odd length.txt": lambda c: ("letter to " + c + " soon").encode("utf-16") + b"\n",
        "UTF-16 with half a character.txt": lambda c: (
            "\ufeffab".encode("utf-16-le") + b"\x00\xd8" + f" {c} end".encode("utf-16-le")
        ),
        "mark in the middle.txt": lambda c: ("first\n\ufeffsecond " + c + "\n").encode(),
        "looks like a program.txt": lambda c: b"MZ\x90\x00 is what it says\n" + c.encode() + b"\n" * 30,
        "looks like a PDF.txt": lambda c: b"the words %PDF-1.4 stand here\n" + c.encode() + b"\n",
        "log with colours.log": lambda c: b"\x1b[31merror\x1b[0m mail to \x1b[1m" + c.encode() + b"\x1b[0m\n" * 9,
        "base64 of a mail.txt": lambda c: (
            b"Content-Transfer-Encoding: quoted-printable\n\n" + quopri.encodestring(c.encode())
        ),
        "behind base64.txt": lambda c: base64.b64encode(bytes(300_000)) + b"\n" + c.encode() + b"\n",
        "ini.ini": lambda c: b"[a]\nx=1\n" * 2000 + b"mail=" + c.encode() + b"\n",
        "yaml.yaml": lambda c: b"- a: 1\n" * 2000 + b"- mail: " + c.encode() + b"\n",
        "source.py": lambda c: b"x = 1\n" * 3000 + b"# " + c.encode() + b"\n",
        "script.js": lambda c: b"var x = 1;\n" * 3000 + b"var m = '" + c.encode() + b"';\n",
        "style.css": lambda c: b"a { color: red }\n" * 3000 + b"/* " + c.encode() + b" */\n",
        "readme.md": lambda c: b"* x\n" * 3000 + b"[mail](mailto:" + c.encode() + b")\n",
        "no suffix": lambda c: b"x y z\n" * 3000 + c.encode() + b"\n",
        "unknown.xyz": lambda c: b"x y z\n" * 3000 + c.encode() + b"\n",
        "long word before.txt": lambda c: b"x" * 5000 + b" " + c.encode() + b" " + b"x" * 5000,
        "between two million blanks.txt": lambda c: b" " * MB + c.encode() + b" " * MB,
    }
    return cases


CASES = _cases()
