"""A picture of a telephone (HEIC) goes in; the text that is read in it and its notes come out. Needs an extra."""

from collections.abc import Iterator
from typing import IO

import pillow_heif

from scanner.formats.pictures.image import read_image, too_many
from scanner.limits import Budget
from scanner.model import Lost, Part, Reason, Skip


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """The main picture, as other pictures are read."""
    try:
        file = pillow_heif.open_heif(stream, convert_hdr_to_8bit=True)
        width, height = file.size
        if width * height > budget.limits.max_pixels:
            yield Lost("", Reason.LIMIT, too_many(budget))
            return
        image = file.to_pillow()
    except MemoryError:
        raise
    except Exception as error:
        raise Skip(Reason.DAMAGED, f"not a picture that can be opened ({type(error).__name__})") from error
    yield from read_image(image, budget)
