"""Byte, member and depth limits of one top-level item; a Budget is charged by every nested reader and ends in Skip."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from scanner.bounded import BoundedSpool
from scanner.model import Reason, Skip

MB = 1024 * 1024
# A hundred times what the slowest of ordinary files takes: a large one must not look like one that has no end.
SECONDS_PER_MB = 600


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, times in seconds; defaults as ClamAV and Tika set theirs (reliability.md, goal A2)."""

    max_file_size: int = 0  # 0 = no limit
    max_extracted: int = 2048 * MB  # per top-level item, all members together
    max_ratio: int = 200  # extracted : packed, once over ratio_from
    ratio_from: int = 10 * MB
    max_depth: int = 10
    max_members: int = 100_000
    max_cells: int = 10_000_000  # of tables; one more for each byte: only what repeats a cell without end meets it
    max_pages: int = 100_000
    max_header: int = 64 * 1024  # one mail header
    item_seconds: float = 900.0  # processor time of one top-level item, SECONDS_PER_MB more for each of its MB
    stall_seconds: float = 60.0  # CPU time without progress; five times that in wall time
    password_seconds: float = 30.0  # processor time for passwords that do not fit, per top-level item
    worker_memory: int = 2048 * MB  # above what a worker needs when idle
    slice_size: int = 32 * MB  # a file of twice this size is read in slices of it, by all workers; 0 = as a whole
    mark_seconds: float = 15.0  # how often a big item sets a mark to go on from
    max_pixels: int = 120_000_000  # of one picture; an A3 page of 600 dpi has 70 million
    ocr_page_seconds: float = 30.0  # to read one page or picture
    ocr_item_seconds: float = 1800.0  # processor time to read all pictures of one top-level item
    connect_seconds: float = 20.0  # to reach a server
    answer_seconds: float = 120.0  # that a server may take for one answer; keep it under five times stall_seconds
    max_spooled: int = 4096 * MB  # of a remote file: a larger one is read where it lies, piece by piece


class Budget:
    """What is left for one top-level item. Formats charge it; children share their parent's budget.

    It also carries what every reader may have to know: `passwords` to try, each with its line number in the password
    file (from 1), and when to read pictures (`ocr`: auto, off or all).
    """

    def __init__(
        self, limits: Limits, packed_size: int, passwords: tuple[tuple[int, str], ...] = (), ocr: str = "auto"
    ) -> None:
        self.limits = limits
        self.passwords = passwords
        self.ocr = ocr
        self.packed_size = max(packed_size, 1)
        self.extracted = 0
        self.kept = 0
        self.text = 0
        self.members = 0
        self.cells = 0
        self._cells_per_byte = 1
        self.pages = 0
        self._begun = time.process_time()
        self.fitting: int | None = None  # line of the password that fitted last
        self._tried = 0.0
        self.ocr_seconds = 0.0
        self.recognised: dict[bytes, object] = {}  # what was read, by pixels: a logo stands in every mail of a mailbox

    @property
    def password_advice(self) -> str:
        """The detail of what is `encrypted`: what the reader of the report can do next."""
        if self.passwords and self._tried > self.limits.password_seconds:
            return f"needs a password: {self.limits.password_seconds:g} seconds went into trying those in the file"
        if self.passwords:
            return "needs a password: none in the password file opens it"
        return "needs a password: --passwords FILE tries those that you know"

    def tries(self) -> Iterator[tuple[int, str]]:
        """(line, password) to try, the one that fitted last in front, until the time for it is used up."""
        for line, password in sorted(self.passwords, key=lambda pair: pair[0] != self.fitting):
            if self._tried > self.limits.password_seconds:
                return
            begun = time.process_time()
            try:
                yield line, password
            finally:
                if line != self.fitting:
                    self._tried += time.process_time() - begun

    def fits(self, line: int) -> None:
        """The password of this line opened something."""
        self.fitting = line

    def charge_bytes(self, count: int) -> None:
        """Count unpacked bytes; raises Skip(limit) when the item outgrows its limits."""
        self.extracted += count
        self.kept += count
        if self.extracted > self.limits.max_extracted:
            raise Skip(Reason.LIMIT, f"unpacks to more than {self.limits.max_extracted // MB} MB")
        self._check_ratio(self.kept)
        self.check_time()

    def charge_text(self, count: int) -> None:
        """Count characters that a format yields: one that yields without end is cut, a big plain file is not."""
        self.text += count
        self._check_ratio(self.text - self.kept)
        self.check_time()

    def charge_cells(self, count: int) -> None:
        """Count cells of tables; raises Skip(limit) for many more than there can be in so many bytes."""
        self.cells += count
        if self.cells > self.limits.max_cells + self._cells_per_byte * (self.packed_size + self.extracted):
            raise Skip(Reason.LIMIT, f"more than {self.limits.max_cells:,} cells (max_cells)")

    def allow_cells(self, per_byte: int) -> None:
        """Let there be so many cells for each byte from now on: of a format that keeps equal values once."""
        self._cells_per_byte = max(self._cells_per_byte, per_byte)

    def charge_page(self, number: int, of: int) -> None:
        """Count a page, `number` of a document of `of` pages (0 = not known); raises Skip(limit) over the limit."""
        self.pages += 1
        if self.pages > self.limits.max_pages:
            total = f" of {of:,}" if of else ""
            read = f"pages 1-{number - 1:,}{total} were read" if number > 1 else "no page was read"
            raise Skip(Reason.LIMIT, f"more than {self.limits.max_pages:,} pages (max_pages); {read}")
        self.check_time()

    def check_time(self) -> None:
        """Raises Skip(limit) when the item has used up its processor time; reading pictures has a limit of its own."""
        used = time.process_time() - self._begun - self.ocr_seconds
        if used > self.limits.item_seconds + SECONDS_PER_MB * self.packed_size / MB:
            raise Skip(Reason.LIMIT, f"not finished after {used / 60:,.0f} minutes of processor time (item_seconds)")

    def spent(self) -> tuple[int, ...]:
        """What has been charged so far, for resume()."""
        used = int(time.process_time() - self._begun)
        return self.extracted, self.kept, self.text, self.members, self.cells, self.pages, used

    def resume(self, spent: tuple[int, ...]) -> None:
        """Go on where another process was when it asked for spent()."""
        self.extracted, self.kept, self.text, self.members, self.cells, self.pages, used = spent
        self._begun = time.process_time() - used

    def receive(self, count: int) -> None:
        """Count bytes that a server itself gave: they are the size of what is read, of which nobody knew before."""
        self.packed_size += count

    def refund(self, kept: int) -> None:
        """Forget what a member used up that was given up: its siblings must still be read.

        `extracted` is never forgotten, so the work for one top-level item stays bounded.
        """
        self.kept = kept

    def _check_ratio(self, count: int) -> None:
        if count > self.limits.ratio_from and count > self.limits.max_ratio * self.packed_size:
            raise Skip(Reason.LIMIT, f"unpacks to more than {self.limits.max_ratio} times its size")

    def charge_member(self) -> None:
        """Count one member; raises Skip(limit) over the limit."""
        self.check_time()
        self.members += 1
        if self.members > self.limits.max_members:
            raise Skip(Reason.LIMIT, f"more than {self.limits.max_members} members")

    def filling(self, source: IO[bytes], target: IO[bytes]) -> Iterator[int]:
        """Copy in small chunks, charging each, because a declared size may lie; gives the size of each."""
        while chunk := source.read(MB // 4):
            self.charge_bytes(len(chunk))
            target.write(chunk)
            yield len(chunk)
        target.seek(0)

    @contextmanager
    def spooled(self, source: IO[bytes]) -> Iterator[IO[bytes]]:
        """A seekable copy of a stream, in memory up to 16 MB, charged; gone when the block ends."""
        with spool() as copy:
            for _ in self.filling(source, copy):
                pass
            yield copy


def spool() -> IO[bytes]:
    """An empty file that is in memory up to 16 MB."""
    return BoundedSpool(max_size=16 * MB)
