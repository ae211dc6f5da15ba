"""The table of erasure actions: media type -> "module:function"; one line to add one.

An action is a function `rewrite(source, target, cuts)`: it writes to `target` what `source` holds without the cuts,
every byte that is not concerned as it was. It raises CannotErase when that cannot be done; then a person has to do it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import IO, TypeAlias, cast

from scanner.home import Key

Rewrite: TypeAlias = Callable[[IO[bytes], IO[bytes], "Cuts"], None]


class CannotErase(Exception):  # noqa: N818 - a noun like Skip: it is no error of ours
    """It must be done by hand; the message says why, in words, and quotes no content."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What stands at one location of the item, as it stands there now. `whole_row`: the row of the table goes."""

    location: str
    text: str
    whole_row: bool = False


@dataclass(frozen=True, slots=True)
class Cuts:
    """Everything to take out of one file: cuts in it, and members that go whole, by their locators."""

    path: str
    cuts: Sequence[Cut]
    members: frozenset[str]
    key: Key = field(repr=False)


ACTIONS = {
    "text/plain": "subjects.erasure.actions.lines:rewrite",
    "text/csv": "subjects.erasure.actions.csv_rows:rewrite",
    "application/mbox": "subjects.erasure.actions.mailbox:rewrite",
    "application/vnd.sqlite3": "subjects.erasure.actions.sqlite_rows:rewrite",
}
# One message, decided on as a whole: the file goes.
WHOLE_FILES = frozenset({"message/rfc822", "message/x-emlx"})


def load_action(media_type: str) -> Rewrite:
    """The action for a kind of file.

    Raises:
        CannotErase: there is none.
    """
    if media_type not in ACTIONS:
        raise CannotErase("this kind of file cannot be changed by whosedata")
    module, _, name = ACTIONS[media_type].partition(":")
    return cast("Rewrite", getattr(import_module(module), name))
