"""The table of erasure actions: media type -> "module:function"; one line to add one.

An action is a function `rewrite(source, target, cuts)`: it writes to `target` what `source` holds without the cuts,
every byte that is not concerned as it was. It raises CannotErase when that cannot be done; then a person has to do it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import IO, TypeAlias, cast

from scanner.home import Key
from scanner.locators import MEMBER

Rewrite: TypeAlias = Callable[[IO[bytes], IO[bytes], "Cuts"], None]
ERASED = "[erased]"


class CannotErase(Exception):  # noqa: N818 - a noun like Skip: it is no error of ours
    """It must be done by hand; the message says why, in words, and quotes no content."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What stands at one location of the item, as it stands there now. `whole_row`: the row of the table goes.

    `new`: what to write in its place (a rectification); None erases it. `everywhere`: the value is one person's alone,
    and nothing in the file was decided to keep it, so that it goes wherever it stands.
    """

    location: str
    text: str
    whole_row: bool = False
    new: str | None = None
    everywhere: bool = False

    @property
    def words(self) -> str:
        """What stands in running text afterwards."""
        return ERASED if self.new is None else self.new


@dataclass(frozen=True, slots=True)
class Cuts:
    """Everything to take out of one file: cuts in it, and members that go whole, by their locators.

    `inside`: cuts in members, (media type, cuts) by locator.
    """

    path: str
    cuts: Sequence[Cut]
    members: frozenset[str]
    key: Key = field(repr=False)
    inside: Mapping[str, tuple[str, Sequence[Cut]]] = field(default_factory=dict)

    def within(self, path: str) -> "Cuts":
        """The same for one member of it."""
        below = path + MEMBER
        return replace(
            self,
            path=path,
            cuts=self.inside[path][1] if path in self.inside else (),
            members=frozenset(one for one in self.members if one.startswith(below)),
            inside={one: cuts for one, cuts in self.inside.items() if one.startswith(below)},
        )

    @property
    def any(self) -> bool:
        """Whether anything is to be done."""
        return bool(self.cuts or self.members or self.inside)


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ACTIONS = {
    "text/plain": "subjects.erasure.actions.lines:rewrite",
    "text/csv": "subjects.erasure.actions.csv_rows:rewrite",
    "application/json": "subjects.erasure.actions.json_values:rewrite",
    "application/x-ndjson": "subjects.erasure.actions.json_values:rewrite",
    "application/mbox": "subjects.erasure.actions.mailbox:rewrite",
    "message/rfc822": "subjects.erasure.actions.message:rewrite",
    "application/vnd.sqlite3": "subjects.erasure.actions.sqlite_rows:rewrite",
    "application/zip": "subjects.erasure.actions.zipped.archive:rewrite",
    _WORD: "subjects.erasure.actions.zipped.letter:rewrite",
    _EXCEL: "subjects.erasure.actions.zipped.workbook:rewrite",
}
# One message, decided on as a whole: the file goes.
WHOLE_FILES = frozenset({"message/rfc822", "message/x-emlx"})
# What can be reached through one of these: its members are rewritten, or left out.
CONTAINERS = frozenset({"application/zip", "application/mbox"})
# Where a row is one person's, and goes as a whole.
TABLES = frozenset({"text/csv", "application/vnd.sqlite3", "application/json", "application/x-ndjson", _EXCEL, _WORD})


def load_action(media_type: str) -> Rewrite:
    """The action for a kind of file.

    Raises:
        CannotErase: there is none.
    """
    if media_type not in ACTIONS:
        raise CannotErase("this kind of file cannot be changed by whosedata")
    module, _, name = ACTIONS[media_type].partition(":")
    return cast("Rewrite", getattr(import_module(module), name))
