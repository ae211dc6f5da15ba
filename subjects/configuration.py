"""The path of whosedata.toml goes in, all its sections come out, checked: also those that letters and audits read."""

from pathlib import Path
from typing import Any

from reports.audit.policy import PolicyError, make_policy
from scanner.config import read_config
from scanner.plan import PlanError
from subjects.access.controller import read_controller, read_recipients
from subjects.portability.portable import read_portable


def read_configured(path: Path | None) -> dict[str, Any]:
    """What the file says, nothing where none is named. A scan tells what is wrong in it, not the letter months later.

    Raises:
        PlanError: it cannot be used; the message names the file.
    """
    if path is None:
        return {}
    configured = read_config(path)
    try:
        read_controller(configured)
        read_recipients(configured)
        read_portable(configured)
        make_policy(configured)
    except PlanError as error:
        raise PlanError(f"{path}: {error}") from error
    except PolicyError as error:
        raise PlanError(f"{path}: {error}.") from error
    return configured
