"""The people in, their mails out: plain and HTML bodies, quoted replies, signatures, attachments, a mailbox."""

import marks as m
from containers import attachment, multipart
from people import DOMAIN, ORGANISATION, Person
from planting import Share, decoy, mark
from tables import delimited

People = dict[str, Person]


def make(share: Share, people: People) -> None:
    """Folder mail."""
    _visit(share, people)
    _waiting_list(share, people)
    _inbox(share, people)


def _head(sender: Person, to: Person, subject: str, date: str, number: int) -> str:
    return (
        f"From: {m.name(sender)} <{m.email(sender)}>\nTo: {m.name(to)} <{m.email(to)}>\n"
        f"Subject: {subject}\nDate: {date}\nMessage-ID: <{mark('MESSAGE_ID', _id(number))}>\n"
    )


def _id(number: int) -> str:
    return f"2025031{number}.7700900{number:03}@{DOMAIN}"


def _signature(person: Person) -> str:
    return (
        f"-- \n{m.name(person)}\n{ORGANISATION}\n{m.OFFICE_POST}\n"
        f"T {m.landline(person)}  M {m.mobile(person)}\n{m.email(person)}\n"
    )


def _visit(share: Share, people: People) -> None:
    """A reply with a body in two forms, the mail that it quotes, and a signature."""
    path = "mail/RE visit on Thursday.eml"
    worker, parent, child = people["p19"], people["p01"], people["p03"]
    quoted = (
        f"On 11 March 2025 {m.name(parent)} <{m.email(parent)}> wrote:\n"
        f"> Could you ring my husband {m.name(people['p02'])} instead? He is on {m.mobile(people['p02'])}.\n"
        f"> {m.forename(parent)}\n"
    )
    answer = f"Yes, I will come on Thursday and bring the form for {m.name(child)}, born {m.born(child)}."
    plain = f"Dear {m.name(parent)},\n\n{answer}\n\n{_signature(worker)}\n{quoted}"
    html = f"<html><body><p>Dear {m.name(parent)},</p><p>{answer}</p></body></html>\n"
    head = (
        _head(worker, parent, "RE: visit on Thursday", "Wed, 12 Mar 2025 09:14:00 +0000", 2)
        + f"Cc: {m.name(people['p17'])} <{m.email(people['p17'])}>\nIn-Reply-To: <{decoy('message id', _id(1))}>\n"
    )
    parts = [f"Content-Type: text/plain; charset=utf-8\n\n{plain}", f"Content-Type: text/html; charset=utf-8\n\n{html}"]
    share.write(path, multipart(head, "alternative", parts, "wren-alternative-1"))


def _waiting_list(share: Share, people: People) -> None:
    """A table travels as an attachment, and one more as bytes in quoted-printable text."""
    path = "mail/waiting list.eml"
    rows = [["Name", "Date of birth", "NHS number", "Phone"]]
    rows += [
        [m.name(who), m.born(who), m.nhs(who), m.mobile(who)] for who in (people["p05"], people["p08"], people["p15"])
    ]
    member = f"{path}!/waiting list.csv"
    table = share.render(member, delimited(rows)).encode()
    head = _head(people["p18"], people["p17"], "Waiting list", "Fri, 14 Mar 2025 16:02:00 +0000", 4)
    # In quoted-printable an equals sign is =3D, and a long line is cut by = at its end.
    body = (
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
        f"Hello {m.name(people['p17'])}, the list as promised (places=3D3, price =C2=A34).=\n"
        f" Please ring {m.name(people['p05'])} first.\n"
    )
    parts = [body, attachment("waiting list.csv", "text/csv", table)]
    share.write(path, multipart(head, "mixed", parts, "wren-mixed-1"))
    share.expect(member)


def _inbox(share: Share, people: People) -> None:
    """Four mails, the third with an attachment, the fourth quoting the first."""
    path = "mail/info inbox.mbox"
    donor, client, director = people["p13"], people["p24"], people["p17"]
    form = (
        f"Standing order\nName: {m.name(donor)}\nSort code: {m.sort_code(donor)}\nAccount number: {m.account(donor)}\n"
    )
    member = f"{path}!/{{3}}!/standing order.txt"
    attached = attachment("standing order.txt", "text/plain", share.render(member, form).encode())
    mails = [
        _head(client, director, "Late again", "Mon, 3 Mar 2025 08:30:00 +0000", 5)
        + f"\nThe visitor came an hour late. Ring me on {m.landline(client)}.\n{m.name(client)}\n",
        _head(people["p14"], director, "Offer of help", "Tue, 4 Mar 2025 10:11:00 +0000", 6)
        + f"\nI could drive on Fridays. My number is {mark('PHONE_NUMBER', '+44 20 7946 0958')}.\n\n"
        + f"Order {decoy('order number', '6019521325')} of the leaflets is on its way.\n",
        multipart(
            _head(donor, director, "Standing order", "Wed, 5 Mar 2025 12:45:00 +0000", 7),
            "mixed",
            ["Content-Type: text/plain; charset=utf-8\n\nThe form is attached.\n", attached],
            "wren-mixed-2",
        ),
        _head(director, client, "Re: Late again", "Wed, 5 Mar 2025 17:00:00 +0000", 8)
        + f"\nI am sorry. I will ring you tomorrow.\n{m.name(director)}\n\n"
        + f"> The visitor came an hour late. Ring me on {m.landline(client)}.\n> {m.name(client)}\n",
    ]
    made = b""
    for number, mail in enumerate(mails, 1):
        item = f"{path}!/{{{number}}}"
        made += f"From MAILER-DAEMON Mon Mar  3 08:30:0{number} 2025\n{share.render(item, mail)}\n".encode()
        share.expect(item)
    share.expect(member)
    share.add(path, made)
