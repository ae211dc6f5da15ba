"""Values of many kinds go in, texts and tables come out that put them behind and across the windows of the detectors."""

import io
from collections.abc import Callable

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

# One value of each kind with the words that make it sure; published test values and numbers kept free for drama.
VALUES = {
    "PHONE_NUMBER": ("please ring her on {}", "01632 960983"),
    "UK_NINO": ("National Insurance number {}", "AB 12 34 56 C"),
    "IBAN_CODE": ("IBAN {}", "GB82 WEST 1234 5698 7654 32"),
    "CREDIT_CARD": ("card number {} expires", "4111 1111 1111 1111"),
    "UK_POSTCODE": ("she lives at 4 Mill Lane, Ely {}", "CB7 4QY"),
    "PERSON": ("Dear {},", "Mrs Margaret Tolliver"),
    "DATE_OF_BIRTH": ("date of birth {}", "12/03/1952"),
    "IP_ADDRESS": ("logged in from {}", "203.0.113.77"),
    "EMAIL_ADDRESS": ("write to {}", "peggy@deep.example"),
    "UK_NHS": ("NHS number {}", "943 476 5919"),
}
# A window owns 64 KB; what slows a detector down stands before the value.
# The model that looks for names takes ten seconds on 24 KB of dots: for it they are sentences.
BEFORE = {
    "a window": "word " * 13_100,
    "many windows": "word " * 60_000,
    "dots": "a." * 12_000,
    "numbers": "1-" * 12_000,
}


def text(kind: str, before: str) -> Callable[[str], bytes]:
    """Prose with the value behind so much of something else."""
    words, value = VALUES[kind]
    return lambda _: f"{before}\n\n{words.format(value)}\n\n{before[:300]}".encode()


def column(kind: str) -> Callable[[str], bytes]:
    """A table with the value in the last of twelve thousand rows, in a column of remarks."""
    words, value = VALUES[kind]
    return lambda _: ("id,remark\n" + "1,nothing to tell\n" * 12_000 + f'2,"{words.format(value)}"\n').encode()


def long_cell(kind: str) -> Callable[[str], bytes]:
    """A table with the value at the end of a long cell."""
    words, value = VALUES[kind]
    return lambda _: (
        "id,remark\n" + "1,nothing to tell\n" * 5 + f'2,"{"word " * 30_000} {words.format(value)}"\n'
    ).encode()


def pdf(pages: int, draw: Callable[[Canvas, str], None]) -> Callable[[str], bytes]:
    """A PDF whose last page is drawn by `draw`."""

    def make(canary: str) -> bytes:
        out = io.BytesIO()
        canvas = Canvas(out, pagesize=A4)
        for _ in range(pages - 1):
            canvas.drawString(70, 700, "an ordinary page")
            canvas.showPage()
        canvas.drawString(70, 700, "the last page")
        draw(canvas, canary)
        canvas.showPage()
        canvas.save()
        return out.getvalue()

    return make


def _at(x: float, y: float) -> Callable[[Canvas, str], None]:
    return lambda canvas, canary: canvas.drawString(x, y, canary)


def _letters(canvas: Canvas, canary: str) -> None:
    for number, letter in enumerate(canary):
        canvas.drawString(70 + canvas.stringWidth(canary[:number]), 600, letter)


def _upright(canvas: Canvas, canary: str) -> None:
    canvas.rotate(90)
    canvas.drawString(70, -300, canary)


def _white(canvas: Canvas, canary: str) -> None:
    canvas.setFillColorRGB(1, 1, 1)
    canvas.drawString(70, 600, canary)


def _unseen(canvas: Canvas, canary: str) -> None:
    line = canvas.beginText(70, 600)
    line.setTextRenderMode(3)
    line.textOut(canary)
    canvas.drawText(line)


def _many(canvas: Canvas, canary: str) -> None:
    canvas.setFont("Helvetica", 1)
    for number in range(4000):
        canvas.drawString(10, 840 - number / 5, "word " * 20)
    canvas.drawString(10, 5, canary)


def _field(canvas: Canvas, canary: str) -> None:
    canvas.acroForm.textfield(value=canary, x=70, y=500, width=300, height=20)


def _cases() -> dict[str, Callable[[str], bytes]]:
    cases: dict[str, Callable[[str], bytes]] = {}
    for kind in VALUES:
        for name, before in BEFORE.items():
            cases[f"{kind} behind {name}.txt"] = text(kind, before)
        cases[f"{kind} in the last row.csv"] = column(kind)
        cases[f"{kind} in a long cell.csv"] = long_cell(kind)
    return cases | {
        "page 400.pdf": pdf(400, _at(70, 600)),
        "outside of the page.pdf": pdf(2, _at(900, 1200)),
        "left of the page.pdf": pdf(2, _at(-500, 600)),
        "letter by letter.pdf": pdf(2, _letters),
        "upright.pdf": pdf(2, _upright),
        "white.pdf": pdf(2, _white),
        "unseen.pdf": pdf(2, _unseen),
        "full page.pdf": pdf(2, _many),
        "form field.pdf": pdf(2, _field),
        "bookmark.pdf": pdf(2, lambda canvas, c: (canvas.bookmarkPage("a"), canvas.addOutlineEntry(c, "a"))),
        "link.pdf": pdf(2, lambda canvas, c: canvas.linkURL(f"mailto:{c}", (70, 600, 200, 620))),
        "note.pdf": pdf(2, lambda canvas, c: canvas.textAnnotation(c, (70, 600, 200, 620))),
        "author.pdf": pdf(2, lambda canvas, c: canvas.setAuthor(c)),
        "subject.pdf": pdf(2, lambda canvas, c: canvas.setSubject(c)),
        "keywords.pdf": pdf(2, lambda canvas, c: canvas.setKeywords(c)),
        "locked.pdf": _locked,
        "cut off.pdf": lambda c: pdf(30, _at(70, 600))(c)[:-900],
        "junk before.pdf": lambda c: b"%!PS junk of a printer\n" * 9 + pdf(2, _at(70, 600))(c),
        "second version.pdf": lambda c: pdf(2, _at(70, 600))(c) + b"\n% another save\n%%EOF\n",
    }


def _locked(canary: str) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, encrypt="secret")
    canvas.drawString(70, 700, canary)
    canvas.save()
    return out.getvalue()


CASES = _cases()
# What a case has planted, where it is no address of its own.
PLANTED = {name: VALUES[name.partition(" ")[0]][1] for name in CASES if name.partition(" ")[0] in VALUES}
