"""The YAML rules of detectors/rules go in, one detector that runs them all over batches of texts comes out."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import compress

from detectors.ages import today_of
from detectors.batch import Batch, Rows
from detectors.encoded_births import birth_facts, surname_agrees
from detectors.facts import NOT_ISSUED, Facts
from detectors.hints import spread
from detectors.labels import expected_types, says
from detectors.needed import may_match
from detectors.rulefiles import Rule, builtin_rules
from detectors.scoring import weigh
from detectors.types import Detector, DetectorOptions, Evidence, Span, Text

# A single number that is published for testing is no accident.
PUBLISHED = 0.5
MANY = 50  # candidates that are checked together
# How far from a driver number the surname that it begins with may stand.
NAMES = 200


def load(options: DetectorOptions) -> list[Detector]:
    """One detector with the rules of the wanted countries, and those of no country.

    Raises:
        ValueError: a rule file has a mistake.
    """
    rules = [rule for rule in builtin_rules() if not rule.countries or not rule.countries.isdisjoint(options.countries)]
    return [PatternDetector(tuple(rules), today_of(options))]


class PatternDetector:
    """Runs rules over texts joined to one string, so that a column of short cells costs one search per rule."""

    def __init__(self, rules: tuple[Rule, ...], today: date | None = None) -> None:
        self.rules = rules
        self._today = today or date.today()
        self._chances = {
            kind: max((rule.check.chance for rule in rules if rule.entity_type == kind and rule.check), default=1.0)
            for kind in {rule.entity_type for rule in rules}
        }

    @property
    def name(self) -> str:
        """Stable name; spans carry the name of their rule behind it."""
        return "rules"

    @property
    def entity_types(self) -> tuple[str, ...]:
        """All types of the rules."""
        return tuple(sorted(self._chances))

    def chance(self, entity_type: str) -> float:
        """Probability that a random string of the right shape passes the check; 1.0 when the type has no check."""
        return self._chances.get(entity_type, 1.0)

    def detect(self, texts: Sequence[Text]) -> Iterator[list[Span]]:
        """Yield the spans of each text, in order."""
        return spread(texts, self.find(texts))

    def find(self, texts: Sequence[Text]) -> dict[int, list[Span]]:
        """The spans of the texts that have any."""
        batch = Batch.of(texts)
        found: dict[int, list[Span]] = {}
        for rule in self.rules:
            if rule.needs and not _speaks_for(batch, rule):
                continue
            candidates = _candidates(batch, rule)
            if candidates:  # so it is of few rules in most batches
                for index, span in _Judge(rule, batch, self._today).spans(candidates):
                    found.setdefault(index, []).append(span)
        return found

    def shaped(self, texts: Sequence[Text]) -> Iterator[frozenset[str]]:
        """For each text the checksummed types whose shape the whole stripped text has, whether or not it passes."""
        batch = Batch.of(texts)
        kinds: dict[int, set[str]] = {}
        for rule in self.rules:
            if rule.check and rule.check.chance < 1:
                whole, ends = batch.joined, batch.ends
                for start, end, _ in _candidates(batch, rule):
                    index = bisect_right(ends, start)
                    if whole[start:end] == batch[index].text.strip():
                        kinds.setdefault(index, set()).add(rule.entity_type)
        none = frozenset[str]()
        yield from (frozenset(kinds[index]) if index in kinds else none for index in range(len(batch)))

    def trials(self, texts: Sequence[Text], entity_types: frozenset[str]) -> Iterator[tuple[int, str, str, bool]]:
        """(which text, entity type, characters, whether they pass) of all that has the shape of one of these types."""
        batch = Batch.of(texts)
        for rule in self.rules:
            if rule.check and rule.check.chance < 1 and rule.entity_type in entity_types:
                for start, end, _ in _candidates(batch, rule):
                    found = batch.joined[start:end]
                    found = rule.trim(found) if rule.trim else found
                    passes = rule.check.passes(found)
                    if passes and rule.read_facts:
                        passes = NOT_ISSUED not in rule.read_facts(found)
                    yield batch.number_at(start), rule.entity_type, found, passes


def _speaks_for(batch: Batch, rule: Rule) -> bool:
    """Whether anything here could give the rule the support that it needs."""
    if "label" in rule.needs and any(rule.entity_type in expected_types(label) for label in batch.labels):
        return True
    return "context" in rule.needs and rule.context_cues.among(batch.words)


def _candidates(batch: Batch, rule: Rule) -> Rows:
    """(start, end, number of the pattern) in the joined string, only searched where the rule's anchor is near."""
    known = batch.candidates.get(rule)
    if known is None:
        known = batch.candidates[rule] = []
        possible = [(at, one) for at, one in enumerate(rule.patterns) if may_match(one.needed, batch.alphabet)]
        if possible:
            whole = batch.joined
            stretches = batch.stretches(rule.near) if rule.near else [(0, len(whole))]
            for number, pattern in possible:
                find, group = pattern.regex.finditer, pattern.group
                for low, high in stretches:
                    known += [(*match.span(group), number) for match in find(whole, low, high)]
    return known


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What pattern, label and words near a candidate make of it; `opposed`: something speaks against it."""

    score: float
    evidence: Evidence
    reason: str
    opposed: bool


class _Judge:
    """Makes spans of the candidates of one rule in a batch; those that no word speaks of are alike under one label."""

    def __init__(self, rule: Rule, batch: Batch, today: date) -> None:
        self._rule = rule
        self._batch = batch
        self._today = today
        self._words = rule.context if rule.context_cues.among(batch.words) else ()
        self._against = rule.against if rule.against_cues.among(batch.words) else ()
        self._alone: dict[tuple[int, str], _Verdict | None] = {}

    def spans(self, candidates: Rows) -> Iterator[tuple[int, Span]]:
        """(number of the text, span) of those whose check does not fail and that have the support that they need."""
        rule, batch = self._rule, self._batch
        whole, ends = batch.joined, batch.ends
        passes, trim = rule.check.passes if rule.check else None, rule.trim
        if rule.check and rule.check.may_pass and not trim and len(candidates) >= MANY:
            texts = [whole[start:last] for start, last, _ in candidates]
            candidates = list(compress(candidates, rule.check.may_pass(texts)))
        seen: set[tuple[int, int]] = set()  # of two patterns that fit the same characters the first counts
        for start, last, number in candidates:
            if (start, last) in seen:
                continue
            seen.add((start, last))
            found, end = whole[start:last], last
            if trim:
                found = trim(found)
                end = start + len(found)
                if whole[end : end + 1].isalnum():
                    continue
            if passes and not passes(found):
                continue
            index = bisect_right(ends, start)
            offset = ends[index - 1] if index else 0
            span = self._span(number, batch[index], start - offset, end - offset, found)
            if span:
                yield index, span

    def _span(self, number: int, text: Text, start: int, end: int, found: str) -> Span | None:
        """None when the support that the candidate needs is missing."""
        rule = self._rule
        verdict = self._verdict(number, text, start, end)
        if verdict is None:
            return None
        value = rule.normalise(found)
        score = verdict.score
        if value in rule.tests and not verdict.opposed:
            score = max(score, PUBLISHED)
        facts = rule.facts
        if rule.read_facts or rule.read_birth or rule.surname:
            around = text.text[max(0, start - NAMES) : start] + "\n" + text.text[end : end + NAMES]
            facts = _facts(rule, found, around, self._today)
        return Span(
            rule.entity_type, start, end, score, rule.detector, verdict.reason, value, verdict.evidence, facts,
            rule.is_test(value),
        )  # fmt: skip

    def _verdict(self, number: int, text: Text, start: int, end: int) -> _Verdict | None:
        words, against = self._words, self._against
        if words or against:
            before, after = self._rule.window
            # A look for bare words costs a tenth of the search for context, and most candidates have none around them.
            around = text.text[max(0, start - before) : end + after].lower()
            words = words if self._rule.context_cues.within(around) else ()
            against = against if self._rule.against_cues.within(around) else ()
        if words or against:
            return _judged(self._rule, number, text, (start, end), words=words, against=against)
        key = (number, text.label)
        if key not in self._alone:
            self._alone[key] = _judged(self._rule, number, text, (start, end), words=(), against=())
        return self._alone[key]


def _judged(
    rule: Rule, number: int, text: Text, place: tuple[int, int], *, words: tuple[str, ...], against: tuple[str, ...]
) -> _Verdict | None:
    """None when the support that the rule needs is missing."""
    pattern = rule.patterns[number]
    score, evidence = weigh(
        rule.entity_type,
        pattern.score,
        text,
        *place,
        words=words,
        against=against,
        pattern=f"{rule.name}: {pattern.name}",
        validator=rule.check.words if rule.check else "",
        before=rule.window[0],
        after=rule.window[1],
        announces=bool(rule.labels) and says(text.label, rule.labels),
    )
    support = {kind for kind, said in (("context", evidence.context), ("label", evidence.label)) if _speaks(said)}
    if rule.needs and not support & rule.needs:
        return None
    if rule.alone is not None and not support:
        score = min(score, rule.alone)
    opposed = evidence.context.startswith("not: ") or evidence.label.startswith("not: ")
    return _Verdict(score, evidence, _reason(evidence), opposed)


def _facts(rule: Rule, found: str, around: str, today: date) -> Facts:
    """What the rule says of all its findings, and what this one says of itself and of the words around it."""
    facts = rule.facts
    if rule.read_facts:
        facts += rule.read_facts(found)
    if rule.read_birth:
        facts += birth_facts(rule.read_birth(found, today), today)
    if rule.surname and surname_agrees(found, around):
        facts += (("surname", "agrees"),)
    return facts


def _speaks(said: str) -> bool:
    return bool(said) and not said.startswith("not: ")


def _reason(evidence: Evidence) -> str:
    """The layers in one plain sentence."""
    parts = [f"looks like {evidence.pattern}"]
    if evidence.validator:
        parts.append(f"right {evidence.validator}")
    for said, near in ((evidence.context, "near the word"), (evidence.label, "under the label")):
        if said:
            against = "" if _speaks(said) else ", which speaks against it"
            parts.append(f'{near} "{said.removeprefix("not: ")[:60]}"{against}')
    return "; ".join(parts)
