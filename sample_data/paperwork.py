"""The people in, the documents of board, office and clients out: prose in every encoding, Word, PDF, HTML and forms."""

import marks as m
from containers import film_bytes
from office import Letter, docx_bytes, pdf_bytes
from people import DOMAIN, ORGANISATION, Person
from planting import Share, decoy, mark

People = dict[str, Person]


def make(share: Share, people: People) -> None:
    """Folders board, clients, office and templates."""
    _minutes(share, people)
    _annual_report(share, people)
    _case_notes(share, people)
    _referral_form(share, people)
    _consent_form(share, people)
    _phone_list(share, people)
    _newsletter(share, people)
    _template(share)
    share.add("open day.mp4", film_bytes(), "not_examined", "unsupported")


def _letter(share: Share, path: str, letter: Letter) -> None:
    """Render every text of a Word document and add it."""
    made = Letter(
        paragraphs=[share.render(path, text) for text in letter.paragraphs],
        table=[[share.render(path, cell) for cell in row] for row in letter.table],
        header=share.render(path, letter.header),
        footer=share.render(path, letter.footer),
        comment=share.render(path, letter.comment),
        comment_author=share.render(path, letter.comment_author),
        text_box=share.render(path, letter.text_box),
        author=share.render(path, letter.author),
    )
    share.add(path, docx_bytes(made))


def _minutes(share: Share, people: People) -> None:
    chair, treasurer, clerk = people["p20"], people["p17"], people["p18"]
    complainant, trustee = people["p24"], people["p16"]
    _letter(
        share,
        "board/minutes.docx",
        Letter(
            paragraphs=[
                "Minutes of the meeting of the board on 12 March 2025",
                f"Present: {m.name(chair)} (chair), {m.name(treasurer)}, {m.name(trustee)}. Minutes: {m.name(clerk)}.",
                f"{m.name(complainant)} of {m.address(complainant)} has complained about a late visit.",
                f"The chair will ring him on {m.landline(complainant)}.",
                f"The accounts for the year to {decoy('end of a year', '31/03/2025')} were approved.",
                f"The reserve stands at £{decoy('amount', '48,120.55')}.",
            ],
            table=[
                ["Trustee", "E-mail", "Date of birth"],
                [m.name(chair), m.email(chair), m.born(chair)],
                [m.name(trustee), m.email(trustee), m.born(trustee)],
            ],
            header=f"{ORGANISATION} – telephone {m.OFFICE_TEL}",
            footer=f"Registered office: {m.OFFICE_POST}",
            comment=f"Please check with {m.name(people['p19'])} before this goes out.",
            comment_author=m.name(clerk),
            text_box=f"Apologies: {m.name(people['p21'])}, {m.mobile(people['p21'])}",
            author=m.name(clerk),
        ),
    )
    share.classes["board/minutes.docx"] = "minutes"
    share.copy("board/minutes.docx", "office/to print/minutes final.docx")


def _annual_report(share: Share, people: People) -> None:
    path = "board/annual report 2024.pdf"
    chair, volunteer = people["p20"], people["p10"]
    pages = [
        [
            f"{ORGANISATION} - annual report 2024",
            "",
            f"Our chair {m.name(chair)} writes: it has been a good year for the families",
            "of the valley. We made 1,204 visits, and 96 volunteers gave 5,310 hours.",
            f"Questions about this report: {m.email(chair)} or {m.OFFICE_TEL}.",
        ],
        [
            "A volunteer's year",
            "",
            f"{m.name(volunteer)} has driven the Tuesday minibus since 2019.",
            f"If you would like to help, ring her on {m.mobile(volunteer)}",
            f"or write to {m.address(volunteer)}.",
            f"Printed by Ashdown Press, job {decoy('number of a print job', '4007719236')}.",
        ],
    ]
    share.add(path, pdf_bytes([[share.render(path, line) for line in lines] for lines in pages]))


def _case_notes(share: Share, people: People) -> None:
    client, worker, son = people["p09"], people["p19"], people["p22"]
    share.write(
        "clients/case notes M Tolliver.txt",
        f"""Case notes – restricted
Client: {m.name(client)}
Date of birth: {m.born_long(client)}
NHS number: {m.nhs(client)}
National Insurance number: {m.nino_spaced(client)}
Address: {m.address(client)}
Key worker: {m.name(worker)}

3 February 2025. Rang {m.name(client)} on {m.landline(client)}. She has been back {mark("HEALTH", "from hospital")}
since Friday and manages the stairs again. Her neighbour {m.name(son)} ({m.mobile_abroad(son)}) does the shopping.

17 February 2025. Visit, 40 minutes. {m.name(client)} asked that letters go to {m.email(client)} from now on.
The blood pressure monitor is a model {decoy("model of a device", "BM-2040.11.7")},
serial no. {decoy("serial number", "9434765919")}.
""",
    )


def _referral_form(share: Share, people: People) -> None:
    parent, child = people["p01"], people["p03"]
    share.write(
        "clients/referral form Okafor.txt",
        f"""REFERRAL FORM

Full name:        {m.name(child)}
Date of birth:    {m.born(child)}
Parent or carer:  {m.name(parent)}
Telephone:        {m.landline(parent)}
Mobile:           {m.mobile(parent)}
E-mail:           {m.email(parent)}
Postcode:         {m.postcode(parent)}
Form version:     {decoy("version", "4.12.0.2")}
Received:         {decoy("date of receipt", "14/01/2025")}
""",
        line_end="\r\n",
    )


def _consent_form(share: Share, people: People) -> None:
    path = "clients/consent form.pdf"
    parent, child = people["p11"], people["p23"]
    lines = [
        "Consent to share information",
        "",
        f"Name of client: {m.name(child)}",
        f"Date of birth: {m.born(child)}",
        f"NHS number: {m.nhs(child)}",
        f"Signed for the family by {m.name(parent)}, telephone {m.landline(parent)}",
    ]
    second = [
        "Notes for the office",
        "",
        f"Copy sent to {m.email(parent)}. File until {decoy('date to delete', '01/02/2031')}.",
    ]
    share.add(path, pdf_bytes([[share.render(path, line) for line in page] for page in (lines, second)]))


def _phone_list(share: Share, people: People) -> None:
    staff = [people[key] for key in ("p17", "p18", "p19", "p20")]
    lines = [f"{m.name(person)}: {m.mobile(person)}, {m.email(person)}" for person in staff]
    share.write(
        "office/phone list.txt",
        "\ufeffPhone list of the office – please keep at home, too\n\n"
        + "\n".join(lines)
        + f"\n\nOffice: {m.OFFICE_TEL}. The alarm code is with {m.name(staff[0])}.\n",
        encoding="utf-16-le",
        line_end="\r\n",
    )


def _newsletter(share: Share, people: People) -> None:
    editor, author = people["p19"], people["p12"]
    share.write(
        "office/newsletter spring.html",
        f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Spring newsletter</title>
<style>h1 {{ color: #994455 }}</style></head>
<body>
<h1>Spring newsletter</h1>
<p>Thank you to <b>{m.name(author)}</b> for the photographs of the open day.</p>
<p>Write to the editor, {m.name(editor)}: <a href="mailto:{m.email(editor)}?subject=Newsletter">write to us</a>,
or ring {mark("PHONE_NUMBER", "020 7946 0018")}.</p>
<table><tr><th>Name</th><th>Mobile</th></tr>
<tr><td>{m.name(people["p14"])}</td><td>{m.mobile(people["p14"])}</td></tr>
<tr><td>{m.name(people["p15"])}</td><td>{m.mobile(people["p15"])}</td></tr></table>
<p>Tickets are £{decoy("price", "12.50")}; use code {decoy("voucher code", "SPRING-2025-0417")}.</p>
<img src="https://www.{DOMAIN}/img/{decoy("name of a picture", "20250401093000")}.jpg" alt="The hall">
</body></html>
""",
    )


def _template(share: Share) -> None:
    share.write(
        "templates/welcome letter.txt",
        f"""{decoy("placeholder", "[FIRST NAME] [LAST NAME]")}
{decoy("placeholder", "«Address line 1»")}
{decoy("placeholder", "«Postcode»")}

Dear {decoy("placeholder", "«FirstName»")},

Thank you for your gift of £{decoy("placeholder", "[AMOUNT]")} on {decoy("placeholder", "DD/MM/YYYY")}.
Your supporter number is {decoy("placeholder", "XXXXXXXXXX")}. Please ring us if anything is wrong with it.

Yours sincerely
{decoy("placeholder", "[Signature of the director]")}
""",
    )
