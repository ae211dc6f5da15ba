"""Checks against published vectors, public number lists and the laws of chance; normalisers and facts beside them."""

import csv
import random
from pathlib import Path

import pytest
from stdnum import iban

from detectors.checksums import CHECKS
from detectors.facts import FACTS
from detectors.keccak import keccak_256
from detectors.normalise import NORMALISERS, trim_iban

NUMBERS = Path(__file__).parents[2].parent / "shared" / "data" / "numbers"
needs_numbers = pytest.mark.skipif(not NUMBERS.exists(), reason="the shared test data is not on this machine")

MANY = [name for name, check in CHECKS.items() if check.may_pass]


@pytest.mark.parametrize("name", MANY)
def test_many_numbers_are_checked_as_each_alone(name: str) -> None:
    """All that pass may pass; and of ten plain digits, none that does not, but for ten equal ones."""
    assert {"nhs", "utr", "uln"} <= set(MANY)
    chance, check = random.Random(11), CHECKS[name]
    numbers = [f"{chance.randrange(10**10):010}" for _ in range(20_000)]
    odd = [
        "",
        "943 476 5919",
        "1955839661K",
        "\u0661" * 10,
        "12345",
        "1000000000\u00b2",
        "\u0669434765919",
        *(digit * 10 for digit in "0123456789"),
    ]
    may = check.may_pass([*odd, *numbers])  # type: ignore[misc]  # it has one
    alone = [check.passes(number) for number in (*odd, *numbers)]
    assert all(possible or not passes for possible, passes in zip(may, alone, strict=True))
    assert may[len(odd) :] == alone[len(odd) :]
    assert 1_000 < sum(alone) < 2_500
    assert check.may_pass(["943 476 5919"]) == [True]  # type: ignore[misc]


RIGHT = {
    "card": "4111111111111111 2720-9900-0000-0007 378282246310005 6759649826438453 4917610000000000003 30569309025904",
    "iban": "GB82WEST12345698765432 gb33bukb20201555555555 DE89370400440532013000 NO9386011117947",
    "nhs": "9434765919 401-023-2137 9990000018 9990000026",
    "utr": "1955839661 1708560990 1708560990K",
    "uln": "1000000043 1000000000",
    "upn": "B801200005001",
    "vat": "GB980780684 GB340804329 XI980780684",
    "bitcoin": "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2 bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq "
    "bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr",
    "ethereum": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed 0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359 "
    "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
    "driving_licence": "MORGA657054SM9IJ LEE99812318J99AA MCDON001091IB9AA ONEIL960209M99AA",
    "nino": "AB123456C ab123456c JG103759A JG103759",
    "postcode": "NN126RD SW1A1AA M11AA EC1A1BB BF10AX",
    "vehicle": "AB51ABC AB02ABC AB29ABC AB79ABC",
    "ip": "81.2.69.160 192.168.1.1 2001:db8::1",
    "mac": "00:1A:2B:3C:4D:5E 00-1A-2B-3C-4D-5E",
    "email": "jane@wren.example o'brien@x.co.uk",
    "damm": "5724 C5724",
    "luhn": "C123455 79927398713",
    "mod_11_10": "794623 C794623",
    "mod_11_2": "0000-0001-2281-955X",
    "mod_97_10": "79444 C79444",
    "verhoeff": "2363 C2363",
}
WRONG = {
    "card": "0000000000000000 1234567812345670 490154203237518 5641820000000005 1712345678901 4111111111111112 "
    "٤١١١١١١١١١١١١١١١",
    "iban": "GB00WEST12345698765432 XX82WEST12345698765432 GB82WEST1234569876543",
    "nhs": "9434765918 1111111111 0000000000 943476591",
    "utr": "2955839661 1234567890 1111111111",
    "uln": "1000000044 1111111111 100000004",
    "upn": "A801200005001",
    "vat": "GB123456789 GB802311781 000000000",
    "bitcoin": "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3 bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdx",
    "ethereum": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD 0x0000000000000000000000000000000000000000",
    "driving_licence": "MORGA613054SM9IJ MORGA657324SM9IJ 99999613054SM9IJ",
    "nino": "QQ123456C GB123456A AO123456A AB123456E TN123456A",
    "postcode": "QA11AA AB12CD M1A1AA u05ee",
    "vehicle": "AB00ABC AB01ABC AB30ABC AB50ABC AB80ABC",
    "ip": ":: ::1 127.0.0.1 0.0.0.0 255.255.255.0 256.1.1.1 224.0.0.1 fe80::1",
    "mac": "00:00:00:00:00:00 12-34-56-78-90-12 4111.1111.1111",
    "email": "git@github.com logo@2x.png",
    "damm": "5725 C",
    "luhn": "C123456 C ٧٨٩٤",
    "mod_11_10": "794624 C",
    "mod_11_2": "0000-0001-2281-9551 X",
    "mod_97_10": "79445 C",
    "verhoeff": "2364 C",
}


def vectors(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(name, value) for name, values in table.items() for value in values.split()]


def test_every_check_has_vectors() -> None:
    assert set(CHECKS) == set(RIGHT) == set(WRONG)


@pytest.mark.parametrize(("name", "value"), vectors(RIGHT))
def test_right(name: str, value: str) -> None:
    assert CHECKS[name].passes(value)


@pytest.mark.parametrize(("name", "value"), vectors(WRONG))
def test_wrong(name: str, value: str) -> None:
    assert not CHECKS[name].passes(value)


@pytest.mark.parametrize(("name", "length"), [("nhs", 10), ("utr", 10), ("uln", 10), ("vat", 9), ("card", 16)])
def test_chance_is_what_random_digits_pass(name: str, length: int) -> None:
    source = random.Random(7)
    tries = 20_000
    begin = "4" if name == "card" else ""
    numbers = (begin + "".join(source.choices("0123456789", k=length - len(begin))) for _ in range(tries))
    passed = sum(map(CHECKS[name].passes, numbers))
    assert passed / tries == pytest.approx(CHECKS[name].chance, rel=0.25)


def test_keccak_vectors() -> None:
    assert keccak_256(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    assert keccak_256(b"abc").hex() == "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"
    long = b"The quick brown fox jumps over the lazy dog" * 7
    assert len(keccak_256(long)) == 32
    assert keccak_256(long) != keccak_256(long[:-1])


@needs_numbers
@pytest.mark.parametrize(
    ("scheme", "name"), [("gb_utr", "utr"), ("gb_vat", "vat"), ("iban", "iban"), ("bitcoin", "bitcoin")]
)
def test_public_numbers(scheme: str, name: str) -> None:
    with (NUMBERS / "stdnum_ids.GOLD.tsv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["scheme"] == scheme]
    assert len(rows) >= 5
    # Two examples of BIP 173 lost their checksum to BIP 350, which the list is older than.
    rows = [row for row in rows if not row["number"].lower().startswith(("bc1s", "bc1z"))]
    wrong = [row for row in rows if CHECKS[name].passes(row["number"]) is not (row["validity"] == "valid")]
    assert wrong == []


@needs_numbers
def test_health_and_insurance_numbers() -> None:
    with (NUMBERS / "uk_nhs_nino.GOLD.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    wrong = [row for row in rows if CHECKS[row["scheme"][3:]].passes(row["text"]) is not (row["valid"] == "1")]
    assert len(rows) > 80
    assert wrong == []


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("compact", "gb82 west-1234", "GB82WEST1234"),
        ("digits", "943 476 5919", "9434765919"),
        ("driving_licence", "morga 657054 sm9ij 35", "MORGA657054SM9IJ"),
        ("email", "Jane (at) B\u00dcCHER (dot) example", "jane@xn--bcher-kva.example"),
        ("email", "a@\u2603" + "x" * 70 + ".example", "a@\u2603" + "x" * 70 + ".example"),
        ("handle", "https://x.com/Jane/", "jane"),
        ("handle", "@Jane", "jane"),
        ("ip", "2001:0DB8:0:0:0:0:0:1", "2001:db8::1"),
        ("nino", "ab 12 34 56 c", "AB123456"),
        ("plain", " x ", "x"),
        ("postcode", "nn126rd", "NN12 6RD"),
        ("utr", "17085 60990K", "1708560990"),
    ],
)
def test_normalisers(name: str, text: str, value: str) -> None:
    assert NORMALISERS[name](text) == value


def test_iban_ends_where_its_country_says() -> None:
    assert trim_iban("GB82 WEST 1234 5698 7654 32 is my") == "GB82 WEST 1234 5698 7654 32"
    assert trim_iban("NO9386011117947") == "NO9386011117947"
    assert len(trim_iban("ZZ12 3456")) < 15


@pytest.mark.parametrize(
    ("name", "text", "facts"),
    [
        ("brand", "2221000000000009", {"brand": "mastercard"}),
        ("brand", "9999999999999999", {}),
        ("country", "gb82", {"country": "GB"}),
        ("network", "10.0.0.1", {"private": "yes"}),
        ("network", "81.2.69.160", {}),
        ("health_scheme", "0101750013", {"scheme": "CHI"}),
        ("health_scheme", "320 000 0001", {"scheme": "H&C"}),
        ("health_scheme", "943 476 5919", {"scheme": "NHS"}),
    ],
)
def test_facts(name: str, text: str, facts: dict[str, str]) -> None:
    assert dict(FACTS[name](text)) == facts


def test_ibans_pass_where_those_of_the_library_do() -> None:
    """Ours leaves out its look-ups, not its rules."""
    rng = random.Random(97)
    forms = {"GB": "AAAA" + "0" * 14, "DE": "0" * 18, "NO": "0" * 11, "FR": "0" * 10 + "C" * 11 + "00", "XX": "0" * 12}
    kinds = {"0": "0123456789", "A": "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "C": "0A9Z"}
    passed = 0
    for country, form in forms.items():
        for wrong in range(40):
            account = "".join(rng.choice(kinds[kind]) for kind in form)[wrong % 4 == 3 :]
            number = country + iban.calc_check_digits(country + "00" + account) + account
            number = number[:6] + rng.choice("0123456789A") + number[7:] if wrong % 3 == 1 else number
            assert CHECKS["iban"].passes(number) == iban.is_valid(number, check_country=False)
            passed += CHECKS["iban"].passes(number)
    assert passed > 40
    assert not any(map(CHECKS["iban"].passes, ("", "G", "GB82", "\u0663\u0663\u0663\u0663\u0663")))
