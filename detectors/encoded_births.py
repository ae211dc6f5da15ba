"""Numbers that hold a birth date go in (rules name the reader), facts about age and sex come out; never the date."""

import re
from collections.abc import Callable
from datetime import date

from stdnum.be import nn
from stdnum.dk import cpr
from stdnum.exceptions import ValidationError
from stdnum.it import codicefiscale
from stdnum.pl import pesel
from stdnum.se import personnummer

from detectors.ages import age_facts, full_year, years
from detectors.checksums import compact
from detectors.facts import Facts

Birth = tuple[date, str]  # and "female", "male" or ""
LICENCE_AGE = 15  # a provisional licence is sent out up to three months before 16
_SEX = {"F": "female", "M": "male"}
_NAME = re.compile(r"[A-Za-z][A-Za-z'\u2019-]{1,30}(?: [A-Z][A-Za-z'\u2019-]{1,30})?")


def birth_facts(birth: Birth | None, today: date) -> Facts:
    """Age band, child and sex; nothing for a date that nobody alive can have been born on."""
    if birth is None or not birth[0].year >= 1900 or birth[0] > today:
        return ()
    return age_facts(years(birth[0], today)) + ((("sex", birth[1]),) if birth[1] else ())


def driving_licence(number: str, today: date) -> Birth | None:
    """MORGA 657054 SM9IJ: decade, month (and 50 for women), day, last digit of the year."""
    digits = compact(number)[5:11]
    month, year = int(digits[1:3]), int(digits[0] + digits[5])
    sex = "female" if month > 50 else "male"
    return _date(full_year(year, today, LICENCE_AGE), month % 50, int(digits[3:5]), sex)


def chi(number: str, today: date) -> Birth | None:
    """Scotland's number: ddmmyy, and a ninth digit that is even for women. NHS and H&C numbers hold no date."""
    digits = compact(number)
    sex = "male" if int(digits[8]) % 2 else "female"
    return _date(full_year(int(digits[4:6]), today), int(digits[2:4]), int(digits[:2]), sex)


def hetu(number: str, today: date) -> Birth | None:
    """131052-308T: ddmmyy, the century as a sign, and a third digit of three that is even for women."""
    del today
    found = re.fullmatch(r"([0-9]{2})([0-9]{2})([0-9]{2})([-+A-FU-Y])[0-9]{2}([0-9])\w", number.strip().upper())
    if not found:
        return None
    century = 1800 if found[4] == "+" else 2000 if found[4] in "ABCDEF" else 1900
    return _date(century + int(found[3]), int(found[2]), int(found[1]), "male" if int(found[5]) % 2 else "female")


def _by_stdnum(module: object) -> Callable[[str, date], Birth | None]:
    def read(number: str, today: date) -> Birth | None:
        del today
        try:
            born = module.get_birth_date(number)  # type: ignore[attr-defined] # modules of stdnum are not typed
        except (ValidationError, ValueError):
            return None
        sex = getattr(module, "get_gender", lambda _: "")(number)
        return (born, _SEX.get(sex, "")) if born else None

    return read


BIRTHS: dict[str, Callable[[str, date], Birth | None]] = {
    "be_nn": _by_stdnum(nn),
    "chi": chi,
    "dk_cpr": _by_stdnum(cpr),
    "driving_licence": driving_licence,
    "fi_hetu": hetu,
    "it_codicefiscale": _by_stdnum(codicefiscale),
    "pl_pesel": _by_stdnum(pesel),
    "se_personnummer": _by_stdnum(personnummer),
}


def surname_code(surname: str) -> str:
    """The five characters that a driver number begins with: MAC is MC, short names are filled up with 9."""
    letters = "".join(char for char in surname.upper() if "A" <= char <= "Z")
    return ("MC" + letters[3:] if letters.startswith("MAC") else letters)[:5].ljust(5, "9")


def surname_agrees(number: str, names: str) -> bool:
    """Whether a word (or two: VAN DYKE) of the text around it is the surname that a driver number is made of."""
    code = compact(number)[:5]
    words = (word for found in _NAME.findall(names) for word in (found, *found.split()))
    return any(surname_code(word) == code for word in words)


def _date(year: int, month: int, day: int, sex: str) -> Birth | None:
    try:
        return date(year, month, day), sex
    except ValueError:
        return None
