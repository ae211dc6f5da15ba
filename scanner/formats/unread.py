"""The media type of a file that nothing here reads goes in; why, and what to do about it, comes out."""

import re

# Type or beginning of types -> a sentence for the row of such a file; the first that fits counts.
_ADVICE: tuple[tuple[str, str], ...] = (
    (r"application/onenote", "a OneNote notebook; export it as PDF or Word and scan again"),
    (r"application/(?:vnd\.)?(?:ms-)?visio.*", "a Visio drawing; save it as PDF and scan again"),
    (r"application/x-mspublisher", "a Publisher document; save it as PDF and scan again"),
    (r"application/vnd\.wordperfect", "a WordPerfect document; save it as DOCX or PDF and scan again"),
    (r"application/vnd\.ms-works", "a Works document; save it as DOCX or PDF and scan again"),
    (r"application/x-hwp", "a Hangul document; save it as DOCX or PDF and scan again"),
    (r"application/vnd\.ms-xpsdocument", "an XPS print file; print it as PDF and scan again"),
    (r"application/x-msaccess", "an Access database; export its tables as CSV or XLSX and scan them"),
    (r"application/vnd\.ms-htmlhelp", "a Windows help file; such files come with programs"),
    (r"application/vnd\.ms-officetheme", "an Office theme: colours and fonts, no text"),
    (r"application/x-ms-shortcut", "a shortcut: it only names another file"),
    (r"application/(?:x-executable|vnd\.microsoft\.portable-executable|x-sharedlib|java-vm|x-mach.*)", "a program"),
    (r"font/.*|application/(?:x-font.*|font.*|vnd\.ms-opentype)", "a font"),
    (r"(?:audio|video)/.*|application/(?:ogg|vnd\.rn-realmedia)", "a recording: sound and film are not transcribed"),
    (r"image/x-pict", "a drawing of old Macs; save it as PNG to have it read"),
    (r"application/x-berkeley-db", "a database that a program keeps for itself"),
    (r"image/vnd\.(?:dwg|dxf)|application/(?:acad|dxf)", "a technical drawing; save it as PDF and scan again"),
    (r"application/postscript", "a PostScript print file; save it as PDF and scan again"),
    (
        r"application/vnd\.oasis\.opendocument\..*",
        "a kind of OpenDocument file that is not read; save it as PDF or ODS",
    ),
    (r"application/octet-stream", "nobody here knows this kind of file"),
)


def advice(media_type: str) -> str:
    """The detail of the row of such a file: its type, and what it is and what can be done where that is known."""
    known = next((words for pattern, words in _ADVICE if re.fullmatch(pattern, media_type)), "")
    return f"{media_type}: {known}" if known else media_type
