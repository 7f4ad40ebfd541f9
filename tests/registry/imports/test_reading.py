"""Each wrong cell is named with its line, its column, the reason and what stands there."""

from datetime import date
from pathlib import Path

import pytest

from services.registry.columns import Table, template
from services.registry.findings import MOST_VALUE, Finding
from services.registry.imports import reading
from services.registry.imports.csv_files import FileRefused
from services.registry.imports.reading import Reading
from services.registry.imports.tables import TABLES

FILES = Path(__file__).parents[1] / "files"
TODAY = date(2026, 3, 1)


def read(name: str) -> Reading:
    return Reading((FILES / name).read_bytes(), TABLES["people"], TODAY)


def reasons(name: str) -> list[tuple[int, str, str]]:
    return [
        (finding.line, finding.column, finding.reason)
        for line in read(name)
        for finding in line.findings
    ]


def starts(found: list[tuple[int, str, str]], expected: list[tuple[int, str, str]]) -> bool:
    return len(found) == len(expected) and all(
        (line, column) == (wanted_line, wanted_column) and reason.startswith(wanted)
        for (line, column, reason), (wanted_line, wanted_column, wanted) in zip(
            found, expected, strict=True
        )
    )


FINDINGS: dict[str, list[tuple[int, str, str]]] = {
    "stray_quotes.csv": [
        (2, "", "Die Anführungszeichen stimmen nicht"),
        (4, "", "Die Anführungszeichen stimmen nicht"),
    ],
    "nul_and_controls.csv": [
        (2, "Vorname", "Der Text enthält ein nicht erlaubtes Zeichen (U+0000)"),
        (3, "Vorname", "Der Text enthält ein nicht erlaubtes Zeichen (U+0007)"),
        (4, "Vorname", "Der Text enthält ein nicht erlaubtes Zeichen (U+202E)"),
        (5, "Vorname", "Der Text enthält ein nicht erlaubtes Zeichen (U+0085)"),
    ],
    "wrong_dates.csv": [
        (2, "Geburtsdatum", "Bitte schreiben Sie das Jahr mit vier Ziffern"),
        (3, "Geburtsdatum", "Diesen Tag gibt es im Kalender nicht"),
        (4, "Geburtsdatum", "Bitte nennen Sie Tag, Monat und Jahr"),
        (5, "Geburtsdatum", "Bitte nennen Sie Tag, Monat und Jahr"),
        (6, "Geburtsdatum", "Das ist Excels interne Zählung"),
        (7, "Geburtsdatum", "Das Jahr 1899 liegt nicht zwischen 1900 und 2100"),
        (8, "Geburtsdatum", "Das Jahr 2999 liegt nicht zwischen 1900 und 2100"),
        (9, "Geburtsdatum", "Das ist kein Datum"),
        (10, "Geburtsdatum", "Diesen Tag gibt es im Kalender nicht"),
        (11, "Geburtsdatum", "Das Jahr 0 liegt nicht zwischen"),
        (12, "Geburtsdatum", "Das ist kein Datum"),
    ],
    "wrong_postal_codes.csv": [
        (2, "PLZ", "Die Postleitzahl hat vier Ziffern. Fehlt die führende Null (01067)?"),
        *((line, "PLZ", "Eine Postleitzahl hat fünf Ziffern") for line in range(3, 8)),
    ],
    "wrong_addresses_of_mail.csv": [
        (2, "E-Mail", "Das ist keine vollständige E-Mail-Adresse"),
        (3, "E-Mail", "Das ist keine vollständige E-Mail-Adresse"),
        (4, "E-Mail", "Das ist keine vollständige E-Mail-Adresse"),
        (5, "E-Mail", "Hier stehen mehrere E-Mail-Adressen"),
        (6, "E-Mail", "E-Mail-Adressen dürfen keine Umlaute"),
        *((line, "E-Mail", "Das ist keine vollständige E-Mail-Adresse") for line in range(7, 12)),
        (12, "E-Mail", "Hier stehen mehrere E-Mail-Adressen"),
    ],
    "too_long.csv": [
        (2, "Vorname", "Hier stehen 101 Zeichen, erlaubt sind 100"),
        (3, "Personennummer", "Hier stehen 52 Zeichen, erlaubt sind 40"),
    ],
    "cells_missing.csv": [
        (2, "Personennummer", "Diese Angabe fehlt"),
        (3, "Vorname", "Diese Angabe fehlt"),
        (4, "Nachname", "Hier steht kein einziger Buchstabe"),
        (5, "Anrede", "Erlaubt sind „Frau“, „Herr“ oder nichts"),
    ],
    "too_many_cells.csv": [(2, "", "Die Zeile hat 10 Zellen, die Kopfzeile nur 9")],
    "cut_off.csv": [(3, "", "Die letzte Zeile bricht mittendrin ab")],
    "same_number_twice.csv": [(4, "Personennummer", "Diese Nummer steht schon in Zeile 2")],
    "formula.csv": [(2, "Personennummer", "Erlaubt sind Buchstaben, Ziffern")],
    "nobody_reaches_them.csv": [(2, "E-Mail", "Ohne E-Mail und ohne vollständige Anschrift")],
}


@pytest.mark.parametrize("name", FINDINGS)
def test_a_wrong_cell_is_named_with_line_column_and_reason(name: str) -> None:
    assert starts(reasons(name), FINDINGS[name]), reasons(name)


def test_letters_broken_by_an_earlier_export_are_noticed() -> None:
    data = "Personennummer;Vorname;Nachname;E-Mail\nP-1;JÃ¶rg;Gro\ufffd;a@example.org\n".encode()
    (line,) = Reading(data, TABLES["people"], TODAY)

    assert line.row is None
    assert [(each.column, each.value) for each in line.findings] == [
        ("Vorname", "JÃ¶rg"),
        ("Nachname", "Gro\ufffd"),
    ]


def test_letters_of_a_dos_file_that_windows_takes_for_quotation_marks_are_noticed() -> None:
    data = "Personennummer;Vorname;Nachname\nP-1;Björn;Jäger\n".encode("cp850")
    (line,) = Reading(data, TABLES["people"], TODAY)

    assert [finding.value for finding in line.findings] == ["Bj”rn", "J„ger"]


def test_letters_that_an_earlier_export_has_lost_are_noticed() -> None:
    data = "Personennummer;Vorname;Nachname\nP-1;Małgorzata;Yılmaz\n".encode("cp1252", "replace")
    (line,) = Reading(data, TABLES["people"], TODAY)

    assert [finding.value for finding in line.findings] == ["Ma?gorzata", "Y?lmaz"]
    assert line.findings[0].reason.startswith("Beim Export ging ein Buchstabe verloren.")


def test_a_row_with_a_hint_is_taken_all_the_same() -> None:
    first, _ = read("nobody_reaches_them.csv")

    assert first.row
    assert [finding.severity for finding in first.findings] == ["hint"]


def test_all_wrong_cells_of_a_line_are_named_at_once() -> None:
    data = b"Personennummer;Vorname;Nachname;PLZ;Geburtsdatum\nP-1;;;1;2\n"
    (line,) = Reading(data, TABLES["people"], TODAY)

    assert [finding.column for finding in line.findings] == [
        "Vorname",
        "Nachname",
        "PLZ",
        "Geburtsdatum",
    ]


def test_what_is_shown_of_a_cell_is_short_and_printable() -> None:
    data = ("Personennummer;Vorname;Nachname\nP-1;" + "a\0" * 200 + ";Müller\n").encode()
    (line,) = Reading(data, TABLES["people"], TODAY)
    (finding,) = line.findings

    assert len(finding.value) == MOST_VALUE
    assert finding.value.isprintable()


def test_columns_that_nobody_knows_are_left_out_and_named() -> None:
    assert read("unknown_columns.csv").ignored == ("Lieblingsfarbe", "Notiz")


def test_a_file_with_a_header_only_has_no_lines() -> None:
    assert list(read("only_header.csv")) == []


def test_more_rows_than_allowed_are_refused() -> None:
    data = b"Personennummer;Vorname;Nachname\n" + b"x\n" * (reading.MOST_ROWS + 1)

    with pytest.raises(FileRefused, match="mehr als 200000 Zeilen"):
        sum(1 for _ in Reading(data, TABLES["people"], TODAY))


def test_nobody_is_born_tomorrow() -> None:
    data = b"Personennummer;Vorname;Nachname;Geburtsdatum\nP-1;A;B;2.3.2026\nP-2;A;B;1.3.2026\n"
    tomorrow, today = Reading(data, TABLES["people"], TODAY)

    assert [finding.reason for finding in tomorrow.findings] == [
        "Das Geburtsdatum liegt in der Zukunft."
    ]
    assert today.row


def test_an_engagement_does_not_end_before_it_begins() -> None:
    data = b"Nummer;Personennummer;Vereinsnummer;Seit;Bis\nE-1;P-1;V-1;2.3.2015;1.3.2015\n"
    (line,) = Reading(data, TABLES["engagements"], TODAY)

    assert line.findings == [Finding(2, "Bis", "Das Ende liegt vor dem Beginn.", "1.3.2015")]


def test_a_house_number_in_a_list_of_engagements_is_left_out() -> None:
    data = b"Nummer;Personennummer;Vereinsnummer;Hausnummer\nE-1;P-1;V-1;3\n"
    reading = Reading(data, TABLES["engagements"], TODAY)

    assert reading.ignored == ("Hausnummer",)
    assert all(line.row for line in reading)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_the_template_can_be_imported_as_it_is(table: Table) -> None:
    reading = Reading(template(table), table, TODAY)
    (line,) = reading

    assert line.row
    assert not line.findings
    assert reading.ignored == ()
    assert reading.layout.encoding == "utf-8-sig"
