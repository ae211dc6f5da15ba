"""A ZIP archive goes in, the same without some members, or with members changed, comes out."""

import io
from collections import Counter
from collections.abc import Callable
from typing import IO

from scanner.formats.archives.zip_members import Directory
from scanner.locators import MEMBER, quote_name
from subjects.erasure.actions import CannotErase, Cuts, load_action
from subjects.erasure.actions.zipped.entries import SAME, rewrite_entries


def rewrite(source: IO[bytes], target: IO[bytes], cuts: Cuts) -> None:
    """Leave out members, and rewrite members by the action for their kind; raises CannotErase as these do."""
    if cuts.cuts:
        raise CannotErase("it stands in the list of the archive itself, not in a member")
    # Names as the scan reads them, which knows more encodings than others do.
    read = {entry.local: entry.name for entry in Directory(source).entries()}
    names: Counter[str] = Counter()
    met: set[str] = set()

    def change(name: str, content: Callable[[], bytes], place: int) -> bytes | None:
        path = f"{cuts.path}{MEMBER}{quote_name(read.get(place, name))}"
        names[path] += 1
        inner = cuts.within(path)
        if path not in cuts.members and not inner.any:
            return SAME
        met.add(path)
        if names[path] > 1:
            raise CannotErase("two members of it have one name")
        if path in cuts.members:
            return None
        made = io.BytesIO()
        load_action(cuts.inside[path][0] if path in cuts.inside else "")(io.BytesIO(content()), made, inner)
        return made.getvalue()

    rewrite_entries(source, target, change)
    if any(names[path] > 1 for path in met):
        raise CannotErase("two members of it have one name")
    wanted = {MEMBER.join(one.split(MEMBER)[: cuts.path.count(MEMBER) + 2]) for one in (*cuts.members, *cuts.inside)}
    if wanted - met:
        raise CannotErase("a member is not there any more")
