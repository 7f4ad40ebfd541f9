"""An edit by hand stays until the source has caught up with it."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

from services.registry.comparison import (
    changed,
    compare_with_edit,
    compare_with_source,
    edited_by_hand,
)
from services.registry.people.model import Person, PersonRow

ROW = PersonRow(
    source_number="P-1",
    salutation="Frau",
    given_name="Änne",
    family_name="Müller",
    email=None,
    street="Königstraße 3",
    postal_code="01067",
    town="Dresden",
    born_on=date(1960, 12, 24),
)


def person(row: PersonRow = ROW, edited: dict[str, Any] | None = None) -> Person:
    return Person(
        person_id=UUID(int=1),
        version=1,
        **asdict(row),
        edited=edited or {},
        registered_at=datetime(2026, 1, 1, tzinfo=UTC),
        registered_by="Erika Beispiel",
    )


def imported(record: Person, **said: Any) -> Person:
    return changed(record, compare_with_source(replace(ROW, **said), record)).after


def changed_by_hand(record: Person, **wanted: Any) -> Person:
    row = PersonRow(**{field: getattr(record, field) for field in PersonRow.__struct_fields__})
    return changed(record, compare_with_edit(replace(row, **wanted), record)).after


def test_the_same_row_changes_nothing() -> None:
    assert not compare_with_source(ROW, person()).is_new_to(person())


def test_what_the_source_says_anew_is_taken() -> None:
    moved = imported(person(), town="Radebeul", born_on=None)

    assert (moved.town, moved.born_on, moved.version) == ("Radebeul", None, 2)


def test_a_field_changed_by_hand_stays_and_the_others_follow_the_source() -> None:
    edited = changed_by_hand(person(), town="Radebeul")
    after = imported(edited, town="Dresden", street="Am Fluss 1")

    assert (after.town, after.street) == ("Radebeul", "Am Fluss 1")


def test_the_source_saying_a_third_thing_is_noticed_once() -> None:
    edited = changed_by_hand(person(), born_on=date(1961, 1, 1))
    third = replace(ROW, born_on=date(1962, 2, 2))
    first = compare_with_source(third, edited)
    second = compare_with_source(third, changed(edited, first).after)

    assert first.kept == {"born_on": (date(1961, 1, 1), date(1962, 2, 2))}
    assert second.kept == {}
    assert not first.changes


def test_once_the_source_has_caught_up_it_is_followed_again() -> None:
    edited = changed_by_hand(person(), town="Radebeul")
    caught_up = imported(edited, town="Radebeul")
    later = imported(caught_up, town="Meißen")

    assert (caught_up.edited, caught_up.version) == ({}, edited.version)
    assert later.town == "Meißen"


def test_an_edit_back_to_what_the_source_says_is_no_edit() -> None:
    there = changed_by_hand(person(), town="Radebeul")
    back = changed_by_hand(there, town="Dresden")

    assert back.edited == {}
    assert back.version == 3


def test_nothing_that_was_typed_in_by_hand_is_lost_to_a_later_list() -> None:
    typed = person(edited=edited_by_hand(ROW))
    after = imported(typed, town="Radebeul", email="aenne@example.org")

    assert (after.town, after.email) == ("Dresden", "aenne@example.org")


ROWS = st.builds(
    replace,
    st.just(ROW),
    town=st.sampled_from(["Dresden", "Radebeul", "Meißen", ""]),
    email=st.sampled_from([None, "a@example.org", "b@example.org"]),
    born_on=st.sampled_from([None, date(1960, 12, 24), date(1961, 1, 1)]),
)


@given(st.lists(st.tuples(st.booleans(), ROWS), max_size=8), ROWS)
def test_the_same_file_twice_never_changes_anything(
    history: list[tuple[bool, PersonRow]], last: PersonRow
) -> None:
    record = person()
    for by_hand, row in history:
        compare = compare_with_edit if by_hand else compare_with_source
        record = changed(record, compare(row, record)).after
    once = changed(record, compare_with_source(last, record)).after

    assert not compare_with_source(last, once).is_new_to(once)


@pytest.mark.parametrize("field", ["town", "email", "born_on"])
@given(st.lists(ROWS, max_size=6))
def test_no_import_ever_changes_what_was_edited_by_hand(field: str, rows: list[PersonRow]) -> None:
    typed = {"town": "Pirna", "email": "c@example.org", "born_on": date(1950, 5, 5)}[field]
    record = changed_by_hand(person(), **{field: typed})
    for row in rows:
        record = changed(record, compare_with_source(row, record)).after

    assert getattr(record, field) == typed
