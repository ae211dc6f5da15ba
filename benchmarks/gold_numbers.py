"""The folder of labelled material goes in, its lists of single numbers come out, right ones and near misses."""

import csv
from collections.abc import Iterator
from pathlib import Path

from gold import Labelled, Mention, Unit

# Scheme of the list -> the word that people write before such a number, and its entity type.
_SCHEMES = {
    "gb_nhs": ("NHS number", "UK_NHS"), "gb_utr": ("UTR", "UK_UTR"), "gb_vat": ("VAT number", "UK_VAT"),
    "gb_upn": ("UPN", "UK_UPN"), "iban": ("IBAN", "IBAN_CODE"), "be_iban": ("IBAN", "IBAN_CODE"),
    "bitcoin": ("Bitcoin wallet", "CRYPTO"), "mac": ("MAC address", "MAC_ADDRESS"),
    "us_ssn": ("SSN", "US_SSN"), "us_itin": ("ITIN", "US_ITIN"), "us_ein": ("EIN", "US_EIN"),
    "de_idnr": ("Steuer-ID", "DE_TAX_ID"), "es_dni": ("DNI", "ES_NIF"), "es_nie": ("NIE", "ES_NIE"),
    "fr_nir": ("NIR", "FR_NIR"), "it_codicefiscale": ("codice fiscale", "IT_FISCAL_CODE"),
    "nl_bsn": ("BSN", "NL_BSN"), "be_nn": ("rijksregisternummer", "BE_NATIONAL_NUMBER"),
    "ie_pps": ("PPS number", "IE_PPSN"),
    "pl_pesel": ("PESEL", "PL_PESEL"), "se_personnummer": ("personnummer", "SE_PERSONNUMMER"),
    "dk_cpr": ("CPR", "DK_CPR"), "fi_hetu": ("HETU", "FI_PERSONAL_IDENTITY_CODE"), "pt_nif": ("NIF", "PT_NIF"),
    "eu_vat": ("VAT number", "EU_VAT"),
}  # fmt: skip


def rows(path: Path) -> list[dict[str, str]]:
    """A list of tab-separated values with a heading."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def cards_and_british(data: Path) -> Iterator[Labelled]:
    """Right ones and near misses behind the word that people write before them; near misses alone, too."""
    for name, kind, flag, word, scheme in (
        ("cards_and_near_misses", "CREDIT_CARD", "is_card", "Card", ""),
        ("uk_nhs_nino", "UK_NHS", "valid", "NHS number", "gb.nhs"),
        ("uk_nhs_nino", "UK_NINO", "valid", "NI number", "gb.nino"),
    ):
        listed = [row for row in rows(data / f"numbers/{name}.GOLD.tsv") if row.get("scheme", "") == scheme]
        for before in (f"{word}: ", ""):
            units = tuple(Unit(str(number), before + row["text"]) for number, row in enumerate(listed))
            wanted = tuple(Mention(str(at), kind, row["text"]) for at, row in enumerate(listed) if row[flag] == "1")
            where = f"behind “{word}”" if before else "alone"
            kinds = frozenset({kind})
            yield Labelled(f"{kind} and near misses {where}", "texts", wanted, kinds, kinds, units)


def phones(data: Path) -> Iterator[Labelled]:
    """Example numbers of 245 regions, international and, for Britain and its islands, national."""
    phone = frozenset({"PHONE_NUMBER"})
    listed = rows(data / "numbers/phone_examples.GOLD.tsv")
    home = [row for row in listed if row["e164"].startswith("+44")]
    national = [f"{row['national_prefix']}{row['national_significant']}" for row in home]
    for name, word, numbers in (
        ("telephones of all regions, with +", "Please ring ", [row["e164"] for row in listed]),
        ("telephones of all regions behind “Tel”", "Tel: ", [row["e164"] for row in listed]),
        ("British telephones, national, behind “Tel”", "Tel: ", national),
        ("British telephones, national, alone", "", national),
    ):
        units = tuple(Unit(str(at), word + number) for at, number in enumerate(numbers))
        wanted = tuple(Mention(str(at), "PHONE_NUMBER", number) for at, number in enumerate(numbers))
        yield Labelled(name, "texts", wanted, phone, phone, units)


def national_ids(data: Path) -> Iterator[Labelled]:
    """The numbers of 200 schemes: those that we have a type for behind their word, all others as a trap."""
    listed = rows(data / "numbers/stdnum_ids.GOLD.tsv")
    units, wanted = [], []
    for at, row in enumerate(listed):
        if row["scheme"] in _SCHEMES:
            word, kind = _SCHEMES[row["scheme"]]
            units.append(Unit(str(at), f"{word}: {row['number']}"))
            if row["validity"] == "valid":
                wanted.append(Mention(str(at), kind, _bare(row)))
    kinds = frozenset(one.kind for one in wanted)
    yield Labelled(
        "national numbers behind their word", "texts", tuple(wanted), kinds, kinds, tuple(units),
        countries=("gb", "eu", "us"),
    )  # fmt: skip
    others = tuple(Unit(str(at), row["number"]) for at, row in enumerate(listed) if row["scheme"] not in _SCHEMES)
    false = frozenset({"CREDIT_CARD", "UK_NHS", "UK_NINO", "UK_UTR", "UK_VAT", "UK_DRIVING_LICENCE", "UK_BANK_ACCOUNT"})
    yield Labelled("trap: numbers of other kinds, alone", "texts", (), false, false, others)


def _bare(row: dict[str, str]) -> str:
    """The Belgian list has the code of the bank behind the IBAN."""
    letters = "".join(filter(str.isalnum, row["number"]))
    return letters[:16] if row["scheme"] == "be_iban" else row["number"]
