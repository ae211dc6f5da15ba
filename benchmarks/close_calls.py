"""Lines in which people and things are hard to tell apart go in, what each reader misses and invents comes out.

    python benchmarks/close_calls.py --systems rampart,fast,standard

Three sets: 260 lines of things that are called like people, none about anybody; 260 lines about people beside such
things, or called like them; 2,500 people called like ordinary words ("Will Sharp"), each in one of ten sentences that
tell that it is somebody. One in six of these lines, with slots for names, and nearly all of the words have taught our
tagger: names.py --part last has figures of lines that have not.
"""

import argparse
import random
import re
from pathlib import Path

import office_texts
from name_systems import MAKERS
from names import Gold, compare, share

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
    forenames, surnames = (line.split() for line in (OFFICE / "ordinary.txt").read_text(encoding="utf-8").splitlines())
    rng, made = random.Random(seed), []
    for _ in range(count):
        name, sentence = f"{rng.choice(forenames)} {rng.choice(surnames)}", rng.choice(SENTENCES)
        start = sentence.index("{}")
        made.append((sentence.format(name), [(start, start + len(name))]))
    return made


def main() -> None:
    """Print a row for each system."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--systems", default="rampart,fast,standard")
    parser.add_argument("--count", type=int, default=2500)
    parser.add_argument("--seed", type=int, default=3)
    options = parser.parse_args()
    print("| system | false per 1,000 characters about things | people beside things: recall | precision "
          "| people called like words | missed | cut |\n|---|---|---|---|---|---|---|")  # fmt: skip
    for system in options.systems.split(","):
        find = MAKERS[system]()
        of_things, of_people, of_words = (
            compare(gold, find([text for text, _ in gold]))
            for gold in (
                [(line, []) for line in office_texts.traps("wide")],
                people(),
                ordinary(options.count, options.seed),
            )
        )
        print(
            f"| {system} | {1000 * of_things.made / of_things.characters:.1f} "
            f"| {share(of_people.found, of_people.wanted)} | {share(of_people.right, of_people.made)} "
            f"| {of_words.wanted} | {of_words.wanted - of_words.found} | {of_words.found - of_words.exact} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
