"""The reader of CSV files copes with what people's programs write, and says why where it cannot."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.registry.columns import Kind
from services.registry.imports.csv_files import (
    MOST_BYTES,
    MOST_LINE_BYTES,
    FileRefused,
    Layout,
    find_encoding,
    find_layout,
    records,
)
from services.registry.imports.reading import Reading
from services.registry.imports.tables import TABLES
from services.registry.people.model import PersonRow

GERMAN_SENTENCE = re.compile(
    r"(Die Datei|Die Spalte|Diese Spalten|Zeile \d|Das ist) .+[.?]", re.DOTALL
)
FILES = Path(__file__).parents[1] / "files"
TODAY = date(2026, 3, 1)
ANNE = PersonRow(
    source_number="P-1",
    salutation="Frau",
    given_name="Änne",
    family_name="Müller",
    email="aenne@example.org",
    street="Königstraße 3",
    postal_code="01067",
    town="Dresden",
    born_on=date(1960, 12, 24),
)
JOERG = PersonRow(
    source_number="P-2",
    salutation="Herr",
    given_name="Jörg",
    family_name="Groß",
    email=None,
    street="Am Süßen Weg 7",
    postal_code="01069",
    town="Dresden",
    born_on=None,
)

SAME_TWO_PEOPLE = {
    "utf8.csv": Layout("utf-8", ";"),
    "utf8_with_mark.csv": Layout("utf-8-sig", ";"),
    "windows_1252.csv": Layout("cp1252", ";"),
    "unix_line_ends.csv": Layout("utf-8", ";"),
    "old_mac_line_ends.csv": Layout("utf-8", ";"),
    "no_last_line_end.csv": Layout("utf-8", ";"),
    "commas.csv": Layout("utf-8", ","),
    "tabs.csv": Layout("utf-8", "\t"),
    "names_its_separator.csv": Layout("utf-8", ","),
    "english_header.csv": Layout("utf-8", ","),
    "shouting_header.csv": Layout("utf-8", ";"),
    "house_number.csv": Layout("utf-8", ";"),
    "unknown_columns.csv": Layout("utf-8", ";"),
    "blank_lines.csv": Layout("utf-8", ";"),
    "quoted.csv": Layout("utf-8", ";"),
    "line_break_in_cell.csv": Layout("utf-8", ";"),
    "cells_missing_at_the_end.csv": Layout("utf-8", ";"),
    "database_times.csv": Layout("utf-8", ";"),
    "padded_cells.csv": Layout("utf-8", ";"),
    "decomposed_umlauts.csv": Layout("utf-8", ";"),
    "invisible_characters.csv": Layout("utf-8", ";"),
}

REFUSED = {
    "empty.csv": "Die Datei ist leer",
    "only_blanks.csv": "Die Datei ist leer",
    "missing_columns.csv": "Diese Spalten fehlen: Vorname, Nachname. In der Kopfzeile steht:",
    "no_header.csv": "Diese Spalten fehlen: Personennummer, Vorname, Nachname",
    "column_twice.csv": "Die Spalte „Vorname“ kommt in der Kopfzeile zweimal vor",
    "organisations.csv": "sieht aus wie eine Liste der Art „Organisationen“",
    "utf16.csv": "UTF-16",
    "utf16_without_mark.csv": "UTF-16",
    "dos_codepage.csv": "Zeile 2 enthält Zeichen, die weder UTF-8 noch Windows-1252 sind",
    "two_encodings.csv": "Zeile 3 enthält Zeichen",
    "workbook.csv": "Excel-Arbeitsmappe",
    "old_workbook.csv": "alte Excel-Arbeitsmappe",
    "portable_document.csv": "ein PDF",
    "web_page.csv": "Diese Spalten fehlen",
    "json.csv": "Diese Spalten fehlen",
}


def read(name: str) -> Reading:
    return Reading((FILES / name).read_bytes(), TABLES["people"], TODAY)


@pytest.mark.parametrize("name", SAME_TWO_PEOPLE)
def test_the_same_two_people_are_found_however_they_were_written_down(name: str) -> None:
    reading = read(name)
    lines = list(reading)

    assert [line.row for line in lines] == [ANNE, JOERG]
    assert not [finding for line in lines for finding in line.findings]
    assert reading.layout == SAME_TWO_PEOPLE[name]


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_no_list_of_people_is_refused_with_its_reason(name: str) -> None:
    with pytest.raises(FileRefused) as refused:
        list(read(name))

    assert REFUSED[name] in refused.value.sentence


def outcome(data: bytes, kind: Kind) -> str:
    """Return nothing if every line became a row or findings, else the sentence of the refusal."""
    try:
        lines = list(Reading(data, TABLES[kind], TODAY))
    except FileRefused as refused:
        return refused.sentence
    return "" if all(line.row or line.findings for line in lines) else "a line was lost"


@pytest.mark.parametrize("path", sorted(FILES.glob("*.csv")), ids=lambda path: path.stem)
def test_every_file_of_the_corpus_is_either_read_or_refused_in_german(path: Path) -> None:
    outcomes = [outcome(path.read_bytes(), kind) for kind in TABLES]

    assert all(GERMAN_SENTENCE.fullmatch(each) for each in outcomes if each)


def test_a_file_over_the_limit_is_refused() -> None:
    with pytest.raises(FileRefused, match="größer als 32 MB"):
        find_encoding(b"a\n" * (MOST_BYTES // 2 + 1))


def test_an_endless_line_is_refused_with_its_number() -> None:
    with pytest.raises(FileRefused, match="Zeile 3 ist länger"):
        find_encoding(b"a\n\n" + b"b" * (MOST_LINE_BYTES + 1))


def test_a_quotation_mark_that_nobody_closes_costs_one_line_only() -> None:
    data = b'a;b\n1;"x\n' + b"2;y\n" * 500

    found = list(records(data, Layout("utf-8", ";")))

    assert [record.line for record in found if record.problem] == [2]
    assert len([record for record in found if record.cells == ["2", "y"]]) == 500


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), min_size=2),
        min_size=1,
    )
)
def test_quoted_cells_come_back_as_they_were_written(rows: list[list[str]]) -> None:
    written = "".join(
        ";".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\r\n" for row in rows
    )
    layout = Layout("utf-8", ";")

    read_back = [record.cells for record in records(written.encode(), layout)]

    assert read_back == [
        row
        for number, row in enumerate(rows)
        if any(cell.strip() for cell in row)
        if not (number == 0 and [cell.lower() for cell in row] == ["sep=", ""])
    ]


@given(st.binary(max_size=2_000))
@example(b'"' * 100)
@example(b"\xef\xbb\xbf")
@example(b"\xef\xbb\xbf\n\n")
@example(b"\xff\xfe")
@example(b'sep=;\n"')
def test_any_bytes_at_all_are_read_or_refused(data: bytes) -> None:
    outcomes = [outcome(data, kind) for kind in TABLES]

    assert all(GERMAN_SENTENCE.fullmatch(each) for each in outcomes if each)


@given(st.lists(st.text(max_size=30), max_size=12).map(";".join))
def test_any_lines_below_a_right_header_are_rows_or_findings(body: str) -> None:
    header = ";".join(column.title for column in TABLES["people"].columns)
    data = f"{header}\n{body}\n".encode("utf-8", "replace")

    assert outcome(data, "people") == ""


def test_the_separator_is_the_one_under_which_most_columns_are_known() -> None:
    data = b"Nummer,mit Komma;Vorname;Nachname\n"

    layout = find_layout(data, lambda cells: len({"Vorname", "Nachname"} & set(cells)))

    assert layout == Layout("utf-8", ";")
