"""An entity type and a normalised value in, keyed match keys by kind out: what linking and finding compare by equality.

Every kind has a key of its own, derived from the home's key, so that a date of birth and a card that look alike
never meet. Kinds are the closed list of design.md section 4, and those that linking proved to need: birth_swapped (day
and month exchanged), birth_near (years of one generation share one), initial, name_word (forename and surname in each
other's field), email_name (what a name and the local part of its owner's address share), locality, account_number
(without its sort code: no tie by itself) and number_slip (a customer number but for one digit).
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from jellyfish import metaphone
from nameparser import HumanName
from nameparser.config import CONSTANTS
from nicknames import NickNamer

from scanner.home import Key

KINDS = (
    "email", "email_alias", "email_deletion", "email_name", "phone", "national_id", "card", "account",
    "account_number", "number_slip", "birth_date",
    "birth_swapped", "birth_near", "birth_day", "birth_month", "birth_year", "postcode", "house_postcode", "locality",
    "name_full", "name_word", "surname", "forename", "initial", "initial_surname", "nickname_root",
    "sound", "surname_deletion", "forename_deletion",
)  # fmt: skip

# Providers that deliver a.b+c@ and ab@ to one person; elsewhere the folded form is only a weak alias.
_FOLDING = frozenset({"gmail.com", "googlemail.com"})
_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})\b", re.ASCII)
# One to three words of Latin letters: forenames and a surname, unless one of them is a title or the like. Characters
# for Chinese and Japanese names stand in the other order.
_LATIN = "[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]"
_WORD = f"{_LATIN}+(?:['\u2019-]{_LATIN}+)*"
_PLAIN = re.compile(f"{_WORD}(?: {_WORD})?(?: (?![ivxIVX]+$){_WORD})?")  # "John Smith III"
_HOUSE = re.compile(r"\b([0-9]{1,5}[A-Z]?)\b", re.ASCII)
_NATIONAL = re.compile(r"[A-Z]{2}_", re.ASCII)
# What a firm, a branch of a bank, a car or a whole office has: equal ones say nothing about who somebody is.
_OF_MANY = frozenset({
    "EU_VAT", "IP_ADDRESS", "MESSAGE_ID", "UK_COMPANY_NUMBER", "UK_SORT_CODE", "UK_VAT", "UK_VEHICLE_REGISTRATION",
    "US_EIN",
})  # fmt: skip


class Keyring:
    """The derived keys of one home; makes value ids, finding ids and match keys as signed 64-bit numbers.

    `own` are the types of numbers that the organisation gives out itself: each is one person's, or a household's.
    """

    def __init__(self, key: Key, own: Iterable[str] = ()) -> None:
        self._own = frozenset(own)
        domains = (*KINDS, "value", "finding", "thread", "member", "subject")
        self._begun = {domain: _begin(key.derive(domain)) for domain in domains}
        self._keys_of = lru_cache(maxsize=4096)(self._made)  # 3 to 5 KB each: the same people stand in file after file

    def number(self, domain: str, *fields: str) -> int:
        """First 8 bytes of HMAC-SHA256 over length-prefixed fields, as a signed number."""
        begun_inner, begun_outer = self._begun[domain]
        inner, outer = begun_inner.copy(), begun_outer.copy()
        message = b""
        for field in fields:
            raw = field.encode("utf-8", "replace")
            message += len(raw).to_bytes(4, "big") + raw
        inner.update(message)  # at once: each call costs as much as a block
        outer.update(inner.digest())
        return int.from_bytes(outer.digest()[:8], "big", signed=True)

    def value_id(self, entity_type: str, value: str, part: str = "") -> int:
        """Equal values of one type have equal ids; James the forename and James the surname are two values."""
        return self.number("value", f"{entity_type}/{part}" if part else entity_type, value)

    def finding_id(self, root: str, item: str, entity_type: str, value_id: int, nth: int) -> int:
        """Stable under inserted rows: depends on place, type, value and how often it stood in the item before."""
        return self.number("finding", root, item, entity_type, str(value_id), str(nth))

    def match_keys(self, entity_type: str, value: str, part: str = "") -> tuple[tuple[int, str], ...]:
        """(key, kind) of a value; empty for types that nobody is linked or found by. `part`: see name_part."""
        return self._keys_of(entity_type, value, part)

    def _made(self, entity_type: str, value: str, part: str) -> tuple[tuple[int, str], ...]:
        if entity_type in self._own:
            return ((self.number("account", f"{entity_type} {value}"), "account"),)
        return tuple((self.number(kind, plain), kind) for kind, plain in plain_keys(entity_type, value, part))


def _begin(key: bytes) -> tuple["hashlib._Hash", "hashlib._Hash"]:
    """The two hashes of HMAC-SHA256 (RFC 2104) with the key read in: to copy them takes a third of a new HMAC.

    `key` is at most 64 bytes long. A table gives hundreds of thousands of keys.
    """
    block = key.ljust(64, b"\0")
    return hashlib.sha256(bytes(byte ^ 0x36 for byte in block)), hashlib.sha256(bytes(byte ^ 0x5C for byte in block))


def plain_keys(entity_type: str, value: str, part: str = "") -> tuple[tuple[str, str], ...]:
    """The clear (kind, text) pairs behind the match keys of a normalised value; they never leave the process."""
    return tuple(dict.fromkeys(_plain_keys(entity_type, value, part)))


def _plain_keys(entity_type: str, value: str, part: str) -> Iterator[tuple[str, str]]:
    if entity_type == "PERSON":
        yield from _name_keys(*name_halves(value, part))
    elif entity_type == "EMAIL_ADDRESS":
        yield from _email_keys(value)
    elif entity_type == "PHONE_NUMBER":
        yield "phone", value
    elif entity_type == "DATE_OF_BIRTH":
        yield from _birth_keys(value)
    elif entity_type == "UK_POSTCODE":
        yield "postcode", value.replace(" ", "").upper()
    elif entity_type == "ADDRESS":
        yield from _address_keys(value)
    else:
        yield from _number_keys(entity_type, value)


def _number_keys(entity_type: str, value: str) -> Iterator[tuple[str, str]]:
    """Cards, accounts and the numbers that states give out."""
    if entity_type in {"CREDIT_CARD", "CARD_TRACK"}:
        if len(value) >= 12:  # many people's cards end in the same four
            yield "card", value
    elif entity_type == "IBAN_CODE":
        yield "account", value
    elif entity_type == "UK_BANK_ACCOUNT":
        # Banks give out the same eight digits: an account is told by its sort code, too.
        sort_code, _, number = value.rpartition(" ")
        if sort_code:
            yield "account", value
        yield "account_number", number
    elif _NATIONAL.match(entity_type) and entity_type not in _OF_MANY:
        yield "national_id", f"{entity_type} {value}"


def _email_keys(value: str) -> Iterator[tuple[str, str]]:
    address = value.casefold()
    yield "email", address
    local, _, domain = address.rpartition("@")
    folded = local.partition("+")[0].replace(".", "")
    if domain in _FOLDING:
        yield "email", f"{folded}@gmail.com"
    # Always, even when it equals the address: kinds are compared with their own kind only.
    yield "email_alias", f"{folded}@{'gmail.com' if domain in _FOLDING else domain}"
    # A digit is no slip: user1@ and user2@ are two people.
    yield from (("email_deletion", f"{variant}@{domain}") for variant in _letter_deletions(local) or [local])
    yield from (("email_deletion", f"{local}@{variant}") for variant in _letter_deletions(domain)[1:])
    words = [word for word in re.split(r"[^a-z]+", local.partition("+")[0]) if len(word) > 2]
    yield from (("email_name", word) for word in dict.fromkeys((*words, "".join(words))))


def _birth_keys(value: str) -> Iterator[tuple[str, str]]:
    yield "birth_date", value
    match = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", value)
    if match:
        yield from zip(("birth_year", "birth_month", "birth_day"), match.groups(), strict=True)
        year, month, day = match.groups()
        # Years less than ten apart always share one of these, years of two generations never do.
        yield from (("birth_near", str(int(year) // 5 - back)) for back in range(3))
        if day <= "12" and day != month:
            yield from (("birth_swapped", text) for text in (value, f"{year}-{day}-{month}"))


def _address_keys(value: str) -> Iterator[tuple[str, str]]:
    postcode = _POSTCODE.search(value.upper())
    if postcode:
        compact = postcode[1] + postcode[2]
        yield "postcode", compact
        if house := _HOUSE.search(value.upper()[: postcode.start()]):
            yield "house_postcode", f"{house[1]} {compact}"


def name_halves(value: str, part: str) -> tuple[str, str]:
    """Forename and surname; `part` says that the value is one of the two alone ("given", "surname")."""
    if part:
        letters = _letters(value)
        # Of "Mary Anne" the first is what others call her by.
        return (letters.partition(" ")[0], "") if part == "given" else ("", letters)
    return split_name(value)


def _name_keys(forename: str, surname: str) -> Iterator[tuple[str, str]]:
    if forename and surname:
        yield "name_full", f"{forename} {surname}"
        yield "initial_surname", f"{forename[0]} {surname}"
        plain, short = surname.replace(" ", "").replace("-", ""), forename.partition(" ")[0]
        joined = (plain, short + plain, short[0] + plain, plain + short[0], plain + short)
        yield from (("email_name", word) for word in joined if len(word) > 2)
    words = [word for word in (forename, surname) if len(word) > 2]
    yield from (("name_word", word) for word in words)
    yield from (("email_name", word.replace(" ", "").replace("-", "")) for word in words)
    if surname:
        yield "surname", surname
        # Each half of a double-barrelled name is a key too: people use one of them.
        yield from (("surname", half) for half in re.split(r"[- ]", surname) if len(half) > 2 and half != surname)
        yield "sound", metaphone(surname)
        yield from (("surname_deletion", variant) for variant in deletions(surname))
    if forename:
        yield "forename", forename
        yield "initial", forename[0]
        yield from (("nickname_root", root) for root in sorted(_nicknames().canonicals_of(forename) | {forename}))
        # Every forename but a bare initial has one: so an initial is told from a name.
        alone = [forename] if len(forename) > 1 else []
        yield from (("forename_deletion", variant) for variant in deletions(forename) or alone)


def split_name(value: str) -> tuple[str, str]:
    """Forename and surname in plain lower-case letters; a single word counts as a surname."""
    words = value.split(" ") if _PLAIN.fullmatch(value) else []
    if words and _said_besides().isdisjoint(map(str.lower, words)):
        # As HumanName does, in a hundredth of its time; but Vi and Ix are names here and no numerals.
        return _letters(words[0]) if len(words) > 1 else "", _letters(words[-1])
    name = HumanName(value)
    forename, surname = _letters(name.first), _letters(name.last)
    if not surname:
        return "", forename or _letters(value)
    return forename, surname


@cache
def _said_besides() -> frozenset[str]:
    """Words that are titles, particles, degrees and the like to nameparser."""
    known = (
        CONSTANTS.titles, CONSTANTS.first_name_titles, CONSTANTS.prefixes, CONSTANTS.conjunctions,
        CONSTANTS.bound_first_names, CONSTANTS.suffix_acronyms, CONSTANTS.suffix_acronyms_ambiguous,
        CONSTANTS.suffix_not_acronyms,
    )  # fmt: skip
    return frozenset(word for words in known for word in words) | {"n\u00e9e", "nee", "n\u00e9"}


def _letters(text: str) -> str:
    """Lower case without accents, full stops and apostrophes: O'Neill and ONeill are one key."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = (char for char in plain if char.isalpha() or char in "- ")
    return " ".join("".join(kept).split()).strip("- ")


def number_slips(number: str) -> list[str]:
    """Forms that a number shares with those that are a digit, or an exchange of two, away; not with the next in turn.

    Two people who are entered one after the other have numbers that differ in the last digit.
    """
    digits = re.sub(r"\W", "", number)
    if len(digits) < 6:
        return []
    kept = dict.fromkeys(digits[:at] + digits[at + 1 :] for at in range(len(digits) - 1))
    return [*kept, f"{digits[:-2]}/{''.join(sorted(digits[-2:]))}"]


def deletions(word: str) -> list[str]:
    """The word and all forms with one letter left out: two words one typing error apart share one of them."""
    if len(word) < 4:
        return []
    return list(dict.fromkeys([word, *(word[:index] + word[index + 1 :] for index in range(len(word)))]))


def _letter_deletions(word: str) -> list[str]:
    """As deletions(), letters only."""
    kept = (word[:index] + word[index + 1 :] for index in range(len(word)) if word[index].isalpha())
    return list(dict.fromkeys([word, *kept])) if len(word) >= 4 else []


@cache
def _nicknames() -> NickNamer:
    return NickNamer()
