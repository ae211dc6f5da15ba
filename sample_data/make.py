"""Makes the sample share and what must be found in it: `python sample_data/make.py` from the root of the repository.

`share/` is the small file share of an invented charity, `trouble/` holds files that no scan can read (locked, cut off,
of an unknown kind), `expected/` says what is planted where:
findings.tsv  item, entity_type, value (as it stands in the file), normalised, count (how often it stands there)
decoys.tsv    item, value, why: looks like personal data and is none
items.tsv     item, status, reason, duplicate_of, document_class: one row for each file and member; trouble.tsv likewise
"""

import argparse
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

import correspondence
import paperwork
import personnel
import stores
import tables
from people import make_people
from planting import Share, normalise


def make_share() -> Share:
    """Everything, in memory; the same bytes on every call."""
    share, people = Share(), make_people()
    for folder in (paperwork, tables, correspondence, stores, personnel):
        folder.make(share, people)
    return share


def write_share(share: Share, target: Path) -> None:
    """Replace share/, trouble/ and expected/ below the target."""
    for name in ("share", "trouble", "expected"):
        shutil.rmtree(target / name, ignore_errors=True)
    trouble = {item.partition("!/")[0] for item, (status, _, _) in share.items.items() if status != "examined"}
    for path, content in share.files.items():
        file = target / ("trouble" if path in trouble else "share") / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    found = [
        (item, kind, shown, normalise(kind, shown), str(count)) for (item, kind, shown), count in share.findings.items()
    ]
    _write_tsv(
        target / "expected" / "findings.tsv", ("item", "entity_type", "value", "normalised", "count"), sorted(found)
    )
    decoys = sorted((*key, why) for key, why in share.decoys.items())
    _write_tsv(target / "expected" / "decoys.tsv", ("item", "value", "why"), decoys)
    for name, wanted in (("items", False), ("trouble", True)):
        rows = sorted(
            (item, *row, share.classes.get(item, ""))
            for item, row in share.items.items()
            if (item.partition("!/")[0] in trouble) is wanted
        )
        _write_tsv(
            target / "expected" / f"{name}.tsv", ("item", "status", "reason", "duplicate_of", "document_class"), rows
        )


def _write_tsv(path: Path, heading: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A line break inside of a value is written as backslash and n."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ["\t".join(cell.replace("\r", "").replace("\n", "\\n") for cell in row) for row in (heading, *rows)]
    path.write_bytes(("\n".join(lines) + "\n").encode())


def main() -> None:
    """Read the options, make everything, say how much it is."""
    options = argparse.ArgumentParser(description="Makes the sample share and what must be found in it.")
    options.add_argument("--out", type=Path, default=Path(__file__).parent, help="folder for share/ and expected/")
    share = make_share()
    target = options.parse_args().out
    write_share(share, target)
    size = sum(map(len, share.files.values()))
    print(f"{len(share.files)} files, {size / 1024:.0f} KB, {sum(share.findings.values())} values planted, in {target}")


if __name__ == "__main__":
    main()
