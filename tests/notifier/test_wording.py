"""Dates, salutations and addresses read as a good clerk would write them."""

from datetime import UTC, datetime

import pytest

from services.notifier import wording
from tests.notifier.builders import person


def test_an_instant_is_told_on_the_clock_of_the_hall() -> None:
    winter = datetime(2027, 2, 13, 18, tzinfo=UTC)
    summer = datetime(2027, 7, 3, 17, 5, tzinfo=UTC)

    assert wording.moment(winter, "Europe/Berlin") == "Samstag, 13. Februar 2027, 19:00 Uhr"
    assert wording.moment(summer, "Europe/Berlin") == "Samstag, 3. Juli 2027, 19:05 Uhr"


@pytest.mark.parametrize(
    ("salutation", "given_name", "family_name", "expected"),
    [
        ("Frau", "Änne", "Müßig", "Sehr geehrte Frau Müßig"),
        ("Herr", "Jürgen", "von der Aue", "Sehr geehrter Herr von der Aue"),
        ("Frau Prof. Dr.", "Änne", "Müßig", "Sehr geehrte Frau Prof. Dr. Müßig"),
        ("Herr", "Dr. Jürgen", "Aue", "Sehr geehrter Herr Dr. Aue"),
        ("", "Kim", "Nguyễn", "Guten Tag Kim Nguyễn"),
        ("Familie", "", "Aue", "Guten Tag Aue"),
        ("Frau", "Änne", "", "Guten Tag Änne"),
    ],
)
def test_a_salutation_keeps_titles_and_guesses_nobodys_gender(
    salutation: str, given_name: str, family_name: str, expected: str
) -> None:
    addressed = person(salutation=salutation, given_name=given_name, family_name=family_name)

    assert wording.salutation(addressed) == expected


def test_an_address_has_the_form_of_address_of_an_envelope() -> None:
    lines = wording.address_lines(person(salutation="Herr Dr.", given_name="Jürgen"))

    assert lines == ("Herrn", "Dr. Jürgen Müßig", "Äußere Weberstraße 17 b", "01099 Elbstadt")


def test_an_address_without_salutation_begins_with_the_name() -> None:
    lines = wording.address_lines(person(salutation="", street=""))

    assert lines == ("Änne Müßig", "01099 Elbstadt")
