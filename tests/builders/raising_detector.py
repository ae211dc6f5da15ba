"""A recogniser of somebody else's goes out that raises whatever it reads, with the text in its error."""

from presidio_analyzer import EntityRecognizer


class Raising(EntityRecognizer):
    """Finds nothing."""

    def __init__(self) -> None:
        super().__init__(supported_entities=["RAISED"])

    def load(self) -> None:
        """Nothing to load."""

    def analyze(self, text: str, entities: object = None, nlp_artifacts: object = None) -> list[object]:
        """Fail, and tell why with everything that was read."""
        raise ValueError(f"cannot read {text!r}")
