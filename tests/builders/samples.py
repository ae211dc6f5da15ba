"""Small valid files, one for each row of the table of formats: what its contract and its fuzzing begin with."""

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import databases
import old_office
import outlook_items
import pg_archives
import py7zr
import pytest
import rare_archives
import xlsxwriter
from backports import zstd
from msoffcrypto.method.ecma376_agile import ECMA376Agile
from PIL import ExifTags, Image, ImageDraw, ImageFont

TABLE = b"name,email,phone\nAnn Lee,ann@x.example,07700 900123\nBob Ray,bob@x.example,07700 900456\n"
MAIL = (
    b"From: Ann Lee <ann@x.example>\r\nTo: bob@x.example\r\nSubject: Hello\r\nMIME-Version: 1.0\r\n"
    b"Date: Mon, 1 Jan 2024 10:00:00 +0000\r\nMessage-ID: <1@x.example>\r\n"
    b"Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\nContent-Type: text/plain\r\n\r\nDear Bob\r\n"
    b"--B\r\nContent-Type: text/csv; name=a.csv\r\nContent-Disposition: attachment; filename=a.csv\r\n\r\n"
    + TABLE.replace(b"\n", b"\r\n")
    + b"\r\n--B--\r\n"
)
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 400]/Contents 4 0 R"
    b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n"
    b"4 0 obj<</Length 52>>stream\nBT /F1 12 Tf 50 300 Td (Ann Lee ann@x.example) Tj ET\nendstream endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name.replace("__", "/").replace("_1", ".")), data)
    return out.getvalue()


def docx() -> bytes:
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    types = f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="{main}"/></Types>'  # noqa: E501
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    links = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="{office}" Target="word/document.xml"/></Relationships>'  # noqa: E501
    body = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>Ann Lee ann@x.example</w:t></w:r></w:p></w:body></w:document>'  # noqa: E501
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (("[Content_Types].xml", types), ("_rels/.rels", links), ("word/document.xml", body)):
            archive.writestr(name, text)
    return out.getvalue()


def xlsx() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Staff")
        for number, line in enumerate(TABLE.decode().splitlines()):
            sheet.write_row(number, 0, line.split(","))
    return out.getvalue()


def pptx() -> bytes:
    main = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
    types = f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/ppt/presentation.xml" ContentType="{main}"/></Types>'  # noqa: E501
    slide = (
        "<p:sld xmlns:p='p' xmlns:a='a'><p:sp><p:cNvPr id='2'/><a:p><a:r><a:t>Ann Lee</a:t></a:r></a:p></p:sp></p:sld>"
    )
    return packed({"[Content_Types].xml": types, "ppt/slides/slide1.xml": slide})


def odf(kind: str, body: str) -> bytes:
    spaces = "".join(f" xmlns:{name}='{name}'" for name in ("office", "text", "table", "draw"))
    content = f"<office:document-content{spaces}><office:body>{body}</office:body></office:document-content>"
    return packed({"mimetype": f"application/vnd.oasis.opendocument.{kind}", "content.xml": content})


def packed(members: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return out.getvalue()


def locked() -> bytes:
    """Office itself locks with this password what everybody may read and nobody should change."""
    # Fewer rounds of hashing than Office asks for: this file is opened some hundred times below.
    return bytes(ECMA376Agile.encrypt("VelvetSweatshop", io.BytesIO(xlsx()), spin_count=100))


def epub() -> bytes:
    page = "<html xmlns='http://www.w3.org/1999/xhtml'><body><p>Ann Lee</p></body></html>"
    return packed({"mimetype": "application/epub+zip", "OEBPS/a.xhtml": page})


ODF_CELL = "<table:table-row><table:table-cell><text:p>Ann Lee</text:p></table:table-cell></table:table-row>"


def tarred() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo("a.csv")
        info.size = len(TABLE)
        archive.addfile(info, io.BytesIO(TABLE))
    return out.getvalue()


def seven() -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w") as archive:
        archive.writestr(TABLE, "a.csv")
        archive.writestr(b"Ann Lee", "b/c.txt")
    return out.getvalue()


def picture(kind: str) -> bytes:
    """Too small to be read, with a name in its notes; a BMP has none, so the name is drawn."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "Ann Lee"
    if kind == "BMP":
        image = Image.new("1", (160, 40), 1)
        ImageDraw.Draw(image).text((5, 2), "Ann Lee", font=ImageFont.load_default(30), fill=0)
        image.save(out, kind)
    elif kind == "GIF":
        Image.new("P", (16, 16)).save(out, kind, comment=b"Ann Lee")
    elif kind == "HEIF":
        pytest.importorskip("pillow_heif").from_pillow(Image.new("RGB", (16, 16))).save(out, exif=exif.tobytes())
    else:
        Image.new("RGB", (16, 16)).save(out, kind, exif=exif)
    return out.getvalue()


def outlook_mailbox() -> bytes:
    """No program but Outlook makes one: a real one, where the collection is at hand."""
    file = Path(__file__).parents[3] / "shared" / "data" / "mailbox" / "tika" / "testPST_variousBodyTypes.pst"
    if not file.exists():
        pytest.skip("the collection of real files is not here")
    return file.read_bytes()


# One small valid file for each row of the table of formats.
SAMPLES: dict[str, Callable[[], bytes]] = {
    "text/plain": lambda: b"Dear Ann Lee,\r\nplease write to bob@x.example\r\n" * 3,
    "text/csv": lambda: TABLE,
    "text/html": lambda: b"<html><head><title>T</title></head><body><p>Ann Lee<td>ann@x.example</body></html>",
    "application/json": lambda: json.dumps([{"name": "Ann", "mails": ["a@x.example"]}, {"name": "Bob"}]).encode(),
    "application/x-ndjson": lambda: b'{"name": "Ann Lee", "age": 31}\n{"name": "Bob Ray", "age": 45}\n',
    "application/xml": lambda: (
        b"<?xml version='1.0'?><staff><p id='1'><name>Ann</name></p><p><name>Bob</name></p></staff>"
    ),
    "message/rfc822": lambda: MAIL,
    "application/mbox": lambda: b"From ann@x.example Mon Jan  1 10:00:00 2024\n" + MAIL.replace(b"\r\n", b"\n") + b"\n",
    "message/x-emlx": lambda: b"%d\n%b<plist><key>subject</key><string>Ann</string></plist>" % (len(MAIL), MAIL),
    "application/vnd.ms-outlook": outlook_items.msg,
    "application/vnd.ms-outlook-pst": outlook_mailbox,
    "application/vnd.ms-tnef": outlook_items.tnef,
    "application/applefile": lambda: b"\0\5\x16\7\0\2\0\0" + bytes(16) + b"\0\1" + b"\0\0\0\3\0\0\0\x26\0\0\0\7Ann Lee",
    "text/vcard": lambda: b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann Lee\r\nEMAIL:ann@x.example\r\nEND:VCARD\r\n",
    "text/calendar": lambda: (
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nORGANIZER;CN=Ann Lee:mailto:ann@x.example\nEND:VEVENT\nEND:VCALENDAR\n"
    ),
    "application/pkcs7-mime": lambda: outlook_items.signature(outlook_items.certificate("Ann Lee", "ann@x.example")),
    "application/pdf": lambda: PDF,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": docx,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": xlsx,
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": pptx,
    "application/vnd.oasis.opendocument.text": lambda: odf("text", "<text:p>Ann Lee</text:p>"),
    "application/vnd.oasis.opendocument.presentation": lambda: odf(
        "presentation", "<draw:page><text:p>Ann Lee</text:p></draw:page>"
    ),
    "application/vnd.oasis.opendocument.spreadsheet": lambda: odf(
        "spreadsheet",
        f"<office:spreadsheet><table:table table:name='Staff'>{ODF_CELL}</table:table></office:spreadsheet>",
    ),
    "application/vnd.oasis.opendocument.graphics": lambda: odf(
        "graphics", "<draw:page><text:p>Ann Lee</text:p></draw:page>"
    ),
    "application/msword": lambda: old_office.doc("Ann Lee\rann@x.example"),
    "application/vnd.ms-excel": lambda: old_office.xls({"Staff": [old_office.label(0, 0, "Ann Lee")]}),
    "application/vnd.ms-excel.sheet.binary.macroenabled.12": lambda: old_office.xlsb(
        old_office.bits(0, bytes(17)) + old_office.bits(6, bytes(8) + old_office.long("Ann Lee"))
    ),
    "application/vnd.ms-powerpoint": lambda: old_office.ppt(
        {2: old_office.holder(0x03EE, old_office.record(0x0FA8, b"Ann Lee"))}
    ),
    "application/rtf": lambda: rb"{\rtf1\ansi{\info{\author Ann Lee}}Dear Bob\par}",
    "application/epub+zip": epub,
    "image/emf": lambda: old_office.emf("Ann Lee"),
    "image/wmf": lambda: old_office.wmf("Ann Lee"),
    "application/x-ole-encrypted": locked,
    "application/x-ole-storage": lambda: old_office.box(
        {"Package": docx(), "_1/\x01Ole10Native": b"\x07\0\0\0Ann Lee"}
    ),
    "image/png": lambda: picture("PNG"),
    "image/jpeg": lambda: picture("JPEG"),
    "image/tiff": lambda: picture("TIFF"),
    "image/bmp": lambda: picture("BMP"),
    "image/gif": lambda: picture("GIF"),
    "image/webp": lambda: picture("WEBP"),
    "image/heic": lambda: picture("HEIF"),
    "application/zip": lambda: zipped(a_1csv=TABLE, b__c_1txt=b"Ann Lee"),
    "application/x-tar": tarred,
    "application/gzip": lambda: gzip.compress(TABLE, mtime=0),
    "application/x-bzip2": lambda: bz2.compress(TABLE),
    "application/x-xz": lambda: lzma.compress(TABLE),
    "application/x-lzma": lambda: lzma.compress(TABLE, lzma.FORMAT_ALONE),
    "application/zstd": lambda: zstd.compress(TABLE),
    "application/x-7z-compressed": seven,
    "application/vnd.rar": lambda: rare_archives.rar(TABLE),
    "application/vnd.ms-cab-compressed": lambda: rare_archives.cab(TABLE),
    "application/x-iso9660-image": lambda: rare_archives.iso(TABLE),
    "application/x-cpio": lambda: rare_archives.cpio(TABLE),
    "application/x-lzh-compressed": lambda: rare_archives.lha(TABLE),
    "application/x-archive": lambda: rare_archives.ar(TABLE),
    "application/x-xar": lambda: rare_archives.xar(TABLE),
    "application/x-rpm": lambda: rare_archives.rpm(TABLE),
    "application/x-compress": lambda: rare_archives.compressed(TABLE),
    "application/x-lz4": lambda: rare_archives.lz4(TABLE),
    "application/x-lzip": lambda: rare_archives.lzip(TABLE),
    "application/vnd.sqlite3": lambda: databases.sqlite(zipped(a_1csv=TABLE)),
    "application/vnd.apache.parquet": databases.parquet,
    "application/vnd.apache.arrow.file": databases.arrow,
    "application/avro": databases.avro,
    "application/x-mysqldump-xml": lambda: databases.XML,
    "application/x-postgresql-dump": pg_archives.custom,
    "application/x-postgresql-tar": pg_archives.tarred,
    "application/sql": lambda: databases.SQL,
}
WHO = {"application/vnd.ms-outlook-pst": b"Allison"}


def sample(media: str) -> bytes:
    if media == "image/bmp" and find_spec("tesserocr") is None:
        pytest.skip("tesserocr is not installed: nothing is read in a BMP")
    assert media in SAMPLES, f"add a small valid sample of {media} to SAMPLES"
    return SAMPLES[media]()
