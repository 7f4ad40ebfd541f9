"""Partners' own words lead to the categories of the calendar."""

import pytest

from services.events.category import Category, codes_of, titles_of

CATEGORIES = [
    Category("culture", "kultur", "Kultur, Theater und Musik", "#000000"),
    Category("family", "familie", "Kinder, Jugend und Familie", "#000000"),
]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["culture"], ["culture"]),
        (["Kultur, Theater und Musik"], ["culture"]),
        ([" MUSIK ", "Kinder"], ["culture", "family"]),
        (["und"], []),
        (["Schauspiel", ""], []),
        ([], []),
    ],
)
def test_words_name_categories(words: list[str], expected: list[str]) -> None:
    assert codes_of(words, CATEGORIES) == expected


def test_titles_stand_in_the_order_of_the_list() -> None:
    assert titles_of(["family", "culture"], CATEGORIES) == [
        "Kultur, Theater und Musik",
        "Kinder, Jugend und Familie",
    ]
