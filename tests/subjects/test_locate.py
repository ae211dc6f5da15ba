"""People planted in seven formats, among their household and namesakes: each is found, and nobody else as certain."""

import random
from collections.abc import Mapping
from pathlib import Path

import pytest
from planted_share import Person, invent, plant

from reports.parquet import open_report
from scanner.home import load_key
from scanner.keys import Keyring
from scanner.run import scan
from subjects.finding.find import Answer, find
from subjects.finding.seeds import make_seed
from subjects.model import Tier

ASKED = {
    "by everything": ("names", "births", "emails", "phones", "addresses"),
    "by e-mail and birth date": ("names", "births", "emails"),
    "by birth date and address": ("names", "births", "addresses"),
}


@pytest.fixture(scope="module", params=[3, 8])
def share(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Person]]:
    folder = tmp_path_factory.mktemp("locate")
    (folder / "share").mkdir()
    rng = random.Random(request.param)
    people = invent(rng, 24)
    plant(folder / "share", rng, people)
    scan(folder / "share", out=folder / "r.parquet", home=folder / "home")
    return folder, people


def ask(folder: Path, person: Person, fields: tuple[str, ...]) -> Answer:
    known: Mapping[str, str] = {
        "names": person.name, "births": person.born, "emails": person.email, "phones": person.phone,
        "addresses": person.address,
    }  # fmt: skip
    home = folder / "home"
    seed = make_seed(**{name: (known[name],) for name in fields})
    return find(open_report(folder / "r.parquet"), seed, Keyring(load_key(home)), home)


def places(answer: Answer, *tiers: Tier) -> set[tuple[str, str]]:
    """(item, row) of the hits of these tiers; "" for the row where the item is no table."""
    found = set()
    for hit in answer.hits:
        if hit.tier in tiers:
            steps = [step for step in hit.row["location"].split(";") if step.startswith("row=")]
            # A mail has no name: its mailbox stands for it.
            item = hit.row["item"].partition(".mbox!/")
            found.add((item[0] + (".mbox" if item[1] else ""), steps[0] if steps else ""))
    return found


@pytest.mark.parametrize("asked", ASKED)
def test_people_are_found_and_nobody_is_disclosed(share: tuple[Path, list[Person]], asked: str) -> None:
    folder, people = share
    wanted = located = 0
    for person in people:
        answer = ask(folder, person, ASKED[asked])
        found = places(answer, Tier.CERTAIN, Tier.PROBABLE, Tier.POSSIBLE)
        wanted += len(person.places)
        located += len(person.places & found)
        foreign = {place for other in people if other is not person for place in other.places}
        assert not (places(answer, Tier.CERTAIN) & foreign) - person.places, (person.name, asked)
    assert located / wanted >= 0.98, f"{located} of {wanted}"
