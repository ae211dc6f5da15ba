"""The bill of materials names everything that is locked, and is what CycloneDX says it must be."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from licences import read_list
from locked import Locked, lock, project
from sbom import bill, purl

SCRIPT = Path(__file__).parents[2] / "supply" / "sbom.py"


@pytest.fixture(scope="module")
def printed() -> str:
    return subprocess.run([sys.executable, str(SCRIPT)], capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.fixture(scope="module")
def made(printed: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(printed)
    return document


def test_it_says_what_it_is(made: dict[str, Any]) -> None:
    assert (made["bomFormat"], made["specVersion"], made["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", made["serialNumber"])
    component = made["metadata"]["component"]
    assert (component["type"], component["name"], component["version"]) == (
        "application",
        "whosedata",
        project()["version"],
    )


def test_it_names_every_locked_package_with_its_licence_and_hashes(made: dict[str, Any]) -> None:
    assert [(one["name"], one["version"]) for one in made["components"]] == [(one.name, one.version) for one in lock()]
    licences = {(row.name, row.version): row.licence for row in read_list()}
    for component, package in zip(made["components"], lock(), strict=True):
        assert component["type"] == "library"
        assert component["purl"] == component["bom-ref"] == purl(package.name, package.version)
        assert component["licenses"] == [{"expression": licences[package.name, package.version]}]
        [files] = component["externalReferences"]
        assert [one["content"] for one in files["hashes"]] == list(package.hashes)


def test_every_package_is_reached_from_ours(made: dict[str, Any]) -> None:
    needs = {row["ref"]: row["dependsOn"] for row in made["dependencies"]}
    assert set(needs) == {made["metadata"]["component"]["bom-ref"], *(one["bom-ref"] for one in made["components"])}
    reached, left = set(), [made["metadata"]["component"]["bom-ref"]]
    while left:
        reached.add(left[-1])
        left += [ref for ref in needs[left.pop()] if ref not in reached]
    assert reached == set(needs)


def test_the_same_lock_gives_the_same_bytes(printed: str) -> None:
    assert printed == subprocess.run([sys.executable, str(SCRIPT)], capture_output=True, text=True, check=True).stdout


def test_a_package_without_a_licence_or_that_needs_itself() -> None:
    made = bill([Locked("x", "1+cpu", "os_name == 'nt'", ("a" * 64,), ("x", "whosedata"))], {}, project())
    assert "licenses" not in made["components"][0]
    assert made["components"][0]["purl"] == "pkg:pypi/x@1%2Bcpu"
    assert made["dependencies"][1] == {"ref": "pkg:pypi/x@1%2Bcpu", "dependsOn": []}


def test_it_keeps_to_the_schema_of_cyclonedx(printed: str) -> None:
    validation = pytest.importorskip("cyclonedx.validation.json")
    schema = pytest.importorskip("cyclonedx.schema")
    pytest.importorskip("jsonschema", reason="pip install 'cyclonedx-python-lib[json-validation]'")
    validator = validation.JsonStrictValidator(schema.SchemaVersion.V1_6)
    assert validator.validate_str(printed) is None
    assert validator.validate_str(printed.replace('"type": "library"', '"type": "thing"', 1)) is not None
