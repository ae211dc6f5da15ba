# The short names of what one does every day; `just` lists them.
default:
    @just --list

# Everything that must hold before a change lands.
ci:
    .ci/run

test *args:
    pytest {{args}}

# What takes minutes or hours: hostile files, kills at every call (WHOSEDATA_EVERY=4: every fourth), large things.
soak *args:
    pytest -m slow {{args}}

# Style, types, layers.
lint:
    ruff format .
    ruff check .
    mypy
    lint-imports

# Make the sample share and what must be found in it anew.
sample:
    python sample_data/make.py

# Speed beside presidio, and recall and precision on labelled sets.
bench:
    python benchmarks/speed.py
    python benchmarks/accuracy.py

# What we depend on: pin it anew (needs uv and a network), list the licences, name the known weaknesses, print the bill.
lock *args:
    python supply/lock.py {{args}}
    python supply/licences.py --write

weaknesses database:
    python supply/advisories.py {{database}}

sbom:
    python supply/sbom.py
