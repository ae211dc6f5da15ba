"""A seed in, a folder of files full of numbers that are nobody's out: orders, stock, logs; nothing in it is personal.

10,000 order rows, as many lines of logs and the like. Every number is drawn by chance or counted up, with the check
digit that its kind carries (EAN, IMEI, ICCID), so what a reader takes for a national id or a card is false.
"""

import csv
import json
import random
import uuid
from collections.abc import Callable
from pathlib import Path

ROWS = 10_000
# One day in spring 2026 as Unix time.
BEGIN = 1_774_000_000

Cell = Callable[[random.Random, int], str]


def make_traps(folder: Path, rows: int = ROWS, seed: int = 20260401) -> None:
    """Write the files below an empty folder."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(seed)
    _table(folder / "orders.csv", _ORDERS, rows, rng)
    _table(folder / "export without headings.csv", _ORDERS, rows // 4, rng, headings=False)
    _table(
        folder / "bare.csv", {f"column{number}": cell for number, cell in enumerate(_ORDERS.values())}, rows // 2, rng
    )
    _table(folder / "stock.tsv", _STOCK, rows // 4, rng, delimiter="\t")
    _lines(folder / "application.log", _log_line, rows // 2, rng)
    _lines(folder / "access.log", _access_line, rows // 4, rng)
    _lines(folder / "numbers.txt", lambda rng, _: _digits(rng, 10), rows // 4, rng)
    _lines(folder / "sixteen.txt", lambda rng, _: _digits(rng, 16), rows // 4, rng)
    _lines(folder / "events.jsonl", _event, rows // 4, rng)
    _lines(folder / "dispatch note.txt", _sentence, rows // 20, rng)


def luhn_digit(digits: str) -> str:
    """The digit that makes digits pass Luhn's check."""
    total = 0
    for index, char in enumerate(reversed(digits)):
        number = int(char) * (2 if index % 2 == 0 else 1)
        total += number - 9 if number > 9 else number
    return str(-total % 10)


def _digits(rng: random.Random, count: int) -> str:
    return f"{rng.randint(1, 9)}{''.join(rng.choices('0123456789', k=count - 1))}"


def _ean(rng: random.Random, _: int) -> str:
    digits = f"50{''.join(rng.choices('0123456789', k=10))}"
    return digits + str(-sum(int(char) * (3 if index % 2 else 1) for index, char in enumerate(digits)) % 10)


def _imei(rng: random.Random, _: int) -> str:
    digits = f"35{''.join(rng.choices('0123456789', k=12))}"
    return digits + luhn_digit(digits)


def _iccid(rng: random.Random, _: int) -> str:
    digits = f"8944{''.join(rng.choices('0123456789', k=14))}"
    return digits + luhn_digit(digits)


def _tracking(rng: random.Random, _: int) -> str:
    """Sixteen digits that pass Luhn's check and begin as no card does."""
    digits = f"{rng.choice('0178')}{''.join(rng.choices('0123456789', k=14))}"
    return digits + luhn_digit(digits)


def _uuid(rng: random.Random, _: int) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def _seconds(rng: random.Random, number: int) -> str:
    return str(BEGIN + number * 37 + rng.randint(0, 30))


def _milliseconds(rng: random.Random, number: int) -> str:
    return f"{_seconds(rng, number)}{rng.randint(0, 999):03d}"


_ORDERS: dict[str, Cell] = {
    "order_no": lambda rng, _: _digits(rng, 10),
    "batch": lambda _, number: str(4_000_000_000 + number * 7),
    "reference": lambda rng, _: _digits(rng, 16),
    "consignment": lambda rng, _: f"4{_digits(rng, 15)}",
    "tracking": _tracking,
    "ean": _ean,
    "imei": _imei,
    "sim": _iccid,
    "created": _seconds,
    "changed_ms": _milliseconds,
    "uuid": _uuid,
    "sku": lambda rng, _: f"{rng.choice('ABCEGHJK')}{rng.choice('ABCEGHJK')}{rng.randint(100000, 999999)}",
    "part": lambda rng, _: "".join(rng.choices("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", k=9)),
    "invoice": lambda rng, _: _digits(rng, 9),
    "quantity": lambda rng, _: str(rng.randint(1, 900)),
    "weight": lambda rng, _: f"{rng.random() * 40:.6f}",
    "checksum": lambda rng, _: f"{rng.getrandbits(128):032x}",
}
_STOCK: dict[str, Cell] = {
    "Article": lambda rng, _: _digits(rng, 10),
    "Barcode": _ean,
    "Serial": lambda rng, _: _digits(rng, 15),
    "Shelf": lambda rng, _: f"{rng.randint(10, 99)}-{rng.randint(10, 99)}-{rng.randint(10, 99)}",
    "Lot": lambda rng, _: f"{rng.randint(100, 999)} {rng.randint(100, 999)} {rng.randint(1000, 9999)}",
    "Pallet": lambda rng, _: " ".join(str(rng.randint(1000, 9999)) for _ in range(4)),
}


def _log_line(rng: random.Random, number: int) -> str:
    return (
        f"{_milliseconds(rng, number)} INFO worker-{rng.randint(1, 9)} request={_uuid(rng, 0)} order {_digits(rng, 10)}"
        f" job {4_000_000_000 + number} took {rng.random():.9f}s bytes={_digits(rng, 9)} ref {_digits(rng, 16)}"
        f" flow 4{_digits(rng, 15)}"
    )


def _access_line(rng: random.Random, number: int) -> str:
    path = f"/item/{_digits(rng, 13)}?session={rng.getrandbits(64):016x}&t={_seconds(rng, number)}"
    return f'- - [{_seconds(rng, number)}] "GET {path} HTTP/1.1" 200 {_digits(rng, 5)} {_digits(rng, 10)}'


def _event(rng: random.Random, number: int) -> str:
    return json.dumps({
        "id": int(_digits(rng, 16)), "at": int(_milliseconds(rng, number)), "trace": _uuid(rng, 0),
        "parent": _digits(rng, 10), "offset": rng.random() * 1e10,
    })  # fmt: skip


def _sentence(rng: random.Random, _: int) -> str:
    return (
        f"Pallet {_digits(rng, 10)} left with consignment {_digits(rng, 16)}; device {_imei(rng, 0)}, "
        f"barcode {_ean(rng, 0)}, seal {_digits(rng, 9)}."
    )


def _table(
    path: Path, columns: dict[str, Cell], rows: int, rng: random.Random, *, delimiter: str = ",", headings: bool = True
) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        if headings:
            writer.writerow(columns)
        writer.writerows([cell(rng, number) for cell in columns.values()] for number in range(rows))


def _lines(path: Path, line: Callable[[random.Random, int], str], count: int, rng: random.Random) -> None:
    path.write_text("".join(f"{line(rng, number)}\n" for number in range(count)), encoding="utf-8")
