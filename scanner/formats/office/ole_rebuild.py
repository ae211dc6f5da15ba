"""Streams of an embedded Office document go in; an OLE file of their own comes out, so that it can be read as one."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

_SECTOR, _SMALL, _CUTOFF = 512, 64, 4096
_FREE, _END, _FAT, _DIFAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC
_NONE = 0xFFFFFFFF


@dataclass(slots=True)
class _Node:
    name: str
    data: bytes | None = None  # None: a storage
    children: dict[str, "_Node"] = field(default_factory=dict)
    start: int = _END
    size: int = 0
    child: int = _NONE
    right: int = _NONE


def rebuild(streams: Sequence[tuple[tuple[str, ...], bytes]]) -> bytes:
    """An OLE file with these streams, each with its path ([MS-CFB], version 3). Raises ValueError over 2 GB."""
    root = _tree(streams)
    nodes = _numbered(root)
    body: list[bytes] = []
    fat: list[int] = []
    small: list[bytes] = []
    small_fat: list[int] = []
    for node in nodes[1:]:
        if node.data is None:
            continue
        node.size = len(node.data)
        if not node.size:
            continue
        big = node.size >= _CUTOFF
        node.start = _append(node.data, *((body, fat, _SECTOR) if big else (small, small_fat, _SMALL)))
    mini = b"".join(small)
    root.size = len(mini)
    root.start = _append(mini, body, fat, _SECTOR) if mini else _END
    table = struct.pack(f"<{len(small_fat)}L", *small_fat)
    table += struct.pack("<L", _FREE) * (-len(small_fat) % (_SECTOR // 4))
    small_start = _append(table, body, fat, _SECTOR) if table else _END
    directory = b"".join(map(_entry, nodes))
    directory += _entry(_Node("", b"")) * (-len(nodes) % 4)
    directory_start = _append(directory, body, fat, _SECTOR)
    header = (directory_start, small_start, len(table) // _SECTOR)
    return _file(body, fat, header)


def _tree(streams: Sequence[tuple[tuple[str, ...], bytes]]) -> _Node:
    root = _Node("Root Entry")
    for path, data in streams:
        node = root
        for step in path[:-1]:
            node = node.children.setdefault(step, _Node(step))
        node.children[path[-1]] = _Node(path[-1], data)
    return root


def _numbered(root: _Node) -> list[_Node]:
    """All nodes in the order of the directory; brothers are linked as a chain, which readers take as a tree."""
    nodes = [root]
    for node in nodes:
        first = len(nodes)
        brothers = list(node.children.values())
        nodes += brothers
        for number, brother in enumerate(brothers, start=first):
            brother.right = number + 1 if number + 1 < len(nodes) else _NONE
        node.child = first if brothers else _NONE
    return nodes


def _append(data: bytes, body: list[bytes], fat: list[int], size: int) -> int:
    """Put data into sectors behind the others; gives the first of them."""
    start = len(fat)
    count = -(-len(data) // size)
    body.append(data + b"\0" * (count * size - len(data)))
    fat += [*range(start + 1, start + count), _END]
    return start


def _entry(node: _Node) -> bytes:
    name = node.name[:31].encode("utf-16-le", "replace")
    kind = 0 if not node.name else (5 if node.name == "Root Entry" and node.data is None else 2 - (node.data is None))
    return struct.pack(
        "<64sHBBLLL16sLQQLQ",
        name, len(name) + 2 if node.name else 0, kind, 1, _NONE, node.right, node.child, b"", 0, 0, 0, node.start,
        node.size,
    )  # fmt: skip


def _file(body: list[bytes], fat: list[int], header: tuple[int, int, int]) -> bytes:
    directory_start, small_start, small_count = header
    content = len(fat)
    fats = difats = 0
    while True:  # the table of sectors lists itself too
        needed = -(-(content + fats + difats) // 128)
        more = -(-max(0, needed - 109) // 127)
        if (needed, more) == (fats, difats):
            break
        fats, difats = needed, more
    if content > 1 << 22:
        raise ValueError("too large for an embedded file")
    fat = [*fat, *[_FAT] * fats, *[_DIFAT] * difats]
    fat += [_FREE] * (fats * 128 - len(fat))
    places = list(range(content, content + fats))
    first = [*places[:109], *[_FREE] * (109 - len(places[:109]))]
    rest = places[109:]
    chain = b""
    for number in range(difats):
        block = rest[number * 127 : number * 127 + 127]
        block += [_FREE] * (127 - len(block))
        following = content + fats + number + 1 if number + 1 < difats else _END
        chain += struct.pack("<128L", *block, following)
    head = struct.pack(
        "<8s16sHHHHH6sLLLLLLLLL109L",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"", 0, fats, directory_start, 0, _CUTOFF,
        small_start, small_count, content + fats if difats else _END, difats, *first,
    )  # fmt: skip
    return b"".join((head, *body, struct.pack(f"<{len(fat)}L", *fat), chain))
