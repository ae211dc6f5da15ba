"""A page goes in, what a real browser makes of it comes out; skips where no Chromium is installed."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")

# axe-core on what it can tell by itself, WCAG 2.2 A and AA and its own good practice.
AXE_RUN = """async () => {
    const found = await axe.run(document, {resultTypes: ['violations']});
    return found.violations.map(one => `${one.id}: ${one.nodes[0].html}`);
}"""


@contextmanager
def chromium() -> Iterator:
    """A browser without a window; gone when the block ends."""
    sync_api = pytest.importorskip("playwright.sync_api")
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        pytest.skip("needs Chromium; .ci/run installs it by apt")
    with sync_api.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=program, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


def axe() -> str:
    """The script of axe-core; skips where WHOSEDATA_AXE names none."""
    script = Path(os.environ.get("WHOSEDATA_AXE", ""))
    if not script.is_file():
        pytest.skip("needs WHOSEDATA_AXE=…/axe.min.js; .ci/run installs it by npm")
    return script.read_text(encoding="utf-8")
