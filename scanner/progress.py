"""What a scan tells its observer goes in, a progress bar on standard error comes out, if that is a terminal."""

import sys
from typing import Any

from tqdm import tqdm


class Bar:
    """Files, bytes, rate and time left."""

    def __init__(self, shown: bool, told: bool = True) -> None:
        self._shown = shown and sys.stderr.isatty()
        self._told = told
        self._bar: tqdm[Any] | None = None
        self._files = self._of = 0

    def walked(self, items: int, size: int) -> None:
        """The walk is over: so many files, so many bytes."""
        self._of = items
        self._bar = tqdm(
            total=size,
            unit="B",
            unit_scale=True,
            unit_divisor=1024,
            disable=not self._shown,
            leave=False,
            file=sys.stderr,
        )
        self.finished(0, 0)

    def finished(self, items: int, size: int) -> None:
        """So many more files, so many more bytes."""
        if self._bar is not None:
            self._files += items
            self._bar.set_description(f"{self._files:,}/{self._of:,} files", refresh=False)
            self._bar.update(size)

    def resumed(self, items: int) -> None:
        """Say that nothing was lost."""
        if self._told:
            tqdm.write(f"Going on with an interrupted scan: {items:,} files are done already.", file=sys.stderr)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
