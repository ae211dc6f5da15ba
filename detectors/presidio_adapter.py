"""presidio EntityRecognizers go in and detectors come out, and the other way round; nothing here opens a connection."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import regex  # type: ignore[import-untyped]  # comes with presidio; ships no types
import spacy
import tldextract.tldextract
from presidio_analyzer import (
    AnalysisExplanation,
    EntityRecognizer,
    PatternRecognizer,
    RecognizerRegistry,
    RecognizerResult,
)
from presidio_analyzer.nlp_engine import NlpArtifacts, SpacyNlpEngine
from presidio_analyzer.predefined_recognizers import SpacyRecognizer
from presidio_analyzer.recognizer_registry import RecognizerRegistryProvider

from detectors.scoring import weigh
from detectors.types import Detector, DetectorTimeout, Span, Text
from detectors.yaml_text import read_yaml

# For one pattern on one window of text. presidio waits for 60 s and then calls the text clean.
PATTERN_SECONDS = 2.0
LANGUAGE = "en"


def detectors_of(registry_files: Sequence[str], class_paths: Sequence[str]) -> list[Detector]:
    """One detector for each recogniser of the registry files and each class "package.module:Class".

    Raises:
        ValueError: a file or a class cannot be loaded; the message names it.
    """
    keep_offline()
    recognizers = [recognizer for path in registry_files for recognizer in _of_file(path)]
    recognizers += [_of_class(path) for path in class_paths]
    return [_guarded(recognizer) for recognizer in recognizers]


def keep_offline() -> None:
    """Take the list of domain endings out of the tldextract package, for everything in this process.

    presidio's EmailRecognizer and others call `tldextract.extract`, which asks two hosts for a newer list by default.
    """
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def blank_engine(language: str = LANGUAGE) -> SpacyNlpEngine:
    """Presidio's spaCy engine with spaCy's bare tokenizer in place of a model: nothing to download."""
    engine: Any = SpacyNlpEngine(models=[{"lang_code": language, "model_name": f"blank:{language}"}])
    pipeline = spacy.blank(language)
    pipeline.max_length = 1 << 30  # the caller cuts texts; without a parser the length costs nothing
    engine.nlp = {language: pipeline}
    return cast("SpacyNlpEngine", engine)


@cache
def _engine() -> SpacyNlpEngine:
    return blank_engine()


@dataclass(frozen=True, slots=True)
class PresidioDetector:
    """A presidio recogniser as a detector; its context words are weighed as ours are."""

    recognizer: Any  # an EntityRecognizer; presidio's own type information is incomplete
    name: str
    entity_types: tuple[str, ...]
    words: tuple[str, ...]

    def detect(self, texts: Sequence[Text]) -> Iterator[list[Span]]:
        """One list of spans for each text."""
        # Pattern recognisers do not look at tokens, and tokens are most of the cost.
        needs_tokens = not isinstance(self.recognizer, PatternRecognizer)
        for text in texts:
            artifacts = _engine().process_text(text.text, LANGUAGE) if needs_tokens else None
            results = self.recognizer.analyze(text.text, list(self.entity_types), cast("NlpArtifacts", artifacts))
            yield [self._span(text, result) for result in results or [] if _sound(text.text, result)]

    def _span(self, text: Text, result: RecognizerResult) -> Span:
        pattern, validator = _explained(result)
        score, evidence = weigh(
            result.entity_type, min(1.0, result.score), text, result.start, result.end,
            words=self.words, pattern=pattern, validator=validator,
        )  # fmt: skip
        value = " ".join(text.text[result.start : result.end].split()).casefold()
        reason = f"presidio {self.recognizer.name}" + (f", {pattern}" if pattern else "")
        return Span(result.entity_type, result.start, result.end, score, self.name, reason, value, evidence)


class OwnRecognizer(EntityRecognizer):
    """One of our detectors as presidio calls recognisers: one text at a time, results instead of spans."""

    def __init__(self, detector: Detector, language: str = LANGUAGE) -> None:
        self._detector = detector
        super().__init__(list(detector.entity_types), name=detector.name, supported_language=language)

    def load(self) -> None:
        """Nothing to load: the detector is ready."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Results for the wanted entities; tokens are not needed."""
        del nlp_artifacts
        (spans,) = self._detector.detect([Text(text, language=self.supported_language)])
        return [self._result(span) for span in spans if not entities or span.entity_type in entities]

    def _result(self, span: Span) -> RecognizerResult:
        explanation = AnalysisExplanation(
            recognizer=self._detector.name,
            original_score=span.score,
            pattern_name=span.evidence.pattern,
            textual_explanation=span.reason,
        )
        # Without these two presidio reports the result as nobody's.
        metadata = {
            RecognizerResult.RECOGNIZER_NAME_KEY: self._detector.name,
            RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
        }
        return RecognizerResult(span.entity_type, span.start, span.end, span.score, explanation, metadata)


@dataclass(frozen=True, slots=True)
class _TimedPattern:
    """A compiled pattern that says so when it runs out of time; presidio would log it and call the text clean."""

    compiled: Any

    def finditer(self, text: str, timeout: float | None = None) -> Iterator[Any]:
        """Matches, with our own limit in place of presidio's."""
        del timeout
        try:
            yield from self.compiled.finditer(text, timeout=PATTERN_SECONDS)
        except TimeoutError:
            # Not chained: the text of a time-out may quote what was searched.
            raise DetectorTimeout("a presidio pattern ran out of time") from None


def _guarded(recognizer: Any) -> PresidioDetector:
    patterns: Any = getattr(recognizer, "patterns", None) or ()
    for pattern in patterns if isinstance(recognizer, PatternRecognizer) else ():
        pattern.compiled_with_flags = recognizer.global_regex_flags
        pattern.compiled_regex = _TimedPattern(regex.compile(pattern.regex, flags=pattern.compiled_with_flags))
    words = tuple(str(word).lower() for word in recognizer.context or ())
    return PresidioDetector(recognizer, f"presidio:{recognizer.name}", tuple(recognizer.supported_entities), words)


def _of_file(path: str) -> list[Any]:
    if not Path(path).is_file():
        raise ValueError(f"the file of recognizers {path} does not exist")
    try:
        registry = _registry(path)
    except Exception as error:  # presidio and its checks raise many kinds
        raise ValueError(f"the file of recognizers {path} cannot be loaded: {error}") from error
    # spaCy's own recogniser only passes on what a spaCy model found, and there is none.
    found = [recognizer for recognizer in registry.recognizers if not isinstance(recognizer, SpacyRecognizer)]
    return sorted(found, key=lambda recognizer: str(recognizer.name))  # presidio keeps no order


def _registry(path: str) -> RecognizerRegistry:
    """Presidio reads two kinds of files by two ways: whole registries, which name their languages, and mere lists."""
    if "supported_languages" in (read_yaml(Path(path).read_text(encoding="utf-8")) or {}):
        return RecognizerRegistryProvider(conf_file=path).create_recognizer_registry()
    registry = RecognizerRegistry()
    registry.add_recognizers_from_yaml(path)
    return registry


def _of_class(path: str) -> EntityRecognizer:
    module, _, name = path.partition(":")
    try:
        made = getattr(import_module(module), name)()
    except Exception as error:  # whatever a foreign module raises when imported or called
        raise ValueError(f"the presidio recognizer {path} cannot be loaded: {error}") from error
    if not isinstance(made, EntityRecognizer):
        raise ValueError(f"{path} is no presidio EntityRecognizer")  # noqa: TRY004 - a mistake in the user's settings
    return made


def _sound(text: str, result: RecognizerResult) -> bool:
    return bool(0 <= result.start < result.end <= len(text) and result.score > 0)


def _explained(result: RecognizerResult) -> tuple[str, str]:
    """Pattern and validator of a result in words, "" where presidio names none."""
    explanation = result.analysis_explanation
    if explanation is None:
        return "", ""
    return explanation.pattern_name or "", "presidio's check" if explanation.validation_result else ""
