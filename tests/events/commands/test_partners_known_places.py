"""A partner names places and organisers in words; those that the city knows are found by them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest

from services.events.commands.change_event import ChangeEvent, change_event
from services.events.commands.change_place import ChangePlace, change_place
from services.events.commands.merge_places import MergePlaces, merge_places
from services.events.commands.reset_field import ResetField, reset_field
from services.events.commands.rewrite_events import rewrite_events
from services.events.content import EventTexts
from services.events.ingest.batch import Receipt
from services.events.ingest.model import Partner
from services.events.model import CalendarEvent
from services.events.place import PlaceContent
from services.events.store import items
from services.events.store.places import find_place
from shared.database import Connection
from tests.events.builders import EDITOR
from tests.events.calendars import SITE
from tests.events.cityplaces import district, organiser, place
from tests.events.partners import coming, event_of, registered, take

NOW = datetime.now(UTC)
HALL = {"name": "Kleines Haus", "address": "Ring 19"}


async def taken(opened: Connection, partner: Partner, **changes: Any) -> CalendarEvent:
    return await event_of(opened, await receipt(opened, partner, **changes))


async def receipt(opened: Connection, partner: Partner, **changes: Any) -> Receipt:
    [told] = await take(opened, partner, [coming(1, **changes)], NOW)
    return told


async def override_of(opened: Connection, event: CalendarEvent) -> dict[str, Any]:
    assert event.origin_id is not None
    item = await items.find_item(opened, event.origin_id)
    assert item is not None
    return item.override


async def change(opened: Connection, event: CalendarEvent, **texts: Any) -> CalendarEvent:
    wanted = msgspec.convert(event, EventTexts, from_attributes=True)
    command = ChangeEvent(
        event.calendar_event_id, event.version, msgspec.structs.replace(wanted, **texts), EDITOR
    )
    return await change_event(opened, command, SITE, NOW)


async def rename(opened: Connection, place_id: UUID, name: str) -> None:
    before = await find_place(opened, place_id)
    assert before is not None
    content = msgspec.convert(before, PlaceContent, from_attributes=True)
    renamed = msgspec.structs.replace(content, name=name)
    await change_place(opened, ChangePlace(place_id, before.version, renamed, EDITOR), NOW)
    assert await rewrite_events(opened, 10, SITE, NOW) == 1


async def test_an_item_stands_in_the_feeds_of_its_place_district_access_and_organiser(
    transaction: Connection,
) -> None:
    partner = await registered(transaction)
    hall = await place(
        transaction, "Kleines Haus", in_district=await district(transaction, "nord"),
        is_step_free=True,
    )  # fmt: skip
    club = await organiser(transaction, "Stadttheater")

    event = await taken(transaction, partner, place=HALL, organiser="Stadttheater")

    feeds = await transaction.fetchval(
        "select standing_feeds_of(event_ical) from event_ical where calendar_event_id = $1",
        event.calendar_event_id,
    )
    assert (event.place_id, event.organiser_id, event.version) == (hall, club, 1)
    assert (event.latitude, event.longitude) == (51.05, 13.74)
    assert {f"ort-{hall}", f"veranstalter-{club}", "stadtteil-nord", "stufenlos"} <= set(feeds)


@pytest.mark.parametrize(
    "said",
    [
        {"name": "KLEINES  Haus"},
        {"name": "Kleines Haus", "address": "Ring 19, 01067 Dresden"},
        {"name": "Kleines Haus, Ring 19"},
        {"name": "Kleines Haus, Ring 19, 01067 Dresden"},
    ],
)
async def test_a_place_is_found_in_each_way_in_which_it_is_written(
    transaction: Connection, said: dict[str, str]
) -> None:
    hall = await place(transaction, "Kleines Haus")

    event = await taken(transaction, await registered(transaction), place=said)

    assert (event.place_id, event.place_name, event.place_address) == (
        hall,
        "Kleines Haus",
        "Ring 19",
    )


@pytest.mark.parametrize(
    "said",
    [
        {"name": "Kleines Haus", "address": "Ring 1"},
        {"name": "Kleines Haus", "address": "Ring 199"},
        {"name": "Kleines Haus, Hof"},
        {"name": "Haus"},
        {},
    ],
)
async def test_another_place_is_not_taken_for_it(
    transaction: Connection, said: dict[str, str]
) -> None:
    await place(transaction, "Kleines Haus")

    event = await taken(transaction, await registered(transaction), place=said)

    assert event.place_id is None
    assert event.place_name == said.get("name", "")


async def test_of_two_places_of_one_name_none_is_guessed(transaction: Connection) -> None:
    partner = await registered(transaction)
    await place(transaction, "Gemeindesaal")
    await transaction.execute("update place set address = 'Weg 3' where name = 'Gemeindesaal'")
    ours = await place(transaction, "Gemeindesaal")

    unsure = await taken(transaction, partner, place="Gemeindesaal")
    told = await taken(
        transaction, partner, id="y", place={"name": "Gemeindesaal", "address": "Ring 19"}
    )

    assert (unsure.place_id, unsure.place_name) == (None, "Gemeindesaal")
    assert told.place_id == ours


async def test_the_same_again_changes_nothing_and_is_no_override(transaction: Connection) -> None:
    partner = await registered(transaction)
    hall = await place(transaction, "Kleines Haus")
    await taken(transaction, partner, place="Kleines Haus")

    again = await receipt(transaction, partner, place="Kleines Haus")
    event = await change(transaction, await event_of(transaction, again), title="Anders")

    assert (again.outcome, event.version, event.place_id) == ("unchanged", 2, hall)
    assert await override_of(transaction, event) == {"title": "Anders"}


async def test_a_place_that_is_added_later_is_found_with_the_next_message(
    transaction: Connection,
) -> None:
    partner = await registered(transaction)
    before = await taken(transaction, partner, place="Kleines Haus")
    hall = await place(transaction, "Kleines Haus")

    after = await taken(transaction, partner, place="Kleines Haus")

    assert (before.place_id, after.place_id) == (None, hall)
    assert after.sequence > before.sequence


async def test_a_renamed_place_keeps_the_events_that_call_it_as_before(
    transaction: Connection,
) -> None:
    partner = await registered(transaction)
    hall = await place(transaction, "Kleines Haus")
    event = await taken(transaction, partner, place="Kleines Haus")
    await rename(transaction, hall, "Studio")

    renamed = await taken(transaction, partner, place="Kleines Haus")
    again = await taken(transaction, partner, place="Kleines Haus", title="Neu")

    assert (renamed.place_id, renamed.place_name) == (hall, "Studio")
    assert (again.place_id, again.place_name, again.title) == (hall, "Studio", "Neu")
    assert again.calendar_event_id == event.calendar_event_id


async def test_a_place_that_became_another_is_not_lost_before_its_events_follow(
    transaction: Connection,
) -> None:
    partner = await registered(transaction)
    gone, stays = await place(transaction, "Saal"), await place(transaction, "Studio")
    event = await change(transaction, await taken(transaction, partner), place_id=gone)
    await merge_places(transaction, MergePlaces(gone, stays, EDITOR))

    after = await taken(transaction, partner, title="Neu")

    assert (after.place_id, after.place_name, after.title) == (stays, "Studio", "Neu")
    assert after.calendar_event_id == event.calendar_event_id


async def test_an_editors_place_stays_and_goes_back_as_a_whole(transaction: Connection) -> None:
    partner = await registered(transaction)
    hall = await place(transaction, "Kleines Haus")
    other = await place(transaction, "Studio")
    event = await taken(transaction, partner, place="Kleines Haus")
    await change(transaction, event, place_id=other)

    kept = await taken(transaction, partner, place=HALL)
    command = ResetField(kept.calendar_event_id, kept.version, "place_name", EDITOR)
    back = await reset_field(transaction, command, SITE, NOW)

    assert (kept.place_id, kept.place_name) == (other, "Studio")
    assert (back.place_id, back.place_name, back.place_address) == (hall, *HALL.values())
    assert await override_of(transaction, back) == {}


async def test_a_place_that_an_editor_has_taken_out_stays_out(transaction: Connection) -> None:
    partner = await registered(transaction)
    await place(transaction, "Kleines Haus")
    event = await taken(transaction, partner, place="Kleines Haus")
    await change(transaction, event, place_id=None)

    after = await taken(transaction, partner, place="Kleines Haus", title="Neu")

    assert (after.place_id, after.place_name) == (None, "Kleines Haus")
