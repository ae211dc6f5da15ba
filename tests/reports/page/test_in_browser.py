"""The page in a real browser: nothing overflows, nothing is asked of a host, no barrier found by axe-core."""

from pathlib import Path

import pypdfium2
import pytest
from browsers import AXE_RUN, axe, chromium
from example_audit import example_audit

from reports.page.audit_page import audit_page
from reports.page.worklists import write_worklists

A4_WIDTH = 794  # CSS pixels of 210 mm
SIZES = {"phone": (390, 844), "laptop": (1366, 768), "a4": (A4_WIDTH, 1123)}
LONG = "HR/" + "averylongnamewithoutanyblank" * 8 + ".xlsx"


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "audit.html"
    path.write_text(audit_page(example_audit(item=LONG)), encoding="utf-8")
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_wider_than_the_screen(browser, page_file: Path, size: str, scheme: str):
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.emulate_media(media="print" if size == "a4" else "screen", color_scheme=scheme)
    page.goto(page_file.as_uri())
    picture = page_file.with_name(f"{size}-{scheme}.png")  # stays for somebody to look at
    page.screenshot(path=str(picture), full_page=True)
    assert picture.stat().st_size > 10_000
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    sticking_out = page.evaluate(
        "w => [...document.querySelectorAll('main *:not(.scroll *):not(.cards thead *):not(.cards thead)')]"
        ".filter(e => e.getBoundingClientRect().right > w + 1).map(e => e.outerHTML.slice(0, 80))",
        width,
    )
    assert sticking_out == []
    assert asked == [page_file.as_uri()]
    assert said == []  # a policy that stops something says so here
    page.close()


def test_printed_page_one_is_one_sheet(browser, tmp_path: Path):
    page_file, printed = tmp_path / "audit.html", tmp_path / "audit.pdf"
    page_file.write_text(audit_page(example_audit()), encoding="utf-8")
    page = browser.new_page()
    page.goto(page_file.as_uri())
    page.pdf(path=str(printed), prefer_css_page_size=True, print_background=True)
    page.close()
    with pypdfium2.PdfDocument(printed) as document:
        texts = [sheet.get_textpage().get_text_range() for sheet in document]
        assert [round(length) for length in document[0].get_size()] == [595, 842]  # A4 in points
    assert "Requests from people" in texts[0]
    assert "Every check" in texts[1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "laptop"])
def test_axe_finds_no_barrier(browser, page_file: Path, size: str, scheme: str):
    script = axe()
    width, height = SIZES[size]
    context = browser.new_context(bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": height})
    page = context.new_page()
    worklist = write_worklists(example_audit(item=LONG), page_file.parent / "work")[0]
    for path in (page_file, worklist):
        page.goto(path.as_uri())
        page.evaluate(script)
        assert page.evaluate(AXE_RUN) == []
    context.close()


def test_the_policy_lets_no_script_run(browser, page_file: Path):
    """Even if somebody got an element in: the browser refuses it."""
    spoilt = page_file.with_name("spoilt.html")
    text = page_file.read_text(encoding="utf-8")
    spoilt.write_text(
        text.replace("</main>", "<img src=x onerror='document.title=1'><script>document.title=2</script></main>")
    )
    page = browser.new_page()
    page.goto(spoilt.as_uri())
    assert page.title() == "Personal data audit, 26 November 2026"
    page.close()
