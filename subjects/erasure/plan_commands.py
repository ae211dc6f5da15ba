"""A group of commands goes in, with what carries out one of its plans, brings it back and makes it final."""

from pathlib import Path

import click

from scanner.home import default_home
from subjects.cases.clock import Right
from subjects.erasure.doing import bring_all_back, carry_out, make_final
from subjects.exits import exits
from subjects.options import HOME, PATH, PLAN


def add_plan_commands(group: click.Group, right: Right, record: str, then: str) -> None:
    """Add apply, restore and forget. `record`: what the page about it is called; `then`: what forgetting means."""
    example = f"\n\n\b\nExample:\n  whosedata {group.name} "

    @group.command("apply", help=f"Carry out a plan. Stopped at any moment, the same command goes on.{example}apply plan.json --confirm --out record.html")  # fmt: skip  # noqa: E501
    @PLAN
    @click.option("--confirm", is_flag=True, help="A person has read the plan and wants it done.")
    @click.option("--out", type=PATH, metavar="FILE", help=f"Write the {record} (HTML).")
    @HOME
    @exits
    def apply_command(*, plan_file: Path, confirm: bool, out: Path | None, home: Path | None) -> None:
        carry_out(plan_file, home or default_home(), right, confirm, out)

    @group.command("restore", help=f"Bring everything back as it was, byte by byte, while the quarantine is there.{example}restore plan.json")  # fmt: skip  # noqa: E501
    @PLAN
    @HOME
    @exits
    def restore_command(*, plan_file: Path, home: Path | None) -> None:
        bring_all_back(plan_file, home or default_home())

    @group.command("forget", help=f"Take the quarantine of a plan away: from then on {then}.{example}forget plan.json")
    @PLAN
    @HOME
    @exits
    def forget_command(*, plan_file: Path, home: Path | None) -> None:
        make_final(plan_file, home or default_home())
