"""Events of different sources that may be the same are found, remembered, and merged."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.events.commands.draft_event import DraftEvent, draft_event
from services.events.commands.merge_events import DraftKept, MergeEvents, merge_events
from services.events.commands.publish_event import PublishEvent, publish_event
from services.events.ingest.batch import Receipt
from services.events.model import CalendarEvent, KeptElsewhere, StaleVersion
from services.events.store.duplicates import (
    alike,
    changed_since,
    dismiss,
    kept_for,
    open_suspicions,
    suspect,
)
from services.events.store.events import find_event
from shared.database import Connection
from shared.errors import Malformed
from tests.events.builders import EDITOR, content
from tests.events.calendars import SITE
from tests.events.partners import coming, event_of, registered, take

NOW = datetime.now(UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


async def sent(opened: Connection, **changes: Any) -> Receipt:
    """Let a new partner send one item."""
    partner = await registered(opened)
    given = {"place": "Kleines Haus", "title": "Die Nachtfähre"} | changes
    [receipt] = await take(opened, partner, [coming(0, **given)], NOW)
    return receipt


async def own(opened: Connection, like: CalendarEvent, **changes: Any) -> CalendarEvent:
    said = content(starts=like.starts, ends=None, place_name="Kleines Haus", **changes)
    event = await draft_event(opened, DraftEvent(said, EDITOR), SITE, NOW)
    return await publish_event(opened, PublishEvent(event.calendar_event_id, 1, EDITOR), SITE, NOW)


async def pairs(opened: Connection) -> list[set[UUID]]:
    found = await open_suspicions(opened, NOW, 10)
    return [{each.first_id, each.second_id} for each in found]


def merging(kept: CalendarEvent, gone: CalendarEvent) -> MergeEvents:
    return MergeEvents(
        kept_id=kept.calendar_event_id,
        kept_version=kept.version,
        gone_id=gone.calendar_event_id,
        gone_version=gone.version,
    )


@pytest.mark.parametrize(
    ("changes", "suspected"),
    [
        ({}, True),
        ({"title": "Nachtfähre (Premiere)"}, True),
        ({"title": "Flohmarkt"}, False),
        ({"place": "Kleines  Haus, Bühne"}, True),
        ({"place": "Stadtbad"}, False),
        ({"place": ""}, True),
        ({"place": "", "title": "Fähre"}, False),
        ({"starts": "2030-01-01T10:00"}, False),
        ({"status": "cancelled"}, False),
    ],
)
async def test_the_same_place_start_and_a_similar_title_are_suspected(
    transaction: Connection, changes: dict[str, Any], *, suspected: bool
) -> None:
    first = await sent(transaction)
    second = await sent(transaction, **changes)

    ids = {first.calendar_event_id, second.calendar_event_id}
    assert await pairs(transaction) == ([ids] if suspected else [])
    assert second.outcome == "accepted"
    assert (second.reason == "duplicate_suspected") is suspected


async def test_two_events_of_one_partner_are_two(transaction: Connection) -> None:
    partner = await registered(transaction)

    await take(transaction, partner, [coming(0), coming(0, id="other")], NOW)

    assert await pairs(transaction) == []


async def test_a_flood_of_the_same_is_suspected_of_a_few(transaction: Connection) -> None:
    partner = await registered(transaction)
    await take(transaction, partner, [coming(0, id=f"flood-{number}") for number in range(40)], NOW)

    receipt = await sent(transaction, title="Abend 0", place="")

    assert receipt.reason == "duplicate_suspected"
    assert len(await pairs(transaction)) == 5


async def test_only_the_latest_of_a_crowded_hour_are_compared(transaction: Connection) -> None:
    partner = await registered(transaction)
    early, late = NOW - timedelta(hours=1), NOW
    await take(transaction, partner, [coming(0, title="Kammermusik", place="Aula")], early)
    crowd = [coming(0, id=f"c-{number}", title="Xyz", place="Aula") for number in range(200)]
    await take(transaction, partner, crowd, late)

    receipt = await sent(transaction, title="Kammermusik", place="Aula")

    assert receipt.reason == ""


async def test_our_own_events_are_compared_too(transaction: Connection) -> None:
    receipt = await sent(transaction)
    mine = await own(transaction, await event_of(transaction, receipt), title="Nachtfähre")

    lately = await changed_since(transaction, LONG_AGO, 10)
    found = await suspect(transaction, None, lately[None])

    assert found == {mine.calendar_event_id}
    assert await pairs(transaction) == [{mine.calendar_event_id, receipt.calendar_event_id}]


async def test_no_duplicate_is_remembered(transaction: Connection) -> None:
    first, second = await sent(transaction), await sent(transaction)
    one, other = first.calendar_event_id, second.calendar_event_id
    assert one is not None
    assert other is not None

    await dismiss(transaction, other, one)
    again = {
        partner: await suspect(transaction, partner, changed)
        for partner, changed in (await changed_since(transaction, LONG_AGO, 10)).items()
    }

    assert await pairs(transaction) == []
    assert set().union(*again.values()) == set()


async def test_merged_events_keep_both_keys_and_one_page(transaction: Connection) -> None:
    theirs, ours = await registered(transaction), await registered(transaction)
    [gone] = await take(transaction, theirs, [coming(0)], NOW)
    [kept] = await take(transaction, ours, [coming(0)], NOW)
    before = await event_of(transaction, kept)

    await merge_events(transaction, merging(before, await event_of(transaction, gone)))
    [update] = await take(transaction, theirs, [coming(0, title="Anders")], NOW)
    [leading] = await take(transaction, ours, [coming(0, title="Abend null")], NOW)

    assert gone.calendar_event_id is not None
    assert await find_event(transaction, gone.calendar_event_id) is None
    assert await kept_for(transaction, gone.calendar_event_id) == (
        before.calendar_event_id,
        "Abend null",
    )
    assert (update.outcome, update.reason) == ("accepted", "merged")
    assert update.calendar_event_id == before.calendar_event_id
    assert (await event_of(transaction, leading)).title == "Abend null"
    assert await pairs(transaction) == []


async def test_a_redirect_follows_a_later_merge(transaction: Connection) -> None:
    events = [await event_of(transaction, await sent(transaction)) for _ in range(3)]

    await merge_events(transaction, merging(events[1], events[0]))
    await merge_events(transaction, merging(events[2], events[1]))

    for gone in events[:2]:
        kept = await kept_for(transaction, gone.calendar_event_id)
        assert kept == (events[2].calendar_event_id, "Die Nachtfähre")


async def test_a_source_whose_event_was_merged_brings_it_back_if_the_other_goes(
    transaction: Connection,
) -> None:
    theirs, ours = await registered(transaction), await registered(transaction)
    [gone] = await take(transaction, theirs, [coming(0)], NOW)
    [kept] = await take(transaction, ours, [coming(0)], NOW)
    pair = [await event_of(transaction, each) for each in (kept, gone)]
    await merge_events(transaction, merging(*pair))

    await take(transaction, ours, [{"id": "n-0", "status": "deleted"}], NOW)
    [again] = await take(transaction, theirs, [coming(0)], NOW)

    assert again.outcome == "accepted"
    assert (await event_of(transaction, again)).title == "Abend 0"


async def test_what_cannot_be_merged_is_refused(transaction: Connection) -> None:
    event = await event_of(transaction, await sent(transaction))
    other = await event_of(transaction, await sent(transaction))
    draft = await draft_event(transaction, DraftEvent(content(), EDITOR), SITE, NOW)
    await transaction.execute(
        "update calendar_event set origin = 'honouring' where calendar_event_id = $1",
        other.calendar_event_id,
    )

    with pytest.raises(Malformed):
        await merge_events(transaction, merging(event, event))
    with pytest.raises(DraftKept):
        await merge_events(transaction, merging(draft, event))
    with pytest.raises(KeptElsewhere):
        await merge_events(transaction, merging(event, other))
    await transaction.execute("update calendar_event set version = 9")
    with pytest.raises(StaleVersion):
        await merge_events(transaction, merging(event, draft))


async def test_what_begins_at_the_same_minute_is_found_by_its_index(
    transaction: Connection,
) -> None:
    """Every batch of every partner asks for it, in a calendar of 100,000 events too."""
    receipt = await sent(transaction)
    scans = "select pg_stat_get_xact_numscans('calendar_event_begin'::regclass)"
    await transaction.execute("set local enable_seqscan = off")
    before = await transaction.fetchval(scans)

    await alike(transaction, None, [(await event_of(transaction, receipt)).calendar_event_id])

    assert await transaction.fetchval(scans) > before
