"""A case and a reason go in, the paragraphs of a letter come out; for each kind of letter one text.

What a letter must say stands in Articles 12(3), (4) and (6), 18(3) and 19 of the UK GDPR and in section 164A of the DPA
2018. The wording is plain on purpose, and no legal advice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from scanner.plan import PlanError
from subjects.access.controller import Controller, Recipient
from subjects.cases.case import Case
from subjects.cases.clock import Right, written
from subjects.cases.events import Kind
from subjects.cases.opening import seed_of

Told = list[tuple[str, str]]
COMPLAINT = (
    "You may complain to us: {contact}. We acknowledge a complaint within 30 days and answer it without undue delay "
    "(section 164A of the Data Protection Act 2018). You may also complain to the Information Commissioner "
    "(ico.org.uk/make-a-complaint), and you may ask a court to enforce your right."
)
ASKED: Mapping[Right, str] = {
    Right.ACCESS: "to see the data that we hold about you",
    Right.RECTIFICATION: "to correct data that we hold about you",
    Right.ERASURE: "to erase data that we hold about you",
    Right.RESTRICTION: "to restrict what we do with data about you",
    Right.PORTABILITY: "for the data that you gave us, in a form that a machine can read",
    Right.OBJECTION: "and objected to what we do with data about you",
    Right.COMPLAINT: "with a complaint",
}
_HAPPENED: Mapping[Right, tuple[Kind, str]] = {
    Right.RECTIFICATION: (Kind.CHANGED, "corrected"),
    Right.ERASURE: (Kind.ERASED, "erased"),
    Right.RESTRICTION: (Kind.MARKED, "restricted"),
}
_TO_DO: Mapping[Right, str] = {
    Right.RECTIFICATION: "Please correct them where you hold them, too. What was wrong, and what is right: {why}",
    Right.ERASURE: "Please erase them where you hold them, too, unless you have a ground of your own for them. {why}",
    Right.RESTRICTION: (
        "Please store them and do nothing else with them, unless the person agrees or it is for legal claims, until we "
        "write to you again. {why}"
    ),
}


class Letter(StrEnum):
    """What is written. `notices` go to recipients, all others to who asked."""

    ACKNOWLEDGEMENT = "acknowledgement"
    IDENTITY = "identity"
    QUESTION = "question"
    EXTENSION = "extension"
    REFUSAL = "refusal"
    LIFTING = "lifting"
    NOTICES = "notices"


NEEDS_WHY = frozenset({Letter.QUESTION, Letter.EXTENSION, Letter.REFUSAL, Letter.LIFTING})
CODE_MUE = "E-MUE"


@dataclass(frozen=True, slots=True)
class Occasion:
    """What one letter is written on: `why` in the words of who writes it."""

    case: Case
    controller: Controller
    today: date
    why: str = ""


def letter_of(kind: Letter, occasion: Occasion) -> Told:
    """The paragraphs, (heading or "", text) each; raises PlanError where a reason is needed and missing."""
    if kind in NEEDS_WHY and not occasion.why:
        raise PlanError(f"Say --why: it stands in the letter ({kind}).")
    if kind is Letter.EXTENSION and occasion.case.deadline(occasion.today).notice_by is None:
        raise PlanError("Nothing can be extended: the time has not begun, or it is extended already.")
    return _framed(occasion, _TEXTS[kind](occasion))


def _framed(occasion: Occasion, body: Told) -> Told:
    seed = seed_of(occasion.case)
    name = (*seed.names, *seed.aliases, "Sir or Madam")[0]
    received = written(occasion.case.dates.received)
    opening = f"You wrote to us on {received} {ASKED[occasion.case.right]}."
    return [*_head(occasion), ("Your request", f"Dear {name},"), ("", opening), *body]


def _head(occasion: Occasion) -> Told:
    controller = occasion.controller
    return [
        ("", f"{controller.name}\n{controller.contact}"),
        ("", f"{written(occasion.today)}\nOur reference: {occasion.case.case_id}"),
    ]


def _acknowledgement(occasion: Occasion) -> Told:
    clock = occasion.case.deadline(occasion.today)
    if occasion.case.right is Right.COMPLAINT:
        text = "We have it, look into it, and tell you the outcome without undue delay."
        return [("", text)]
    when = f"We answer by {written(clock.due)}." if clock.due else "The time begins when we know who asks."
    return [("", f"We have your request. {when} It is free of charge.")]


def _identity(occasion: Occasion) -> Told:
    agent = occasion.case.said.get("agent")
    what = "the person's written authority for you to ask for them, and " if agent else ""
    text = (
        f"Before we answer we must be sure who asks (Article 12(6)). Please send us {what}something by which we can "
        "tell, such as an answer from the e-mail address that we know of you. We look at it, note that we did, and "
        f"keep no copy. {occasion.why}"
    )
    return [
        ("What we need from you", text),
        ("", "The time for our answer begins on the day on which it comes."),
    ]  # fmt: skip


def _question(occasion: Occasion) -> Told:
    still = "Until you answer, the time for our answer stands still." if occasion.case.right is Right.ACCESS else ""
    return [("A question", f"{occasion.why} {still} If you would rather have everything, tell us so.")]


def _extension(occasion: Occasion) -> Told:
    return [
        ("More time", f"We need up to two more months (Article 12(3)), because: {occasion.why}"),
        ("If you are not content", COMPLAINT.format(contact=occasion.controller.complaints)),
    ]


def _refusal(occasion: Occasion) -> Told:
    unfounded = ""
    if CODE_MUE in occasion.why:
        unfounded = (
            " The law lets us refuse a request that is manifestly unfounded or excessive (Article 12(5)); it is for us "
            "to show that it is, and this is how."
        )
    return [
        (
            "Our answer",
            f"We do not do what you asked.{unfounded} The reason: {occasion.why.replace(CODE_MUE, '').strip()}",
        ),
        ("If you are not content", COMPLAINT.format(contact=occasion.controller.complaints)),
    ]


def _lifting(occasion: Occasion) -> Told:
    text = f"We have only stored these data since then. This ends, because: {occasion.why}"
    return [
        ("The restriction ends", f"{text} We tell you before it does (Article 18(3))."),
        ("If you are not content", COMPLAINT.format(contact=occasion.controller.complaints)),
    ]


_TEXTS: Mapping[Letter, Callable[[Occasion], Told]] = {
    Letter.ACKNOWLEDGEMENT: _acknowledgement, Letter.IDENTITY: _identity, Letter.QUESTION: _question,
    Letter.EXTENSION: _extension, Letter.REFUSAL: _refusal, Letter.LIFTING: _lifting,
}  # fmt: skip


def notice(occasion: Occasion, recipient: Recipient) -> Told:
    """To one who received the data, what happened to them (Article 19); of the person only what tells who it is.

    Raises:
        PlanError: the right has no notices, nothing happened yet, or a correction lacks what is right.
    """
    case = occasion.case
    if case.right not in _HAPPENED:
        raise PlanError(
            f"{case.case_id} is a request for {case.right}: there is nothing to tell recipients (Article 19)."
        )
    kind, done = _HAPPENED[case.right]
    days = [event.day for event in case.events if event.kind is kind]
    if not days:
        raise PlanError(f"{case.case_id}: nothing was {done} yet. Recipients are told what was done.")
    if case.right is Right.RECTIFICATION and not occasion.why:
        raise PlanError('Say --why "old … is wrong, … is right": the recipient must know what to correct.')
    seed = seed_of(case)
    who = ", ".join((*seed.names[:1], *(seed.emails or seed.phones or seed.births)[:1]))
    happened = (
        f"We gave you data about this person: {who}. On {written(days[-1])} we {done} them, because the person has a "
        "right to it."
    )
    back = (
        "Article 19 of the UK GDPR makes us tell you. Please tell us when it is done, and to whom you passed them on."
    )
    return [
        *_head(occasion),
        ("Data that you have from us", f"To {recipient.name}\n{recipient.contact}"),
        ("", happened),
        ("What you should do", _TO_DO[case.right].format(why=occasion.why).strip()),
        ("", back),
    ]
