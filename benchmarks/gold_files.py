"""The folder of labelled material goes in, its files come out with the values that stand in them."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from british import make_office
from gold import Labelled, Mention
from gold_numbers import rows

SAMPLE = Path(__file__).parents[1] / "sample_data"
_EMAIL = re.compile(rb"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ID_HEADERS = re.compile(
    rb"^(?:resent-)?(?:message-id|references|in-reply-to|content-id)[ \t]*:.*(?:\n[ \t].*)*", re.MULTILINE
)


def sample_share() -> Labelled:
    """The share of an invented charity that is part of the repository: everything planted in it is listed."""
    planted = rows(SAMPLE / "expected/findings.tsv")
    wanted = tuple(Mention(_top(row["item"]), row["entity_type"], row["value"]) for row in planted)
    kinds = frozenset(one.kind for one in wanted)
    return Labelled("sample_data", "files", wanted, kinds, kinds, path=SAMPLE / "share", whole=True)


def invented_office(folder: Path) -> Labelled:
    """Papers of an invented British office, in the layouts that nothing was tuned for, written below the folder."""
    office = make_office(seed=7, held=True, copies=8)
    for name, text in office.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    wanted = tuple(Mention(one.item, one.kind, one.written) for one in office.planted)
    kinds = frozenset(one.kind for one in wanted)
    return Labelled("invented British office, held back", "files", wanted, kinds, kinds, path=folder)


def mailboxes(data: Path) -> Iterator[Labelled]:
    """Addresses that several mail tools agree on. They do not read all parts, so the list is not complete. It also
    names files that are not in the folder: those are left out.
    """
    kinds = frozenset({"EMAIL_ADDRESS", "MESSAGE_ID"})
    folder = data / "mailbox"
    listed = [row for row in rows(folder / "GOLD_addresses.tsv") if (folder / row["file"]).exists()]
    for name, suffixes in (("mail: EML, mbox", ()), ("mail: MSG", (".msg",)), ("mail: PST", (".pst",))):
        chosen = [row for row in listed if _is_one(row["file"], suffixes)]
        wanted = tuple(
            Mention(row["file"], _kind(folder / row["file"], row["address"]), row["address"]) for row in chosen
        )
        yield Labelled(name, "files", wanted, kinds, frozenset(), path=folder)


def _kind(file: Path, address: str) -> str:
    """The tools took ids of messages for addresses: what stands in headers for such ids alone is one."""
    raw, wanted = file.read_bytes().lower(), address.lower().encode()
    is_id = wanted in raw and wanted not in _ID_HEADERS.sub(b"", raw)
    return "MESSAGE_ID" if is_id else "EMAIL_ADDRESS"


def _is_one(file: str, suffixes: tuple[str, ...]) -> bool:
    return file.endswith(suffixes) if suffixes else not file.endswith((".msg", ".pst"))


def documents(data: Path) -> Iterator[Labelled]:
    """E-mail addresses that other tools read out of documents."""
    email = frozenset({"EMAIL_ADDRESS"})
    wanted = tuple(
        Mention(row["file"].removeprefix("documents/"), "EMAIL_ADDRESS", row["address"])
        for row in rows(data / "documents/GOLD_emails.tsv")
    )
    yield Labelled("documents", "files", wanted, email, email, path=data / "documents")


def dumps(data: Path) -> Iterator[Labelled]:
    """Dumps of the same shop hold the same customers: their addresses, names and cards must be found in each. The list
    names all cards, but of the e-mail addresses and names only those of customers.
    """
    folder = data / "db/real_dumps"
    wanted = []
    for path in sorted(path for path in folder.iterdir() if not path.name.startswith("GOLD")):
        raw = path.read_bytes().lower() if path.suffix in {".sql", ".xml"} else b""
        for person in rows(folder / "GOLD_subject_cells.tsv"):
            pairs = [("EMAIL_ADDRESS", person["email"]), *(("CREDIT_CARD", pan) for pan in person["pans"].split())]
            wanted += [
                Mention(path.name, kind, value) for kind, value in pairs if not raw or value.lower().encode() in raw
            ]
    kinds = frozenset({"EMAIL_ADDRESS", "CREDIT_CARD"})
    yield Labelled("dumps of a database", "files", tuple(wanted), kinds, frozenset({"CREDIT_CARD"}), path=folder)
    for name in ("fides", "chinook-database"):
        yield _mailed(name, data / "db" / name)


def _mailed(name: str, folder: Path) -> Labelled:
    """Dumps without a list: all that looks like an e-mail address in their bytes is wanted."""
    wanted = [
        Mention(path.name, "EMAIL_ADDRESS", found.decode())
        for path in sorted(folder.glob("*.sql"))
        for found in _EMAIL.findall(path.read_bytes())
    ]
    kinds = {"EMAIL_ADDRESS"}
    if name.startswith("chinook"):
        kinds |= {"PERSON", "PHONE_NUMBER"}
        wanted += [one for path in sorted(folder.glob("*.sql")) for one in _chinook(folder, path.name)]
    return Labelled(
        f"dumps: {name}", "files", tuple(wanted), frozenset(kinds), frozenset({"EMAIL_ADDRESS"}), path=folder
    )


def _chinook(folder: Path, name: str) -> Iterator[Mention]:
    """The people of the SQLite file stand in both dumps of it."""
    with sqlite3.connect(f"file:{folder}/Chinook_Sqlite.sqlite?mode=ro&immutable=1", uri=True) as base:
        for table in ("Customer", "Employee"):
            for first, last, phone in base.execute(f"SELECT FirstName, LastName, Phone FROM {table}"):  # noqa: S608
                yield from (Mention(name, "PERSON", first), Mention(name, "PERSON", last))
                if phone:
                    yield Mention(name, "PHONE_NUMBER", phone)


def contact_files(data: Path) -> Iterator[Labelled]:
    """Contacts in forms that are no CSV (vCard, JSON lines, Excel, Parquet), by their e-mail addresses and surnames."""
    folder = data / "subjects/contact_exports"
    wanted = []
    for row in rows(folder / "GOLD_subjects.tsv"):
        if not row["file"].endswith(".csv"):
            wanted.append(Mention(row["file"], "EMAIL_ADDRESS", row["true_email"]))
            if row["variation"] in {"exact", "SURNAME, Given"}:
                wanted.append(Mention(row["file"], "PERSON", row["true_name"].split()[-1]))
    kinds = frozenset({"EMAIL_ADDRESS", "PERSON"})
    yield Labelled("contacts (vCard, JSON, Excel, Parquet)", "files", tuple(wanted), kinds, frozenset(), path=folder)


def _top(item: str) -> str:
    return item.partition("!/")[0]
