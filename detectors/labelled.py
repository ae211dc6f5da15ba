"""Texts go in, for each cell with a label and each field of a form what a detector finds in it comes out."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from detectors.forms import forms_in
from detectors.types import Span, Text

FindInField = Callable[[str, str, int, int], Iterable[Span]]


def spans_of_fields(texts: Sequence[Text], cue: re.Pattern[str], find: FindInField) -> Iterator[list[Span]]:
    """One list of spans for each text. `find` is given label, text, and where in it the value starts and ends.

    `cue` is what a text without a label must hold somewhere for its forms to be looked for: that is quickly seen.
    """
    for text in texts:
        if text.label:
            yield list(find(text.label, text.text, 0, len(text.text)))
        elif ":" in text.text and cue.search(text.text):
            fields = (field for form in forms_in(text.text) for field in form.fields)
            yield [
                span for field in fields for span in find(field.label, text.text, field.value_start, field.value_end)
            ]
        else:
            yield []
