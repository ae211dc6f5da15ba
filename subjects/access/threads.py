"""The blocks of several messages go in, the same come out with each message of a conversation once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from subjects.access.extracts import Block, TextBlock


def once(threads: Sequence[str], messages: Sequence[Sequence[Block]]) -> list[tuple[Block, ...]]:
    """`threads` are their conversations, "" = none. A quotation whose lines stand in another message names that one."""
    lines = [frozenset(_lines(blocks)) for blocks in messages]
    made = []
    for number, (thread, blocks) in enumerate(zip(threads, messages, strict=True)):
        others = [one for one, its in enumerate(threads) if thread and its == thread and one != number]
        made.append(tuple(_shortened(block, others, lines) for block in blocks))
    return made


def _shortened(block: Block, others: Iterable[int], lines: Sequence[frozenset[str]]) -> Block:
    if not isinstance(block, TextBlock) or not block.quoted:
        return block
    # “On 3 May … wrote:” belongs to the quotation, not to what is quoted.
    quoted = {line for line in _bare(block.text) if not line.endswith(":")}
    for one in others:
        if quoted and quoted <= lines[one]:
            return replace(block, text=f"[quoted here: extract {one + 1}]")
    return block


def _lines(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, TextBlock) and not block.quoted:
            yield from _bare(block.text)


def _bare(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if plain := " ".join(line.lstrip("> \t").split()):
            yield plain
