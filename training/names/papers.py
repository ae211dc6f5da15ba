"""An inventor goes in, whole papers come out: letters, mails, minutes, CVs, tables, chat, logs, in three cases."""

import re
from collections.abc import Callable
from functools import partial

from training.names.invent import Inventor, Page
from training.names.people import Person, somebody

Cast = dict[str, Person]
WHOLE = 18  # weight of whole papers among the kinds, which weigh 136 together
LOWER, UPPER = 0.16, 0.12  # share of papers in small letters and in capitals


def paper(inventor: Inventor, *, whole_too: bool = True) -> Page:
    """One paper of any kind. `whole_too`: also one of papers.txt, whose lines belong together."""
    page, rng = Page(), inventor.rng
    weights = dict(_KINDS) | ({whole: WHOLE} if whole_too else {})
    maker = rng.choices([*weights], [*weights.values()])[0]
    maker(inventor, page, inventor.cast())
    chance = rng.random()
    text = page.text.lower() if chance < LOWER else page.text.upper() if chance > 1 - UPPER else page.text
    if len(text) == len(page.text):
        page.text = text
    return page


def _lines(
    inventor: Inventor, page: Page, cast: Cast, count: int, share: float = 0.5, *, joint: str = " ", prose: bool = False
) -> None:
    """Sentences, a share of them about people, from `prose` or from office papers."""
    draw = inventor.sentence if prose else inventor.line
    for number in range(count):
        if number:
            page.add(joint if inventor.rng.random() < 0.85 else "\n\n")
        line = draw(inventor.rng.random() < share)
        if inventor.rng.random() < 0.5:  # other people than in the last sentence
            line = re.sub(r"\{(\d)([a-zA-Z])\}", partial(_other, number), line)
        inventor.fill(page, line, cast)


def _other(shift: int, slot: re.Match[str]) -> str:
    return f"{{{(int(slot[1]) + shift) % 10}{slot[2]}}}"


def letter(inventor: Inventor, page: Page, cast: Cast) -> None:
    """A letter with address, greeting and signature."""
    rng = inventor.rng
    if rng.random() < 0.6:
        inventor.fill(page, inventor.shape("letter_head"), cast)
    inventor.fill(page, inventor.shape("letter_greeting"), cast)
    if rng.random() < 0.4:
        inventor.fill(page, inventor.shape("letter_about"), cast)
    _lines(inventor, page, cast, rng.randint(1, 6))
    inventor.fill(page, inventor.shape("letter_end"), cast)


def mail(inventor: Inventor, page: Page, cast: Cast) -> None:
    """A mail with headers, or without, and perhaps what it answers."""
    rng = inventor.rng
    if rng.random() < 0.55:
        inventor.fill(page, inventor.shape("mail_head"), cast)
    inventor.fill(page, inventor.shape("mail_greeting"), cast)
    _lines(inventor, page, cast, rng.randint(1, 5), 0.5, joint=rng.choice((" ", " ", "\n", "\n\n")))
    inventor.fill(page, inventor.shape("mail_end"), cast)
    if rng.random() < 0.35:
        inventor.fill(page, inventor.shape("mail_quoted"), cast)
        _lines(inventor, page, cast, rng.randint(1, 3), 0.5, joint="\n> ")


def minutes(inventor: Inventor, page: Page, cast: Cast) -> None:
    """Minutes with those present and what they said."""
    rng = inventor.rng
    head = inventor.shape("minutes_head")
    inventor.fill(page, head, cast)
    for number in range(rng.randint(2, 6)):
        inventor.fill(
            page, rng.choice((f"{number + 1}. {{words}}\n", f"{number + 1} {{words}} {{words}}: ", "- ", "* ")), cast
        )
        _lines(inventor, page, cast, rng.randint(1, 2), 0.6)
        inventor.fill(page, inventor.shape("minutes_action"), cast)


def cv(inventor: Inventor, page: Page, cast: Cast) -> None:
    """A curriculum vitae."""
    rng = inventor.rng
    inventor.fill(page, inventor.shape("cv_head"), cast)
    for _ in range(rng.randint(1, 3)):
        inventor.fill(page, inventor.shape("cv_post"), cast)
    inventor.fill(page, inventor.shape("cv_end"), cast)


def form(inventor: Inventor, page: Page, cast: Cast) -> None:
    """Fields with their values, one a line."""
    rng = inventor.rng
    joint = rng.choice((": ", ": ", ":\t", " : ", "\t", ":   ", " - "))
    for _ in range(rng.randint(1, 7)):
        who = str(rng.randrange(10))
        if rng.random() < 0.55:
            head = inventor.pick("header")
            part = (
                "s" if "urname" in head or "Maiden" in head else "g" if head == "First name" else rng.choice("ffffTirk")
            )
            page.add(head.upper() if rng.random() < 0.1 else head)
            page.add(joint)
            inventor.fill(
                page, rng.choice((f"{{{who}{part}}}",) * 6 + (f"{{{who}f}} ({{job}})", f"{{{who}f}}, {{7f}}")), cast
            )
        else:
            page.add(inventor.pick("header_other") + joint)
            inventor.fill(page, inventor.shape("form_value"), cast)
        page.add("\n")


def record(inventor: Inventor, page: Page, _: Cast) -> None:
    """People with what is known of each in short lines: a name, then labels such as NINO without a colon."""
    rng = inventor.rng
    joint = rng.choice((" ", " ", ": ", " - ", "\t"))
    for _person in range(rng.randint(1, 4)):
        cast = inventor.cast()
        inventor.fill(page, inventor.shape("record_name"), cast)
        for _line in range(rng.randint(1, 5)):
            page.add(
                ("" if page.text.endswith("\n") else rng.choice(("\n", ", ", "; "))) + inventor.pick("record_label")
            )
            page.add(joint)
            inventor.fill(page, inventor.shape("record_value"), cast)
            page.add(rng.choice(("\n", "\n", "")))
        page.add("\n")


def sums(inventor: Inventor, page: Page, cast: Cast) -> None:
    """A payslip, a bill or an account: words beside sums of money, many of which are surnames elsewhere."""
    rng = inventor.rng
    if rng.random() < 0.5:
        inventor.fill(page, inventor.shape("sums_head"), cast)
    joint = rng.choice((" ", ": ", "    ", "\t", ",", " - "))
    for _ in range(rng.randint(2, 8)):
        label = inventor.pick("sum_label")
        page.add(label.upper() if rng.random() < 0.1 else label)
        page.add(joint)
        inventor.fill(page, rng.choice(("{amount}", "{amount}", "{small}.00", "{number}", "{small}%", "nil")), cast)
        page.add("\n")
    if rng.random() < 0.4:
        inventor.fill(page, inventor.shape("mail_end"), cast)


def cell(inventor: Inventor, page: Page, cast: Cast) -> None:
    """One value of a column after its heading."""
    rng, value = inventor.rng, rng_value(inventor)
    head = (
        inventor.pick("header")
        if rng.random() < 0.3
        else "Value"
        if rng.random() < 0.7
        else inventor.pick("header_other")
    )
    page.add(f"{head}: ")
    inventor.fill(page, value, cast)


def rng_value(inventor: Inventor) -> str:
    """A value of any kind."""
    return inventor.shape("cell_person" if inventor.rng.random() < 0.5 else "cell_other")


def table(inventor: Inventor, page: Page, _: Cast) -> None:
    """Rows with gaps, commas or bars between cells."""
    rng = inventor.rng
    joint = rng.choice((",", ", ", "\t", " | ", "    ", ";"))
    kinds = rng.sample(
        (
            "{1f}",
            "{1g}",
            "{1s}",
            "{town}",
            "{firm}",
            "{date}",
            "{amount}",
            "{job}",
            "{1e}",
            "{street}",
            "{product}",
            "{words}",
            "{2f}",
            "{dept}",
        ),
        rng.randint(2, 5),
    )
    for _row in range(rng.randint(2, 8)):
        inventor.fill(page, joint.join(kinds) + "\n", inventor.cast())


def roll(inventor: Inventor, page: Page, cast: Cast) -> None:
    """A list of people, or of things."""
    rng = inventor.rng
    shape = inventor.shape("roll_line")
    joint = rng.choice(("\n", "\n", ", ", "; ", "\n\n"))
    for number in range(rng.randint(2, 10)):
        page.add(joint if number else "")
        inventor.fill(page, shape, {"0": somebody(inventor.pool, rng), **{str(n): cast[str(n)] for n in range(1, 10)}})


def chat(inventor: Inventor, page: Page, cast: Cast) -> None:
    """Turns of a chat, or of people who speak."""
    rng = inventor.rng
    shape = inventor.shape("chat_turn")
    for _ in range(rng.randint(2, 6)):
        inventor.fill(page, shape % rng.choice("12"), cast)
        _lines(inventor, page, cast, 1, 0.5)
        page.add("\n")


def note(inventor: Inventor, page: Page, cast: Cast) -> None:
    """Sentences, also alone."""
    _lines(inventor, page, cast, inventor.rng.randint(1, 5), 0.6)


def plain(inventor: Inventor, page: Page, cast: Cast) -> None:
    """Sentences that name nobody, full of what only sounds like people."""
    _lines(inventor, page, cast, inventor.rng.randint(1, 6), 0.0, joint=inventor.rng.choice((" ", "\n")))


def sentence_like(inventor: Inventor, page: Page, cast: Cast) -> None:
    """One sentence or line."""
    _lines(inventor, page, cast, 1, 0.6)


def article(inventor: Inventor, page: Page, cast: Cast) -> None:
    """Sentences of no office paper, often one alone."""
    _lines(inventor, page, cast, inventor.rng.choice((1, 1, 2, 3, 5)), 0.6, prose=True)


def whole(inventor: Inventor, page: Page, cast: Cast) -> None:
    """A paper of papers.txt, or some lines of it."""
    rng, lines = inventor.rng, inventor.rng.choice(inventor.papers).split("\n")
    low, high = 0, len(lines)
    if rng.random() < 0.4:
        low = rng.randrange(high)
        high = rng.randint(low + 1, high)
    inventor.fill(page, "\n".join(lines[low:high]), cast)


def machine(inventor: Inventor, page: Page, _: Cast) -> None:
    """Logs, code, file lists."""
    rng, person = inventor.rng, somebody(inventor.pool, inventor.rng)
    word = lambda: inventor.pick("words").replace(" ", "_")  # noqa: E731
    for _row in range(rng.randint(1, 8)):
        page.add(rng.choice((
            f"{rng.randint(2015, 2026)}-0{rng.randint(1, 9)}-1{rng.randint(0, 9)} 10:0{rng.randint(0, 9)}:33 INFO {word()}.{word()}: {word()} {word()} in {rng.randint(1, 900)} ms\n",
            f"def {word()}_{word()}(self, {word()}=None):\n    return self.{word()}[{rng.randint(0, 9)}]\n",
            f"/home/{person.given.lower()}/{word()}/{word()}.{rng.choice(('py', 'txt', 'docx', 'log'))}\n",
            f"<div class=\"{word()}\"><a href=\"/{word()}/{rng.randint(1, 99)}\">{word().title()}</a></div>\n",
            f"ERROR [{word().title()}Service] {word().title()}Exception: {word()} not found (user={person.given[0].lower()}{person.surname.lower()})\n",
            f"{word().upper()}_{word().upper()}={rng.randint(0, 9999)}\n",
            f"C:\\Users\\{person.given}\\Documents\\{word()}.xlsx\n",
            f"import {word()}\nfrom {word()} import {word().title()}, {word().title()}\n",
            f"GET /{word()}/{word()}?id={rng.randint(1, 999)} HTTP/1.1\" 200\n",
            f"commit {rng.getrandbits(64):016x}\n    {word().capitalize()} {word()} {word()}\n",
            f"INSERT INTO {word()} VALUES ({rng.randint(1, 99)}, '{word()}', NULL);\n")))  # fmt: skip


_KINDS: tuple[tuple[Callable[[Inventor, Page, Cast], None], float], ...] = (
    (letter, 10), (mail, 16), (minutes, 8), (cv, 4), (form, 9), (record, 5), (sums, 3), (cell, 12), (table, 5),
    (roll, 6), (chat, 5), (note, 9), (plain, 13), (sentence_like, 12), (machine, 5),
    (article, 14),
)  # fmt: skip
