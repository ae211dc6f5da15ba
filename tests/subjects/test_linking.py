"""Who is told apart: a planted table of families, twins, namesakes and slips, linked by keys alone."""

from collections import defaultdict

import pytest

from scanner.home import Key
from scanner.keys import Keyring
from subjects.linking.frequencies import load_frequencies
from subjects.linking.linking import Linkage, link_records
from subjects.linking.plain_table import FIELDS, read_mapping, table_records

RING = Keyring(Key(bytes(range(32))))
COLUMNS = "person,given,surname,dob,email,phone,house,postcode,nino"
MAPPING = {field: field for field in ("given", "surname", "dob", "email", "phone", "house", "postcode", "nino")}


def linked(table: str) -> tuple[list[str], Linkage]:
    names = COLUMNS.split(",")
    rows = [dict(zip(names, line.replace("_", " ").split(","), strict=True)) for line in table.split()]
    return [row["person"] for row in rows], link_records(table_records(rows, MAPPING, RING), load_frequencies(RING))


def groups(table: str) -> set[frozenset[int]]:
    _, linkage = linked(table)
    found: dict[int, set[int]] = defaultdict(set)
    for record, person in enumerate(linkage.person.tolist()):
        found[person].add(record)
    return {frozenset(records) for records in found.values()}


SAME = {
    "a personal mailbox": "a,Anna,Quill,,anna.quill@wren.example,,,, a,A,Quill,,anna.quill@wren.example,,,,",
    "a nickname": "a,Margaret,Tolliver,1952-03-12,,,,, a,Peggy,Tolliver,1952-03-12,,,,,",
    "a slip in the surname": "a,Deepak,Okonkwo,1970-05-06,,,,, a,Deepak,Okonwko,1970-05-06,,,,,",
    "day and month exchanged": "a,Deepak,Okonkwo,1970-05-06,,,5,NN12_6RD, a,Deepak,Okonkwo,1970-06-05,,,5,NN12_6RD,",
    "names exchanged": "a,Okonkwo,Deepak,1970-05-06,,,,, a,Deepak,Okonkwo,1970-05-06,,,,,",
    "marriage, at one address": "a,Zadie,Quill,1980-01-02,,,5,NN12_6RD, a,Zadie,Marsh,1980-01-02,,,5,NN12_6RD,",
    "a national number, whatever else": "a,Jon,Quill,1980-01-02,,,,,JG103759A a,John,Quill,1981-01-02,,,,,JG103759A",
}

APART = {
    "father and son, one house": "a,Colin,Quill,1950-01-02,,,5,NN12_6RD, b,Colin,Quill,1980-07-09,,,5,NN12_6RD,",
    "father and son, one mailbox": "a,Colin,Quill,1950-01-02,q@q.example,,,, b,Colin,Quill,1980-07-09,q@q.example,,,,",
    "twins": "a,Jane,Quill,1980-01-02,,,5,NN12_6RD, b,June,Quill,1980-01-02,,,5,NN12_6RD,",
    "a couple with one telephone": "a,Ann,Quill,,,01632_960001,,, b,Tom,Quill,,,01632_960001,,,",
    "namesakes": "a,John,Smith,,,,5,NN12_6RD, b,John,Smith,,,,9,LS1_4AB,",
    "a name alone": "a,Zebedee,Quillfeather,,,,,, a,Zebedee,Quillfeather,,,,,,",
    "two national numbers": "a,Ann,Quill,,a@q.example,,,,JG103759A b,Ann,Quill,,a@q.example,,,,JG103760B",
    "a house alone": "a,Ann,Quill,,,,5,NN12_6RD, b,Tom,Reed,,,,5,NN12_6RD,",
}


@pytest.mark.parametrize("case", SAME)
def test_one_person(case: str) -> None:
    assert groups(SAME[case]) == {frozenset({0, 1})}


@pytest.mark.parametrize("case", APART)
def test_two_people(case: str) -> None:
    assert groups(APART[case]) == {frozenset({0}), frozenset({1})}


def test_a_record_that_fits_father_and_son_joins_neither() -> None:
    table = "a,Colin,Quill,1950-01-02,,,5,NN12_6RD, b,Colin,Quill,1980-07-09,,,5,NN12_6RD, c,Colin,Quill,,,,5,NN12_6RD,"
    _, linkage = linked(table)
    assert len(set(linkage.person.tolist())) == 3
    assert {one.reason for one in linkage.review} >= {"fits two different people about equally well"}


def test_a_mailbox_of_six_people_links_nobody() -> None:
    people = ("Ann,Reed", "Tom,Marsh", "Deepak,Patel", "Zadie,Smith", "Rhys,Morgan", "Aoife,Byrne")
    table = "\n".join(f"{name.split(',')[0]},{name},,info@wren.example,,,," for name in people)
    _, linkage = linked(table)
    assert len(set(linkage.person.tolist())) == len(people)


def test_decisions_win() -> None:
    table = "a,Ann,Quill,1980-01-02,,,,, a,Ann,Quill,1980-01-02,,,,, b,Tom,Reed,1970-02-03,,,,,"
    names = COLUMNS.split(",")
    rows = [dict(zip(names, line.replace("_", " ").split(","), strict=True)) for line in table.split()]
    records, frequencies = table_records(rows, MAPPING, RING), load_frequencies(RING)
    assert len(set(link_records(records, frequencies).person.tolist())) == 2
    apart = link_records(records, frequencies, cannot={0: [1], 1: [0]})
    assert len(set(apart.person.tolist())) == 3
    together = link_records(records, frequencies, must=[(0, 2)])
    assert len(set(together.person.tolist())) == 1


def test_reasons_are_words_without_values() -> None:
    _, linkage = linked(SAME["a nickname"])
    assert linkage.edges.reasons(0) == ("same birth date", "same surname", "forenames that are forms of one name")


def test_every_field_of_map_is_read() -> None:
    assert set(read_mapping(",".join(f"{field}=x" for field in FIELDS))) == set(FIELDS)
