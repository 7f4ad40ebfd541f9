"""Editors correct a place while others write events that name it: no event keeps the old name."""

import asyncio

from services.events.commands.change_event import ChangeEvent, change_event
from services.events.commands.change_place import ChangePlace, change_place
from services.events.commands.merge_places import MergePlaces, merge_places
from services.events.commands.rewrite_events import rewrite_events
from services.events.content import EventTexts
from services.events.place import PlaceContent
from services.events.store.events import find_event, lock_event
from shared.database import Pool, transaction
from tests.events.builders import EDITOR
from tests.events.calendars import SITE, publish
from tests.events.commands.test_editing import NOW
from tests.events.places import place
from tests.waiting import until


async def someone_waits(pool: Pool) -> None:
    async def is_so() -> bool:
        waiting = await pool.fetchval(
            "select exists (select from pg_stat_activity where wait_event_type = 'Lock'"
            " and datname = current_database())"
        )
        return bool(waiting)

    await until(is_so)


async def test_who_saves_while_the_place_is_renamed_writes_the_new_name(pool: Pool) -> None:
    place_id = await place(pool)
    event = await publish(pool, place_id=place_id)
    texts = EventTexts(title="Neuer Titel", place_id=place_id)
    renamed = PlaceContent(name=f"Umbenannt {place_id}")

    async with transaction(pool) as editing:
        await lock_event(editing, event.calendar_event_id)
        async with transaction(pool) as correcting:
            await change_place(correcting, ChangePlace(place_id, 1, renamed, EDITOR), NOW)
            command = ChangeEvent(event.calendar_event_id, event.version, texts, EDITOR)
            saving = asyncio.create_task(change_event(editing, command, SITE, NOW))
            await someone_waits(pool)
        saved = await saving

    assert saved.place_name == renamed.name


async def test_who_saves_while_places_are_merged_is_not_stuck(pool: Pool) -> None:
    gone, stays = await place(pool), await place(pool, name="Bleibt")
    event = await publish(pool, place_id=gone)
    texts = EventTexts(title="Neuer Titel", place_id=gone)

    async def merge() -> None:
        async with transaction(pool) as merging:
            await merge_places(merging, MergePlaces(gone, stays, EDITOR))

    async with transaction(pool) as editing:
        await lock_event(editing, event.calendar_event_id)
        merging = asyncio.create_task(merge())
        await someone_waits(pool)
        change = ChangeEvent(event.calendar_event_id, event.version, texts, EDITOR)
        await change_event(editing, change, SITE, NOW)
    await merging
    async with transaction(pool) as following:
        await rewrite_events(following, 100, SITE, NOW)
        found = await find_event(following, event.calendar_event_id)

    assert found is not None
    assert (found.title, found.place_id, found.place_name) == ("Neuer Titel", stays, "Bleibt")
