"""Machine-readable zones as readers of pictures get them wrong. The zones are the samples of ICAO 9303."""

import pytest

from scanner.formats.pictures.words import Word
from scanner.formats.pictures.zone_repair import repaired

TD3 = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
TD2 = ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6")
TD1 = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")


def words(*lines: str) -> list[Word]:
    return [
        Word(text, (index * 10, 20 * row, index * 10 + 9, 20 * row + 18), 60 + index, index == 0, index == 0)
        for row, line in enumerate(lines)
        for index, text in enumerate(line.split())
    ]


def lines(found: list[Word]) -> tuple[str, ...]:
    return tuple(word.text for word in found)


@pytest.mark.parametrize(
    ("read", "right"),
    [
        (TD3, TD3),
        ((TD3[0].replace("<<<<<<<<", "<KK<<CK<"), TD3[1].replace("7408122", "74O8I22")), TD3),
        ((TD3[0][:30] + " KKK", TD3[1].replace("L898", "LB98")), TD3),
        (
            ("P<USATRAVELER<<HAPPY <<<<<<<K<<<<KKKK KK KKK KKK", "£000077347USA6502056F3010149500100120<095838"),
            ("P<USATRAVELER<<HAPPY<<<<<<<<<<<<<<<<<<<<<<<<", "E000077347USA6502056F3010149500100120<095838"),
        ),
        ((TD3[0][:-6], TD3[1].replace("L898902C3", "L8989O2C3")), TD3),
        ((TD3[0], TD3[1].replace("<<<<<", "<<<<")), TD3),
        ((TD3[0], TD3[1].replace("<<<<<10", "<<K<<1O")), TD3),
        ((TD3[0].replace("<<", "«"), TD3[1]), TD3),
        (("P<UT0ER1KS5ON<<ANNA<MARIA<<<<", TD3[1]), TD3),
        (("a line above", TD3[1].replace("0", "O")), ("a", "line", "above", TD3[1])),
        ((TD2[0], TD2[1].replace("1", "I")), TD2),
        ((TD1[0].replace("0", "O"), TD1[1].replace("<<<<<<", "<<<<<"), TD1[2][:-3]), TD1),
        ((TD3[0], TD3[1].replace("740812", "740813")), None),
        (("if a << b", "or b >> c then L898902C36UTO7408122F1204159"), None),
    ],
)
def test_only_what_the_check_digits_allow(read: tuple[str, ...], right: tuple[str, ...] | None) -> None:
    unchanged = tuple(text for line in read for text in line.split())
    assert lines(repaired(words(*read))) == (right or unchanged)


def test_the_line_is_as_sure_as_its_least_sure_word_and_as_wide_as_all() -> None:
    torn = f"{TD3[1][:10]} {TD3[1][10:20]} {TD3[1][20:]}"
    first, second = repaired(words(TD3[0], torn))
    assert second == Word(TD3[1], (0, 20, 29, 38), 60, True, False)
    assert first.starts_block
