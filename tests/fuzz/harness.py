"""Fuzzing of our own parsers, led by the code that is reached: `python tests/fuzz/harness.py sql -max_total_time=60`.

Needs atheris (pip install atheris; Linux and macOS). The first word is a grammar of tests/builders/fragments.py; what
follows goes to libFuzzer (a folder keeps what was found interesting). It ends at the first surprise, which it writes to
a file crash-*, and exits with an error.
"""

import sys
import tempfile
from pathlib import Path

import atheris

sys.path[:0] = [str(Path(__file__).parents[1] / "builders"), str(Path(__file__).parents[2])]
with atheris.instrument_imports(include=["scanner"]):
    from drained import drain
    from fragments import GRAMMARS

    from scanner.formats import formats, load_format

    TARGETS = {name: load_format(formats()[grammar.media_type]) for name, grammar in GRAMMARS.items()}


def dictionary(name: str) -> str:
    """The words of a grammar as libFuzzer reads them: one a line, in quotes, all bytes by number."""
    numbered = ("".join(f"\\x{byte:02x}" for byte in word) for word in GRAMMARS[name].fragments)
    return "\n".join(f'"{word}"' for word in numbered)


def main() -> None:
    """Fuzz one grammar until time is up or something surprises."""
    if len(sys.argv) < 2 or sys.argv[1] not in GRAMMARS:
        raise SystemExit(f"Name one of: {', '.join(GRAMMARS)}")
    name = sys.argv.pop(1)
    grammar, target = GRAMMARS[name], TARGETS[name]

    def one_input(data: bytes) -> None:
        if wrapped := grammar.wrap(data):
            drain(target, wrapped)

    with tempfile.TemporaryDirectory() as folder:
        words, seeds = Path(folder) / "words", Path(folder) / "seeds"
        words.write_text(dictionary(name), "ascii")
        seeds.mkdir()
        for number, word in enumerate((*grammar.fragments, b"".join(grammar.fragments))):
            (seeds / str(number)).write_bytes(word)
        # libFuzzer puts what is new into the first folder: one that was named keeps it.
        atheris.Setup([sys.argv[0], f"-dict={words}", *sys.argv[1:], str(seeds)], one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
