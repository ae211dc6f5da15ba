"""Makes a big mailbox, scans it in a worker process, kills the scan inside, goes on; prints memory, time and digests.

    python benchmarks/big_mailbox.py --size 5GB --folder /tmp/big            # killed once inside, then resumed
    python benchmarks/big_mailbox.py --size 200MB --folder /tmp/big --both   # and beside it an undisturbed scan

Names are off (`--names off`): the model's speed is measured elsewhere, this is about memory and resuming. The mails are
invented and seeded: short and long texts, HTML, quotations, tables and files of random bytes as attachments, repeats.
Memory is the high-water mark of the resident set that Linux keeps for each process, workers and parent apart.
"""

import argparse
import base64
import hashlib
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

UNITS = {"KB": 1024, "MB": 1024**2, "GB": 1024**3}
WORDS = re.findall(
    r"\w+",
    "please find the minutes of our meeting about rent repairs and the summer fair below as agreed with everybody who "
    "was there on Tuesday morning before the hall was closed for the works that nobody had been told of",
)
FORENAMES = ("Ann", "Bob", "Cy", "Di", "Eve", "Flo", "Gus", "Hal", "Ivy", "Jo")
SURNAMES = ("Lee", "Ray", "Fox", "Bell", "Hart", "Moss", "Penn", "Reed", "Vale", "Wren")


def main() -> None:
    """Make, scan, kill, go on, compare."""
    options = _options()
    folder = Path(options.folder)
    folder.mkdir(parents=True, exist_ok=True)
    box = folder / "big.mbox"
    begun = time.monotonic()
    count = make(box, _bytes(options.size))
    print(f"{box.stat().st_size / UNITS['MB']:,.0f} MB, {count:,} mails, made in {time.monotonic() - begun:.0f} s")
    _scan(box, folder / "torn", kill_at=options.kill_at)
    _scan(box, folder / "torn", kill_at=0)
    torn = digests(folder / "torn")
    print("report", " ".join(torn), flush=True)
    if options.both:
        _scan(box, folder / "plain", kill_at=0)
        plain = digests(folder / "plain")
        print("equal to an undisturbed scan" if plain == torn else f"DIFFERENT from an undisturbed scan: {plain}")
    items = pq.read_table(folder / "torn.items.parquet", columns=["item", "parent", "expected", "emitted", "status"])
    top = items.filter(pc.is_null(items["parent"])).to_pylist()[0]
    print(
        f"{items.num_rows:,} items; the mailbox: {top['status']}, expected {top['expected']}, emitted {top['emitted']}"
    )
    for file in folder.glob("*.parquet"):
        file.unlink()
    box.unlink()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--size", default="200MB")
    parser.add_argument("--folder", required=True, help="a folder with room for twice the size")
    parser.add_argument("--kill-at", type=float, default=0.5, help="part of the mailbox that is marked as done")
    parser.add_argument("--both", action="store_true", help="scan it undisturbed, too, and compare the reports")
    return parser.parse_args()


def _bytes(text: str) -> int:
    return int(text[:-2]) * UNITS[text[-2:].upper()]


def make(box: Path, size: int) -> int:
    """Write a mailbox of about this size; gives the number of mails."""
    chance = random.Random(2026)
    blobs = [base64.encodebytes(chance.randbytes(chance.choice((2_000, 20_000, 100_000, 250_000)))) for _ in range(40)]
    written = count = 0
    with box.open("wb") as file:
        before = b""
        while written < size:
            mail = before if before and chance.random() < 0.02 else _mail(chance, count, blobs)
            file.write(mail)
            written, count, before = written + len(mail), count + 1, mail
    return count


def _person(chance: random.Random, number: int) -> tuple[str, str]:
    first, last = chance.choice(FORENAMES), chance.choice(SURNAMES)
    return f"{first} {last}", f"{first}.{last}{number % 50_000}@home.example".lower()


def _text(chance: random.Random, words: int) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(words))


def _mail(chance: random.Random, number: int, blobs: list[bytes]) -> bytes:
    (name, address), (other, their) = _person(chance, number), _person(chance, number // 7)
    phone = f"07700 900{number % 1000:03}"
    text = f"Dear {other},\n\n{_text(chance, chance.choice((20, 80, 400)))}\n\nKind regards\n{name}\n{phone}\n"
    if chance.random() < 0.4:
        text += f"\nOn 3 May 2024, at 10:12, {other} <{their}> wrote:\n> {_text(chance, 40)}\n"
    head = (
        f"From {address} Mon May  6 10:00:00 2024\nFrom: {name} <{address}>\nTo: {other} <{their}>\n"
        f"Date: Mon, 6 May 2024 10:{number % 60:02}:00 +0100\nSubject: {_text(chance, 4)}\n"
        f"Message-ID: <{number}@mail.example>\n"
        'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="=b"\n\n'
    )
    html = text.replace("\n", "<br>")
    both = f'Content-Type: multipart/alternative; boundary="=c"\n\n--=c\nContent-Type: text/plain\n\n{text}\n--=c\n'
    parts = [f"{both}Content-Type: text/html\n\n<html><body>{html}</body></html>\n--=c--\n"]
    if chance.random() < 0.1:
        table = "".join("{},{}\n".format(*_person(chance, number + row)) for row in range(chance.choice((10, 300))))
        parts.append(f"Content-Type: text/csv; name=list.csv\n\nname,email\n{table}")
    if chance.random() < 0.7:
        blob = chance.choice(blobs).decode("ascii")
        parts.append(
            f"Content-Type: application/octet-stream; name=plan.bin\nContent-Transfer-Encoding: base64\n\n{blob}"
        )
    return (head + "".join(f"--=b\n{part}" for part in parts) + "--=b--\n\n").encode()


def _scan(box: Path, out: Path, kill_at: float) -> None:
    """Run the command; end it the hard way when so much of the mailbox is marked as done."""
    command = [
        str(Path(sys.executable).parent / "scan"),
        str(box),
        "--out",
        f"{out}.parquet",
        "--home",
        str(out.parent / "home"),
    ]
    begun = time.monotonic()
    process = subprocess.Popen([*command, "--names", "off", "--jobs", "1", "-q"], start_new_session=True)
    peaks: dict[int, int] = {}
    size, marked = box.stat().st_size, 0
    while process.poll() is None:
        for pid in (process.pid, *children(process.pid)):
            peaks[pid] = max(peaks.get(pid, 0), high_water(pid))
        marked = _marked(Path(f"{out}.parquet.journal"))
        if kill_at and marked >= kill_at * size:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            break
        time.sleep(0.2)
    workers = [peak for pid, peak in peaks.items() if pid != process.pid]
    ended = "killed" if process.returncode < 0 else f"exit code {process.returncode}"
    print(
        f"{ended} after {time.monotonic() - begun:.0f} s, last mark at {marked / UNITS['MB']:,.0f} MB; worker "
        f"{max(workers, default=0) / 1024:.0f} MB, parent {peaks.get(process.pid, 0) / 1024:.0f} MB", flush=True
    )  # fmt: skip


def _marked(journal: Path) -> int:
    """The byte at which the last mark stands, read from a copy that may be a moment old."""
    marks = sorted(journal.glob("*.items.parquet"), key=lambda file: file.stat().st_mtime) if journal.exists() else []
    if not marks:
        return 0
    total = 0
    for file in marks:
        try:
            table = pq.read_table(file, columns=["parent", "item", "size"])
        except (OSError, pa.ArrowInvalid):
            continue
        direct = table.filter(pc.ends_with(table["parent"], "big.mbox"))
        total += pc.sum(direct["size"]).as_py() or 0
    return int(total)


def children(pid: int) -> Iterator[int]:
    """The processes that a process has started."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            yield int(stat.parent.name)


def high_water(pid: int) -> int:
    """KB, or 0 where the system cannot tell."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


def digests(out: Path) -> list[str]:
    """A digest of each table of a report: its rows in a fixed order, without what a clock says."""
    found = []
    for kind in ("", ".items", ".keys"):
        table = pq.read_table(f"{out}{kind}.parquet")
        table = table.drop_columns([name for name in ("cpu_seconds",) if name in table.column_names])
        rows = hashlib.blake2b(digest_size=8)
        sums = [0, 0]
        for batch in table.to_batches(max_chunksize=20_000):
            for row in batch.to_pylist():
                # The sum of the rows' hashes does not depend on their order, and needs no room.
                digest = hashlib.blake2b(repr(row).encode(), digest_size=16).digest()
                sums[0] = (sums[0] + int.from_bytes(digest, "big")) % 2**128
                sums[1] += 1
        rows.update(repr(sums).encode())
        found.append(f"{kind.strip('.') or 'findings'}:{sums[1]:,}:{rows.hexdigest()}")
    return found


if __name__ == "__main__":
    main()
