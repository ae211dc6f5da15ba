"""A seed in, a mailbox, a dump and a share out, each with every value that was planted in it; nobody is real."""

import random
from dataclasses import replace
from itertools import count
from pathlib import Path

from corpus import HEADING, Corpus, Planted, make_prose, make_table

BOX, DUMP = "post.mbox", "customers.sql"
INSERT = "INSERT INTO `customers` VALUES"
FOLDERS = 40  # files of a share lie in so many folders
ROWS_OF_A_STATEMENT = 100


def make_mailbox(folder: Path, size: int, seed: int) -> Corpus:
    """One mbox of plain mails, until there are `size` bytes; the bodies are those of make_prose."""
    letters = make_prose(folder.with_name(f"{folder.name}-letters"), size, seed)
    planted: set[Planted] = {(BOX, kind, value) for _, kind, value in letters.planted}
    corpus = Corpus(folder, planted=planted, pieces=[(BOX, text) for _, text in letters.pieces])
    folder.mkdir(parents=True)
    with (folder / BOX).open("w", encoding="utf-8", newline="\n") as box:
        for number, path in enumerate(sorted(letters.folder.iterdir())):
            sender = f"desk{number}@example.org"
            head = (
                f"From: {sender}\nTo: office@example.org\nSubject: Note {number}\nMessage-ID: <{number}@mail.example>"
            )
            box.write(f"From {sender} Mon Jan  6 10:00:00 2025\n{head}\n\n{path.read_text(encoding='utf-8')}\n")
            planted |= {(BOX, "EMAIL_ADDRESS", sender), (BOX, "EMAIL_ADDRESS", "office@example.org")}
            corpus.pieces.append((BOX, head))
    return replace(corpus, size=(folder / BOX).stat().st_size)


def make_dump(folder: Path, rows: int, seed: int) -> Corpus:
    """The customers of make_table as mysqldump writes them, in statements of many rows."""
    table = make_table(folder.with_name(f"{folder.name}-table"), rows, seed)
    folder.mkdir(parents=True)
    cells = [text for _, text in table.pieces]
    records = [cells[at : at + len(HEADING)] for at in range(0, len(cells), len(HEADING))]
    columns = ",\n".join(f"  `{name}` varchar(200) DEFAULT NULL" for name in HEADING)
    statements = [f"DROP TABLE IF EXISTS `customers`;\nCREATE TABLE `customers` (\n{columns}\n) ENGINE=InnoDB;"]
    for at in range(0, len(records), ROWS_OF_A_STATEMENT):
        tuples = ("(" + ",".join(f"'{cell}'" for cell in row) + ")" for row in records[at : at + ROWS_OF_A_STATEMENT])
        statements.append(f"{INSERT} {','.join(tuples)};")
    head = "-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)\n"
    (folder / DUMP).write_text(head + "\n".join(statements) + "\n", encoding="utf-8")
    planted = {(DUMP, kind, value) for _, kind, value in table.planted}
    return Corpus(folder, (folder / DUMP).stat().st_size, planted, [(DUMP, text) for _, text in table.pieces])


def make_share(folder: Path, files: int, seed: int) -> Corpus:
    """So many small text files in folders: to begin and to end a file counts for more than what is in it."""
    rng, corpus = random.Random(seed), Corpus(folder)
    letters = make_prose(folder.with_name(f"{folder.name}-letters"), files * 500, rng.randrange(1 << 30))
    texts = iter(letters.pieces)
    planted: dict[str, set[tuple[str, str]]] = {}
    for file, kind, value in letters.planted:
        planted.setdefault(file, set()).add((kind, value))
    for number, (origin, text) in zip(count(), texts, strict=False):
        if number == files:
            break
        name = f"team{number % FOLDERS:02}/note{number:06}.txt"
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text}\n", encoding="utf-8")
        corpus.size += path.stat().st_size
        corpus.pieces.append((name, text))
        corpus.planted |= {(name, kind, value) for kind, value in planted.get(origin, ()) if _holds(text, value)}
    return corpus


def _holds(text: str, value: str) -> bool:
    """Whether the text has the normalised value, however it is written."""
    plain = "".join(filter(str.isalnum, text)).casefold()
    return "".join(filter(str.isalnum, value)).casefold() in plain
