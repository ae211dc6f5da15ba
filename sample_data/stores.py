"""The people in, archives out, and broken files, and files that hold no personal data and must stay silent."""

import marks as m
from containers import encrypted_zip, gzip_bytes, tar_bytes, zip_bytes
from office import pdf_bytes
from people import Person
from planting import Share, decoy, mark
from tables import delimited

People = dict[str, Person]


def make(share: Share, people: People) -> None:
    """Folders archive, finance and it."""
    _zip_in_zip(share, people)
    _locked(share, people)
    _website(share, people)
    _old_donors(share, people)
    _damaged(share)
    _invoices(share)
    _stock(share)
    _logs(share)
    _empty(share)


def _member(share: Share, container: str, name: str, text: str) -> bytes:
    """A text file inside a container."""
    item = f"{container}!/{name}"
    share.expect(item)
    return share.render(item, text).encode()


def _zip_in_zip(share: Share, people: People) -> None:
    path = "archive/2023.zip"
    letters = f"{path}!/letters.zip"
    rows = [["Name", "E-mail", "Telephone"]]
    rows += [[m.name(who), m.email(who), m.landline(who)] for who in (people["p07"], people["p08"], people["p21"])]
    letter = (
        f"Dear {m.name(people['p08'])},\n\nwe have your new address as {m.address(people['p08'])} "
        f"and your card as {m.card(people['p08'])}. Please tell us if that is wrong.\n"
    )
    share.expect(letters)
    inner = zip_bytes({"2023/letter Whitcombe.txt": _member(share, letters, "2023/letter Whitcombe.txt", letter)})
    share.add(path, zip_bytes({"list.csv": _member(share, path, "list.csv", delimited(rows)), "letters.zip": inner}))


def _locked(share: Share, people: People) -> None:
    """What stands behind a password cannot be found, and must be named as not examined. Password: wren."""
    path = "payroll 2022.zip"
    text = f"Payroll 2022\n{people['p17'].name} {people['p17'].nino}\n"
    share.add(path, encrypted_zip("payroll 2022.txt", text.encode(), b"wren"))
    share.expect(f"{path}!/payroll 2022.txt", "not_examined", "encrypted")


def _website(share: Share, people: People) -> None:
    path = "archive/website.tar"
    webmaster = people["p18"]
    log = "".join(
        f"{mark('IP_ADDRESS', address)} - - [14/Mar/2025:10:{minute}:07 +0000] "
        f'"GET /donate?id={minute}4820017 HTTP/1.1" 200\n'
        for minute, address in (("11", "198.51.100.23"), ("19", "198.51.100.77"), ("42", "2001:db8::52"))
    )
    page = (
        f"<html><body><h1>Contact</h1><p>Webmaster: {m.name(webmaster)}, {m.email(webmaster)}</p>"
        f"<p>Built with version {decoy('version', '10.4.2.1')} on {decoy('date of a build', '2024-06-30')}.</p>"
        "</body></html>\n"
    )
    members = {
        "website/access.log": _member(share, path, "website/access.log", log),
        "website/contact.html": _member(share, path, "website/contact.html", page),
    }
    share.add(path, tar_bytes(members))


def _old_donors(share: Share, people: People) -> None:
    path = "archive/donors 2019.csv.gz"
    rows = [["Donor", "Address", "Telephone"]]
    donors = [people[key] for key in ("p05", "p06", "p16", "p24")]
    rows += [[m.name(who), m.address(who), m.landline(who)] for who in donors]
    share.add(path, gzip_bytes(_member(share, path, "donors 2019.csv", delimited(rows)), "donors 2019.csv"))


def _damaged(share: Share) -> None:
    """A PDF of which only the beginning was saved: no page, no table of objects."""
    share.add("scan 0042.pdf", pdf_bytes([["x"]])[:60], "not_examined", "damaged")


def _invoices(share: Share) -> None:
    """Numbers of ten digits, VAT numbers of firms, prices, dates: personal data of nobody."""
    path = "finance/invoices 2024.csv"
    rows = [["Invoice no", "Invoice date", "Supplier", "VAT number", "Product code", "Net", "Order number"]]
    suppliers = ("Ashdown Press", "Dunmore Catering", "Northgate Print Works", "Valley Minibus Hire")
    rows += [
        [
            decoy("invoice number", f"{2024000131 + number * 17}"),
            decoy("date of an invoice", f"{number + 5:02}/{number % 12 + 1:02}/2024"),
            suppliers[number % 4],
            decoy("VAT number of a firm", f"GB{523940017 + number % 4 * 10203}"),
            decoy("product code", f"PX{410220 + number * 37}B"),
            decoy("price", f"{number * 31 + 18}.40"),
            decoy("order number", f"{4857000019 + number * 104729}"),
        ]
        for number in range(16)
    ]
    share.add(path, share.render(path, delimited(rows)).encode())
    share.classes[path] = "invoice"


def _stock(share: Share) -> None:
    path = "finance/shop stock.tsv"
    rows = [["sku", "description", "barcode", "qty", "price", "updated_at"]]
    goods = ("Mug, blue", "Tea towel", "Calendar 2025", "Jute bag", "Birthday card", "Pencil set")
    for number, title in enumerate(goods):
        rows.append(
            [
                decoy("product code", f"WV-{8840 + number}-{number}A"),
                title,
                decoy("bar code", f"501234567{8900 + number * 7}"),
                str(number * 12 + 4),
                f"{number + 3}.99",
                decoy("moment in seconds", str(1735689600 + number * 86413)),
            ]
        )
    share.add(path, share.render(path, delimited(rows, "\t", "\n")).encode())


def _logs(share: Share) -> None:
    lines = []
    for night in range(12):
        moment = decoy("moment in seconds", str(1743498000 + night * 86400))
        version = decoy("version", f"7.2.{night}.18")
        size = decoy("count of bytes", str(48573925160 + night * 1009))
        checksum = decoy("checksum", f"{0x9F3A11C04B7D2E58 + night * 0x1F3:016x}")
        tool = f"version {version}" if night % 2 else f"v{version}"
        lines.append(f"{moment} backup {tool} done, {size} bytes, checksum {checksum}\n")
    share.write("it/backup.log", "".join(lines))


def _empty(share: Share) -> None:
    share.add("it/new text document.txt", b"")
