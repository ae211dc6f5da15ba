"""An archive of pg_dump goes in (-Fc, -Ft, the toc.dat of -Fd), the parts of the script that it stands for come out."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

import pyarrow as pa

from scanner.formats.archives import tar_members
from scanner.formats.archives.member_streams import Damage, MemberStream, opener
from scanner.formats.archives.packed import FAULTS, Inflate, blocks, unpack, zstandard
from scanner.formats.dumps.pg_toc import CUSTOM, GZIP, LZ4, NONE, ZSTD, Contents, Entry, Reader, read_contents
from scanner.formats.dumps.sqldump import Dump, grammar_of
from scanner.formats.dumps.sqldump_schema import definition
from scanner.formats.dumps.sqldump_source import Source
from scanner.formats.dumps.sqldump_tables import Tables
from scanner.formats.tables.db_rows import Binaries
from scanner.limits import MB, Budget
from scanner.model import Child, Location, Lost, Part, Reason, Segment, Skip

_DATA, _LARGE_OBJECTS = 1, 3  # kinds of blocks
_LARGEST_OBJECT = 256 * MB
_BLOCK = 64 * 1024
_CUT_OFF = "its table of contents is cut off"


def extract(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """Tables and definitions of an archive in one file. The data of a folder (-Fd) stand in other files."""
    reader = Reader(stream)
    contents = read_contents(reader)
    damage = Damage("table")
    archive = _Archive(reader, contents, budget, damage, [])
    data = archive.data() if contents.form == CUSTOM else iter(())
    yield from _read(contents, data, budget, damage)
    yield from archive.large_objects()
    yield from damage.told()


def extract_tar(stream: IO[bytes], budget: Budget) -> Iterator[Part]:
    """The same for an archive in the form of a tar; what is no table in it is given as a member."""
    members = [entry for entry in tar_members.Members(stream).entries() if not entry.folder]
    first = next((entry for entry in members if entry.name == "toc.dat"), None)
    if first is None:
        raise Skip(Reason.DAMAGED, "it has no table of contents")
    damage = Damage("table")
    contents = read_contents(Reader(io.BytesIO(b"".join(_kept(stream, first)))))
    tables = {entry.file: entry for entry in contents.entries if entry.kind == "TABLE DATA" and entry.file}
    data = ((tables[entry.name], _charged(_kept(stream, entry), budget)) for entry in members if entry.name in tables)
    yield from _read(contents, data, budget, damage)
    for entry in members:
        if entry is not first and entry.name not in tables:
            budget.charge_member()
            yield Child(entry.name, _member(stream, entry, damage), entry.size, entry.modified)
    yield from damage.told()


def _kept(stream: IO[bytes], entry: tar_members.Entry) -> Iterator[bytes]:
    return blocks(stream, entry.start, entry.size)


def _member(stream: IO[bytes], entry: tar_members.Entry, damage: Damage) -> Callable[[], IO[bytes]]:
    return opener(lambda: _kept(stream, entry), damage)


def _charged(chunks: Iterator[bytes], budget: Budget) -> Iterator[bytes]:
    for chunk in chunks:
        budget.charge_bytes(len(chunk))
        yield chunk


def _read(
    contents: Contents, data: Iterator[tuple[Entry, Iterator[bytes]]], budget: Budget, damage: Damage
) -> Iterator[Part]:
    """The archive as a script: definitions first, so that tables are known, then the data in the order of the file."""
    told = (definition(entry.definition.decode("utf-8", "replace")) for entry in contents.entries)
    script = MemberStream(_script(contents, data, damage), damage.note)
    source = Source(io.BufferedReader(script, _BLOCK))
    tables = Tables(source, grammar_of("PostgreSQL"), Binaries(budget), [one for one in told if one])
    yield from Dump(source, tables).parts()
    if not contents.whole:
        yield Lost("", Reason.DAMAGED, _CUT_OFF)


def _script(contents: Contents, data: Iterator[tuple[Entry, Iterator[bytes]]], damage: Damage) -> Iterator[bytes]:
    for entry in contents.entries:
        if entry.definition:
            yield entry.definition.rstrip() + b"\n\n"
    for entry, chunks in data:
        yield b"\n" + entry.copy
        end = b""
        try:
            for chunk in chunks:
                yield chunk
                end = (end + chunk)[-8:]
        except EOFError:
            damage.note("cut off")
        except FAULTS:
            damage.note("damaged")
        if entry.copy and b"\\." not in end:
            yield b"\n\\.\n" if end.strip(b"\n") == end else b"\\.\n"


@dataclass(slots=True)
class _Archive:
    """The data of an archive in one file, block by block; `later` is where large objects begin."""

    reader: Reader
    contents: Contents
    budget: Budget
    damage: Damage
    later: list[int]

    def data(self) -> Iterator[tuple[Entry, Iterator[bytes]]]:
        """The data of every table."""
        entries = {entry.number: entry for entry in self.contents.entries}
        try:
            while kind := self.reader.stream.read(1):
                number = self.reader.number()
                if kind[0] == _DATA:
                    chunks = self.reader.chunks()
                    if number in entries:
                        yield entries[number], self._unpacked(chunks)
                    for _ in chunks:
                        pass  # of what was damaged
                elif kind[0] == _LARGE_OBJECTS:
                    self.later.append(self.reader.stream.tell())
                    while self.reader.number():
                        for _ in self.reader.chunks():
                            pass
                else:
                    raise EOFError  # noqa: TRY301 - no block begins so
        except EOFError:
            self.damage.note("cut off")

    def large_objects(self) -> Iterator[Part]:
        """What PostgreSQL keeps beside the tables: files, or texts."""
        binaries = Binaries(self.budget)
        for start in self.later:
            self.reader.stream.seek(start)
            try:
                while number := self.reader.number():
                    chunks = self.reader.chunks()
                    value = self._whole(chunks)
                    text, child = binaries.read(value, f"large objects/{number}")
                    if child:
                        yield child
                    if text:
                        yield Segment(text, Location.of(object=number))
                    for _ in chunks:
                        pass
            except EOFError:
                return
        yield from binaries.losses()

    def _whole(self, chunks: Iterator[bytes]) -> bytes:
        value = bytearray()
        try:
            for piece in self._unpacked(chunks):
                value += piece
                if len(value) > _LARGEST_OBJECT:
                    break
        except FAULTS:
            self.damage.note("damaged")
        return bytes(value)

    def _unpacked(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        compression = self.contents.compression
        if compression == NONE:
            return _charged(chunks, self.budget)
        if compression == LZ4:
            return _charged(_lz4(chunks), self.budget)
        if compression not in (GZIP, ZSTD):
            raise Skip(Reason.UNSUPPORTED, f"data compressed in the way number {compression}")
        return _charged(unpack(chunks, zstandard if compression == ZSTD else lambda: Inflate(15)), self.budget)


def _lz4(chunks: Iterator[bytes]) -> Iterator[bytes]:
    first = next(chunks, b"")
    if not first:
        return
    packed = io.BufferedReader(MemberStream(_again(first, chunks), lambda _: None), _BLOCK)
    with pa.CompressedInputStream(pa.PythonFile(packed, mode="r"), "lz4") as unpacked:
        while data := unpacked.read(_BLOCK):
            yield data


def _again(first: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from chunks
