"""A number and a noun go in, both as a sentence needs them come out."""


def plural(number: int, one: str, many: str = "") -> str:
    """`1 file`, `2,000 files`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
