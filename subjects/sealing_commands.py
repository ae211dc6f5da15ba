"""The commands new-identity and decrypt: a pair of keys for reports, and in clear what was encrypted for it."""

from pathlib import Path

import click

from reports.parquet import ReportError, report_paths
from reports.safe import printable
from reports.sealing import SUFFIX, new_identity, sealed_path, unseal
from subjects.exits import exits, say


@click.command("new-identity", epilog="\b\nExample:\n  whosedata new-identity reports.key")
@click.argument("file", type=click.Path(path_type=Path))
@exits
def new_identity_command(*, file: Path) -> None:
    """Make a pair of keys with which reports are encrypted (age).

    Keep FILE where you read reports, and a copy of it somewhere safe: without it nobody can read them. Who scans needs
    only the public key that is printed. age-keygen makes such files, too.
    """
    public = new_identity(file)
    secret = printable(f"Secret key {file}: keep it to yourself")
    say([secret, f"Public key {public}", f"Next       scan PATH --encrypt-to {public}"])


@click.command(
    "decrypt", epilog="\b\nExample:\n  whosedata decrypt report.parquet.age --identity reports.key --out clear"
)
@click.argument("report", type=click.Path(path_type=Path))
@click.option("--identity", type=click.Path(path_type=Path), required=True, metavar="FILE", help="Your secret key, as new-identity, age-keygen or ssh-keygen wrote it.")  # fmt: skip  # noqa: E501
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="DIR", help="Folder for the report; made if it is not there.")  # fmt: skip  # noqa: E501
@exits
def decrypt_command(*, report: Path, identity: Path, out: Path) -> None:
    """Decrypt a report that was made with --encrypt-to, with all the files that belong to it.

    Every other command reads the decrypted report. It lies in clear in DIR until you delete it; `age --decrypt` opens
    the same files, one by one.
    """
    if report.suffix != SUFFIX:
        raise ReportError(f"{report}: the name of an encrypted report ends in {SUFFIX}.")
    named = report_paths(report.with_name(report.name.removesuffix(SUFFIX)))
    files = [file for file in (named.items, named.keys, named.subjects, named.links) if sealed_path(file).exists()]
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    for file in (*files, named.findings):
        unseal(sealed_path(file), out / file.name, identity)
    say([printable(f"Report     {out / named.findings.name}")])
