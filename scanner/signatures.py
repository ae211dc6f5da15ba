"""The first bytes of a file go in, the media type of a binary format comes out, or "" when none is recognised."""

import re

import puremagic

OCTETS = "application/octet-stream"

# Signatures that no text begins with: they are asked before the text is looked at.
_SURE: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"\x1f\x9d", "application/x-compress"),
    (0, b"\xfd7zXZ\x00", "application/x-xz"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"\x28\xb5\x2f\xfd", "application/zstd"),
    (0, b"\x50\x2a\x4d\x18", "application/zstd"),
    (0, b"\x78\x9c", "application/zlib"),
    (0, b"\x78\xda", "application/zlib"),
    (0, b"\x04\x22\x4d\x18", "application/x-lz4"),
    (0, b"\x89LZO\x00\r\n\x1a\n", "application/x-lzop"),
    (0, b"LZIP\x01", "application/x-lzip"),
    (0, b"LRZI\x00", "application/x-lrzip"),
    (0, b"xar!\x00", "application/x-xar"),
    (0, b"\xed\xab\xee\xdb", "application/x-rpm"),
    (0x8001, b"CD001", "application/x-iso9660-image"),
    (0, b"MSCF\x00\x00\x00\x00", "application/vnd.ms-cab-compressed"),
    (0, b"SQLite format 3\x00", "application/vnd.sqlite3"),
    (0, b"\x00\x05\x16\x07\x00\x02\x00\x00", "application/applefile"),
    (0, b"\x00\x05\x16\x00\x00\x02\x00\x00", "application/applefile"),
    (0, b"!BDN", "application/vnd.ms-outlook-pst"),
    (0, b"\x89MAPI item\r\n\x1a\n", "application/vnd.ms-outlook"),  # ours: an item within a mailbox
    (0, b"\x76\xe8\x04\x60\xc4\x11\xe3\x86", "application/x-microsoft-rpmsg-message"),
    (0, b"\xcf\xad\x12\xfe", "application/x-outlook-express"),
    (0, b"\x78\x9f\x3e\x22", "application/vnd.ms-tnef"),
    (0, b"\x00\x01\x00\x00Standard Jet DB", "application/x-msaccess"),
    (0, b"\x00\x01\x00\x00Standard ACE DB", "application/x-msaccess"),
    (0, b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d", "application/onenote"),
    (0, b"Obj\x01", "application/avro"),
    (0, b"PAR1\x15", "application/vnd.apache.parquet"),
    (0, b"ARROW1\x00\x00", "application/vnd.apache.arrow.file"),
    (0, b"PGDMP\x01", "application/x-postgresql-dump"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"\x00\x00\x01\x00\x01\x00", "image/vnd.microsoft.icon"),
    (0, b"\xd7\xcd\xc6\x9a", "image/wmf"),
    (0, b"\x01\x00\x09\x00\x00\x03", "image/wmf"),
    (40, b" EMF\x00\x00\x01\x00", "image/emf"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\xdb\xa5", "application/msword"),
    (0, b"\x09\x00\x04\x00", "application/vnd.ms-excel"),
    (0, b"\x09\x02\x06\x00", "application/vnd.ms-excel"),
    (0, b"\x09\x04\x06\x00", "application/vnd.ms-excel"),
    (0, b"\xff\x57\x50\x43", "application/vnd.wordperfect"),
    (0, b"\x4c\x00\x00\x00\x01\x14\x02\x00", "application/x-ms-shortcut"),
    (0, b"\x7fELF", "application/x-executable"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"%!PS-Adobe", "application/postscript"),
    (0, b"\x5d\x00\x00\x80\x00", "application/x-lzma"),
    (0, b"\x5d\x00\x00\x10\x00", "application/x-lzma"),
    (0, b"\x5d\x00\x00\x00\x04", "application/x-lzma"),
)
# These could begin a text ("BMW ...", "MZ ..."): they are only asked when the content is not text.
_LOOSE: tuple[tuple[int, bytes, str], ...] = (
    (0, b"BZh", "application/x-bzip2"),
    (0, b"PAR1", "application/vnd.apache.parquet"),
    (0, b"PARE", "application/vnd.apache.parquet"),
    (0, b"FEA1", "application/vnd.apache.arrow.file"),
    (0, b"ORC", "application/vnd.apache.orc"),
    (0, b"ITSF", "application/vnd.ms-htmlhelp"),
    (0, b"MZ", "application/vnd.microsoft.portable-executable"),
    (0, b"BM", "image/bmp"),
    (0, b"AC10", "image/vnd.dwg"),
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"ElfFile", "application/x-windows-event-log"),
    (8, b"WAVE", "audio/wav"),
    (8, b"WEBP", "image/webp"),
    (8, b"AVI ", "video/x-msvideo"),
    (12, b"\x62\x31\x05\x00", "application/x-berkeley-db"),
    (12, b"\x61\x15\x06\x00", "application/x-berkeley-db"),
    (0, b"\xc7\x71", "application/x-cpio"),
)
# Signatures of archives whose own headers are printable, and so often all their content.
_ARCHIVES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"070701", "application/x-cpio"),
    (0, b"070702", "application/x-cpio"),
    (0, b"070707", "application/x-cpio"),
    (0, b"!<arch>\n", "application/x-archive"),
)
# A stream of Arrow: a mark, the length of the schema, and where its first table begins.
_ARROW = re.compile(rb"\xff{4}..[\0-\x0f]\0(?:\x0c|\x10|\x14)\0\0\0", re.DOTALL)
_PKCS7 = re.compile(rb"\x30[\x80-\x84].{0,4}\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07", re.DOTALL)
_LHA = re.compile(rb"-l[hz][0-9ds]-")
_CPIO = re.compile(rb"07070[127][0-9a-fA-F]{60}")


def sure_type(head: bytes) -> str:
    """Media type by a signature that no text can have."""
    found = _by_signature(head, _SURE)
    if found == "application/vnd.ms-outlook-pst" and len(head) < 24:
        found = ""
    if not found and _LHA.match(head, 2):
        found = "application/x-lzh-compressed"
    if not found and _PKCS7.match(head):
        found = "application/pkcs7-mime"
    if not found and _by_signature(head, _ARCHIVES) and (_CPIO.match(head) or head.startswith(b"!<arch>\n")):
        found = _by_signature(head, _ARCHIVES)
    if not found and _ARROW.match(head):
        found = "application/vnd.apache.arrow.file"
    if not found and _is_bitmap(head):
        found = "image/bmp"
    if not found and is_tar(head):
        is_dump = head.startswith(b"toc.dat\0") and head.startswith(b"PGDMP", 512)
        found = "application/x-postgresql-tar" if is_dump else "application/x-tar"
    return found


def loose_type(head: bytes) -> str:
    """Media type of what is known not to be text; application/octet-stream when nobody knows it."""
    return _by_signature(head, _LOOSE) or _by_puremagic(head) or OCTETS


def _by_signature(head: bytes, table: tuple[tuple[int, bytes, str], ...]) -> str:
    return next((kind for offset, magic, kind in table if head.startswith(magic, offset)), "")


def _by_puremagic(head: bytes) -> str:
    """Its many formats by their magic numbers; short ones and those that we test better ourselves are not believed."""
    try:
        matches = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return ""
    for match in matches:
        if (
            len(match.byte_match) >= 4
            and match.mime_type
            and match.mime_type.startswith(("image/", "audio/", "video/"))
        ):
            return str(match.mime_type)
    for match in matches:
        trusted = match.mime_type.startswith(("application/x-", "application/vnd.", "font/"))
        if len(match.byte_match) >= 4 and trusted and "tar" not in match.mime_type:
            return str(match.mime_type)
    return ""


def _is_bitmap(head: bytes) -> bool:
    """BMP; a white one is all letters (ÿ) but for its header."""
    sizes = (12, 40, 52, 56, 64, 108, 124)
    return head[:2] == b"BM" and head[6:10] == bytes(4) and int.from_bytes(head[14:18], "little") in sizes


def is_tar(head: bytes) -> bool:
    """Whether the first block is a tar header: its checksum is right (old V7 archives have no other mark)."""
    block = head[:512]
    if len(block) < 512 or not block[0]:
        return False
    digits = block[148:156].replace(b"\0", b" ").strip()
    if not digits or not re.fullmatch(rb"[0-7]{1,7}", digits):
        return block[257:262] == b"ustar"
    rest = block[:148] + b" " * 8 + block[156:]
    signed = sum(byte - 256 if byte > 127 else byte for byte in rest)
    return int(digits, 8) in (sum(rest), signed)
