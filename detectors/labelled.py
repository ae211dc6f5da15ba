"""Texts go in, for each cell with a label and each field of a form what a detector finds in it comes out."""

import re
from collections.abc import Callable, Iterable, Sequence

from detectors.batch import Batch
from detectors.forms import forms_in
from detectors.labels import expected_types
from detectors.types import Span, Text

FindInField = Callable[[str, str, int, int], Iterable[Span]]


def spans_of_fields(
    texts: Sequence[Text], entity_type: str, cue: re.Pattern[str], find: FindInField
) -> dict[int, list[Span]]:
    """The spans of the texts that have any. `find` is given label, text, and where in it the value starts and ends.

    It is asked of fields whose label announces the type. `cue` is what a text without a label must hold somewhere for
    its forms to be looked for: that is quickly seen.
    """
    batch = Batch.of(texts)
    announcing = {label for label in batch.labels if entity_type in expected_types(label)}
    if not announcing and not ("" in batch.labels and ":" in batch.joined):
        return {}
    found = {}
    for number, text in enumerate(batch):
        spans: list[Span] = []
        if text.label in announcing:
            spans = list(find(text.label, text.text, 0, len(text.text)))
        elif not text.label and ":" in text.text and cue.search(text.text):
            fields = (field for form in forms_in(text.text) for field in form.fields)
            spans = [
                span for field in fields for span in find(field.label, text.text, field.value_start, field.value_end)
            ]
        if spans:
            found[number] = spans
    return found
