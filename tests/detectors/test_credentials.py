"""Secrets beside people: what opens something is found by word, form or label, and notices about it are not."""

import time

import pytest

from detectors.credentials import CredentialDetector
from detectors.types import Text

KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIBOgIBAAJBAK\n-----END RSA PRIVATE KEY-----"


def found(text: str, label: str = "") -> list[str]:
    [spans] = CredentialDetector().detect([Text(text, label)])
    return [text[span.start : span.end] for span in spans if span.score >= 0.5]


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("Password: hunter2", "hunter2"),
        ("User: jane\nPassword: wrenfield\nSite: mail", "wrenfield"),
        ("the password for the shared mailbox is Wren!2024.", "Wren!2024"),
        ("pwd = Tr0ub4dor&3", "Tr0ub4dor&3"),
        ("The alarm code is 4821, please tell nobody.", "4821"),
        ("key safe code: C1947X", "C1947X"),
        ("Her PIN is 7291.", "7291"),
        ("Wi-Fi password: “garden-gate-9”", "garden-gate-9"),
        ("postgres://app:s3cr3tpw@db.example.org/crm", "s3cr3tpw"),
        (f"keep this:\n{KEY}\nthanks", KEY),
        ("AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"),
        ("api_key: 9f8e7d6c5b4a", "9f8e7d6c5b4a"),
    ],
)
def test_must(text: str, secret: str) -> None:
    assert found(text) == [secret]


@pytest.mark.parametrize(
    "text",
    [
        "Password: please ask Jane.",
        "Your password is required.",
        "The password is never stored.",
        "Passwords are encrypted.",
        "password = getpass()",
        "password=password",
        "PASSWORD=${DB_PASSWORD}",
        "Password: ********",
        "Password: <your password>",
        "pin: the board to the wall",
        "My post code is NN12 6RD.",
        "dress code: smart",
        "https://example.org:8080/a@b",
        "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
        "The key is under the mat.",
    ],
)
def test_must_not(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("label", "value", "secret"),
    [
        ("password", "correct horse", True),
        ("user_password", "hunter2", True),
        ("PIN", "0417", True),
        ("Security answer", "Rover", True),
        ("password_hash", "$2b$12$abcdefghijklmnopqrstuv", True),
        ("door code", "C1947X", True),
        ("password_changed_at", "2025-01-02", False),
        ("password reset required", "yes", False),
        ("password", "yes", False),
        ("password", "********", False),
        ("password", "[REDACTED]", False),
        ("password", "01/02/2025", False),
        ("postcode", "NN12 6RD", False),
    ],
)
def test_labels(label: str, value: str, secret: bool) -> None:
    assert found(value, label) == ([value] if secret else [])


def test_no_evidence_tells_the_secret() -> None:
    for text, label in (("Password: hunter2", ""), ("hunter2", "password")):
        [[span]] = CredentialDetector().detect([Text(text, label)])
        assert "hunter2" not in " ".join((span.reason, *map(str, (span.evidence.pattern, span.evidence.context))))


@pytest.mark.parametrize(
    "piece", ["password for a ", "pin: ", "a://b:", "-----BEGIN PRIVATE KEY-----", "password is ", "ghp_a", "pwd ="]
)
def test_time_grows_with_the_text(piece: str) -> None:
    def seconds(size: int) -> float:
        started = time.process_time()
        found((piece * size)[:size])
        return time.process_time() - started

    seconds(2_000)
    small, large = (min(seconds(size) for _ in range(3)) for size in (20_000, 200_000))
    assert large < 5
    assert large < 40 * max(small, 0.002), "more than in proportion"
