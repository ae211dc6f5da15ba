"""What can happen to a request: a closed list, with what must be said of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What happened. The values are what is typed: `whosedata case event 2026-0001 identity-confirmed`."""

    OPENED = "opened"
    IDENTITY_ASKED = "identity-asked"
    IDENTITY_CONFIRMED = "identity-confirmed"
    AUTHORITY_ASKED = "authority-asked"
    AUTHORITY_RECEIVED = "authority-received"
    FEE_ASKED = "fee-asked"
    FEE_PAID = "fee-paid"
    QUESTION_ASKED = "question-asked"
    QUESTION_ANSWERED = "question-answered"
    EXTENDED = "extended"
    SEARCHED = "searched"
    NOT_SEARCHED = "not-searched"
    DECIDED = "decided"
    PACKED = "packed"
    CHANGED = "changed"
    ERASED = "erased"
    MARKED = "marked"
    RECIPIENTS_TOLD = "recipients-told"
    RECIPIENT = "recipient"
    RECIPIENT_TOLD = "recipient-told"
    RECIPIENT_NOT_TOLD = "recipient-not-told"
    DISCLOSED = "disclosed"
    ACKNOWLEDGED = "acknowledged"
    SENT = "sent"
    HELD = "held"
    RELEASED = "released"
    TODO = "to-do"
    DONE = "done"
    NOTE = "note"
    CLOSED = "closed"
    REOPENED = "reopened"
    PURGED = "purged"


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the journal. `at` is when it was written (ISO, UTC), `day` when it happened (Europe/London)."""

    number: int
    case_id: str
    at: str
    day: date
    kind: Kind
    said: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an event stands for, in words, and which words it cannot do without."""

    words: str
    needs: tuple[str, ...] = ()


MEANINGS: Mapping[Kind, Meaning] = {
    Kind.OPENED: Meaning("the request came"),
    Kind.IDENTITY_ASKED: Meaning("proof of identity was asked for: the time has not begun"),
    # Article 5(1)(c): how it was checked is kept, the document never.
    Kind.IDENTITY_CONFIRMED: Meaning("it is clear who asks", ("method",)),
    Kind.AUTHORITY_ASKED: Meaning("an agent's authority was asked for: the time has not begun"),
    Kind.AUTHORITY_RECEIVED: Meaning("the agent's authority came"),
    Kind.FEE_ASKED: Meaning("a fee was asked for (Article 12(5)): the time has not begun", ("why",)),
    Kind.FEE_PAID: Meaning("the fee was paid"),
    Kind.QUESTION_ASKED: Meaning("we asked what exactly is wanted: the time of access stands still", ("why",)),
    Kind.QUESTION_ANSWERED: Meaning("the answer came"),
    Kind.EXTENDED: Meaning("two more months, told to the person (Article 12(3))", ("why",)),
    Kind.SEARCHED: Meaning("a place was searched", ("place",)),
    Kind.NOT_SEARCHED: Meaning("a place was left out of the search", ("place", "why")),
    Kind.DECIDED: Meaning("a person decided", ("decision", "why")),
    Kind.PACKED: Meaning("the answer was made"),
    Kind.CHANGED: Meaning("data were corrected", ("what",)),
    Kind.ERASED: Meaning("data were erased, or kept with a reason", ("what",)),
    Kind.MARKED: Meaning("data are restricted, or the person is on the suppression list", ("what",)),
    Kind.RECIPIENTS_TOLD: Meaning("recipients were told (Article 19), or there are none", ("who",)),
    Kind.RECIPIENT: Meaning("somebody has these data from us and is to be told (Article 19)", ("who",)),
    Kind.RECIPIENT_TOLD: Meaning("a recipient was told", ("recipient", "how")),
    Kind.RECIPIENT_NOT_TOLD: Meaning("telling a recipient is impossible or disproportionate", ("recipient", "why")),
    Kind.DISCLOSED: Meaning("data went to an authority", ("who", "why")),
    Kind.ACKNOWLEDGED: Meaning("the complaint was acknowledged (DPA 2018 section 164A)"),
    Kind.SENT: Meaning("the answer was sent", ("how",)),
    Kind.HELD: Meaning("nothing of this person may be erased", ("why",)),
    Kind.RELEASED: Meaning("the hold ended", ("why",)),
    Kind.TODO: Meaning("something must be done by hand", ("what",)),
    Kind.DONE: Meaning("it was done by hand", ("to-do",)),
    Kind.NOTE: Meaning("a note", ("note",)),
    Kind.CLOSED: Meaning("the request ended", ("outcome",)),
    Kind.REOPENED: Meaning("the request goes on", ("why",)),
    Kind.PURGED: Meaning("the words of this request were taken away"),
}
