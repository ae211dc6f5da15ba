"""Our reading of plain British numbers is libphonenumber's own, number by number."""

import random

import phonenumbers
import pytest

from detectors.phones_british import read_british

BEGINNINGS = (
    "01", "02", "03", "05", "07", "08", "09", "01481", "01534", "01624", "07624", "07911", "07797", "07781", "0800",
    "0845", "055", "056", "070", "076", "0808", "08001111", "020", "0114", "04", "06",
)  # fmt: skip


def numbers(of_each: int) -> list[str]:
    rng = random.Random(44)
    made = []
    for beginning in BEGINNINGS:
        for _ in range(of_each):
            rest = "".join(rng.choices("0123456789", k=max(0, rng.choice((8, 10, 11, 11, 11, 12)) - len(beginning))))
            at = rng.randint(0, len(rest))
            written = beginning + rest[:at] + rng.choice(("", " ")) + rest[at:]
            made.append(rng.choice(("+44", "+44 ")) + written[1:] if rng.random() < 0.4 else written)
    return made


@pytest.mark.parametrize("of_each", [60, pytest.param(2_000, marks=pytest.mark.slow)])
def test_what_is_read_is_what_libphonenumber_reads(of_each: int) -> None:
    read = 0
    for written in numbers(of_each):
        ours = read_british(written)
        found = list(phonenumbers.PhoneNumberMatcher(written, "GB", leniency=phonenumbers.Leniency.VALID))
        if ours is not None:
            (match,) = found
            assert (match.start, match.end) == (0, len(written))
            assert str(match.number.national_number) == ours.national
            assert phonenumbers.region_code_for_number(match.number) == ours.region
            assert phonenumbers.number_type(match.number) == ours.kind
            read += 1
        else:
            assert not found or (found[0].start, found[0].end) != (0, len(written)) or not written.isascii()
    assert read > 5 * of_each


@pytest.mark.parametrize("written", ["01908-880677", "(01908) 880677", "01908  880677", "1908 880677", "01908 880677 "])
def test_other_spellings_are_left_to_libphonenumber(written: str) -> None:
    assert read_british(written) is None
