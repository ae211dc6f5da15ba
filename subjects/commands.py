"""The command `whosedata`: a word goes in, the command of that name comes out; its module is imported when asked for.

One line of the table for each command, with the first sentence of its help: what all of them do can be listed without
the libraries that any of them needs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType

import click


@dataclass(frozen=True, slots=True)
class Listed:
    """Where a command stands ("module:name"), and the first sentence of its help."""

    target: str
    sentence: str

    def load(self) -> click.Command:
        """The command itself.

        Raises:
            TypeError: what stands there is no command.
        """
        module, _, name = self.target.partition(":")
        command = getattr(import_module(module), name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{self.target} is no command")
        return command


COMMANDS: Mapping[str, Listed] = MappingProxyType(
    {
        "access": Listed(
            "subjects.access.commands:access_command",
            "Answer a request to see one's data: first a sheet to decide on, then the pack.",
        ),
        "audit": Listed(
            "subjects.auditing.commands:audit_command",
            "Say what is kept too long, twice, in a wrong place or without an owner: fifteen checks of a report.",
        ),
        "case": Listed(
            "subjects.cases.commands:case_group",
            "Keep the requests of people: what was asked, by when to answer, what was done.",
        ),
        "cases": Listed("subjects.cases.commands:cases_command", "List the requests, the next due first."),
        "decrypt": Listed(
            "subjects.sealing_commands:decrypt_command",
            "Decrypt a report that was made with --encrypt-to, with all the files that belong to it.",
        ),
        "doctor": Listed(
            "subjects.doctor.commands:doctor_command",
            "Say what this installation can and cannot do, and what to do about it.",
        ),
        "erase": Listed(
            "subjects.erasure.commands:erase_group",
            "Erase what is one person's, with a plan, a person's word, and a proof.",
        ),
        "explain": Listed("subjects.report_commands:explain_command", "Say why a finding was made."),
        "find": Listed(
            "subjects.people_commands:find_command",
            "Find what belongs to one person: certain, probable, possible, or somebody else's after all.",
        ),
        "letter": Listed(
            "subjects.letters.commands:letter_command",
            "Write a letter of a request, as HTML and DOCX, to be read and sent by a person.",
        ),
        "link": Listed(
            "subjects.people_commands:link_command",
            "Tell the people of one or several reports apart, by keyed values alone.",
        ),
        "merge": Listed("subjects.people_commands:merge_command", "Say that two subjects are one person."),
        "new-identity": Listed(
            "subjects.sealing_commands:new_identity_command",
            "Make a pair of keys with which reports are encrypted (age).",
        ),
        "not-same": Listed("subjects.people_commands:not_same_command", "Say that two subjects are different people."),
        "open": Listed(
            "subjects.report_commands:open_command", "Show a finding in its file, in clear, with what stands around it."
        ),
        "people": Listed(
            "subjects.people_commands:people_command",
            "List the people of a report, names masked, those with most findings first.",
        ),
        "policy-check": Listed(
            "subjects.auditing.notice_command:policy_check_command",
            "Compare a privacy notice with what was found: what it does not name, denies, or says by old law.",
        ),
        "portability": Listed(
            "subjects.portability.commands:portability_command",
            "Give a person the data that they provided, for another organisation's programs (Article 20).",
        ),
        "purge": Listed(
            "subjects.purging.commands:purge_command", "List, and with --confirm remove, what is past its time."
        ),
        "rectify": Listed(
            "subjects.erasure.rectify_commands:rectify_group",
            "Set right what is wrong of one person, in every form in which it is written (Article 16).",
        ),
        "report": Listed("subjects.forms_command:report_command", "Write a report as a page or in another form."),
        "restrict": Listed(
            "subjects.restriction.commands:restrict_group",
            "Keep the people whose data may be stored and nothing more, as keyed hashes, each with a day of review.",
        ),
        "scan": Listed(
            "subjects.cli:scan_command",
            "Find personal data in folders, files, databases, mailboxes and stores, and write a report.",
        ),
        "schedule": Listed(
            "subjects.scheduling.commands:schedule_command",
            "Scan and audit places every month, and keep each audit beside those before it.",
        ),
        "show": Listed(
            "subjects.report_commands:show_command", "Print the findings of a report, values masked; or its items."
        ),
        "split": Listed("subjects.people_commands:split_command", "Say that findings are not this subject's."),
        "suppress": Listed(
            "subjects.suppress_commands:suppress_group",
            "Keep the list of people who want no direct marketing, as keyed hashes, and check mailing lists against it.",  # noqa: E501
        ),
        "verdict": Listed(
            "subjects.report_commands:verdict_command",
            "Say what a finding is, so that later scans with the same home know it.",
        ),
    }
)


class Commands(click.Group):
    """A group that imports the module of a command when this command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """All names."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        """The command of this name, None when there is none."""
        listed = COMMANDS.get(cmd_name)
        return listed.load() if listed else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Print what click prints of commands that are loaded, from the table."""
        rows = {name: click.Command(name, help=listed.sentence) for name, listed in COMMANDS.items()}
        click.Group(commands=rows).format_commands(ctx, formatter)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="whosedata", prog_name="whosedata")
@click.pass_obj
def whosedata(is_program: bool | None) -> None:
    """Find personal data, tell whose it is, and act on it.

    \b
    Example:
      whosedata scan ./share --out report.parquet
      whosedata show report.parquet --type UK_NINO
    """
    if is_program:
        import_module("reports.without_pandas").keep_pandas_out()


def main() -> None:
    """Be the program `whosedata`: this process does nothing else."""
    whosedata(obj=True)
