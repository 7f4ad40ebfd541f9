"""Names are found and sorted whatever way their umlauts and accents are typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.spelling import folded, search_words, searchable


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Müßig", "muessig"), ("Çelik", "celik"), ("Ärzte", "aerzte"), ("Ma\u0308rz", "maerz")],
)
def test_umlauts_are_spelt_out_and_accents_left_out(text: str, expected: str) -> None:
    assert folded(text) == expected


def test_names_are_sorted_as_in_a_german_list_of_names() -> None:
    names = ["Zander", "Österle", "Ode", "Oetker", "Ofner"]

    assert sorted(names, key=folded) == ["Ode", "Österle", "Oetker", "Ofner", "Zander"]


@pytest.mark.parametrize("typed", ["Müller", "mueller", "MULLER", "müll", "A.Müller@example.org"])
def test_a_person_is_found_under_every_usual_spelling(typed: str) -> None:
    words = searchable("Änne", "Müller", "a.mueller@example.org")

    assert all(word in words for word in search_words(typed))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_search_words_hold_letters_and_digits_only(text: str) -> None:
    assert all(word.isalnum() for word in search_words(text) if word.isascii())
    assert not any(sign in "%_\\'" for sign in searchable(text))
