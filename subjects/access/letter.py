"""Facts about an answer go in, the covering letter of Article 15(1)(a) to (h) comes out, as HTML and as DOCX."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from docx import Document

from reports.plural import plural
from subjects.access.controller import UNKNOWN, Controller, Recipient, machine_decisions
from subjects.access.pages import page
from subjects.access.review import EXEMPTIONS
from subjects.cases.clock import written

_RIGHTS = (
    "You may ask us to correct these data, to erase them, to restrict what we do with them, and you may object to it "
    "(UK GDPR Articles 16 to 18 and 21). What you gave us under your consent or a contract you may have in a form that "
    "a machine can read (Article 20)."
)
_COMPLAINT = (
    "If you are not content with this answer, please complain to us first (section 164A of the Data Protection Act "
    "2018): {contact}. You may also go to the Information Commissioner (ico.org.uk) or to a court."
)
_ANSWER = (
    "You asked on {received} what data we hold about you. We hold data about you, and this is the answer: {items} "
    "of files and messages, listed in index.html."
)
_SEARCHED = "We searched {places} with whosedata {version}, for all that you told us of yourself. {unread}"
_SOURCE = (
    "Each extract names the place and the file in which it was found. Where data did not come from you, the extract "
    "shows who wrote it, unless that would tell of somebody else."
)
_CATEGORIES: Mapping[str, str] = {
    "identity": "who you are (names, date of birth)", "contact": "how to reach you (addresses, telephone, e-mail)",
    "financial": "payment (bank accounts, cards)", "government_id": "numbers that authorities gave you",
    "special_category": "special categories (such as health or beliefs)", "online": "your devices and accounts",
    "child": "data about children", "credential": "access data", "criminal": "criminal matters",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """What a letter tells. `places` were searched; `unread` items could not be; `exempted` are codes of exemptions."""

    case_id: str
    name: str
    received: date
    today: date
    items: int
    redactions: int
    categories: Sequence[str]
    places: Sequence[str]
    unread: int
    exempted: Sequence[str]
    version: str
    expires: date | None = None
    recipients: Sequence[Recipient] = ()
    sent_to: Sequence[str] = ()  # organisations to which messages about the person went, by their domains


def letter(facts: Facts, controller: Controller) -> list[tuple[str, str]]:
    """(heading or "", paragraph) in their order."""
    categories = [_CATEGORIES.get(one, one.replace("_", " ")) for one in facts.categories]
    searched = _SEARCHED.format(places=", ".join(facts.places), version=facts.version, unread=_unread(facts.unread))
    return [
        ("", f"{controller.name}\n{controller.contact}"),
        ("", f"{written(facts.today)}\nOur reference: {facts.case_id}"),
        ("Your request to see your data", f"Dear {facts.name},"),
        ("", _answer(facts)),
        ("What was searched", searched),
        ("What we took out", _taken(facts)),
        ("What the data are for", controller.purposes),
        ("Kinds of data", "; ".join(categories) or "none"),
        ("Who receives them", _recipients(facts, controller)),
        ("How long we keep them", controller.retention),
        ("Your rights", _RIGHTS),
        ("If you are not content", _COMPLAINT.format(contact=_complaints(controller))),
        ("Where we have them from", _SOURCE),
        ("Decisions by machines", machine_decisions(controller)),
        ("Transfers to other countries", controller.transfers),
    ]


def _complaints(controller: Controller) -> str:
    """Where nobody else is named for complaints, it is who answers (section 164A)."""
    return controller.complaints if controller.complaints != UNKNOWN else controller.contact


def _answer(facts: Facts) -> str:
    items = plural(facts.items, "extract")
    return _ANSWER.format(received=written(facts.received), items=items) + _expiry(facts.expires)


def _expiry(day: date | None) -> str:
    return f" Please save it by {written(day)}: after that day we delete our copy of this answer." if day else ""


def _recipients(facts: Facts, controller: Controller) -> str:
    """Named where they are known (Article 15(1)(c))."""
    said = [] if controller.recipients == UNKNOWN and facts.recipients else [controller.recipients]
    said += [one.name if one.what == UNKNOWN else f"{one.name}: {one.what}" for one in facts.recipients]
    if facts.sent_to:
        said.append(f"messages about you went to addresses at {', '.join(facts.sent_to)}")
    return "; ".join(text.rstrip(". ") for text in said) + "."


def _unread(number: int) -> str:
    if not number:
        return "Everything there could be read."
    return f"{plural(number, 'file')} could not be read, or only in part; see not-examined.csv for the reasons."


def _taken(facts: Facts) -> str:
    said = f"We took out {plural(facts.redactions, 'mention')} of other people (DPA 2018, Schedule 2, paragraph 16)."
    for code in facts.exempted:
        said += f" We hold something back under an exemption: {EXEMPTIONS[code]}."
    return said if facts.redactions or facts.exempted else "Nothing was taken out."


def as_html(told: Sequence[tuple[str, str]], title: str = "Answer to your request") -> str:
    """The letter as a page that prints on A4."""
    body = "".join(
        (f"<h2>{escape(heading)}</h2>" if heading else "") + f"<p>{escape(text).replace(chr(10), '<br>')}</p>"
        for heading, text in told
    )
    return page(title, body)


def as_docx(told: Sequence[tuple[str, str]]) -> bytes:
    """The letter for a word processor, to be put under the organisation's own head."""
    document = Document()
    document.core_properties.author = ""
    document.core_properties.comments = ""
    for heading, text in told:
        if heading:
            document.add_heading(heading, level=2)
        document.add_paragraph(text)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()
