"""Lines in which people and things are hard to tell apart go in, what each reader misses and invents comes out.

    python benchmarks/close_calls.py --systems rampart,fast,standard

Six sets: 260 lines of things that are called like people, none about anybody; 260 lines about people beside such
things, or called like them; 2,500 people called like ordinary words ("Will Sharp"), each in one of ten sentences that
tell that it is somebody; 66 forenames that are words ("Grace") alone in each of eight; 152 people, twenty with common
names, each in forty plain sentences that a thing could stand in as well ("{} needs a larger room."), and in thirty
headings, subjects and cells of two to four words ("Handover for {}"). The 520 lines are by a language model that saw
neither the program nor what taught the tagger; a test looks for five words in a row that any of the sentences shares
with that. Overlap and strict as in names.py: "in part" is found, but not as just that name.
"""

import argparse
import random
import re
from collections.abc import Sequence
from pathlib import Path

import office_texts
from name_systems import MAKERS
from names import Gold, Spans, compare, share

OFFICE = Path(__file__).parent / "office"
SENTENCES = (
    "I spoke to {} about the boiler on Tuesday.",
    "{} will chair the meeting next week.",
    "Please send the form to {} in accounts.",
    "The keys were left with {} at reception.",
    "{} rang twice; call back before noon.",
    "Apologies: {}, the treasurer and two guests",
    "Thanks to {} for the cakes.",
    "We have had no reply from {} since March.",
    "Could {} come in an hour earlier tomorrow?",
    "The complaint was made by {}.",
)
LONE = (
    "I told {} at lunch that the form was late.",
    "{} was tearful and went home.",
    "Please ask Mrs Okafor or {} to ring.",
    "Cheers for that, {}",
    "The report that {} wrote is on the desk.",
    "{} rang twice about the rota.",
    "Can {} come on Friday?",
    "We agreed with {} that the room is too small.",
)
SHORT = (
    "Handover for {}", "{} handover", "Cheque: {}", "Leave: {}", "Rota swap {}", "Voicemail from {}", "{} to ring back",
    "Sick note {}", "Timesheet {}", "{} timesheet", "Contract for {}", "Reference for {}", "Minutes by {}",
    "Concerning {}", "{} induction", "Passport of {}", "Tenancy {}", "{} arrears", "Probation: {}", "{} off sick",
    "Wedding of {}", "Taxi for {}", "Thank you {}", "Sympathy card {}", "{} leaving", "DBS check {}", "Locker {}",
    "Prescription for {}", "Lost: {}", "Seat 4 {}",
)  # fmt: skip


def people() -> Gold:
    """Lines in which the names of people stand in brackets, without the brackets."""
    made: Gold = []
    for line in (OFFICE / "close_people.txt").read_text(encoding="utf-8").splitlines():
        text, spans = "", []
        for number, piece in enumerate(re.split(r"[\[\]]", line)):
            if number % 2:
                spans.append((len(text), len(text) + len(piece)))
            text += piece
        made.append((text, spans))
    return made


def ordinary(count: int, seed: int) -> Gold:
    """People called like ordinary words, each in a sentence."""
    forenames, surnames = words()
    rng = random.Random(seed)
    return [placed(rng.choice(SENTENCES), f"{rng.choice(forenames)} {rng.choice(surnames)}") for _ in range(count)]


def plain(each: int, seed: int) -> Gold:
    """The people of framed(), each in forty plain sentences."""
    _, *sentences = (OFFICE / "plain.txt").read_text(encoding="utf-8").splitlines()
    return framed(each, seed, sentences)


def framed(each: int, seed: int, sentences: Sequence[str]) -> Gold:
    """Twenty people with common names and `each` of every group of part "wide", each in every sentence."""
    names, *_ = (OFFICE / "plain.txt").read_text(encoding="utf-8").splitlines()
    rng = random.Random(seed)
    people = [group.person(rng) for group in office_texts.groups("wide") for _ in range(each)]
    called = [*names.split("|"), *(f"{one.given} {one.surname}" for one in people)]
    return [placed(sentence, name) for name in called for sentence in sentences]


def words() -> tuple[list[str], list[str]]:
    """Forenames and surnames that are ordinary words."""
    forenames, surnames = (OFFICE / "ordinary.txt").read_text(encoding="utf-8").splitlines()
    return forenames.split(), surnames.split()


def placed(sentence: str, name: str) -> tuple[str, Spans]:
    """A sentence with a name in its slot, and where the name stands."""
    start = sentence.index("{}")
    return sentence.format(name), [(start, start + len(name))]


def main() -> None:
    """Print a row for each system."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--systems", default="rampart,fast,standard")
    parser.add_argument("--count", type=int, default=2500)
    parser.add_argument("--seed", type=int, default=3)
    options = parser.parse_args()
    print("| system | false per 1,000 characters about things | people beside things: recall | precision "
          "| people called like words | missed | found in part | lone forenames that are words: found "
          "| people in plain sentences | missed | in headings | missed |\n" + "|---" * 12 + "|")  # fmt: skip
    for system in options.systems.split(","):
        find = MAKERS[system]()
        of_things, of_people, of_words, alone, of_plain, of_short = (
            compare(gold, find([text for text, _ in gold]))
            for gold in (
                [(line, []) for line in office_texts.traps("wide")],
                people(),
                ordinary(options.count, options.seed),
                [placed(sentence, name) for name in words()[0] for sentence in LONE],
                plain(12, options.seed),
                framed(12, options.seed, SHORT),
            )
        )
        print(
            f"| {system} | {1000 * of_things.made / of_things.characters:.1f} "
            f"| {share(of_people.found, of_people.wanted)} | {share(of_people.right, of_people.made)} "
            f"| {of_words.wanted} | {of_words.wanted - of_words.found} | {of_words.found - of_words.exact} "
            f"| {alone.exact} of {alone.wanted} | {of_plain.wanted} | {of_plain.wanted - of_plain.found} "
            f"| {of_short.wanted} | {of_short.wanted - of_short.found} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
