"""Keys, masks, homes and locators: what may leave the process, and what must come back."""

import hmac
import os
import stat
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from nameparser import HumanName

from scanner.home import HomeError, Key, default_home, load_key
from scanner.keys import KINDS, Keyring, plain_keys, split_name
from scanner.locators import quote_name, unquote_name
from scanner.mask import mask
from scanner.records import name_part, role_of

RING = Keyring(Key(bytes(32)))


def kinds(entity_type: str, value: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for kind, plain in plain_keys(entity_type, value):
        found.setdefault(kind, set()).add(plain)
    return found


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        (("PERSON", "Dr Liz O'Neill"), ("PERSON", "o’neill, liz"), "name_full"),
        (("PERSON", "Bob Smith"), ("PERSON", "Robert Smith"), "nickname_root"),
        (("PERSON", "Ann Lee-Jones"), ("PERSON", "Ann Jones"), "surname"),
        (("PERSON", "J. Smith"), ("PERSON", "John Smith"), "initial_surname"),
        (("PERSON", "Ann Smith"), ("PERSON", "Ann Smyth"), "sound"),
        (("PERSON", "Zoë Brontë"), ("PERSON", "zoe bronte"), "name_full"),
        (("PERSON", "Ann Johnson"), ("PERSON", "Ann Jonson"), "surname_deletion"),
        (("EMAIL_ADDRESS", "a.lee+x@gmail.com"), ("EMAIL_ADDRESS", "alee@googlemail.com"), "email_alias"),
        (("EMAIL_ADDRESS", "ann.lee@x.example"), ("EMAIL_ADDRESS", "ann.le@x.example"), "email_deletion"),
        (("DATE_OF_BIRTH", "1980-02-14"), ("DATE_OF_BIRTH", "1980-03-14"), "birth_day"),
        (("ADDRESS", "10 Wren Close, Towcester, NN12 6RD"), ("ADDRESS", "10 WREN CL NN126RD"), "house_postcode"),
        (("ADDRESS", "10 Wren Close, NN12 6RD"), ("UK_POSTCODE", "NN12 6RD"), "postcode"),
        (("IBAN_CODE", "GB29NWBK60161331926819"), ("IBAN_CODE", "GB29NWBK60161331926819"), "account"),
    ],
)
def test_two_spellings_share_a_key(first: tuple[str, str], second: tuple[str, str], kind: str) -> None:
    one, other = kinds(*first), kinds(*second)
    assert one[kind] & other[kind]
    assert set(one) <= set(KINDS)


@pytest.mark.parametrize(
    ("entity_type", "value"),
    [("IP_ADDRESS", "198.51.100.7"), ("UK_SORT_CODE", "089999"), ("EU_VAT", "DE136695976"), ("US_EIN", "123456789")],
)
def test_what_a_whole_office_shares_is_nobodys_number(entity_type: str, value: str) -> None:
    assert kinds(entity_type, value) == {}
    assert set(kinds("UK_NINO", "AB123456C")) == {"national_id"}


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        ("Ann Smith", "Ann Jones", "surname"), ("Ann Smith", "Bob Smith", "name_full"),
        ("Ann Smith", "Ann Brown", "surname_deletion"),
    ],
)  # fmt: skip
def test_different_people_do_not(first: str, second: str, kind: str) -> None:
    assert not kinds("PERSON", first)[kind] & kinds("PERSON", second)[kind]


FIRSTS = [
    "Mary", "Nasir", "Jr", "Van", "Sir", "Dr", "von", "Abu", "PhD", "Großfürst", "Κος", "山田", "Ó", "Li", "Åsa", "J",
    "née", "Ne",
]  # fmt: skip
LASTS = [
    "Khan", "Smith", "Ma", "Esq", "Junior", "Dean", "St", "del", "太郎", "Æsop", "Ng", "King", "Núñez", "y", "MBE",
    "O'Neill", "Smith-Jones", "d\u2019Arcy", "III", "VI", "T",
]  # fmt: skip


@given(
    st.lists(st.sampled_from([*FIRSTS, *LASTS]), max_size=2),
    st.sampled_from(LASTS),
    st.sampled_from([str, str.upper, str.lower]),
)
def test_plain_words_are_split_as_nameparser_does(before: list[str], last: str, case: Callable[[str], str]) -> None:
    value = case(" ".join([*before, last]))
    assume(len(before) == 2 or last != "VI")
    name = HumanName(value)
    halves = [letters_of(half) for half in (name.first, name.last)]
    assert split_name(value) == (tuple(halves) if halves[1] else ("", halves[0] or letters_of(value)))


@pytest.mark.parametrize(
    "value", ["John Smith III", "Mary ann ii", "Lindsey née Smith-Jones", "ADA NEE KHAN", "Li née"]
)
def test_numerals_and_maiden_names_are_left_to_nameparser(value: str) -> None:
    name = HumanName(value)
    first, last = letters_of(name.first), letters_of(name.last)
    assert split_name(value) == ((first, last) if last else ("", first or letters_of(value)))


def test_the_keys_of_a_value_are_made_once() -> None:
    assert RING.match_keys("PERSON", "jane smith") is RING.match_keys("PERSON", "jane smith")


def test_a_name_that_looks_like_a_numeral_is_a_surname() -> None:
    assert split_name("Thuy Vi") == ("thuy", "vi")


def letters_of(text: str) -> str:
    """Lower case without accents, as keys hold a name."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if char.isalpha() or char in " -").strip("- ")


def test_kinds_and_homes_never_meet() -> None:
    numbers = {RING.number(kind, "19800214") for kind in KINDS}
    assert len(numbers) == len(KINDS)
    assert Keyring(Key(bytes(31) + b"\1")).number("email", "x") != RING.number("email", "x")
    assert RING.number("value", "ab", "c") != RING.number("value", "a", "bc")


@given(st.text(), st.sampled_from(["PERSON", "EMAIL_ADDRESS", "ADDRESS", "DATE_OF_BIRTH", "UK_NINO", "OTHER"]))
def test_any_value_has_keys_or_none(value: str, entity_type: str) -> None:
    assert all(-(2**63) <= key < 2**63 for key, _ in RING.match_keys(entity_type, value))


@pytest.mark.parametrize(
    ("entity_type", "value", "shown"),
    [
        ("CREDIT_CARD", "4111 1111 1111 1234", "••••1234"), ("UK_NINO", "AB 12 34 56 C", "••••6C"),
        ("PERSON", "Ann Lee", "A. L."), ("EMAIL_ADDRESS", "ann.lee@mail.example", "a•••@m•••.example"),
        ("EMAIL_ADDRESS", "al@x.uk", "•••@x•••.uk"), ("PHONE_NUMBER", "01908 880677", "••••77"),
        ("DATE_OF_BIRTH", "14/02/1980", "••/••/••••"), ("UK_POSTCODE", "nn12 6rd", "NN•••"),
        ("HEALTH", "diabetes", "•••"), ("AGE", "14", "••"), ("OTHER", "abc", "•••"),
    ],
)  # fmt: skip
def test_masks(entity_type: str, value: str, shown: str) -> None:
    assert mask(entity_type, value) == shown


@given(
    st.text(min_size=4), st.sampled_from(["CREDIT_CARD", "UK_NINO", "EMAIL_ADDRESS", "PHONE_NUMBER", "OTHER", "HEALTH"])
)
def test_a_mask_never_holds_the_value(value: str, entity_type: str) -> None:
    letters = [char for char in value if char.isalnum()]
    if len(letters) > 5:
        assert "".join(letters) not in "".join(char for char in mask(entity_type, value) if char.isalnum())


@given(st.binary(min_size=1, max_size=30))
def test_locators_come_back(name: bytes) -> None:
    step = quote_name(name)
    assert unquote_name(step) == name
    assert quote_name(os.fsdecode(name) if os.name == "posix" else name) == step
    assert "!" not in step
    assert step.encode("utf-8")


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("email", "self"), ("next_of_kin_email", "next_of_kin"), ("NextOfKin", "next_of_kin"), ("", "self"),
        ("spouse name", "spouse"), ("Emergency contact", "emergency_contact"), ("created_by", "staff"),
        ("from", "from"), ("GP", "doctor"), ("frommage", "self"),
    ],
)  # fmt: skip
def test_roles_of_columns(label: str, role: str) -> None:
    assert role_of(label) == role


@pytest.mark.parametrize(
    ("label", "part"),
    [
        ("first_name", "given"), ("Given Name", "given"), ("forenames", "given"), ("fname", "given"),
        ("Contact Surname", "surname"), ("lastName", "surname"), ("Family Name", "surname"),
        ("name", ""), ("full name", ""), ("familiar", ""), ("given to", ""),
    ],
)  # fmt: skip
def test_labels_tell_the_part_of_a_name(label: str, part: str) -> None:
    assert name_part(label) == part


def test_a_forename_column_makes_no_surname_keys() -> None:
    given = {kind for kind, _ in plain_keys("PERSON", "James", "given")}
    assert "forename" in given
    assert not given & {"surname", "sound", "surname_deletion"}
    assert dict(plain_keys("PERSON", "Van Dyke", "surname"))["sound"]
    assert RING.value_id("PERSON", "James", "given") != RING.value_id("PERSON", "James", "surname")


def test_a_home_keeps_one_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHOSEDATA_HOME", str(tmp_path / "h"))
    first, second = load_key(default_home()), load_key(tmp_path / "h")
    assert first == second
    assert len(first.secret) == 32
    assert first.secret.hex() not in repr(first)
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "h" / "key").stat().st_mode) == 0o600
    (tmp_path / "h" / "key").write_bytes(b"zz")
    with pytest.raises(HomeError, match="backup"):
        load_key(tmp_path / "h")


@given(st.text(), st.text())
def test_a_key_is_the_hmac_of_its_fields_with_their_lengths(first: str, second: str) -> None:
    raw = [field.encode("utf-8", "replace") for field in (first, second)]
    message = b"".join(len(field).to_bytes(4, "big") + field for field in raw)
    expected = hmac.digest(Key(bytes(32)).derive("email"), message, "sha256")[:8]
    assert RING.number("email", first, second) == int.from_bytes(expected, "big", signed=True)
