"""Text in any encoding: nothing lost, nothing raised, memory bounded; places are line and character."""

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scanner.encoding import BLOCK, decode, decode_stream
from scanner.formats.text.text import extract
from scanner.limits import Budget, Limits
from scanner.model import Cut, Segment
from scanner.segment import locate

SHARED = Path(__file__).resolve().parents[3] / "shared"
ENGLISH = "Zoë O’Brien – £100 “café”, naïve Jürgen; Ærø\r\n"
CODECS = [
    "",
    "utf-8",
    "latin-1",
    "utf-16",
    "utf-7",
    "iso-2022-jp",
    "shift_jis",
    "gb2312",
    "cp037",
    "hz",
    "nonsense",
    "\0",
]


def found(data: bytes) -> list[tuple[str, str]]:
    """(e-mail address, place) of each in the segments of a text."""
    hits = []
    for part in extract(io.BytesIO(data), Budget(Limits(), len(data))):
        if isinstance(part, Cut):
            continue
        assert isinstance(part, Segment)
        start, end = part.owned or (0, len(part.text))
        matches = [match for match in re.finditer(r"[\w.]+@[\w.-]+\w", part.text) if start <= match.start() < end]
        hits += [(match[0], str(locate(part, match.start(), match.end()))) for match in matches]
    return hits


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("count", [1, 40, 20_000])
def test_english_in_every_encoding(encoding: str, count: int) -> None:
    text = ENGLISH * count
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("shift_jis", "氏名：山田太郎 メール"),
        ("euc_jp", "氏名：山田太郎のメールアドレスはこちらです"),
        ("gb18030", "姓名：王小明，电话和电子邮件如下所示，请尽快联系我们。"),
        ("euc_kr", "이름: 홍길동, 전자우편 주소는 다음과 같습니다."),
        ("cp1251", "Иванов Иван Петрович проживает в городе Москве на улице Ленина"),
    ],
)
def test_other_scripts_when_clearly_so(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("declared", "encoding", "text"),
    [
        ("iso-8859-1", "cp1252", "“Zoë” – £5"),
        ("ISO-8859-1", "utf-8", "Zoë"),
        ("us-ascii", "utf-8", "Zoë"),
        ("utf-8", "cp1252", "Zoë"),
        ("iso-2022-jp", "iso-2022-jp", "山田太郎"),
        ("", "iso-2022-jp", "山田太郎"),
        ("utf-7", "utf-7", "Zoë £"),
        ("koi8-r", "koi8-r", "Иван"),
        ("x-unknown-9", "utf-8", "Zoë"),
        ("utf-16", "ascii", "plain after all"),
        ("gb2312", "gb18030", "王小明"),
        ("cp037", "cp037", "IBM mainframe"),
        ("", "utf-16-le", "Привет, мир. Это письмо без метки порядка байтов"),
    ],
)
def test_a_declaration_is_believed_where_it_can_be_true(declared: str, encoding: str, text: str) -> None:
    assert decode(text.encode(encoding), declared) == text


def test_each_line_of_a_mixed_file_is_decoded_by_itself() -> None:
    lines = ["utf8 Zoë\n".encode(), "latin Jürgen\n".encode("cp1252"), "wide Øne\n".encode("utf-16-le"), b"last\n"]
    assert decode(b"".join(lines)) == "utf8 Zoë\nlatin Jürgen\nwide Øne\nlast\n"


def test_damaged_utf8_keeps_its_whole_characters() -> None:
    assert decode("Zoë Jürgen naïve café".encode() + b"\xff") == "Zoë Jürgen naïve café\ufffd"


def test_undefined_byte_of_cp1252_is_shown_as_lost() -> None:
    assert decode(b"caf\xe9 \x81 end") == "café \ufffd end"


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(CODECS))
@example(b"+2AA-", "utf-7")
def test_any_bytes_decode(data: bytes, declared: str) -> None:
    text = decode(data, declared)
    text.encode("utf-8")  # no half characters
    assert decode(data, declared) == text


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc",)), max_size=300))
def test_utf8_is_read_unchanged(text: str) -> None:
    data = text.encode()
    if not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        assert decode(data) == text


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", " ", ""])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_blocks_meet_without_a_seam(end: str, encoding: str) -> None:
    unit = "é" * 1001 + end
    text = unit * (3 * BLOCK // len(unit)) + "€"
    assert "".join(decode_stream(io.BytesIO(text.encode(encoding)))) == text


def test_places_are_line_and_character() -> None:
    assert found(b"one\r\ntwo pat@widgets.example\rkim@widgets.example\n") == [
        ("pat@widgets.example", "line=2;chars=4-23"),
        ("kim@widgets.example", "line=3;chars=0-19"),
    ]


def test_text_behind_zero_bytes_is_found() -> None:
    assert [value for value, _ in found(b"\0" * 300_000 + b"mail pat@widgets.example")] == ["pat@widgets.example"]


def test_one_endless_line_needs_little_memory() -> None:
    """100 MB in one line with an address at its end, in a process that holds less than 16 MB of it."""
    program = """
import re, sys, tracemalloc
from scanner.formats.text.text import extract
from scanner.limits import Budget, Limits
from scanner.model import Segment
class Endless:
    left = 100 * 2**20
    def seek(self, at, whence=0):
        return 0
    def read(self, size):
        size = min(size, self.left)
        self.left -= size
        last = b" pat@widgets.example" if size and not self.left else b""
        return b"ab cd ef" * (size // 8) + last
tracemalloc.start()
hits = [match[0] for part in extract(Endless(), Budget(Limits(), 1)) if isinstance(part, Segment)
        for match in re.finditer(r"[a-z]{1,40}@[a-z.]+", part.text[part.owned[0]:]) if "@" in part.text]
peak = tracemalloc.get_traced_memory()[1]
assert hits == ["pat@widgets.example"], hits
assert peak < 16 * 2**20, peak
"""
    root = Path(__file__).resolve().parents[2]
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120, cwd=root)


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not here")
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("enc/utf16le_nobom.txt", {"p016"}),
        ("enc/mixed.txt", {"p017", "p018", "p019"}),
        ("enc/nul_padded.txt", {"p022"}),
        ("enc/shift_jis.txt", {"p023"}),
        ("enc/cr_only.txt", {"p024"}),
        ("text/one_line_1MB.txt", {"p025", "p026"}),
    ],
)
def test_hostile_files(name: str, expected: set[str]) -> None:
    hits = found((SHARED / "data/hostile/generated" / name).read_bytes())
    assert expected <= {value.partition(".")[0][-4:] for value, _ in hits}


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not here")
@pytest.mark.parametrize("name", ["euc_jisx0213", "euc_jp", "euc_kr", "gb18030", "gb2312"])
def test_cjk_files(name: str) -> None:
    folder = SHARED / "data/encodings/cpython-cjk"
    assert decode((folder / f"{name}.txt").read_bytes()) == (folder / f"{name}-utf8.txt").read_bytes().decode()
