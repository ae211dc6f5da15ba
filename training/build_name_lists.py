"""Public lists of names and names_by_hand.txt go in, detectors/rules/name_lists.txt comes out: one small table of both.

    python training/build_name_lists.py ../shared/data /usr/share/dict/british-english-small

`names/` there holds common-forenames-by-country.csv and common-surnames-by-country.csv (sigpwned, CC0 1.0) and
smashew_surnames_uk.txt (NameDatabases, Unlicense); `ner/` holds labelled English text, which tells with the word list
(Debian's wbritish-small) what names are ordinary words or places, too: a mark * in the table.
"""

import csv
import re
import sys
from collections import Counter
from pathlib import Path

from detectors.name_lists import plain
from detectors.name_words import words as listed

HERE = Path(__file__).parent
TABLE = HERE.parent / "detectors" / "rules" / "name_lists.txt"
HEAD = (
    "# Names of people, in small letters and without accents; * behind those that are ordinary words, too. Made by\n"
    "# training/build_name_lists.py from lists by country (sigpwned, CC0 1.0), British surnames\n"
    "# (NameDatabases, Unlicense) and training/names_by_hand.txt.\n"
)
PROSE = ("wikigold.conll", "gum-train.conll", "uner_ewt-dev.iob2", "re3d-train.conll")
_NAME = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*\Z")


def by_country(path: Path) -> set[str]:
    """The names of one of the public lists, as they are written with Latin letters."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    written = {row[column] for row in rows for column in ("Localized Name", "Romanized Name") if row[column]}
    return {plain(name) for name in written if _NAME.match(name) and plain(name).isascii() and len(name) > 1}


def british(path: Path) -> set[str]:
    """The British surnames of the public-domain list that are no ordinary words of an office."""
    names = {plain(line.strip()) for line in path.read_text(encoding="utf-8").splitlines() if _NAME.match(line.strip())}
    others = listed("common") | listed("organisation") | listed("no_value") | listed("around")
    return {name for name in names - others if name.isascii() and len(name) > 2}


def by_hand(section: str) -> set[str]:
    """The names of one section of names_by_hand.txt."""
    _, _, rest = (HERE / "names_by_hand.txt").read_text(encoding="utf-8").partition(f"[{section}]\n")
    lines = rest.partition("\n[")[0].splitlines()
    return {plain(name) for line in lines if not line.startswith("#") for name in line.split()}


def ordinary(data: Path) -> set[str]:
    """Words that stand in small letters in edited English text, outside of names."""
    seen: Counter[str] = Counter()
    for file in PROSE:
        for line in (data / "ner" / file).read_text(encoding="utf-8").splitlines():
            fields = re.split(r"[\t ]+", line)
            word, tag = (fields[1], fields[2]) if file.endswith("iob2") and len(fields) > 2 else (fields[0], fields[-1])
            if word.islower() and "PER" not in tag.upper():
                seen[plain(word)] += 1
    return {word for word, count in seen.items() if count > 1}


def main() -> None:
    """Write the table."""
    data = Path(sys.argv[1])
    dictionary = {plain(line) for line in Path(sys.argv[2]).read_text(encoding="utf-8").splitlines() if line.islower()}
    words = ordinary(data) | by_hand("word")
    given = by_country(data / "names/common-forenames-by-country.csv") | by_hand("given")
    surnames = by_country(data / "names/common-surnames-by-country.csv") | by_hand("surname")
    more = british(data / "names/smashew_surnames_uk.txt") - surnames
    surnames, words = surnames | more, words | more & (dictionary | listed("place"))
    with TABLE.open("w", encoding="utf-8") as out:
        out.write(HEAD)
        for section, names in (("given", given), ("surname", surnames)):
            out.write(f"[{section}]\n")
            line = ""
            for name in sorted(names):
                shown = f"{name}*" if name in words else name
                if len(line) + len(shown) > 118:
                    out.write(line.strip() + "\n")
                    line = ""
                line += f" {shown}"
            out.write(line.strip() + "\n")


if __name__ == "__main__":
    main()
