"""Packs of countries: off unless asked for, carried to the workers and the report, careful with bare numbers."""

import pickle
from pathlib import Path

import pytest

from detectors.countries import known_countries, read_countries
from detectors.labels import expected_types
from detectors.registry import load_detectors
from detectors.rulefiles import builtin_rules
from detectors.running import detect_all
from detectors.types import DetectorOptions, Text
from scanner.config import read_config
from scanner.plan import PlanError, make_plan, make_roots

ABROAD = sorted({rule.entity_type for rule in builtin_rules() if rule.countries and "gb" not in rule.countries})
# Each with what stands around it in its country; the numbers are those of python-stdnum's documentation.
VALUES = {
    "BE_NATIONAL_NUMBER": ("rijksregisternummer", "85.07.30-033.28", "85073003328"),
    "DE_TAX_ID": ("Steuer-ID", "36 574 261 809", "36574261809"),
    "DK_CPR": ("CPR-nummer", "211062-5629", "2110625629"),
    "ES_NIE": ("NIE", "X2482300W", "X2482300W"),
    "ES_NIF": ("DNI", "54362315K", "54362315K"),
    "EU_VAT": ("BTW", "BE403019261", "BE403019261"),
    "FI_PERSONAL_IDENTITY_CODE": ("hetu", "131052-308T", "131052308T"),
    "FR_NIR": ("numéro de sécurité sociale", "2 95 10 99 126 111 93", "295109912611193"),
    "IE_PPSN": ("PPS number", "6433435F", "6433435F"),
    "IT_FISCAL_CODE": ("codice fiscale", "RCCMNL83S18D969H", "RCCMNL83S18D969H"),
    "NL_BSN": ("BSN", "111222333", "111222333"),
    "PL_PESEL": ("PESEL", "44051401359", "44051401359"),
    "PT_CC": ("cartão de cidadão", "00000000 0 ZZ4", "000000000ZZ4"),
    "PT_NIF": ("contribuinte", "501964843", "501964843"),
    "SE_PERSONNUMMER": ("personnummer", "880320-0016", "8803200016"),
    "US_EIN": ("employer id", "91-1144442", "911144442"),
    "US_ITIN": ("ITIN", "912-90-3456", "912903456"),
    "US_SSN": ("social security", "536-90-4399", "536904399"),
}
EVERYWHERE = load_detectors(DetectorOptions(names="off", countries=known_countries()))
AT_HOME = load_detectors(DetectorOptions(names="off"))


def found(text: str, label: str = "") -> dict[tuple[str, str], float]:
    [spans], failures = detect_all(EVERYWHERE, [Text(text, label)])
    assert not failures
    return {(span.entity_type, span.value): span.score for span in spans}


def test_every_type_of_a_pack_is_tried_here() -> None:
    assert sorted(VALUES) == ABROAD


@pytest.mark.parametrize("kind", ABROAD)
def test_a_word_or_a_label_in_the_language_of_the_country_speaks_for_a_number(kind: str) -> None:
    word, written, value = VALUES[kind]
    assert found(f"{word}: {written}, Müller")[kind, value] >= 0.75
    assert kind in expected_types(word)
    assert found(written, word)[kind, value] >= 0.75


@pytest.mark.parametrize("kind", ABROAD)
def test_a_number_without_letters_says_nothing_alone(kind: str) -> None:
    _, written, value = VALUES[kind]
    score = found(written).get((kind, value), 0.0)
    assert (score >= 0.5) is any(char.isalpha() for char in written)


@pytest.mark.parametrize("kind", ABROAD)
def test_off_unless_asked_for(kind: str) -> None:
    word, written, _ = VALUES[kind]
    assert kind not in {kind for detector in AT_HOME for kind in detector.entity_types}
    [spans], _ = detect_all(AT_HOME, [Text(f"{word} {written}")])
    assert kind not in {span.entity_type for span in spans}


def test_britain_can_be_left_out() -> None:
    german = load_detectors(DetectorOptions(names="off", countries=("de",)))
    types = {kind for detector in german for kind in detector.entity_types}
    assert {"DE_TAX_ID", "EU_VAT", "EMAIL_ADDRESS"} <= types
    assert not types & {"UK_NINO", "UK_BANK_ACCOUNT", "US_SSN", "FR_NIR"}


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        (["GB,de"], ("de", "gb")),
        (["de", "gb", "de"], ("de", "gb")),
        (["us gb"], ("gb", "us")),
        (["eu"], ("be", "de", "dk", "es", "fi", "fr", "ie", "it", "nl", "pl", "pt", "se")),
        (["eu,gb,us"], known_countries()),
    ],
)
def test_countries_as_typed(typed: list[str], codes: tuple[str, ...]) -> None:
    assert read_countries(typed) == codes


@pytest.mark.parametrize("typed", ["xx", "gb,xx", "uk", "", ","])
def test_an_unknown_country_is_refused_with_the_known_ones(tmp_path: Path, typed: str) -> None:
    with pytest.raises(PlanError, match="be, de, dk, es, fi, fr, gb, ie, it, nl, pl, pt, se, us, and eu"):
        make_plan(make_roots([tmp_path]), {}, countries=(typed,))


def test_the_plan_carries_them_to_the_workers_and_the_report(tmp_path: Path) -> None:
    file = tmp_path / "w.toml"
    file.write_text('[scan]\ncountries = ["gb", "us"]\n', encoding="utf-8")
    plan = make_plan(make_roots([tmp_path]), read_config(file))
    assert pickle.loads(pickle.dumps(plan)).detectors.countries == ("gb", "us")
    assert '"countries": ["gb", "us"]' in plan.printed()
    assert make_plan(make_roots([tmp_path]), read_config(file), countries=("de",)).detectors.countries == ("de",)
    assert make_plan(make_roots([tmp_path]), {}).detectors.countries == ("gb",)
    file.write_text('[scan]\ncountries = "gb"\n', encoding="utf-8")
    with pytest.raises(PlanError, match="list of words"):
        make_plan(make_roots([tmp_path]), read_config(file))
