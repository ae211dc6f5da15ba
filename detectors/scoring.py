"""Evidence goes in, a score between 0 and 1 comes out: pattern, then validator, context, label, each both ways."""

from detectors.context import AFTER, BEFORE, find_context, find_nearest
from detectors.labels import announced
from detectors.types import Evidence, Text

# How much of the remaining doubt each layer takes away, or how much of the score it leaves.
CONTEXT_GAIN = 0.7
LABEL_GAIN = 0.8
AGAINST = 0.3
# A word that ends so near in front of a value is what names it ("order number: ", "Tel. no. ").
NAMES = 12


def weigh(
    entity_type: str,
    base: float,
    text: Text,
    start: int,
    end: int,
    *,
    words: tuple[str, ...] = (),
    against: tuple[str, ...] = (),
    pattern: str = "",
    validator: str = "",
    before: int = BEFORE,
    after: int = AFTER,
    announces: bool = False,
) -> tuple[float, Evidence]:
    """Score of a candidate `text.text[start:end]`, to which pattern and check alone would give `base`, and why.

    `words` near it, or a label that announces the type, take doubt away; `against` words, or a label that rules the
    type out, take most of the score; the words only where they can belong to no other number. `announces` says that
    the label does, whatever labels.yaml holds. A word that speaks for the type is believed before one against it,
    unless that one stands right in front of the value and nearer: "card payment for order 4111 ..." is an order.
    """
    said = announced(text.label)
    expected = announces or entity_type in said.expected
    context, distance = find_nearest(text.text, start, end, words, before=before, after=after)
    if context and against and not expected:
        named, nearer = find_nearest(text.text, start, end, against, before=before, after=0, own_field=True)
        context = "" if named and nearer < min(distance, NAMES) else context
    score = base
    if context:
        score += (1 - score) * CONTEXT_GAIN
    label = ""
    if expected:
        score += (1 - score) * LABEL_GAIN
        label = text.label
    elif entity_type in said.excluded and not context:
        score *= AGAINST
        label = f"not: {text.label}"
    if against and not context and not (label and expected):
        opposed = find_context(text.text, start, end, against, before=before, after=after, own_field=True)
        if opposed:
            score *= AGAINST
            context = f"not: {opposed}"
    return round(score, 3), Evidence(pattern=pattern, validator=validator, context=context, label=label[:200])
