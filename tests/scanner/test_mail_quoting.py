"""Which stretches of a mail's text are written, quoted, or its signature."""

from itertools import pairwise

import pytest

from scanner.formats.mail.quoting import stretches

ON = "On Fri, 3 May 2024 at 10:12, Ann Lee <ann@x.example> wrote:\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hello\n", "w:hello"),
        ("", ""),
        ("hello\n> old\n> older\nagain\n", "w:hello q:> old|> older w:again"),
        (f"hello\n\n{ON}> old\n\nbelow\n", f"w:hello q:{ON.strip()}|> old w:below"),
        (f"hello\n\n{ON}\nold without signs\nmore\n", f"w:hello q:{ON.strip()}|old without signs|more"),
        ("hi\nOn Fri, 3 May 2024, Ann\n<ann@x.example> wrote:\n> old\n",
         "w:hi q:On Fri, 3 May 2024, Ann|<ann@x.example> wrote:|> old"),
        ("hi\nAnn wrote:\n> old\n", "w:hi q:Ann wrote:|> old"),
        ("hi\nAm 03.05.2024 um 10:12 schrieb Ann Lee:\n> alt\n",
         "w:hi q:Am 03.05.2024 um 10:12 schrieb Ann Lee:|> alt"),
        ("Here is what I wrote:\n\nfree text\n", "w:Here is what I wrote:|free text"),
        ("hi\n-----Original Message-----\nFrom: Ann\nold\n", "w:hi q:-----Original Message-----|From: Ann|old"),
        ("hi\nFrom: Ann Lee\nSent: 3 May 2024\nTo: Bob\n\nold\n", "w:hi q:From: Ann Lee|Sent: 3 May 2024|To: Bob|old"),
        ("hi\n\n________________________________\nVon: Ann Lee\nGesendet: Freitag\nAn: Bob\nBetreff: x\n\nalt\n",
         "w:hi q:________________________________|Von: Ann Lee|Gesendet: Freitag|An: Bob|Betreff: x|alt"),
        ("hi\nDe : Ann Lee\nEnvoyé : vendredi\nÀ : Bob\n\nvieux\n",
         "w:hi q:De : Ann Lee|Envoyé : vendredi|À : Bob|vieux"),
        ("hi\nLe ven. 3 mai 2024 à 10:12, Ann Lee <ann@x.example> a écrit\u00a0:\n> vieux\n",
         "w:hi q:Le ven. 3 mai 2024 à 10:12, Ann Lee <ann@x.example> a écrit\u00a0:|> vieux"),
        ("hi\nAnn Lee <ann@x.example> schrieb am Fr., 3. Mai 2024:\n> alt\n",
         "w:hi q:Ann Lee <ann@x.example> schrieb am Fr., 3. Mai 2024:|> alt"),
        ("hi\n2024-05-03 10:12 GMT+02:00 Ann Lee <ann@x.example>:\n> alt\n",
         "w:hi q:2024-05-03 10:12 GMT+02:00 Ann Lee <ann@x.example>:|> alt"),
        ("fyi\n---------- Forwarded message ---------\nFrom: Ann\nDate: 3 May\n\nold\n",
         "w:fyi q:---------- Forwarded message ---------|From: Ann|Date: 3 May|old"),
        ("fyi\n\nBegin forwarded message:\n\n> From: Ann\n> old\n",
         "w:fyi q:Begin forwarded message:|> From: Ann|> old"),
        ("Hallo\n\nMit freundlichen Grüßen\nAnn Lee\nTel. 030 1\n",
         "w:Hallo|Mit freundlichen Grüßen s:Ann Lee|Tel. 030 1"),
        ("hi\nFrom: the desk of Ann\nmore\n", "w:hi|From: the desk of Ann|more"),
        ("hi\n-- \nAnn Lee\n020 7946 0001\n", "w:hi|-- s:Ann Lee|020 7946 0001"),
        ("hi\n\nKind regards,\n\nAnn Lee\nHead of HR\n", "w:hi|Kind regards, s:Ann Lee|Head of HR"),
        (f"hi\n\nBest wishes\nAnn\n\n{ON}> old\n> Regards\n> Bob\n",
         f"w:hi|Best wishes s:Ann q:{ON.strip()}|> old|> Regards|> Bob"),
        ("thanks\nand please send me the long list that you promised me at the meeting of last week\n",
         "w:thanks|and please send me the long list that you promised me at the meeting of last week"),
    ],
)  # fmt: skip
def test_stretches(text: str, expected: str) -> None:
    found = stretches(text)
    lines = ["|".join(line.strip() for line in text[s.start : s.end].split("\n") if line.strip()) for s in found]
    assert " ".join(f"{s.kind[0]}:{line}" for s, line in zip(found, lines, strict=True)) == expected
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.parametrize(
    "line", ["On 3 May 2024 Ann wrote:\n", "> \n", "From: a\n", "Regards\n", "wrote wrote:\n", "-- \n", "\n"]
)
def test_long_texts_keep_every_line(line: str) -> None:
    text = line * 3000 + "end\n"
    found = stretches(text)
    kept = "".join(text[s.start : s.end] for s in found)
    assert kept.count("end") == 1
    assert kept.split() == text.split()
