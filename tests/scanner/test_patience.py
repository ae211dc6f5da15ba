"""What is refused for a moment is asked for again; what is refused for good costs no time, or not much."""

import errno
import os
import time
from pathlib import Path

import pytest

from scanner.patience import PASSING, WAITS, PatientFile, patiently


class Server:
    """Refuses so often."""

    def __init__(self, times: int, number: int) -> None:
        self.times, self.number, self.asked = times, number, 0

    def answer(self) -> str:
        self.asked += 1
        if self.asked <= self.times:
            raise OSError(self.number, os.strerror(self.number))
        return "here it is"


@pytest.mark.parametrize("number", sorted(PASSING))
def test_what_passes(number: int) -> None:
    server = Server(1, number)
    assert (patiently(server.answer), server.asked) == ("here it is", 2)


def test_it_waits_longer_each_time_and_then_gives_up() -> None:
    server, begun = Server(99, errno.EIO), time.monotonic()
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        patiently(server.answer)
    assert server.asked == 1 + len(WAITS)
    assert list(WAITS) == sorted(WAITS)
    assert sum(WAITS) <= time.monotonic() - begun < sum(WAITS) + 5


@pytest.mark.parametrize("number", [errno.EACCES, errno.ENOENT, errno.ENOSPC])
def test_what_does_not_pass_is_asked_once(number: int) -> None:
    server = Server(99, number)
    with pytest.raises(OSError, match=os.strerror(number)):
        patiently(server.answer)
    assert server.asked == 1


@pytest.mark.parametrize("whole", [True, False])
def test_a_refusal_that_no_patience_helps_is_kept(tmp_path: Path, whole: bool) -> None:
    """A folder opens, and refuses to be read."""
    handle = os.open(tmp_path, os.O_RDONLY)
    other = tmp_path / "a.txt"
    other.write_bytes(b"some text")
    with PatientFile(os.open(other, os.O_RDONLY), lambda: -1) as file:
        os.dup2(handle, file.fileno())
        os.close(handle)
        with pytest.raises(IsADirectoryError):
            file.readall() if whole else file.readinto(bytearray(9))
        assert file.refused == os.strerror(errno.EISDIR)


def test_a_handle_that_is_known_no_more_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"some text")
    with PatientFile(os.open(path, os.O_RDONLY), lambda: os.open(path, os.O_RDONLY)) as file:
        file.seek(5)
        stale = OSError(errno.ESTALE, os.strerror(errno.ESTALE))
        number = file.fileno()
        assert file._again(stale, 5, lambda: os.read(number, 9)) == b"text"
        assert file.fileno() == number
        assert file.refused == ""
