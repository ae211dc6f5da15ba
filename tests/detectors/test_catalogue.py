"""The catalogue of identifiers, row by row: what every detector together must find, and what it must leave alone."""

import pytest

from detectors.countries import known_countries
from detectors.overlaps import resolve
from detectors.registry import load_detectors
from detectors.running import detect_all
from detectors.types import DetectorOptions, Span, Text

DETECTORS = load_detectors(DetectorOptions(names="off", settings={"today": "2026-11-22"}))
EVERYWHERE = load_detectors(DetectorOptions(names="off", countries=known_countries()))
SURE = 0.5


def found(text: str, label: str = "", everywhere: bool = False) -> list[Span]:
    [spans], failures = detect_all(EVERYWHERE if everywhere else DETECTORS, [Text(text, label)])
    assert failures == []
    return [span for span in resolve(spans) if span.score >= SURE]


# entity type, text, label, normalised value
POSITIVE = [
    ("UK_NINO", "AB 12 34 56 C", "", "AB123456"),
    ("UK_NINO", "ab123456c", "", "AB123456"),
    ("UK_NINO", "JG103759A", "", "JG103759"),
    ("UK_NINO", "NI number JG 10 37 59", "", "JG103759"),
    ("UK_NHS", "943 476 5919", "", "9434765919"),
    ("UK_NHS", "NHS no. 401 023 2137", "", "4010232137"),
    ("UK_NHS", "999 000 0018", "", "9990000018"),
    ("UK_NHS", "NHS number 9990000026", "", "9990000026"),
    ("UK_UTR", "UTR 1955839661", "", "1955839661"),
    ("UK_UTR", "Self assessment 1708560990", "", "1708560990"),
    ("UK_VAT", "GB980780684", "", "GB980780684"),
    ("UK_VAT", "GB340804329", "", "GB340804329"),
    ("UK_VAT", "VAT registration number 340 8043 29", "", "340804329"),
    ("UK_DRIVING_LICENCE", "MORGA657054SM9IJ", "", "MORGA657054SM9IJ"),
    ("UK_DRIVING_LICENCE", "MORGA 657054 SM9IJ 35", "", "MORGA657054SM9IJ"),
    ("UK_DRIVING_LICENCE", "LEE99812318J99AA", "", "LEE99812318J99AA"),
    ("UK_DRIVING_LICENCE", "MCDON001091IB9AA", "", "MCDON001091IB9AA"),
    ("UK_DRIVING_LICENCE", "ONEIL960209M99AA", "", "ONEIL960209M99AA"),
    ("UK_PASSPORT", "passport 925665416", "", "925665416"),
    ("UK_PASSPORT", "L898902C36UTO7408122F1204159ZE184226B<<<<<10", "", "L898902C3"),
    ("UK_BANK_ACCOUNT", "Sort code 08-99-99 account 66374958", "", "089999 66374958"),
    ("UK_BANK_ACCOUNT", "Sort code 10-79-99 account 88837491", "", "107999 88837491"),
    ("UK_BANK_ACCOUNT", "Sort code 20-29-59 account 63748472", "", "202959 63748472"),
    ("UK_BANK_ACCOUNT", "Sort code 87-14-27 account 46238510", "", "871427 46238510"),
    ("UK_BANK_ACCOUNT", "Sort code 87-24-27 account 46238510", "", "872427 46238510"),
    ("IBAN_CODE", "GB82 WEST 1234 5698 7654 32", "", "GB82WEST12345698765432"),
    ("IBAN_CODE", "GB29NWBK60161331926819", "", "GB29NWBK60161331926819"),
    ("IBAN_CODE", "GB33BUKB20201555555555", "", "GB33BUKB20201555555555"),
    ("IBAN_CODE", "DE89370400440532013000", "", "DE89370400440532013000"),
    ("IBAN_CODE", "gb82west12345698765432", "", "GB82WEST12345698765432"),
    ("UK_BANK_ACCOUNT", "IBAN GB29 NWBK 6016 1331 9268 19", "", "601613 31926819"),
    ("CARD_SECURITY_CODE", "4111 1111 1111 1111 exp 12/27 cvv 123", "", "123"),
    ("CARD_SECURITY_CODE", "3782 822463 10005 CID: 1234", "", "1234"),
    ("UK_POSTCODE", "NN12 6RD", "", "NN12 6RD"),
    ("UK_POSTCODE", "SW1A1AA", "", "SW1A 1AA"),
    ("UK_POSTCODE", "M1 1AA", "", "M1 1AA"),
    ("UK_POSTCODE", "EC1A 1BB", "", "EC1A 1BB"),
    ("UK_POSTCODE", "BF1 0AX", "", "BF1 0AX"),
    (
        "ADDRESS",
        "10 Wren Close, Towcester, Northampton, NN12 6RD",
        "",
        "10 WREN CLOSE TOWCESTER NORTHAMPTON NN12 6RD",
    ),
    ("PHONE_NUMBER", "01908 880 677", "", "+441908880677"),
    ("PHONE_NUMBER", "(01908) 880677", "", "+441908880677"),
    ("PHONE_NUMBER", "+44 (0)1908 880 677", "", "+441908880677"),
    ("PHONE_NUMBER", "0044 1908 880677", "", "+441908880677"),
    ("PHONE_NUMBER", "00 44 (0) 1908 880677", "", "+441908880677"),
    ("PHONE_NUMBER", "01908 880677 ext 12", "", "+441908880677"),
    ("PHONE_NUMBER", "016977 2345", "", "+44169772345"),
    ("PHONE_NUMBER", "0800 1111", "", "+448001111"),
    ("PHONE_NUMBER", "1908 880677", "Mobile", "+441908880677"),
    ("PHONE_NUMBER", "447700900123", "Mobile", "+447700900123"),
    ("PHONE_NUMBER", "07700 900123", "", "+447700900123"),
    ("PHONE_NUMBER", "01632 960123", "", "+441632960123"),
    ("PHONE_NUMBER", "020 7946 0123", "", "+442079460123"),
    ("PHONE_NUMBER", "0113 496 0123", "", "+441134960123"),
    ("PHONE_NUMBER", "0118 496 0123", "", "+441184960123"),
    ("PHONE_NUMBER", "029 2018 0123", "", "+442920180123"),
    ("PHONE_NUMBER", "028 9649 6123", "", "+442896496123"),
    ("PHONE_NUMBER", "0808 157 0123", "", "+448081570123"),
    ("PHONE_NUMBER", "03069 990123", "", "+443069990123"),
    ("UK_VEHICLE_REGISTRATION", "AB51 ABC", "", "AB51ABC"),
    ("UK_VEHICLE_REGISTRATION", "car reg A123 BCD", "", "A123BCD"),
    ("UK_VEHICLE_REGISTRATION", "vehicle reg ABC 123D", "", "ABC123D"),
    ("UK_VEHICLE_REGISTRATION", "VRM AZX 1234", "", "AZX1234"),
    ("DATE_OF_BIRTH", "DOB: 14/02/2014", "", "2014-02-14"),
    ("UK_COMPANY_NUMBER", "company number 01234567", "", "01234567"),
    ("UK_COMPANY_NUMBER", "Company no. SC123456", "", "SC123456"),
    ("IP_ADDRESS", "2001:db8::1", "", "2001:db8::1"),
    ("MAC_ADDRESS", "00:1A:2B:3C:4D:5E", "", "001A2B3C4D5E"),
    ("SOCIAL_HANDLE", "linkedin.com/in/jane-doe", "", "jane-doe"),
    ("SOCIAL_HANDLE", "Insta: @jane_doe", "", "jane_doe"),
    ("UK_UPN", "B801200005001", "", "B801200005001"),
    ("CRYPTO", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"),
    (
        "CRYPTO",
        "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
        "",
        "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
    ),
    (
        "CRYPTO",
        "0x742d35Cc6634C0532925a3b844Bc454e4438f44e",
        "",
        "0x742d35Cc6634C0532925a3b844Bc454e4438f44e",
    ),
    ("EMAIL_ADDRESS", "O'Brien@x.co.uk", "", "o'brien@x.co.uk"),
    ("EMAIL_ADDRESS", "jane@example.local", "", "jane@example.local"),
    ("EMAIL_ADDRESS", "a@b.internal", "", "a@b.internal"),
    ("EMAIL_ADDRESS", "jane@files.lan", "", "jane@files.lan"),
    ("EMAIL_ADDRESS", "jane (at) wren.example", "", "jane@wren.example"),
]  # fmt: skip

PANS = (
    "4111111111111111", "4012888888881881", "4222222222222", "4917610000000000003", "5555555555554444",
    "5105105105105100", "2223003122003222", "2221000000000009", "2720990000000007", "378282246310005",
    "371449635398431", "6011111111111117", "30569309025904", "36227206271667", "3530111333300000",
    "6759649826438453", "6304000000000000", "6200000000000005",
)  # fmt: skip

NEGATIVE = [
    ("UK_NINO", "QQ123456C", ""),
    ("UK_NINO", "GB123456A", ""),
    ("UK_NINO", "AO123456A", ""),
    ("UK_NINO", "AB123456E", ""),
    ("UK_NHS", "943 476 5918", ""),
    ("UK_NHS", "1111111111", ""),
    ("UK_NHS", "NHS 1111111111", ""),
    ("UK_NHS", "1767225601", ""),
    ("UK_UTR", "UTR 2955839661", ""),
    ("UK_UTR", "UTR 1234567890", ""),
    ("UK_UTR", "UTR 1111111111", ""),
    ("UK_VAT", "VAT GB123456789", ""),
    ("UK_VAT", "VAT GB802311781", ""),
    ("UK_DRIVING_LICENCE", "MORGA613054SM9IJ", ""),
    ("UK_DRIVING_LICENCE", "99999657054SM9IJ", ""),
    ("UK_PASSPORT", "925665416", ""),
    ("UK_BANK_ACCOUNT", "20-00-00", ""),
    ("UK_BANK_ACCOUNT", "12345678", ""),
    ("IBAN_CODE", "GB00WEST12345698765432", ""),
    ("CREDIT_CARD", "0000000000000000", ""),
    ("CREDIT_CARD", "1234567812345670", ""),
    ("CREDIT_CARD", "490154203237518", ""),
    ("CREDIT_CARD", "5641820000000005", ""),
    ("CREDIT_CARD", "1712345678901", ""),
    ("CARD_SECURITY_CODE", "cvv", ""),
    ("CARD_SECURITY_CODE", "any 123", ""),
    ("UK_POSTCODE", "u05ee", ""),
    ("UK_POSTCODE", "u06dd", ""),
    ("UK_POSTCODE", "QA1 1AA", ""),
    ("UK_POSTCODE", "AB1 2CD", ""),
    ("UK_POSTCODE", "GIR", ""),
    ("PHONE_NUMBER", "1712345678", ""),
    ("PHONE_NUMBER", "12.123456", ""),
    ("PHONE_NUMBER", "943 476 5870", ""),
    ("PHONE_NUMBER", "12345678", ""),
    ("PHONE_NUMBER", "20-00-00", ""),
    ("PHONE_NUMBER", "0.997345", ""),
    ("PHONE_NUMBER", "02110-1301", ""),
    ("UK_VEHICLE_REGISTRATION", "h11 won", ""),
    ("UK_VEHICLE_REGISTRATION", "day 1 s", ""),
    ("UK_VEHICLE_REGISTRATION", "B1 car", ""),
    ("UK_VEHICLE_REGISTRATION", "ufe8e", ""),
    ("DATE_OF_BIRTH", "Invoice 14/02/2014", ""),
    ("IP_ADDRESS", "v4.3.2.1", ""),
    ("IP_ADDRESS", "::", ""),
    ("IP_ADDRESS", "127.0.0.1", ""),
    ("MAC_ADDRESS", "4111.1111.1111", ""),
    ("SOCIAL_HANDLE", "@media", ""),
    ("SOCIAL_HANDLE", "@property", ""),
    ("UK_UPN", "A801200005001", ""),
    ("CRYPTO", "742d35cc6634c0532925a3b844bc454e4438f44e", ""),
    ("EMAIL_ADDRESS", "Message-ID: <20240101.abc@mail.host>", ""),
    ("EMAIL_ADDRESS", "git@host", ""),
    ("EMAIL_ADDRESS", "git@host.example", ""),
]

ABROAD = [
    ("US_SSN", "SSN 536-90-4399"),
    ("DE_TAX_ID", "Steuer-ID 36574261809"),
    ("FR_NIR", "NIR 2 95 10 99 126 111 93"),
    ("ES_NIF", "DNI 54362315K"),
    ("ES_NIE", "NIE X2482300W"),
    ("IT_FISCAL_CODE", "RCCMNL83S18D969H"),
    ("NL_BSN", "BSN 111222333"),
    ("BE_NATIONAL_NUMBER", "rijksregisternummer 85073003328"),
    ("IE_PPSN", "PPS 6433435F"),
    ("PL_PESEL", "PESEL 44051401359"),
    ("SE_PERSONNUMMER", "personnummer 880320-0016"),
    ("DK_CPR", "CPR 211062-5629"),
    ("FI_PERSONAL_IDENTITY_CODE", "131052-308T"),
    ("PT_NIF", "NIF 501964843"),
]
NOT_ABROAD = ("000-12-3456", "666-12-3456", "912-12-3456", "536-00-4399", "536-90-0000", "078-05-1120", "219-09-9999")


@pytest.mark.parametrize(("kind", "text", "label", "value"), POSITIVE)
def test_found(kind: str, text: str, label: str, value: str) -> None:
    assert (kind, value) in {(span.entity_type, span.value) for span in found(text, label)}


@pytest.mark.parametrize("pan", PANS)
@pytest.mark.parametrize("separator", ["", " ", "-", ".", "\u00a0"])
def test_test_cards_are_found_and_counted_apart(pan: str, separator: str) -> None:
    """Grouped as each scheme prints them: 4-6-5 and 4-6-4 for fifteen and fourteen digits, in fours otherwise."""
    if len(pan) in {14, 15}:
        groups = [pan[:4], pan[4:10], pan[10:]]
    elif len(pan) == 13 and separator:
        groups = [pan[:4], pan[4:7], pan[7:10], pan[10:]]
    else:
        groups = [pan[start : start + 4] for start in range(0, len(pan), 4)]
    [card] = [span for span in found(separator.join(groups)) if span.entity_type == "CREDIT_CARD"]
    assert (card.value, card.is_test) == (pan, True)


@pytest.mark.parametrize("masked", ["411111******1111", "**** **** **** 1111", "XXXX-1111"])
def test_masked_cards_are_truncated(masked: str) -> None:
    [card] = found(f"Card {masked}")
    assert (card.entity_type, dict(card.facts)["truncated"]) == ("CREDIT_CARD", "yes")


@pytest.mark.parametrize(("kind", "text", "label"), NEGATIVE)
def test_left_alone(kind: str, text: str, label: str) -> None:
    assert [span for span in found(text, label) if span.entity_type == kind] == []


@pytest.mark.parametrize(("kind", "text"), ABROAD)
def test_found_abroad(kind: str, text: str) -> None:
    assert kind in {span.entity_type for span in found(text, everywhere=True)}


@pytest.mark.parametrize("digits", NOT_ABROAD)
def test_no_social_security_number(digits: str) -> None:
    assert [span for span in found(f"SSN {digits}", everywhere=True) if span.entity_type == "US_SSN"] == []
