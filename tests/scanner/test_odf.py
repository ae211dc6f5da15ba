"""OpenDocument files: text, changes, comments, notes, sheets with repeats, slides, properties."""

import base64
import hashlib
import io
import zipfile
import zlib

import pytest
from cryptography.hazmat.decrepit.ciphers.algorithms import Blowfish
from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from scanner.formats.office.odf import extract
from scanner.formats.unread import advice
from scanner.limits import Budget, Limits
from scanner.model import About, Column, Lost, Part, Reason, Segment, Skip
from scanner.sniff import media_type

SPACES = "".join(f" xmlns:{name}='{name}'" for name in ("office", "text", "table", "draw", "dc", "presentation", "svg"))


def package(members: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def document(body: str, others: dict[str, str] | None = None, kind: str = "text") -> bytes:
    content = f"<office:document-content{SPACES}><office:body>{body}</office:body></office:document-content>"
    mimetype = f"application/vnd.oasis.opendocument.{kind}"
    return package({"mimetype": mimetype, "content.xml": content, **(others or {})})


def sheet(*rows: str) -> bytes:
    table = f"<table:table table:name='Staff'>{''.join(rows)}</table:table>"
    return document(f"<office:spreadsheet>{table}</office:spreadsheet>", kind="spreadsheet")


def row(*cells: str, repeated: int = 1) -> str:
    return f"<table:table-row table:number-rows-repeated='{repeated}'>{''.join(cells)}</table:table-row>"


def cell(shown: str, **attributes: str) -> str:
    names = {"repeated": "table:number-columns-repeated", "kind": "office:value-type"}
    given = "".join(
        f" {names.get(key, 'office:' + key.replace('_', '-'))}='{value}'" for key, value in attributes.items()
    )
    return f"<table:table-cell{given}>{f'<text:p>{shown}</text:p>' if shown else ''}</table:table-cell>"


def parts(data: bytes) -> list[Part]:
    return list(extract(io.BytesIO(data), Budget(Limits(), len(data))))


def places(found: list[Part]) -> dict[str, str]:
    out = {}
    for part in found:
        if isinstance(part, Segment):
            ends = [*(piece.start for piece in part.pieces[1:]), len(part.text)]
            for piece, end in zip(part.pieces, ends, strict=False):
                out[part.text[piece.start : end].strip()] = str(piece.where)
            if not part.pieces:
                out[part.text] = str(part.where)
    return out


def columns(found: list[Part]) -> dict[int, tuple[tuple[str, ...], int]]:
    return {part.number: (part.values, part.first_row) for part in found if isinstance(part, Column)}


def test_spans_spaces_notes_comments_and_deleted_text() -> None:
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><office:change-info><dc:creator>Cleo Day</dc:creator>"  # noqa: E501
        "<dc:date>2024-01-01</dc:date></office:change-info><text:p>Gone Bob</text:p></text:deletion></text:changed-region>"  # noqa: E501
        "</text:tracked-changes><text:p>Ann<text:s/>L<text:span>ee</text:span><text:note text:note-class='endnote'>"
        "<text:note-citation>1</text:note-citation><text:note-body><text:p>see Dan</text:p></text:note-body></text:note>"  # noqa: E501
        " works<office:annotation><dc:creator>Eve Ash</dc:creator><dc:date>2024-01-01</dc:date><text:p>really?</text:p>"
        "</office:annotation> <text:a xlink:href='mailto:ann@x.example' xmlns:xlink='x'>here</text:a></text:p>"
    )
    found = parts(document(body))
    assert places(found) == {
        "Gone Bob": "part=content;para=1;change=deleted",
        "see Dan": "part=content;endnote=1;para=1",
        "really?": "part=content;comment=1;para=1",
        "Ann Lee works here\nmailto:ann@x.example": "part=content;para=2",
        "Eve Ash": "part=content;comment=1;author=1",
        "Cleo Day": "part=content;author=1",
    }


def test_headers_boxes_hidden_text_and_alternative_text() -> None:
    styles = f"<office:document-styles{SPACES}><s:header xmlns:s='s'><text:p>Head Ann</text:p></s:header></office:document-styles>"  # noqa: E501
    body = (
        "<text:p>Dear<draw:frame><draw:text-box><text:p>Box Bob</text:p></draw:text-box><svg:title>Photo of Cleo</svg:title>"  # noqa: E501
        "</draw:frame> <text:hidden-text text:string-value='Hidden Dan'/></text:p>"
    )
    text = " ".join(places(parts(document(body, {"styles.xml": styles}))))
    for wanted in ("Head Ann", "Box Bob", "Photo of Cleo", "Hidden Dan", "Dear"):
        assert wanted in text


def test_a_sheet_has_absolute_places_whatever_is_repeated() -> None:
    data = sheet(
        row(cell("", repeated="3"), cell("Name"), cell("Phone"), cell("Date"), cell("Mobile")),
        row(cell("", repeated="16384"), repeated=1_000_000),
        row(
            cell("", repeated="3"),
            cell("Ann Lee", kind="string"),
            cell("4.477E+11", kind="float", value="447700900123"),
            cell("05/03/24", kind="date", date_value="2024-03-05"),
            cell("07700900456", kind="float", value="7700900456"),
        ),
    )
    found = columns(parts(data))
    assert found[4] == (("Ann Lee",), 1_000_002)
    assert found[5] == (("447700900123",), 1_000_002)
    assert found[6] == (("2024-03-05",), 1_000_002)
    assert found[7] == (("07700900456",), 1_000_002)


def test_a_value_repeated_a_million_times_is_no_bomb() -> None:
    found = columns(parts(sheet(row(cell("Ann Lee", repeated="16384"), repeated=1_048_576))))
    assert len(found) == 100
    assert found[1] == (("Ann Lee",) * 100, 1)


def test_slides_and_their_notes() -> None:
    body = (
        "<draw:page><text:p>One</text:p></draw:page><draw:page><draw:frame><text:p>Two</text:p></draw:frame>"
        "<presentation:notes><text:p>Ann's note</text:p></presentation:notes></draw:page>"
    )
    assert places(parts(document(body, kind="presentation"))) == {
        "One": "slide=1;para=1",
        "Two": "slide=2;para=1",
        "Ann's note": "slide=2;part=notes;para=1",
    }


def test_properties_with_people_and_date() -> None:
    meta = (
        "<o:document-meta xmlns:o='o' xmlns:m='m' xmlns:dc='dc'><m:initial-creator>Ann Lee</m:initial-creator>"
        "<m:generator>X</m:generator><m:user-defined m:name='Client'>Bob Ray</m:user-defined>"
        "<m:creation-date>2023-01-01T00:00:00</m:creation-date><dc:date>2024-03-05T10:00:00</dc:date></o:document-meta>"
    )
    found = parts(document("<text:p>x</text:p>", {"meta.xml": meta}))
    labelled = {part.label: (part.text, part.role) for part in found if isinstance(part, Segment) and part.label}
    assert labelled == {"author": ("Ann Lee", "author"), "Client": ("Bob Ray", "")}
    assert About(content_date=1709632800.0) in found


def locked(algorithm: str) -> bytes:
    """A document whose content is locked with "open sesame"."""
    names = {
        "aes": (
            "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
            "http://www.w3.org/2000/09/xmldsig#sha256",
            "sha256-1k",
            32,
        ),
        "blowfish": ("Blowfish CFB", "SHA1", "SHA1/1K", 16),
    }
    cipher_name, start_name, checksum_name, size = names[algorithm]
    content = f"<office:document-content{SPACES}><text:p>Ann Lee</text:p></office:document-content>".encode()
    packer = zlib.compressobj(wbits=-15)
    packed = packer.compress(content) + packer.flush()
    digest = "sha256" if algorithm == "aes" else "sha1"
    checksum = hashlib.new(digest, packed[:1024]).digest()
    key = hashlib.pbkdf2_hmac("sha1", hashlib.new(digest, b"open sesame").digest(), b"s" * 16, 1024, size)
    if algorithm == "aes":
        maker, iv = Cipher(AES(key), CBC(b"i" * 16)).encryptor(), b"i" * 16
        packed += b"\0" * (-len(packed) % 16)
    else:
        maker, iv = Cipher(Blowfish(key), CFB(b"i" * 8)).encryptor(), b"i" * 8
    secret = maker.update(packed) + maker.finalize()
    text = {
        name: base64.b64encode(raw).decode() for name, raw in {"sum": checksum, "iv": iv, "salt": b"s" * 16}.items()
    }
    manifest = (
        f"<m:manifest xmlns:m='m'><m:file-entry m:full-path='content.xml' m:size='{len(content)}'><m:encryption-data "
        f"m:checksum-type='urn:x#{checksum_name}' m:checksum='{text['sum']}'><m:algorithm m:algorithm-name='{cipher_name}' "  # noqa: E501
        f"m:initialisation-vector='{text['iv']}'/><m:key-derivation m:key-derivation-name='PBKDF2' m:key-size='{size}' "
        f"m:iteration-count='1024' m:salt='{text['salt']}'/><m:start-key-generation m:start-key-generation-name="
        f"'{start_name}' m:key-size='{size}'/></m:encryption-data></m:file-entry></m:manifest>"
    )
    mimetype = "application/vnd.oasis.opendocument.text"
    return package({"mimetype": mimetype, "content.xml": secret, "META-INF/manifest.xml": manifest})


@pytest.mark.parametrize("algorithm", ["aes", "blowfish"])
def test_passwords_are_tried_on_a_locked_document(algorithm: str) -> None:
    data = locked(algorithm)
    passwords = ((2, "wrong"), (7, "open sesame"))
    found = list(extract(io.BytesIO(data), Budget(Limits(), len(data), passwords)))
    assert found[0] == About(password_line=7)
    assert places(found) == {"Ann Lee": "part=content;para=1"}


def test_a_package_locked_as_a_whole_is_opened() -> None:
    inner = document("<text:p>Ann Lee</text:p>")
    key = Argon2id(salt=b"s" * 16, length=32, iterations=2, lanes=1, memory_cost=64).derive(
        hashlib.sha256(b"open sesame").digest()
    )
    iv = b"i" * 12
    secret = iv + AESGCM(key).encrypt(iv, inner, None)
    text = {name: base64.b64encode(raw).decode() for name, raw in {"iv": iv, "salt": b"s" * 16}.items()}
    manifest = (
        "<m:manifest xmlns:m='m' xmlns:l='l'><m:file-entry m:full-path='encrypted-package' m:size='900'><m:encryption-data>"  # noqa: E501
        "<m:algorithm m:algorithm-name='http://www.w3.org/2009/xmlenc11#aes256-gcm' m:initialisation-vector="
        f"'{text['iv']}'/><m:start-key-generation m:start-key-generation-name='http://www.w3.org/2001/04/xmlenc#sha256'/>"
        f"<m:key-derivation m:key-derivation-name='urn:x:loext:argon2id' m:key-size='32' m:salt='{text['salt']}' "
        "l:argon2-iterations='2' l:argon2-memory='64' l:argon2-lanes='1'/></m:encryption-data></m:file-entry></m:manifest>"  # noqa: E501
    )
    data = package(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "encrypted-package": secret,
            "META-INF/manifest.xml": manifest,
        }
    )
    found = list(extract(io.BytesIO(data), Budget(Limits(), len(data), ((2, "wrong"), (7, "open sesame")))))
    assert found[0] == About(password_line=7)
    assert places(found) == {"Ann Lee": "part=content;para=1"}


def test_a_locked_document_is_listed_as_encrypted() -> None:
    for passwords in ((), ((1, "wrong"),)):
        with pytest.raises(Skip) as raised:
            list(extract(io.BytesIO(locked("aes")), Budget(Limits(), 1000, passwords)))
        assert raised.value.reason is Reason.ENCRYPTED


def test_a_document_that_asks_for_too_much_hashing_is_not_tried() -> None:
    with zipfile.ZipFile(io.BytesIO(locked("aes"))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["META-INF/manifest.xml"] = members["META-INF/manifest.xml"].replace(b"'1024'", b"'999999999'")
    with pytest.raises(Skip, match="minutes"):
        list(extract(io.BytesIO(package(members)), Budget(Limits(), 1000, ((1, "open sesame"),))))


@pytest.mark.parametrize(
    ("mimetype", "kind"),
    [
        ("application/vnd.oasis.opendocument.text-template", "text"),
        ("application/vnd.oasis.opendocument.text-master", "text"),
        ("application/vnd.sun.xml.calc", "spreadsheet"),
        ("application/vnd.sun.xml.impress.template", "presentation"),
    ],
)
def test_templates_and_files_of_openoffice_1_are_recognised(mimetype: str, kind: str) -> None:
    data = package({"mimetype": mimetype, "content.xml": "<a/>"})
    assert media_type(data, "", io.BytesIO(data)) == f"application/vnd.oasis.opendocument.{kind}"


def test_a_formula_with_a_document_type_is_no_loss_but_entities_are() -> None:
    fine = "<!DOCTYPE math PUBLIC '-//OpenOffice.org//DTD' 'math.dtd'><math/>"
    assert not [part for part in parts(document("", {"Object 1/content.xml": fine})) if isinstance(part, Lost)]
    bomb = "<!DOCTYPE a [<!ENTITY b 'Ann'>]><a>&b;</a>"
    assert [part for part in parts(document("", {"Object 1/content.xml": bomb})) if isinstance(part, Lost)]


def test_what_nobody_reads_is_told_with_what_to_do_next() -> None:
    assert advice("application/vnd.ms-visio.drawing").endswith("save it as PDF and scan again")
    assert advice("application/x-nobody-knows") == "application/x-nobody-knows"
