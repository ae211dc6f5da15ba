"""Places of a scan go in, whether each is still there comes out: a lost share is one sentence, not a thousand rows."""

import os
from collections.abc import Callable, Iterable
from functools import partial

from scanner.addresses import is_address
from scanner.model import Reason
from scanner.patience import patiently
from scanner.plan import Root

# What a file has whose share is gone: it cannot be read, is not there, or may not be read any more.
UNSURE = frozenset((Reason.IO_ERROR, Reason.CHANGED, Reason.PERMISSION, Reason.TIMED_OUT))


class LostPlaceError(Exception):
    """A folder that is scanned is not there any more; the message says what to do."""


class Folders:
    """The folders of a scan as they were when it began, and the addresses of it. Files are not watched."""

    def __init__(self, roots: Iterable[Root], ask: Callable[[Root], None] | None = None) -> None:
        """Look at all of them; `ask` looks at an address, and raises LostPlaceError when nobody answers there.

        Raises:
            LostPlaceError: one is there, and cannot be listed.
        """
        self._begun: dict[str, tuple[str, int]] = {}
        self._elsewhere: dict[str, Root] = {}
        self._ask = ask
        for root in roots:
            if is_address(root.path):
                self._elsewhere[root.label] = root
            if root.path != "-" and not is_address(root.path):
                try:
                    device = patiently(partial(_device, root.path))
                except (FileNotFoundError, NotADirectoryError, PermissionError):  # the walk gives it its row
                    continue
                except OSError as error:
                    raise lost(root.path, error) from error
                self._begun[root.label] = root.path, device

    def require(self, label: str) -> None:
        """Something in this place could not be read: the place itself must be as it was.

        Raises:
            LostPlaceError: it cannot be listed, or lies on another device: what was mounted there is gone.
        """
        if self._ask and label in self._elsewhere:
            self._ask(self._elsewhere[label])
        if label not in self._begun:
            return
        path, device = self._begun[label]
        try:
            found = patiently(partial(_device, path))
        except OSError as error:
            raise lost(path, error) from error
        if found != device:
            raise LostPlaceError(sentence(path, "another disk or share is there now"))


def lost(path: str, error: OSError) -> LostPlaceError:
    """What to raise when the system refuses a folder of the scan."""
    return LostPlaceError(sentence(path, error.strerror or type(error).__name__))


def _device(path: str) -> int:
    """Of a folder that can be listed."""
    with os.scandir(path) as entries:
        next(entries, None)
    return os.stat(path).st_dev  # noqa: PTH116 - plain strings keep odd bytes


def sentence(path: str, why: str) -> str:
    """What to tell whoever scans it."""
    return (
        f"{path} cannot be read any more ({why}): the disk or share is gone. Nothing is lost: connect it again, and "
        "the same command goes on with what is not done."
    )
