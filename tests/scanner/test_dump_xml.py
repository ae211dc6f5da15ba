"""Dumps as XML: the tables and keys of MySQL's and phpMyAdmin's forms, and the rest of a broken one."""

import io

from scanner.formats.dumps.dump_xml import extract
from scanner.limits import Budget, Limits
from scanner.model import Column, Lost, Part, Reason, Segment
from scanner.sniff import media_type

MYSQLDUMP = """<?xml version="1.0"?>
<mysqldump xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<database name="shop">
\t<table_structure name="staff">
\t\t<field Field="id" Type="int(11)" Null="NO" Key="PRI" Extra="" Comment="" />
\t\t<field Field="name" Type="text" Null="YES" Key="" Default="NULL" Comment="ask Eve" />
\t\t<field Field="photo" Type="blob" Null="YES" Key="" Default="NULL" Comment="" />
\t</table_structure>
\t<table_data name="staff">
\t<row>
\t\t<field name="id">7</field>
\t\t<field name="name">O'Hara &amp; &lt;Lee&gt;</field>
\t\t<field name="photo" xsi:type="xs:hexBinary">416E6E</field>
\t</row>
\t<row>
\t\t<field name="id">9</field>
\t\t<field name="name" xsi:nil="true" />
\t\t<field name="photo">bob@x.example</field>
\t</row>
\t</table_data>
</database>
</mysqldump>
"""
PHPMYADMIN = """<?xml version="1.0" encoding="utf-8"?>
<pma_xml_export version="1.0" xmlns:pma="https://www.phpmyadmin.net/some_doc_url/">
    <pma:structure_schemas><pma:database name="shop"><pma:table name="staff">
            CREATE TABLE `staff` (`id` int NOT NULL, `name` text, PRIMARY KEY (`id`));
    </pma:table></pma:database></pma:structure_schemas>
    <database name="shop">
        <table name="staff"><column name="id">7</column><column name="name">Ann Lee</column></table>
        <table name="staff"><column name="id">9</column><column name="name">Bob</column></table>
    </database>
</pma_xml_export>
"""
RESULT = """<?xml version="1.0"?>
<resultset statement="SELECT * FROM staff" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <row><field name="name">Ann Lee</field></row>
</resultset>
"""


def parts(text: str) -> list[Part]:
    data = text.encode()
    assert media_type(data, "", io.BytesIO(data)) == "application/x-mysqldump-xml"
    return list(extract(io.BytesIO(data), Budget(Limits(), len(data))))


def cells(found: list[Part]) -> dict[tuple[str, int, str], str]:
    return {
        (str(part.table), part.row(index), part.label): value
        for part in found
        if isinstance(part, Column)
        for index, value in enumerate(part.values)
        if value
    }


def test_rows_of_mysqldump() -> None:
    found = parts(MYSQLDUMP)
    table = "database=shop;table=staff"
    assert cells(found) == {
        (table, 7, "id"): "7", (table, 7, "name"): "O'Hara & <Lee>", (table, 7, "photo"): "Ann",
        (table, 9, "id"): "9", (table, 9, "photo"): "bob@x.example",
    }  # fmt: skip
    assert "ask Eve" in "".join(part.text for part in found if isinstance(part, Segment))
    assert not [part for part in found if isinstance(part, Lost)]


def test_rows_of_phpmyadmin_and_of_a_query() -> None:
    table = "database=shop;table=staff"
    assert {key: value for key, value in cells(parts(PHPMYADMIN)).items() if key[2] == "name"} == {
        (table, 7, "name"): "Ann Lee", (table, 9, "name"): "Bob",
    }  # fmt: skip
    assert cells(parts(RESULT)) == {("table=staff", 1, "name"): "Ann Lee"}


def test_a_broken_dump_gives_the_rows_before_and_the_text_behind() -> None:
    found = parts(MYSQLDUMP.replace('<field name="id">9</field>', '<field name="id">9</fie <<'))
    assert ("database=shop;table=staff", 7, "name") in cells(found)
    assert "bob@x.example" in "".join(part.text for part in found if isinstance(part, Segment))
    assert [part.reason for part in found if isinstance(part, Lost)] == [Reason.DAMAGED]
