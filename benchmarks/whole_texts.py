"""Whole papers and texts that nobody of us has read go in, what each reader misses and invents in them comes out.

    python benchmarks/whole_texts.py --systems fast,standard

Two sets by language models that saw neither the program nor what teaches it, from a brief of ours: 110 papers of
offices (letters and minutes; rotas, registers, handovers and logs in which surnames or forenames stand bare; forms,
tables, tickets, chats), and 109 texts of the web (posts, forums, news, reference works, reviews, fiction). The people
in their slots are called as in part "kept"; each text is read with names of two groups. Overlap and strict as in
names.py.
"""

import argparse
import random
import re
from collections import Counter
from pathlib import Path

import office_texts
from name_systems import MAKERS
from names import Gold, Spans, compare, f1, share

OFFICE = Path(__file__).parent / "office"
FILES = {"office papers": "whole_kept.txt", "texts of the web": "web_kept.txt"}
# "{1f}" is somebody, "{date}" something else, "{xf}" a thing that is called like somebody; the text itself may name a
# thing, "«Ted Baker»", or somebody, "‹Will Page›", "‹s:Lake›".
_SLOT = re.compile(r"\{(\d?)([a-z]+|[A-Z])\}|«([^»]+)»|‹(?:[gs]:)?([^›]+)›")
_TITLES = ("Mr", "Mrs", "Ms", "Miss", "Dr")
_WORDS = {
    "town": ("Leeds", "Hereford", "Paisley", "Wrexham"), "street": ("Station Road", "Mill Lane", "Church Street"),
    "firm": ("Northgate Glazing Ltd", "Kestrel Payroll"), "school": ("Langdale Primary School",),
    "hospital": ("St James's Hospital", "the Royal Infirmary"), "charity": ("Age Concern", "the Hope Trust"),
    "pub": ("the Red Lion", "the Plough"), "date": ("3 May", "14/02/2024", "21st June 2023"),
    "month": ("March", "June"), "weekday": ("Monday", "Friday"), "time": ("9am", "14:15", "half past 3"),
    "year": ("1987", "2024"),
    "phone": ("01632 960 412", "07700 900123"), "amount": ("£45.00", "£1,250"), "small": ("3", "12"),
    "number": ("4077", "21"), "job": ("caretaker", "team leader", "nurse"), "dept": ("Housing", "Finance"),
    "ref": ("REF/4071",), "ward": ("Ward 4",), "address": ("12 Mill Lane, Leeds",),
}  # fmt: skip


def texts(file: str, seed: int = 7) -> list[tuple[str, Spans, str]]:
    """Each text twice, where its people stand, and the group of names that those of its slots have."""
    rng, groups, made = random.Random(seed), office_texts.groups("kept"), []
    templates = [one.strip("\n") for one in (OFFICE / file).read_text(encoding="utf-8").split("\n=====\n")]
    for turn in range(2):
        for number, template in enumerate(templates):
            names = groups[(number * 3 + turn * 5) % len(groups)]
            made.append((*_filled(template, names, groups, rng), names.group))
    return made


def _filled(
    template: str, names: office_texts.Names, groups: list[office_texts.Names], rng: random.Random
) -> tuple[str, Spans]:
    cast: dict[str, office_texts.Person] = {}
    text, spans, at = "", Spans(), 0
    for slot in _SLOT.finditer(template):
        text += template[at : slot.start()]
        at = slot.end()
        digit, form, thing, somebody = slot.groups()
        if form in {"xf", "xs"}:
            thing = office_texts.written(rng.choice(groups).person(rng), form[1], rng)
        elif form and not digit:
            thing = rng.choice(_WORDS[form])
        elif form == "e":
            one = cast.setdefault(digit, names.person(rng))
            thing = re.sub(r"[^\w.@]", "", f"{one.given}.{one.surname}".lower()) + "@example.org"
        elif form:
            somebody = office_texts.written(cast.setdefault(digit, names.person(rng)), form, rng)
            text += f"{rng.choice(_TITLES)} " if form in "tT" else ""
        if somebody:
            spans.append((len(text), len(text) + len(somebody)))
        text += somebody or thing
    return text + template[at:], spans


def main() -> None:
    """Print a row for each system and set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--systems", default="rampart,fast,standard")
    options = parser.parse_args()
    print("| system | set | people | recall | precision | F1 | found, but not as just that name "
          "| least and best group | false per 1,000 characters |\n" + "|---" * 9 + "|")  # fmt: skip
    for system in options.systems.split(","):
        find = MAKERS[system]()
        for kind, file in FILES.items():
            made = texts(file)
            gold: Gold = [(text, spans) for text, spans, _ in made]
            found = find([text for text, _ in gold])
            score = compare(gold, found)
            wanted, seen = Counter[str](), Counter[str]()
            for (_, spans, group), own in zip(made, found, strict=True):
                wanted[group] += len(spans)
                seen[group] += sum(any(a < end and start < b for a, b in own) for start, end in spans)
            by_group = sorted(seen[group] / wanted[group] for group in wanted)
            print(
                f"| {system} | {kind} | {score.wanted} | {share(score.found, score.wanted)} "
                f"| {share(score.right, score.made)} | {f1(score.found, score.right, score)} "
                f"| {score.found - score.exact} | {by_group[0]:.3f}, {by_group[-1]:.3f} "
                f"| {1000 * (score.made - score.right) / score.characters:.2f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
