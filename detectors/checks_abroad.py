"""Names of checks of numbers from other countries than Britain go in, python-stdnum's validators as Checks come out."""

from stdnum.be import nn
from stdnum.de import idnr
from stdnum.dk import cpr
from stdnum.es import dni, nie
from stdnum.eu import vat
from stdnum.fi import hetu
from stdnum.fr import nir
from stdnum.ie import pps
from stdnum.it import codicefiscale
from stdnum.nl import bsn
from stdnum.pl import pesel
from stdnum.pt import cc, nif
from stdnum.se import personnummer
from stdnum.us import ein, itin, ssn

from detectors.checksums import Check, compact


def _bsn(text: str) -> bool:
    """The eleven-test passes 111111110 too; what is typed to get past a form has one digit only."""
    digits = compact(text)
    return len(set(digits)) > 2 and bool(bsn.is_valid(digits))


def _nif(text: str) -> bool:
    digits = compact(text)
    return len(set(digits)) > 2 and bool(nif.is_valid(digits))


# The chances were measured on random strings of the shape. Those whose separator says the century (+ is a hundred
# years and more) get the text as it stands, all others letters and digits alone.
CHECKS_ABROAD: dict[str, Check] = {
    "be_nn": Check(lambda text: bool(nn.is_valid(compact(text))), 0.002, "mod-97 digits and birth date inside"),
    "de_idnr": Check(lambda text: bool(idnr.is_valid(compact(text))), 0.004, "repeated digit and mod-11,10 digit"),
    # No check digit since 2007: a column of dates with a time behind would pass as a whole.
    "dk_cpr": Check(lambda text: bool(cpr.is_valid(compact(text))), 1.0, "birth date inside the number"),
    "es_dni": Check(lambda text: bool(dni.is_valid(compact(text))), 1 / 23, "check letter"),
    "es_nie": Check(lambda text: bool(nie.is_valid(compact(text))), 1 / 23, "check letter"),
    "eu_vat": Check(lambda text: bool(vat.is_valid(compact(text))), 0.1, "check digits of its country"),
    "fi_hetu": Check(lambda text: bool(hetu.is_valid(text.strip())), 0.001, "birth date and check character"),
    "fr_nir": Check(lambda text: bool(nir.is_valid(compact(text))), 0.01, "mod-97 digits"),
    "ie_pps": Check(lambda text: bool(pps.is_valid(compact(text))), 1 / 23, "check letter"),
    "it_codice_fiscale": Check(
        lambda text: bool(codicefiscale.is_valid(compact(text))), 0.04, "birth date inside and check letter"
    ),
    "nl_bsn": Check(_bsn, 0.09, "mod-11 digit"),
    "pl_pesel": Check(lambda text: bool(pesel.is_valid(compact(text))), 0.02, "birth date inside and check digit"),
    "pt_cc": Check(lambda text: bool(cc.is_valid(compact(text))), 0.1, "check digit"),
    "pt_nif": Check(_nif, 0.09, "mod-11 digit"),
    "se_personnummer": Check(
        lambda text: bool(personnummer.is_valid(text.replace(" ", ""))), 0.004, "birth date inside and Luhn digit"
    ),
    "us_ein": Check(lambda text: bool(ein.is_valid(compact(text))), 1.0, "prefix that the IRS gives out"),
    "us_itin": Check(lambda text: bool(itin.is_valid(compact(text))), 1.0, "group that the IRS gives out"),
    "us_ssn": Check(lambda text: bool(ssn.is_valid(compact(text))), 1.0, "parts that are given out"),
}
