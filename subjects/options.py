"""The arguments and options that several commands have, each defined once: same name, same words, same type."""

from pathlib import Path

import click

PATH = click.Path(path_type=Path)
HOME = click.option("--home", type=PATH, metavar="DIR", help="Folder with this organisation's key.")
CASE = click.argument("case_id", metavar="CASE")
REPORTS = click.argument("reports", nargs=-1, required=True, type=PATH, metavar="REPORT...")
PLAN = click.argument("plan_file", metavar="PLAN", type=PATH)
OUT = click.option("--out", type=PATH, required=True, metavar="FILE", help="File to write.")
ROOT = click.option(
    "--root", "roots", multiple=True, metavar="LABEL=PATH", help="Where a scanned place is now, if it moved."
)
