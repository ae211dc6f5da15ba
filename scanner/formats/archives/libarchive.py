"""An archive goes in, entries and their bytes come out of libarchive, where the system has it (ImportError where not).

Bound by hand, with ctypes, for three reasons: the formats must be named one by one (`all` includes mtree, which reads
other files of the disk, and filters that start programs); errors of the disk must not look like the end of the file;
and macOS and Windows bring the library under names that nobody else looks for.
"""

import ctypes
import io
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

EOF, OK, WARN, FAILED, FATAL = 1, 0, -20, -25, -30
_NAMES = ("libarchive.so.13", "libarchive.so", "libarchive.13.dylib", "libarchive.2.dylib", "libarchive.dylib",
          "archive.dll", "libarchive-13.dll", "archiveint.dll")  # fmt: skip
_BLOCK = 64 * 1024
_READ = ctypes.CFUNCTYPE(ctypes.c_ssize_t, ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(ctypes.c_void_p))
_SEEK = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int)
_SIGNATURES = {
    "archive_read_new": (ctypes.c_void_p, []),
    "archive_read_free": (ctypes.c_int, [ctypes.c_void_p]),
    "archive_read_set_read_callback": (ctypes.c_int, [ctypes.c_void_p, _READ]),
    "archive_read_set_seek_callback": (ctypes.c_int, [ctypes.c_void_p, _SEEK]),
    "archive_read_set_callback_data": (ctypes.c_int, [ctypes.c_void_p, ctypes.c_void_p]),
    "archive_read_open1": (ctypes.c_int, [ctypes.c_void_p]),
    "archive_read_next_header": (ctypes.c_int, [ctypes.c_void_p, ctypes.POINTER(ctypes.c_void_p)]),
    "archive_read_data_block": (
        ctypes.c_int,
        [
            ctypes.c_void_p,
            ctypes.POINTER(ctypes.c_void_p),
            ctypes.POINTER(ctypes.c_size_t),
            ctypes.POINTER(ctypes.c_int64),
        ],
    ),
    "archive_error_string": (ctypes.c_char_p, [ctypes.c_void_p]),
    "archive_entry_pathname": (ctypes.c_char_p, [ctypes.c_void_p]),
    "archive_entry_pathname_w": (ctypes.c_wchar_p, [ctypes.c_void_p]),
    "archive_entry_hardlink": (ctypes.c_char_p, [ctypes.c_void_p]),
    "archive_entry_mode": (ctypes.c_ushort if ctypes.sizeof(ctypes.c_wchar) == 2 else ctypes.c_uint, [ctypes.c_void_p]),
    "archive_entry_size": (ctypes.c_int64, [ctypes.c_void_p]),
    "archive_entry_size_is_set": (ctypes.c_int, [ctypes.c_void_p]),
    "archive_entry_mtime": (ctypes.c_int64, [ctypes.c_void_p]),
    "archive_entry_mtime_is_set": (ctypes.c_int, [ctypes.c_void_p]),
    "archive_entry_uname": (ctypes.c_char_p, [ctypes.c_void_p]),
    "archive_entry_uid": (ctypes.c_int64, [ctypes.c_void_p]),
    "archive_entry_is_encrypted": (ctypes.c_int, [ctypes.c_void_p]),
}


def _load() -> ctypes.CDLL:
    for name in _NAMES:
        try:
            library = ctypes.CDLL(name)
            for function, (result, arguments) in _SIGNATURES.items():
                bound = getattr(library, function)
                bound.restype, bound.argtypes = result, arguments
        except (OSError, AttributeError):
            continue
        return library
    raise ImportError("libarchive is not installed", name="libarchive")


_LIB = _load()


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `mode` has the kind of file in it, as POSIX has it; `size` None = not told."""

    name: str | bytes
    mode: int
    size: int | None
    modified: float | None
    owner: str
    link: bool
    encrypted: bool

    @property
    def folder(self) -> bool:
        """Whether it is a folder."""
        return stat.S_ISDIR(self.mode)

    @property
    def special(self) -> bool:
        """A symbolic link, a device, a pipe; a hard link only where no bytes come with it."""
        kind = stat.S_IFMT(self.mode)
        return (bool(kind) and kind != stat.S_IFREG) or (self.link and not self.size)


class ArchiveFault(Exception):  # noqa: N818 - a noun, as Skip is
    """libarchive cannot go on. `fatal`: nothing more can be read; `locked`: for want of a password."""

    def __init__(self, fatal: bool, locked: bool) -> None:
        super().__init__("cannot be read")
        self.fatal = fatal
        self.locked = locked


class Reader:
    """An open archive; close() frees it. `formats` and `filters` are libarchive's names for what may be inside."""

    def __init__(self, stream: IO[bytes], formats: Sequence[str], filters: Sequence[str] = ()) -> None:
        self._stream = stream
        self._buffer = ctypes.create_string_buffer(_BLOCK)
        self._error: Exception | None = None
        # Behind damaged data its reader of CAB follows a null pointer (libarchive issue 2861, open; seen in 3.6.2).
        self._ends_at_damage, self._damaged = "cab" in formats, False
        self._callbacks = (_READ(self._read), _SEEK(self._seek))  # they must live as long as the archive
        self._archive = _LIB.archive_read_new()
        if not self._archive:
            raise MemoryError
        names = [*(f"format_{name}" for name in formats), *(f"filter_{name}" for name in filters)]
        # A warning means that a program would be started for it.
        self.supported = all(self._call(f"archive_read_support_{name}") == OK for name in names)
        _LIB.archive_read_set_callback_data(self._archive, None)  # it makes room for the callbacks: crashes without
        _LIB.archive_read_set_read_callback(self._archive, self._callbacks[0])
        _LIB.archive_read_set_seek_callback(self._archive, self._callbacks[1])

    def _call(self, function: str) -> int:
        bound = getattr(_LIB, function, None)
        if bound is None:
            return FATAL
        bound.restype, bound.argtypes = ctypes.c_int, [ctypes.c_void_p]
        return int(bound(self._archive))

    def _read(self, _archive: int, _data: int, place: "ctypes._Pointer[ctypes.c_void_p]") -> int:
        try:
            block = self._stream.read(_BLOCK)
        except Exception as error:  # noqa: BLE001 - none may cross libarchive; it is raised behind it
            self._error = error
            return FATAL
        ctypes.memmove(self._buffer, block, len(block))
        place[0] = ctypes.cast(self._buffer, ctypes.c_void_p)
        return len(block)

    def _seek(self, _archive: int, _data: int, offset: int, whence: int) -> int:
        try:
            if whence != io.SEEK_SET or offset >= 0:
                return self._stream.seek(offset, whence)
        except Exception as error:  # noqa: BLE001 - as above
            self._error = error
        return FATAL

    def entries(self) -> Iterator[Entry | None]:
        """Entry after entry; None for one that cannot be read while others can.

        Raises:
            ArchiveFault: the rest cannot be read.
        """
        self._check(_LIB.archive_read_open1(self._archive))
        place = ctypes.c_void_p()
        while True:
            if self._damaged and self._ends_at_damage:
                raise ArchiveFault(fatal=True, locked=False)
            code = _LIB.archive_read_next_header(self._archive, ctypes.byref(place))
            if code == EOF:
                return
            if code in (OK, WARN) and place.value:
                yield _entry(place)
            else:
                self._check(code)
                yield None

    def data(self) -> Iterator[bytes]:
        """The bytes of the entry that came last.

        Raises:
            ValueError: they are damaged or cut off, or a password is needed.
        """
        # Not archive_read_data(), which keeps to itself what it had when it met an error.
        block, count, offset = ctypes.c_void_p(), ctypes.c_size_t(), ctypes.c_int64()
        done = 0
        while True:
            if not self._archive:  # closed: libarchive would crash
                raise ValueError("closed")
            code = _LIB.archive_read_data_block(
                self._archive, ctypes.byref(block), ctypes.byref(count), ctypes.byref(offset)
            )
            if self._error:
                raise self._error
            if code in (OK, EOF, WARN):
                while done < offset.value:  # a hole
                    zeros = min(_BLOCK, offset.value - done)
                    done += zeros
                    yield bytes(zeros)
            if code in (OK, WARN) and count.value and block.value:
                done += count.value
                yield ctypes.string_at(block, count.value)
            if code == EOF:
                return
            if code != OK:
                self._damaged = True
                raise ValueError("entry")

    def _check(self, code: int) -> None:
        """Pass a code that is no end of everything."""
        if self._error:
            raise self._error
        if code <= FATAL or (code < WARN and self.locked):
            raise ArchiveFault(fatal=code <= FATAL, locked=self.locked)

    @property
    def locked(self) -> bool:
        """Whether the last error was for want of a password; its text is looked at here and shown nowhere."""
        text = _LIB.archive_error_string(self._archive) or b""
        return b"ncrypt" in text or b"assphrase" in text

    def close(self) -> None:
        """Free it."""
        if self._archive:
            _LIB.archive_read_free(self._archive)
        self._archive = None


def _entry(place: ctypes.c_void_p) -> Entry:
    name = _LIB.archive_entry_pathname_w(place) or _LIB.archive_entry_pathname(place) or b""
    owner = _LIB.archive_entry_uname(place) or b""
    return Entry(
        name,
        _LIB.archive_entry_mode(place),
        _LIB.archive_entry_size(place) if _LIB.archive_entry_size_is_set(place) else None,
        float(_LIB.archive_entry_mtime(place)) if _LIB.archive_entry_mtime_is_set(place) else None,
        owner.decode("utf-8", "replace") or str(_LIB.archive_entry_uid(place)),
        bool(_LIB.archive_entry_hardlink(place)),
        bool(_LIB.archive_entry_is_encrypted(place)),
    )
