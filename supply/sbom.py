"""The lock file and the list of licences go in, a bill of materials (CycloneDX 1.6, JSON) comes out on standard output.

The same lock gives the same bytes: the serial number is made from its content, and no time is written.
"""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from licences import read_list
from locked import LOCK, US, Locked, lock, project
from packaging.licenses import canonicalize_license_expression

SPEC = "1.6"
_SPACE = uuid.UUID("6ba7b812-9dad-11d1-80b4-00c04fd430c8")  # of object identifiers (RFC 9562, section 6.6)


def purl(name: str, version: str) -> str:
    """The package URL of something from PyPI (ECMA-427)."""
    return f"pkg:pypi/{name}@{version.replace('+', '%2B')}"


def bill(
    packages: Sequence[Locked], licences: Mapping[tuple[str, str], str], about: Mapping[str, Any]
) -> dict[str, Any]:
    """The bill of materials of a locked project; `about` is its table [project], `licences` is by name and version."""
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    ours = purl(US, about["version"])
    return {
        "bomFormat": "CycloneDX",
        "specVersion": SPEC,
        "serialNumber": f"urn:uuid:{uuid.uuid5(_SPACE, digest)}",
        "version": 1,
        "metadata": {
            "lifecycles": [{"phase": "pre-build"}],
            "component": {
                "type": "application", "bom-ref": ours, "name": US, "version": about["version"],
                "description": about["description"], "purl": ours, "licenses": [{"expression": about["license"]}],
            },
        },
        "components": [_component(package, licences) for package in packages],
        "dependencies": _dependencies(packages, ours),
    }  # fmt: skip


def _component(package: Locked, licences: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    address = purl(package.name, package.version)
    component: dict[str, Any] = {
        "type": "library", "bom-ref": address, "name": package.name, "version": package.version, "purl": address,
    }  # fmt: skip
    if expression := licences.get((package.name, package.version)):
        component["licenses"] = [{"expression": canonicalize_license_expression(expression)}]
    # Of each file that may be installed: there is one for each system, so they are not hashes of the component.
    hashes = [{"alg": "SHA-256", "content": content} for content in package.hashes]
    component["externalReferences"] = [{"type": "distribution", "url": address, "hashes": hashes}]
    if package.marker:
        component["properties"] = [{"name": f"{US}:marker", "value": package.marker}]
    return component


def _dependencies(packages: Sequence[Locked], ours: str) -> list[dict[str, Any]]:
    """Who needs whom. A name that is pinned twice, for two Pythons, is needed in both versions."""
    needs: dict[str, list[str]] = {US: []}
    for package in packages:
        needs.setdefault(package.name, [])
        for parent in package.needed_by:
            needs.setdefault(parent, []).append(purl(package.name, package.version))
    refs = [(US, ours), *((package.name, purl(package.name, package.version)) for package in packages)]
    return [{"ref": ref, "dependsOn": sorted(set(needs[name]) - {ref})} for name, ref in refs]


def main() -> int:
    """Print the bill."""
    licences = {(row.name, row.version): row.licence for row in read_list()}
    print(json.dumps(bill(lock(), licences, project()), indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
