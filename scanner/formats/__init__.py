"""The table of formats: media type -> "module:function" and the extra to install; one line to add a format.

A format is a function `extract(stream, budget) -> Iterator[Part]`. The stream is seekable and stands at its start.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import IO, TypeAlias, cast

from scanner.limits import Budget
from scanner.model import Part, Place

Extract: TypeAlias = Callable[[IO[bytes], Budget], Iterator[Part]]
Begin: TypeAlias = Callable[[IO[bytes], Budget, Place], Iterator[Part]]


@dataclass(frozen=True, slots=True)
class Format:
    """One row of the table. `extra` is the pip extra that the format needs ("" = part of every installation).

    `resume` is a function like extract() that is also given the `place` of a Child or a Cut: it begins there.
    `sliced`: its parts have cuts between them, so that a big file can be read by several workers.
    `needs` is what else the system must have, in words, with how to get it.
    """

    media_type: str
    target: str
    what: str
    extra: str = ""
    resume: str = ""
    needs: str = ""
    sliced: bool = False

    def missing(self, module: str | None) -> str:
        """What to install when importing it failed for want of `module`."""
        if self.needs:
            return f"install {self.needs}"
        return f"pip install 'whosedata[{self.extra}]'" if self.extra else f"not installed: {module}"


_LIBARCHIVE = "libarchive (apt install libarchive13, brew install libarchive)"

FORMATS: tuple[Format, ...] = (
    Format(
        "text/plain",
        "scanner.formats.text.text:extract",
        "text in any encoding",
        resume="scanner.formats.text.text:extract_from",
        sliced=True,
    ),
    Format(
        "text/csv",
        "scanner.formats.tables.tabular:extract",
        "CSV and TSV, any dialect",
        resume="scanner.formats.tables.tabular:extract_from",
        sliced=True,
    ),
    Format("text/html", "scanner.formats.text.html:extract", "HTML pages"),
    Format("application/json", "scanner.formats.tables.json:extract", "JSON"),
    Format(
        "application/x-ndjson",
        "scanner.formats.tables.json:extract_lines",
        "JSON lines",
        resume="scanner.formats.tables.json:extract_lines_from",
        sliced=True,
    ),
    Format("application/xml", "scanner.formats.text.xml:extract", "XML"),
    Format("message/rfc822", "scanner.formats.mail.mail:extract", "mail message (EML) with its attachments"),
    Format("message/x-emlx", "scanner.formats.mail.emlx:extract", "message of Apple Mail (EMLX)"),
    Format(
        "application/mbox",
        "scanner.formats.mail.mbox:extract",
        "mailbox export (mbox)",
        resume="scanner.formats.mail.mbox:extract_from",
        sliced=True,
    ),
    Format("application/pdf", "scanner.formats.pdf.pdf:extract", "PDF, scanned pages too"),
    Format(
        "application/vnd.ms-outlook",
        "scanner.formats.outlook.msg:extract",
        "Outlook item (MSG): mail, contact, appointment",
    ),
    Format(
        "application/vnd.ms-outlook-pst",
        "scanner.formats.outlook.pst:extract",
        "Outlook mailbox (PST, OST)",
        resume="scanner.formats.outlook.pst:extract_from",
    ),
    Format("application/vnd.ms-tnef", "scanner.formats.outlook.tnef:extract", "Outlook wrapping (winmail.dat)"),
    Format(
        "application/applefile",
        "scanner.formats.archives.applefile:extract",
        "what a Mac keeps beside a file (AppleDouble)",
    ),
    Format("text/vcard", "scanner.formats.mail.vcard:extract", "contacts (vCard, VCF)"),
    Format("text/calendar", "scanner.formats.mail.calendar:extract", "calendar (iCalendar, ICS)"),
    Format(
        "application/pkcs7-mime", "scanner.formats.mail.smime:extract", "signed mail (P7M) and its signatures (P7S)"
    ),
    Format(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "scanner.formats.office.docx:extract",
        "Word (DOCX)",
    ),
    Format(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "scanner.formats.sheets.xlsx:extract",
        "Excel (XLSX)",
    ),
    Format(
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "scanner.formats.office.pptx:extract",
        "PowerPoint (PPTX)",
    ),
    Format("application/vnd.oasis.opendocument.text", "scanner.formats.office.odf:extract", "OpenDocument text (ODT)"),
    Format(
        "application/vnd.oasis.opendocument.presentation",
        "scanner.formats.office.odf:extract",
        "OpenDocument slides (ODP)",
    ),
    Format(
        "application/vnd.oasis.opendocument.spreadsheet",
        "scanner.formats.office.odf:extract",
        "OpenDocument sheets (ODS)",
    ),
    Format(
        "application/vnd.oasis.opendocument.graphics",
        "scanner.formats.office.odf:extract",
        "OpenDocument drawing (ODG)",
    ),
    Format("application/msword", "scanner.formats.office.doc:extract", "Word 1991 to 2003 (DOC)"),
    Format(
        "application/vnd.ms-excel.sheet.binary.macroenabled.12",
        "scanner.formats.sheets.xlsb:extract",
        "Excel binary (XLSB)",
    ),
    Format("application/vnd.ms-excel", "scanner.formats.sheets.xls:extract", "Excel 1987 to 2003 (XLS)"),
    Format("application/vnd.ms-powerpoint", "scanner.formats.office.ppt:extract", "PowerPoint 1997 to 2003 (PPT)"),
    Format("application/epub+zip", "scanner.formats.office.epub:extract", "electronic book (EPUB)"),
    Format("application/rtf", "scanner.formats.office.rtf:extract", "rich text (RTF)"),
    Format("application/x-ole-encrypted", "scanner.formats.unlock:extract", "Office file locked with a password"),
    Format(
        "application/x-ole-storage", "scanner.formats.office.ole_storage:extract", "object embedded in an Office file"
    ),
    Format("image/png", "scanner.formats.pictures.image:extract", "PNG picture"),
    Format("image/jpeg", "scanner.formats.pictures.image:extract", "JPEG picture"),
    Format("image/tiff", "scanner.formats.pictures.image:extract", "TIFF, scanned pages"),
    Format("image/bmp", "scanner.formats.pictures.image:extract", "BMP picture"),
    Format("image/gif", "scanner.formats.pictures.image:extract", "GIF picture"),
    Format("image/webp", "scanner.formats.pictures.image:extract", "WEBP picture"),
    Format("image/emf", "scanner.formats.pictures.metafile:extract", "Windows drawing (EMF)"),
    Format("image/wmf", "scanner.formats.pictures.metafile:extract", "old Windows drawing (WMF)"),
    Format("image/heic", "scanner.formats.pictures.heic:extract", "HEIC picture", extra="heic"),
    Format("application/zip", "scanner.formats.archives.archive:extract_zip", "ZIP archive"),
    Format("application/x-tar", "scanner.formats.archives.archive:extract_tar", "TAR archive"),
    Format("application/gzip", "scanner.formats.archives.archive:extract_gzip", "GZ, one packed file"),
    Format("application/x-bzip2", "scanner.formats.archives.archive:extract_bzip2", "BZ2, one packed file"),
    Format("application/x-xz", "scanner.formats.archives.archive:extract_xz", "XZ, one packed file"),
    Format("application/x-lzma", "scanner.formats.archives.archive:extract_xz", "LZMA, one packed file"),
    Format("application/zstd", "scanner.formats.archives.archive:extract_zstandard", "ZST, one packed file"),
    Format("application/x-7z-compressed", "scanner.formats.archives.sevenzip:extract", "7z archive"),
    *(
        Format(media_type, f"scanner.formats.archives.other_archives:extract_{name}", what, needs=_LIBARCHIVE)
        for media_type, name, what in (
            ("application/vnd.rar", "rar", "RAR archive"),
            ("application/vnd.ms-cab-compressed", "cab", "CAB archive"),
            ("application/x-iso9660-image", "iso", "ISO image of a disc"),
            ("application/x-cpio", "cpio", "CPIO archive"),
            ("application/x-lzh-compressed", "lha", "LHA archive"),
            ("application/x-archive", "ar", "AR archive, Debian package"),
            ("application/x-xar", "xar", "XAR archive"),
            ("application/x-rpm", "rpm", "RPM package"),
            ("application/x-compress", "compress", "Z, one packed file"),
            ("application/x-lz4", "lz4", "LZ4, one packed file"),
            ("application/x-lzip", "lzip", "LZ, one packed file"),
        )
    ),
    Format("application/vnd.sqlite3", "scanner.formats.tables.sqlite:extract", "SQLite database"),
    Format("application/vnd.apache.parquet", "scanner.formats.tables.parquet:extract", "Parquet"),
    Format("application/vnd.apache.arrow.file", "scanner.formats.tables.arrow:extract", "Arrow and Feather"),
    Format("application/avro", "scanner.formats.tables.avro:extract", "Avro"),
    Format("application/x-mysqldump-xml", "scanner.formats.dumps.dump_xml:extract", "database dump as XML"),
    Format(
        "application/x-postgresql-dump", "scanner.formats.dumps.pg_archive:extract", "PostgreSQL dump (pg_dump -Fc)"
    ),
    Format(
        "application/x-postgresql-tar", "scanner.formats.dumps.pg_archive:extract_tar", "PostgreSQL dump (pg_dump -Ft)"
    ),
    Format("application/sql", "scanner.formats.dumps.sqldump:extract", "database dump as SQL, any dialect"),
)


@cache
def formats() -> dict[str, Format]:
    """Media type -> format: ours, then those of installed packages (entry-point group whosedata.formats)."""
    foreign = {
        entry.name: Format(entry.name, entry.value, entry.name) for entry in entry_points(group="whosedata.formats")
    }
    return {**foreign, **{row.media_type: row for row in FORMATS}}


def load_format(row: Format) -> Extract:
    """Import the format's function; raises ImportError when its extra is not installed."""
    return cast("Extract", _imported(row.target))


def load_resume(row: Format) -> Begin:
    """Import the function that begins in the middle; only for a row that has one."""
    return cast("Begin", _imported(row.resume))


def _imported(target: str) -> object:
    module, _, attribute = target.partition(":")
    return getattr(import_module(module), attribute)
