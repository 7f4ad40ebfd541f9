"""The form about an event shows everything that it says, and loses nothing."""

from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from services.events.content import EventTexts
from services.events.http.event_form import TextsForm
from services.events.model import CalendarEvent
from services.events.store.events import find_event
from shared.auth import Role
from shared.database import Pool
from tests.events.calendars import in_days, publish
from tests.events.http.pages import fields_of
from tests.events.places import organiser, place
from tests.events.submissions import submitted
from tests.visitor import Visitor

LIST = "/konsole/termine"
NOBODY = "01900000-0000-7000-8000-00000000dead"
NOT_SHOWN = {"latitude", "longitude", "event_image_id"}
"""What the form does not ask for: the point is the place's, the picture has a page of its own."""


@pytest.fixture
def editor(visitor: Visitor) -> Visitor:
    visitor.sign_in(Role.EDITOR)
    return visitor


async def full(pool: Pool, **changes: Any) -> CalendarEvent:
    """An event that says everything there is to say."""
    given: dict[str, Any] = {
        "title": "Vollständig", "description": "Erste Zeile.\nZweite Zeile.\n\nAbsatz.",
        "website": "https://example.de/angebot", "categories": ["culture", "family"],
        "audiences": ["children", "older"], "price": "5 Euro",
        "registration_url": "https://example.de/anmeldung", "easy_summary": "Es gibt Musik.",
        "provider": "Volkshochschule", "checked_on": in_days(-3).date(),
        "latitude": 51.05, "longitude": 13.74, **changes,
    }  # fmt: skip
    return await publish(pool, **given)


async def now_is(pool: Pool, event: CalendarEvent) -> CalendarEvent:
    async with pool.acquire() as connection:
        found = await find_event(connection, event.calendar_event_id)
    assert found is not None
    return found


def test_the_form_asks_for_everything_that_an_event_says() -> None:
    asked = set(TextsForm.__struct_fields__) - {"version", "step"}

    assert set(EventTexts.__struct_fields__) == asked | NOT_SHOWN


async def copied(editor: Visitor, pool: Pool, source: CalendarEvent) -> CalendarEvent:
    """Take an event as a template, name a day and return what is kept."""
    fields = fields_of((await editor.get(f"{LIST}/neu?vorlage={source.calendar_event_id}")).text)
    day = in_days(400).date().isoformat()
    answer = await editor.post(LIST, {**fields, "starts_on": day, "step": "save"})
    assert answer.status_code == 303
    async with pool.acquire() as connection:
        found = await find_event(connection, UUID(answer.headers["location"].rpartition("/")[2]))
    assert found is not None
    return found


async def test_an_event_is_copied_with_all_its_texts(editor: Visitor, pool: Pool) -> None:
    ids = {"place_id": await place(pool), "organiser_id": await organiser(pool)}
    source = await full(pool, **ids)

    copy = await copied(editor, pool, source)

    for name in set(EventTexts.__struct_fields__) - {*NOT_SHOWN, "checked_on"}:
        assert getattr(copy, name) == getattr(source, name), name
    assert (copy.checked_on, copy.event_image_id) == (None, None)


async def test_a_copy_has_the_hours_and_the_rule_and_neither_key_nor_history(
    editor: Visitor, pool: Pool
) -> None:
    starts = in_days(20).replace(hour=15, minute=30, second=0, microsecond=0)
    series: Any = {"ends": starts.replace(hour=18), "recurrence": "FREQ=DAILY;COUNT=5"}
    source = await submitted(
        pool, starts=starts, origin="partner", origin_id=uuid4(), version=4, **series
    )

    copy = await copied(editor, pool, source)

    assert (copy.starts.date(), copy.starts.time()) == (in_days(400).date(), starts.time())
    assert copy.ends == copy.starts.replace(hour=18)
    assert copy.recurrence == source.recurrence
    assert (copy.state, copy.version, copy.origin, copy.origin_id) == ("draft", 1, "editor", None)
    assert (copy.submitted_by, copy.submitted_at) == ("", None)
    assert copy.uid != source.uid
    assert await now_is(pool, source) == source


async def test_a_copy_needs_a_day_of_its_own(editor: Visitor, pool: Pool) -> None:
    source = await full(pool)
    way = f"{LIST}/neu?vorlage={source.calendar_event_id}"

    offered = await editor.get(f"{LIST}/{source.calendar_event_id}")
    shown = await editor.get(way)
    fields = fields_of(shown.text)
    answer = await editor.post(LIST, {**fields, "step": "save"})

    assert way in offered.text
    assert "Nach der Vorlage „Vollständig“" in shown.text
    assert (fields["starts_on"], fields["ends_on"]) == ([""], [""])
    assert answer.status_code == 422


@pytest.mark.parametrize(("named", "status"), [(NOBODY, 404), ("x", 400)])
async def test_nothing_is_copied_that_is_not_there(
    editor: Visitor, named: str, status: int
) -> None:
    assert (await editor.get(f"{LIST}/neu?vorlage={named}")).status_code == status


async def test_what_a_committee_meets_about_is_no_template(editor: Visitor, pool: Pool) -> None:
    meeting = await submitted(pool, state="published", visibility="committee")

    answer = await editor.get(f"{LIST}/neu?vorlage={meeting.calendar_event_id}")
    page = await editor.get(f"{LIST}/{meeting.calendar_event_id}")

    assert answer.status_code == 404
    assert "Als Vorlage" not in page.text


@pytest.mark.parametrize("known", ["from the lists", "typed"])
async def test_a_new_title_changes_nothing_else(editor: Visitor, pool: Pool, known: str) -> None:
    ids = {"place_id": await place(pool), "organiser_id": await organiser(pool)}
    event = await full(pool, **(ids if known == "from the lists" else {}))
    path = f"{LIST}/{event.calendar_event_id}/aendern"

    fields = fields_of((await editor.get(path)).text) | {"title": ["Neuer Titel"]}
    preview = await editor.post(path, {**fields, "step": "preview"})
    answer = await editor.post(path, {**fields_of(preview.text), "step": "save"})

    after = await now_is(pool, event)
    assert (answer.status_code, after.version) == (303, event.version + 1)
    for name in EventTexts.__struct_fields__:
        wanted = "Neuer Titel" if name == "title" else getattr(event, name)
        assert getattr(after, name) == wanted, name


async def test_a_field_that_is_not_sent_stays_as_it_is(editor: Visitor, pool: Pool) -> None:
    event = await full(pool)
    path = f"{LIST}/{event.calendar_event_id}/aendern"

    await editor.post(path, {"version": str(event.version), "title": "Kurz", "step": "save"})

    after = await now_is(pool, event)
    said = msgspec.convert(event, EventTexts, from_attributes=True)
    assert msgspec.convert(after, EventTexts, from_attributes=True) == msgspec.structs.replace(
        said, title="Kurz"
    )


async def test_what_is_emptied_is_empty(editor: Visitor, pool: Pool) -> None:
    event = await full(pool)
    path = f"{LIST}/{event.calendar_event_id}/aendern"

    fields = fields_of((await editor.get(path)).text)
    emptied = {"categories": [""], "audiences": [""], "price": [""], "provider": [""]}
    emptied |= {"checked_on": [""], "description": [""]}
    await editor.post(path, {**fields, **emptied, "step": "save"})

    after = await now_is(pool, event)
    assert (after.categories, after.audiences, after.price) == ([], [], "")
    assert (after.provider, after.checked_on, after.description) == ("", None, "")


async def test_a_known_place_brings_its_address_and_its_access(editor: Visitor, pool: Pool) -> None:
    place_id, organiser_id = await place(pool), await organiser(pool, f"Chor {uuid4().hex}")
    fields = {
        "title": "Probe", "place_id": str(place_id), "organiser_id": str(organiser_id),
        "audiences": ["older"], "price": "Eintritt frei",
        "starts_on": f"{in_days(9):%d.%m.%Y}", "starts_at": "18:00",
    }  # fmt: skip

    preview = await editor.post(LIST, {**fields, "step": "preview"})
    answer = await editor.post(LIST, {**fields_of(preview.text), "step": "publish"})

    public = await editor.get("/termine/" + answer.headers["location"].rsplit("/", 1)[1])
    for shown in (preview.text, public.text):
        assert "Ring 5, 01067 Dresden" in shown
        assert "Stufenloser Zugang" in shown
        assert "Keine Höranlage" in shown
        assert "12 Rollstuhlplätze" in shown
        assert "Eingang über den Hof" in shown
        assert "Ältere Menschen" in shown
        assert "Eintritt frei" in shown


async def test_another_place_has_not_the_point_of_the_old_one(editor: Visitor, pool: Pool) -> None:
    event = await full(pool)
    path = f"{LIST}/{event.calendar_event_id}/aendern"

    fields = fields_of((await editor.get(path)).text) | {"place_name": ["Anderswo"]}
    await editor.post(path, {**fields, "step": "save"})

    assert (await now_is(pool, event)).latitude is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"place_id": NOBODY}, "Diesen Ort gibt es nicht mehr."),
        ({"organiser_id": NOBODY}, "Diesen Veranstalter gibt es nicht mehr."),
        ({"audiences": ["alle"]}, "Diese Zielgruppe gibt es nicht."),
        ({"registration_url": "javascript:alert(1)"}, "https://"),
        ({"provider": "Kino"}, "wo das Angebot zu finden ist"),
        ({"checked_on": "31.02.2026"}, "gibt es nicht"),
    ],
    ids=["place", "organiser", "audience", "registration", "provider", "checked"],
)
async def test_what_is_wrong_is_said_at_the_preview(
    editor: Visitor, changes: dict[str, Any], sentence: str
) -> None:
    fields = {
        "title": "Falsch", "price": "3 Euro", "starts_on": f"{in_days(9):%d.%m.%Y}",
        "starts_at": "18:00", "step": "preview", **changes,
    }  # fmt: skip

    answer = await editor.post(LIST, fields)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="3 Euro"' in answer.text
