"""Tables open in a spreadsheet as they are, and no cell of theirs is run as a formula."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.web.sheets import csv_answer, write_sheet


def read(content: bytes) -> list[list[str]]:
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0")))
def test_no_cell_becomes_a_formula(cell: str) -> None:
    shown = read(write_sheet(["Spalte", "Ende"], [[cell, "x"]]))[1][0]

    assert shown in {cell, f"'{cell}"}
    assert not shown.startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("cell", ["=1+1", "+49 351", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_what_looks_like_a_formula_is_text(cell: str) -> None:
    assert read(write_sheet(["Spalte"], [[cell]]))[1] == [f"'{cell}"]


def test_excel_knows_the_characters_and_the_browser_the_name() -> None:
    answer = csv_answer("gaeste", ["Größe", "Wann"], [["Öl", None]])

    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert read(answer.content) == [["Größe", "Wann"], ["Öl", ""]]
    assert answer.headers["content-disposition"] == 'attachment; filename="gaeste.csv"'
