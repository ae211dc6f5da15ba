"""Name of a check goes in (rules name it), a Check comes out: does a candidate pass, and how often would chance?"""

import ipaddress
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from operator import mul
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from stdnum import bitcoin, damm, iban, luhn, numdb, verhoeff
from stdnum.gb import upn, vat
from stdnum.iso7064 import mod_11_2, mod_11_10, mod_97_10

from detectors.keccak import keccak_256

MayPass: TypeAlias = Callable[[Sequence[str]], list[bool]]


@dataclass(frozen=True, slots=True)
class Check:
    """A validator. `chance`: how many random strings pass that have the shape and begin as the real ones do.

    Numbers that a system counts up all begin alike, so the prefix is no evidence. 1.0 when it checks form, not check
    digits.
    """

    passes: Callable[[str], bool]
    chance: float
    words: str
    may_pass: MayPass | None = None  # of many at once, which of them are worth to be asked about


def compact(text: str) -> str:
    """Letters and digits alone, in upper case."""
    return letters_and_digits(text).upper()


def letters_and_digits(text: str) -> str:
    """The text without all else."""
    plain = text if text.isalnum() else text.replace(" ", "")  # for a quarter of the time of the filter
    return plain if plain.isalnum() else "".join(filter(str.isalnum, plain))


# Brand -> (first and last prefix, both of one length), numbers of digits.
_BRANDS: tuple[tuple[str, tuple[tuple[int, int], ...], frozenset[int]], ...] = (
    ("visa", ((4, 4),), frozenset({13, 16, 18, 19})),
    ("mastercard", ((51, 55), (2221, 2720)), frozenset({16})),
    ("amex", ((34, 34), (37, 37)), frozenset({15})),
    ("discover", ((6011, 6011), (644, 649), (65, 65)), frozenset(range(16, 20))),
    ("diners", ((36, 36), (38, 39), (300, 305)), frozenset(range(14, 20))),
    ("jcb", ((3528, 3589),), frozenset(range(16, 20))),
    (
        "maestro",
        ((5018, 5018), (5020, 5020), (5038, 5038), (5893, 5893), (6304, 6304), (6759, 6759), (6761, 6763)),
        frozenset(range(13, 20)),
    ),
    ("unionpay", ((62, 62), (81, 81)), frozenset(range(16, 20))),
)

# The 124 postcode areas, and BF (British Forces) and BX (banks), which are no places.
_AREA_NAMES = """
AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK
FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR
NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC
WD WF WN WR WS WV YO ZE
"""
_AREAS = frozenset(_AREA_NAMES.split())
# Inner London districts that end in a letter; elsewhere AA9A 9AA is no postcode.
_LETTERED = re.compile(r"(?:[ENW][0-9]|(?:EC|SE|SW|WC|NW)[0-9])[A-Z]", re.ASCII)
_POSTCODE = re.compile(r"([A-Z]{1,2})([0-9][0-9A-Z]?)([0-9][ABD-HJLNP-UW-Z]{2})", re.ASCII)

_NOT_NINO = frozenset({"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"})
_NINO = re.compile(r"(?![DFIQUV])[A-Z](?![DFIQUVO])[A-Z][0-9]{6}[A-D]?", re.ASCII)
# '0' to '9' -> the sum of the digits of their doubles.
_DOUBLED = bytes.maketrans(b"0123456789", bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)))
_IBAN_DIGITS = {char: str(int(char, 36)) for char in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_NHS_WEIGHTS = (10, 9, 8, 7, 6, 5, 4, 3, 2, 1)
_UTR_WEIGHTS = (0, 6, 7, 8, 9, 10, 5, 4, 3, 2)
_ULN_WEIGHTS = (10, 9, 8, 7, 6, 5, 4, 3, 2)
_DRIVER = re.compile(r"([A-Z]{1,5}9{0,4})([0-9])([0-9]{2})([0-9]{2})([0-9])([A-Z9]{2})[0-9][A-Z]{2}", re.ASCII)
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32M = 0x2BC830A3
# What stands in front of @ in addresses of programs, and what ends file names, not domains: logo@2x.png
_NOT_PEOPLE = frozenset({"git", "hg", "svn"})
_NOT_DOMAINS = frozenset({"png", "jpg", "jpeg", "gif", "svg", "webp", "js", "css", "ts", "tsx", "jsx", "html", "json"})


def card_brand(text: str) -> str:
    """Name of the card scheme by prefix and length, "" when no scheme issues such numbers."""
    digits = compact(text)
    return _brand(digits[:4], len(digits)) if len(digits) > 12 else ""


@lru_cache(maxsize=16_384)
def _brand(beginning: str, length: int) -> str:
    for brand, prefixes, lengths in _BRANDS:
        if length in lengths:
            for low, high in prefixes:
                if low <= int(beginning[: len(str(low))]) <= high:
                    return brand
    return ""


def _card(text: str) -> bool:
    digits = compact(text)
    return digits.isdecimal() and digits.isascii() and bool(card_brand(digits)) and _luhn(digits)


def _luhn(digits: str) -> bool:
    """ISO/IEC 7812: every second digit from the right is doubled, and its own digits are added. ASCII digits only."""
    raw = digits.encode()
    return (sum(raw[-1::-2]) - ord("0") * len(raw[-1::-2]) + sum(raw[-2::-2].translate(_DOUBLED))) % 10 == 0


def _weighted(digits: str, weights: Sequence[int]) -> int:
    """The sum of ASCII digits, each times its weight."""
    values: Iterator[int] = map(mul, digits.encode(), weights)
    return sum(values) - ord("0") * sum(weights[: len(digits)])


def _repeated(digits: str) -> bool:
    """Every mod-11 check passes 1111111111, and people type it to get past a form."""
    return len(set(digits)) == 1


def _nhs(text: str) -> bool:
    digits = compact(text)
    right_form = len(digits) == 10 and digits.isdecimal() and digits.isascii()
    return right_form and not _repeated(digits) and not _weighted(digits, _NHS_WEIGHTS) % 11


def _utr(text: str) -> bool:
    digits = compact(text).strip("K")
    right_form = len(digits) == 10 and digits.isdecimal() and digits.isascii()
    return right_form and not _repeated(digits) and digits[0] == "21987654321"[_weighted(digits, _UTR_WEIGHTS) % 11]


def _uln(text: str) -> bool:
    """Unique learner number: weights 10 to 2, check digit 10 - rest of 11; a rest of 0 is never issued."""
    digits = compact(text)
    if len(digits) != 10 or not (digits.isdecimal() and digits.isascii()) or _repeated(digits):
        return False
    rest = _weighted(digits, _ULN_WEIGHTS) % 11
    return rest != 0 and 10 - rest == int(digits[9])


def _many_mod_11(weights: Sequence[int], fits: "Callable[[_Digits, _Digits], npt.NDArray[np.bool_]]") -> MayPass:
    """Of ten plain digits all at once: a column of order numbers has as many candidates as it has cells.

    `fits` is given their digits, a row for each, and the rests of their weighted sums; all else may pass.
    """

    def may_pass(texts: Sequence[str]) -> list[bool]:
        plain = [len(text) == 10 and text.isdecimal() and text.isascii() for text in texts]
        joined = "".join(compress(texts, plain)).encode()
        rows = np.frombuffer(joined, np.uint8).reshape(-1, 10).astype(np.int64) - ord("0")
        fitting = iter(fits(rows, rows @ np.array(weights) % 11).tolist())
        return [next(fitting) if is_plain else True for is_plain in plain]

    return may_pass


_Digits: TypeAlias = npt.NDArray[np.int64]
_UTR_FIRST = np.array([2, 1, 9, 8, 7, 6, 5, 4, 3, 2, 1])


def _vat(text: str) -> bool:
    digits = compact(text)
    return not _repeated(digits.removeprefix("GB").removeprefix("XI")) and bool(vat.is_valid(digits))


def _nino(text: str) -> bool:
    plain = compact(text)
    return bool(_NINO.fullmatch(plain)) and plain[:2] not in _NOT_NINO


def _postcode(text: str) -> bool:
    match = _POSTCODE.fullmatch(compact(text))
    if not match or match[1] not in _AREAS:
        return False
    return match[2].isdecimal() or bool(_LETTERED.fullmatch(match[1] + match[2]))


def _driving_licence(text: str) -> bool:
    """Surname padded with 9, decade, month (+50 for women), day, year digit, initials. The last letters are secret."""
    match = _DRIVER.fullmatch(compact(text)[:16])
    if not match or len(match[1]) != 5:
        return False
    month, day = int(match[3]), int(match[4])
    return (1 <= month <= 12 or 51 <= month <= 62) and 1 <= day <= 31 and not match[6].startswith("9A")


def _vehicle(text: str) -> bool:
    """Current style: the age identifier is 02-29 or 51-79."""
    age = int(compact(text)[2:4])
    return 2 <= age <= 29 or 51 <= age <= 79


def _iban(text: str) -> bool:
    """As stdnum.iban without its checks by country, whose look-ups take ten times as long."""
    written = compact(text)
    if not written.isascii():
        return bool(iban.is_valid(written, check_country=False))
    account = _account_form(written[:2]) if len(written) > 4 else None
    if account is None or not account.fullmatch(written, 4):
        return False
    return int("".join(map(_IBAN_DIGITS.__getitem__, written[4:] + written[:4]))) % 97 == 1


@lru_cache(maxsize=1024)
def _account_form(country: str) -> re.Pattern[str] | None:
    """What stands behind country and check digits in the IBANs of a country; None where there are none."""
    known = numdb.get("iban").info(country)[0][1].get("bban")
    if not known:
        return None
    chars = {"n": "[0-9]", "a": "[A-Z]", "c": "[A-Za-z0-9]"}
    return re.compile(re.sub(r"([1-9][0-9]*)!([nac])", lambda piece: f"{chars[piece[2]]}{{{piece[1]}}}", known))


def _bitcoin(text: str) -> bool:
    if text[:3].lower() != "bc1":
        return bool(bitcoin.is_valid(text))
    low = text.lower()
    if text not in {low, text.upper()} or any(char not in _BECH32 for char in low[3:]):
        return False
    data = [_BECH32.index(char) for char in low[3:]]
    size, rest = divmod((len(data) - 7) * 5, 8)  # one version, six check characters of five bits
    version = data[0]
    right_size = size in {20, 32} if version == 0 else 2 <= size <= 40
    # "bc" is spread out as BIP 173 says; version 0 has the constant of bech32, later ones that of bech32m (BIP 350).
    checksum = bitcoin.bech32_checksum([3, 3, 0, 2, 3, *data])
    return version <= 16 and right_size and rest < 5 and checksum == (1 if version == 0 else _BECH32M)


def _ethereum(text: str) -> bool:
    """EIP-55: the case of the letters is the checksum; an address in one case has none."""
    address = text[2:]
    if address in {address.lower(), address.upper()}:
        return not _repeated(address)
    digest = keccak_256(address.lower().encode()).hex()
    return all(
        char.isdigit() or char.isupper() == (int(nibble, 16) >= 8)
        for char, nibble in zip(address, digest, strict=False)
    )


def _ip(text: str) -> bool:
    """An address that can belong to somebody: not loopback, not a mask, not :: or multicast."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    special = address.is_loopback or address.is_unspecified or address.is_multicast or address.is_link_local
    return not special and not (
        address.version == 4 and (text.startswith(("0.", "255.")) or int(address) >= 0xF0000000)
    )


def _mac(text: str) -> bool:
    digits = compact(text)
    letters = any(char.isalpha() for char in digits)
    # Six pairs of bare digits with dashes are dates and part numbers; three groups of four with dots are cards.
    return not _repeated(digits) and (letters or ":" in text)


def _email(text: str) -> bool:
    local, _, domain = text.replace("%40", "@").replace("%2E", ".").replace("%2e", ".").rpartition("@")
    return local.lower() not in _NOT_PEOPLE and domain.rpartition(".")[2].lower() not in _NOT_DOMAINS


def _ascii_digits(text: str) -> str:
    return "".join(char for char in text if char in "0123456789")


def _mod_11_2(text: str) -> bool:
    """Its check character is X for ten, as in ORCID."""
    x = "X" if text.endswith(("X", "x")) else ""
    return bool(mod_11_2.is_valid(_ascii_digits(text) + x))


CHECKS: dict[str, Check] = {
    "card": Check(_card, 0.1, "issuer prefix, length and Luhn digit"),
    "iban": Check(_iban, 0.01, "country length and mod-97 digits"),
    "nhs": Check(_nhs, 1 / 11, "mod-11 digit", _many_mod_11(_NHS_WEIGHTS, lambda _, rests: rests == 0)),
    "utr": Check(
        _utr, 0.1, "mod-11 digit", _many_mod_11(_UTR_WEIGHTS, lambda digits, rests: digits[:, 0] == _UTR_FIRST[rests])
    ),
    "uln": Check(
        _uln, 1 / 11, "mod-11 digit", _many_mod_11((*_ULN_WEIGHTS, 0), lambda digits, rests: digits[:, 9] == 10 - rests)
    ),
    "upn": Check(upn.is_valid, 1 / 23, "authority code and check letter"),
    "vat": Check(_vat, 3 / 97, "mod-97 digits"),
    "bitcoin": Check(_bitcoin, 1e-9, "address checksum"),
    "driving_licence": Check(_driving_licence, 0.07, "birth date inside the number"),
    "nino": Check(_nino, 1.0, "allowed prefix and suffix"),
    "postcode": Check(_postcode, 1.0, "existing postcode area"),
    "vehicle": Check(_vehicle, 1.0, "age identifier in use"),
    "ethereum": Check(_ethereum, 1.0, "form, and case checksum where there is one"),
    "ip": Check(_ip, 1.0, "address in use on networks"),
    "mac": Check(_mac, 1.0, "form"),
    "email": Check(_email, 1.0, "domain name"),
    # For numbers that sites give out themselves: letters before the digits are not counted.
    "damm": Check(lambda text: bool(damm.is_valid(_ascii_digits(text))), 0.1, "Damm digit"),
    "luhn": Check(lambda text: bool(luhn.is_valid(_ascii_digits(text))), 0.1, "Luhn digit"),
    "mod_11_10": Check(lambda text: bool(mod_11_10.is_valid(_ascii_digits(text))), 0.1, "mod-11,10 digit"),
    "mod_11_2": Check(_mod_11_2, 1 / 11, "mod-11,2 digit"),
    "mod_97_10": Check(lambda text: bool(mod_97_10.is_valid(_ascii_digits(text))), 0.01, "mod-97,10 digits"),
    "verhoeff": Check(lambda text: bool(verhoeff.is_valid(_ascii_digits(text))), 0.1, "Verhoeff digit"),
}
