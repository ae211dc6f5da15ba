"""The files of templates go in, their sentences, shapes and lists come out."""

import re
from pathlib import Path

FOLDER = Path(__file__).parent / "templates"


def lists() -> dict[str, list[str]]:
    """The entries of lists.txt by their kind."""
    text = (FOLDER / "lists.txt").read_text("utf-8")
    return {kind: line.split("|") for kind, line in re.findall(r"^\[(\w+)\]\n(.+)$", text, re.M)}


def sentences(file: str) -> tuple[list[str], list[str]]:
    """The sentences about people of a file of templates, and those about nobody."""
    people, _, nobody = (FOLDER / file).read_text("utf-8").partition("[nobody]\n")
    of_people = [line for line in people.splitlines() if line and line[0] not in "#["]
    return [_broken(line) for line in of_people], [_broken(line) for line in nobody.splitlines()]


def shapes() -> dict[str, list[str]]:
    """The entries of shapes.txt by their kind."""
    found: dict[str, list[str]] = {}
    section = ""
    for line in (FOLDER / "shapes.txt").read_text("utf-8").splitlines():
        if re.fullmatch(r"\[\w+\]", line):
            section = line.strip("[]")
        elif section:
            found.setdefault(section, []).append("" if line == "-nothing-" else _broken(line))
    return found


def papers() -> list[str]:
    """The whole papers of papers.txt, in their lines."""
    return [one.strip("\n") for one in (FOLDER / "papers.txt").read_text("utf-8").split("\n=====\n") if one.strip()]


def _broken(line: str) -> str:
    """With the breaks and tabs that it writes as signs."""
    return line.replace("\\n", "\n").replace("\\t", "\t")
