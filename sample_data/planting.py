"""Text with marks in, plain text out; each mark is noted, so that what must be found is planted and never harvested.

A mark is `⟦TYPE|shown|why⟧`. Marks are made by `mark()` and `decoy()`, never typed by hand. Members of containers are
addressed as in a report (`a.zip!/b.csv`); a mail in a mailbox has no name and is called by its place: `{1}`, `{2}`.
A postcode that ends a planted address is part of that address and is not planted a second time.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

_MARK = re.compile("⟦([A-Z_]+)\\|([^|⟧]*)\\|([^|⟧]*)⟧")
_DECOY = "DECOY"
_DIGITS = {"CREDIT_CARD": 0, "UK_NHS": 10, "UK_UTR": 10, "UK_SORT_CODE": 6, "UK_BANK_ACCOUNT": 8}  # with leading zeros
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def mark(entity_type: str, shown: str) -> str:
    """A piece of personal data as it will stand in the file."""
    return f"⟦{entity_type}|{shown}|⟧"


def decoy(why: str, shown: str) -> str:
    """Something that looks like personal data and is none."""
    return f"⟦{_DECOY}|{shown}|{why}⟧"


@dataclass(slots=True)
class Share:
    """The files made so far, what was planted in them, and what a scan must say of each file and member."""

    files: dict[str, bytes] = field(default_factory=dict)
    findings: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # item, entity type, as shown
    decoys: dict[tuple[str, str], str] = field(default_factory=dict)  # item, as shown -> why it is none
    items: dict[str, tuple[str, str, str]] = field(default_factory=dict)  # status, reason, duplicate of
    classes: dict[str, str] = field(default_factory=dict)  # item -> class of document

    def render(self, item: str, text: str) -> str:
        """The text without its marks; what they say is noted for `item`."""

        def note(match: re.Match[str]) -> str:
            entity_type, shown, why = match.groups()
            if entity_type == _DECOY:
                self.decoys[item, shown] = why
            else:
                self.findings[item, entity_type, shown] += 1
            return shown

        return _MARK.sub(note, text)

    def add(self, path: str, content: bytes, status: str = "examined", reason: str = "") -> None:
        """A file of the share."""
        self.files[path] = content
        self.expect(path, status, reason)

    def expect(self, item: str, status: str = "examined", reason: str = "") -> None:
        """What a scan must say of a file or member."""
        self.items[item] = (status, reason, "")

    def write(self, path: str, text: str, encoding: str = "utf-8", line_end: str = "\n") -> None:
        """A text file of the share, from marked text."""
        self.add(path, self.render(path, text).replace("\n", line_end).encode(encoding))

    def copy(self, original: str, duplicate: str) -> None:
        """The same bytes at a second path: everything planted in a copy has to be found there, too."""
        self.add(duplicate, self.files[original])
        self.items[duplicate] = (*self.items[original][:2], original)
        if original in self.classes:
            self.classes[duplicate] = self.classes[original]
        for (item, entity_type, shown), count in list(self.findings.items()):
            if item == original:
                self.findings[duplicate, entity_type, shown] += count


def normalise(entity_type: str, shown: str) -> str:
    """One spelling for each value, so that a finding can be compared with what was planted."""
    if entity_type == "PHONE_NUMBER":
        digits = re.sub(r"[^0-9]", "", shown.partition("ext")[0].replace("(0)", ""))
        return "+44" + re.sub(r"^(0044|44|0)", "", digits)
    if entity_type == "DATE_OF_BIRTH":
        return _iso_date(shown)
    if entity_type in _DIGITS:
        return re.sub(r"[^0-9]", "", shown).zfill(_DIGITS[entity_type])
    if entity_type in {"EMAIL_ADDRESS", "IP_ADDRESS", "MESSAGE_ID"}:
        return shown.casefold()
    if entity_type in {"PERSON", "ADDRESS"}:
        return " ".join(re.sub(r"[^\w\s]", " ", shown.casefold()).split())
    return re.sub(r"[\s.-]", "", shown).upper()


def _iso_date(shown: str) -> str:
    if match := re.fullmatch(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})", shown.strip()):
        day, month, year = map(int, match.groups())
    elif match := re.fullmatch(r"([0-9]{1,2})(?:st|nd|rd|th)? ([A-Z][a-z]+) ([0-9]{4})", shown.strip()):
        day, month, year = int(match[1]), [name[:3] for name in _MONTHS].index(match[2][:3]) + 1, int(match[3])
    else:
        return shown.strip()[:10]
    return f"{year:04}-{month:02}-{day:02}"


def long_date(iso: str) -> str:
    """1981-06-14 -> 14 June 1981."""
    year, month, day = iso.split("-")
    return f"{int(day)} {_MONTHS[int(month) - 1]} {year}"


def uk_date(iso: str) -> str:
    """1981-06-14 -> 14/06/1981."""
    return "/".join(reversed(iso.split("-")))
