"""No detector opens a connection, whatever it finds: a scanner of personal data must not talk to anybody."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

CODE = """
    import importlib, importlib.util, socket, sys

    def refuse(*args, **kwargs):
        print("CONNECTION", args)
        raise OSError("no network here")

    socket.getaddrinfo = socket.create_connection = refuse
    # Sockets may be made, as urllib3 does to learn of IPv6 when it is imported; they may not go anywhere.
    socket.socket.connect = socket.socket.connect_ex = socket.socket.sendto = refuse

    from detectors.registry import DETECTORS
    from detectors.types import DetectorOptions, Text

    options = DetectorOptions(recognizers=(sys.argv[1],))
    text = Text("Dear Margaret Thorpe, write to m.thorpe@example.co.uk or ring 01908 880677. DOB: 14/02/1980")
    for target in DETECTORS.values():
        module, _, attribute = target.partition(":")
        if importlib.util.find_spec(module) is None:
            continue
        for detector in getattr(importlib.import_module(module), attribute)(options):
            for spans in detector.detect([text]):
                for span in spans:
                    print(span.detector, span.entity_type)
"""
REGISTRY = """
supported_languages: [en]
recognizers:
  - {name: EmailRecognizer, type: predefined}
  - {name: UrlRecognizer, type: predefined}
"""


def test_detection_opens_no_connection(tmp_path: Path) -> None:
    path = tmp_path / "registry.yaml"
    path.write_text(REGISTRY, encoding="utf-8")
    # An empty cache: with a list of domains from an earlier run, nobody would ask for one.
    environment = {**os.environ, "TLDEXTRACT_CACHE": str(tmp_path / "cache")}
    command = [sys.executable, "-c", textwrap.dedent(CODE), str(path)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert run.returncode == 0, run.stderr[-2000:]
    lines = run.stdout.splitlines()
    assert [line for line in lines if "CONNECTION" in line] == []
    # It did look: presidio's own recogniser of e-mail addresses is the one that would ask for a list of domains.
    expected = {
        "names PERSON",
        "phones PHONE_NUMBER",
        "dates DATE_OF_BIRTH",
        "presidio:EmailRecognizer EMAIL_ADDRESS",
        "presidio:UrlRecognizer URL",
    }
    assert expected <= set(lines)
