"""What an event says, and what has changed about it, in words that a clerk reads."""

import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from services import events
from services.events.category import Audience, Category, Terms
from services.events.content import ChangedDate
from services.events.telling import all_texts, deed_in_words, differences, in_words
from services.events.wording import FIELDS
from tests.events.builders import at, content

TERMS = Terms(
    [Category("culture", "kultur", "Kultur", "#000000"), Category("sport", "sport", "Sport", "#0")],
    [Audience("families", "familien", "Familien")],
)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("title", "Chor", "Chor"),
        ("price", "", "–"),
        ("ends", None, "–"),
        ("categories", ["sport", "culture"], "Kultur, Sport"),
        ("audiences", ["families"], "Familien"),
        ("all_day", True, "ja"),
        ("latitude", 51.05, "51,05"),
        ("starts", "2026-09-12T19:30:00", "12.09.2026, 19:30 Uhr"),
        ("excluded", ["2026-09-12T19:30:00", "2026-09-19T19:30:00"],
         "12.09.2026, 19:30 Uhr; 19.09.2026, 19:30 Uhr"),
        ("recurrence", "FREQ=WEEKLY;INTERVAL=2;UNTIL=20261231T225959Z",
         "alle 2 Wochen, bis 31.12.2026"),
        ("recurrence", "FREQ=DAILY;COUNT=5", "täglich, insgesamt 5 Termine"),
        ("checked_on", "2026-06-01", "01.06.2026"),
        ("event_image_id", "0190", "ein Bild"),
    ],
)  # fmt: skip
def test_each_kind_of_field_is_told_in_words(name: str, value: Any, words: str) -> None:
    assert in_words(name, value, TERMS) == words


def test_changed_dates_say_what_became_of_them() -> None:
    moved = ChangedDate(original=at("2026-09-12T19:30"), starts=at("2026-09-13T18:00"))
    off = ChangedDate(
        original=at("2026-09-19T19:30"), starts=at("2026-09-19T19:30"), is_cancelled=True
    )

    words = in_words("changed", msgspec.to_builtins([moved, off]), TERMS)

    assert words == (
        "12.09.2026, 19:30 Uhr: jetzt 13.09.2026, 18:00 Uhr; 19.09.2026, 19:30 Uhr: entfällt"
    )


def test_only_what_differs_is_told() -> None:
    before = msgspec.to_builtins(content())
    after = msgspec.to_builtins(content(title="Herbstkonzert", price="5 Euro", place_id=uuid4()))

    found = [(one.label, one.before, one.after) for one in differences(before, after, TERMS)]

    assert found == [("Titel", "Sommerkonzert", "Herbstkonzert"), ("Eintritt", "–", "5 Euro")]


def test_a_version_from_before_a_field_existed_had_nothing_in_it() -> None:
    after = msgspec.to_builtins(content(easy_summary="Wir singen."))
    before = {name: value for name, value in after.items() if name not in {"easy_summary", "price"}}

    [change] = differences(before, after, TERMS)

    assert (change.before, change.after) == ("–", "Wir singen.")


def test_every_field_can_be_told() -> None:
    said = msgspec.to_builtins(content(recurrence="FREQ=WEEKLY"))

    assert all(in_words(name, said[name], TERMS) for name in FIELDS)
    assert ("Beschreibung", "Ein Abend mit Musik.") in all_texts(content(), TERMS)


def test_what_is_not_known_by_name_is_a_change() -> None:
    assert deed_in_words("publish_event") == "Veröffentlicht"
    assert deed_in_words("something_new") == "Geändert"


def test_every_deed_of_a_command_has_words_of_its_own() -> None:
    folder = Path(events.__file__).parent
    sources = "\n".join(path.read_text() for path in folder.rglob("commands/*.py"))
    deeds = set(re.findall(r'Deed\(\s*"(\w+)"', sources))
    deeds |= set(re.findall(r'"((?:change|merge)_(?:place|organiser)s?)"', sources))

    unsaid = {deed for deed in deeds if deed_in_words(deed) == "Geändert"}
    assert {"merge_places", "add_picture", "cancel_date"} <= deeds
    assert unsaid <= {"change_event"}
