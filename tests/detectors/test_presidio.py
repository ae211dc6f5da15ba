"""presidio's recognisers as detectors and ours as recognisers, both without any connection."""

import subprocess
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

import presidio_analyzer
import pytest
from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry, RecognizerResult

from detectors import presidio_adapter
from detectors.dates import load as load_dates
from detectors.phones import load as load_phones
from detectors.presidio import as_recognizer, load
from detectors.types import DetectorOptions, DetectorTimeout, Span, Text

REGISTRY = r"""
supported_languages: [en]
global_regex_flags: 26
recognizers:
  - name: Staff number
    type: custom
    supported_entity: STAFF_NUMBER
    supported_language: en
    patterns:
      - {name: six digits, regex: '\bS\d{6}\b', score: 0.4}
    context: [staff, payroll]
    checksum: none
    examples: {must: [S123456]}
  - name: Code names
    type: custom
    supported_entity: CODE_NAME
    supported_language: en
    deny_list: [bluebird, redwing]
  - name: EmailRecognizer
    type: predefined
"""
SLOW = r"""
supported_languages: [en]
recognizers:
  - name: Slow
    type: custom
    supported_entity: SLOW
    supported_language: en
    patterns:
      - {name: slow, regex: '(a|aa)+$', score: 0.5}
"""


class ByToken(EntityRecognizer):
    """Finds the word "secret" among the tokens: needs presidio's artifacts."""

    def __init__(self) -> None:
        super().__init__(["SECRET_WORD"], name="ByToken")

    def load(self) -> None:
        """Nothing."""

    def analyze(self, text, entities, nlp_artifacts):
        return [
            RecognizerResult("SECRET_WORD", token.idx, token.idx + len(token), 0.7)
            for token in nlp_artifacts.tokens
            if token.text == "secret"
        ]


def spans(options: DetectorOptions, *texts: Text) -> list[list[tuple[str, str]]]:
    found: list[list[Span]] = [[] for _ in texts]
    for detector in load(options):
        for own, more in zip(found, detector.detect(texts), strict=True):
            own.extend(more)
    return [
        [(span.entity_type, text.text[span.start : span.end]) for span in own]
        for text, own in zip(texts, found, strict=True)
    ]


@pytest.fixture
def registry(tmp_path: Path) -> str:
    path = tmp_path / "recognizers.yaml"
    path.write_text(REGISTRY, encoding="utf-8")
    return str(path)


def test_a_registry_file_is_loaded_as_it_is(registry: str) -> None:
    options = DetectorOptions(recognizers=(registry,))
    assert spans(options, Text("S123456 flies with Bluebird"), Text("mail jo@example.co.uk"), Text("")) == [
        [("CODE_NAME", "Bluebird"), ("STAFF_NUMBER", "S123456")],
        [("EMAIL_ADDRESS", "jo@example.co.uk")],
        [],
    ]


@pytest.mark.parametrize("name", ["default_recognizers.yaml", "example_recognizers.yaml"])
def test_the_files_that_presidio_ships_are_loaded_as_they_are(name: str) -> None:
    path = Path(presidio_analyzer.__file__).parent / "conf" / name
    made = load(DetectorOptions(recognizers=(str(path),)))
    for detector in made:
        list(detector.detect([Text("Dr. Jane wrote to jane@example.org"), Text("")]))
    kinds = {kind for detector in made for kind in detector.entity_types}
    assert kinds >= ({"EMAIL_ADDRESS", "UK_NHS"} if name.startswith("default") else {"ZIP", "TITLE"})


def test_context_words_of_the_file_raise_the_score(registry: str) -> None:
    (staff,) = [one for one in load(DetectorOptions(recognizers=(registry,))) if one.name == "presidio:Staff number"]
    (plain,), (worded,) = staff.detect([Text("S123456"), Text("payroll S123456")])
    assert plain.score < 0.5 < worded.score
    assert worded.evidence.context == "payroll"


def test_a_class_is_loaded_by_its_path_and_gets_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "house_rules", sys.modules[__name__])
    options = DetectorOptions(presidio=("house_rules:ByToken",))
    assert spans(options, Text("a secret, secretly")) == [[("SECRET_WORD", "secret")]]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (DetectorOptions(presidio=("no_such_module:X",)), "no_such_module:X cannot be loaded"),
        (DetectorOptions(presidio=("pathlib:Path",)), "pathlib:Path is no presidio EntityRecognizer"),
        (DetectorOptions(recognizers=("/no/such.yaml",)), "/no/such.yaml does not exist"),
    ],
)
def test_what_cannot_be_loaded_is_named(options: DetectorOptions, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        load(options)


def test_a_pattern_out_of_time_is_no_clean_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presidio_adapter, "PATTERN_SECONDS", 0.05)
    (tmp_path / "slow.yaml").write_text(SLOW, encoding="utf-8")
    (slow,) = load(DetectorOptions(recognizers=(str(tmp_path / "slow.yaml"),)))
    with pytest.raises(DetectorTimeout):
        list(slow.detect([Text("a" * 60 + "b")]))


def test_our_detectors_work_in_an_analyzer_engine() -> None:
    own = RecognizerRegistry(supported_languages=["en"])
    for detector in (*load_phones(DetectorOptions()), *load_dates(DetectorOptions())):
        own.add_recognizer(as_recognizer(detector))
    engine = AnalyzerEngine(registry=own, nlp_engine=presidio_adapter.blank_engine(), supported_languages=["en"])
    text = "Call 01908 880677. DOB: 14/02/1980"
    results = engine.analyze(text, language="en", return_decision_process=True)
    found = {result.entity_type: text[result.start : result.end] for result in results}
    assert found == {"PHONE_NUMBER": "01908 880677", "DATE_OF_BIRTH": "14/02/1980"}
    assert {result.recognition_metadata["recognizer_name"] for result in results} == {"phones", "dates"}
    (phone,) = engine.analyze(text, language="en", entities=["PHONE_NUMBER"])
    assert phone.entity_type == "PHONE_NUMBER"


def test_nothing_of_presidio_is_imported_without_need() -> None:
    code = """
        import sys
        from detectors.presidio import load
        from detectors.types import DetectorOptions
        assert load(DetectorOptions()) == []
        print([name for name in sys.modules if name.startswith(("presidio", "spacy"))])
    """
    run = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


class Echo:
    """A detector that tells what it was given."""

    name = "echo"
    entity_types = ("WORD",)

    def detect(self, texts: Sequence[Text]) -> Iterator[list[Span]]:
        for text in texts:
            yield [Span("WORD", 0, len(text.text), 0.9, "echo", "because", text.text)]


def test_a_result_explains_itself() -> None:
    (result,) = as_recognizer(Echo()).analyze("hello", [], None)
    assert (result.score, result.analysis_explanation.textual_explanation) == (0.9, "because")
