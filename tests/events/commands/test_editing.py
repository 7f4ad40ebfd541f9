"""What editors do with events, and what subscribers and other services learn of it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from services.events.commands.cancel_event import CancelEvent, NotPublished, cancel_event
from services.events.commands.change_event import ChangeEvent, change_event
from services.events.commands.draft_event import DraftEvent, draft_event
from services.events.commands.postpone_event import (
    NothingToPostpone,
    PostponeEvent,
    postpone_event,
)
from services.events.commands.publish_event import AlreadyPublished, PublishEvent, publish_event
from services.events.commands.reschedule_event import RescheduleEvent, reschedule_event
from services.events.content import EventTexts, EventTimes
from services.events.model import AlreadyCancelled, CalendarEvent, EventUnknown, StaleVersion
from services.events.site import Site
from shared.database import Connection
from shared.errors import Malformed
from tests.events.builders import EDITOR, at, content
from tests.events.calendars import fed

SITE = Site("https://ehrenamt.example.de")
NOW = datetime.now(UTC)
SOON = NOW.replace(tzinfo=None, hour=19, minute=0, second=0, microsecond=0) + timedelta(days=10)
LATER = NOW + timedelta(hours=1)


def soon(**changes: Any) -> Any:
    return content(**{"starts": SOON, "ends": SOON + timedelta(hours=2), **changes})


async def published(transaction: Connection, **changes: Any) -> CalendarEvent:
    draft = await draft_event(transaction, DraftEvent(soon(**changes), EDITOR), SITE, NOW)
    command = PublishEvent(draft.calendar_event_id, draft.version, EDITOR)
    return await publish_event(transaction, command, SITE, NOW)


async def facts(transaction: Connection) -> list[tuple[str, dict[str, Any]]]:
    rows = await transaction.fetch("select subject, body from outbox order by position")
    return [(row["subject"].split(".")[2], msgspec.json.decode(row["body"])) for row in rows]


async def feed_text(transaction: Connection, slug: str = "alle") -> str:
    return b"".join(await fed(transaction, slug)).decode().replace("\r\n ", "")


async def test_a_draft_is_seen_by_nobody(transaction: Connection) -> None:
    draft = await draft_event(transaction, DraftEvent(soon(), EDITOR), SITE, NOW)

    assert (draft.state, draft.version, draft.sequence) == ("draft", 1, 0)
    assert await feed_text(transaction) == ""
    assert await transaction.fetchval("select count(*) from occurrence") == 0
    assert await facts(transaction) == []


async def test_a_published_event_stands_in_the_feeds_of_its_categories(
    transaction: Connection,
) -> None:
    event = await published(transaction)

    assert event.uid == f"{event.calendar_event_id}@ehrenamt.example.de"
    assert "SUMMARY:Sommerkonzert" in await feed_text(transaction)
    assert "CATEGORIES:Kultur\\, Theater und Musik" in await feed_text(transaction, "kultur")
    assert await feed_text(transaction, "sport") == ""
    assert [name for name, _ in await facts(transaction)] == ["event_published"]


async def test_a_change_reaches_subscribers_with_a_higher_sequence(transaction: Connection) -> None:
    event = await published(transaction)
    texts = EventTexts(title="Herbstkonzert", categories=["sport"])

    changed = await change_event(
        transaction, ChangeEvent(event.calendar_event_id, event.version, texts, EDITOR), SITE, LATER
    )

    text = await feed_text(transaction, "sport")
    assert changed.sequence == event.sequence + 1
    assert f"SEQUENCE:{changed.sequence}\r\n" in text
    assert "SUMMARY:Herbstkonzert" in text
    assert f"DTSTAMP:{LATER:%Y%m%dT%H%M%SZ}" in text
    assert await feed_text(transaction, "kultur") == ""
    assert (await facts(transaction))[-1][0] == "event_changed"


async def test_texts_that_are_the_same_change_nothing(transaction: Connection) -> None:
    event = await published(transaction)
    texts = msgspec.convert(event, EventTexts, from_attributes=True)

    same = await change_event(
        transaction, ChangeEvent(event.calendar_event_id, event.version, texts, EDITOR), SITE, LATER
    )

    assert same == event
    assert len(await facts(transaction)) == 1


async def test_a_rescheduled_event_keeps_its_previous_start(transaction: Connection) -> None:
    event = await published(transaction)
    times = EventTimes(starts=SOON + timedelta(days=1), ends=SOON + timedelta(days=1, hours=3))

    moved = await reschedule_event(
        transaction,
        RescheduleEvent(event.calendar_event_id, event.version, times, EDITOR),
        SITE,
        LATER,
    )

    name, fact = (await facts(transaction))[-1]
    dates = await transaction.fetch("select starts from occurrence")
    assert moved.previous_starts_at == event.starts_at
    assert (name, fact["version"]) == ("event_rescheduled", moved.version)
    assert datetime.fromisoformat(fact["previous_starts_at"]) == event.starts_at
    assert [row["starts"] for row in dates] == [times.starts]
    assert f"DTSTART;TZID=Europe/Berlin:{times.starts:%Y%m%dT%H%M%S}" in await feed_text(
        transaction
    )


async def test_a_cancelled_event_stays_visible_as_cancelled(transaction: Connection) -> None:
    event = await published(transaction)

    cancelled = await cancel_event(
        transaction, CancelEvent(event.calendar_event_id, event.version, EDITOR), SITE, LATER
    )

    text = await feed_text(transaction)
    assert cancelled.sequence == event.sequence + 1
    assert "STATUS:CANCELLED" in text
    assert "SUMMARY:Abgesagt: Sommerkonzert" in text
    assert (await facts(transaction))[-1][0] == "event_cancelled"


async def test_a_postponed_event_stays_at_its_date_until_it_has_a_new_one(
    transaction: Connection,
) -> None:
    event = await published(transaction)
    postponed = await postpone_event(
        transaction, PostponeEvent(event.calendar_event_id, event.version, EDITOR), SITE, LATER
    )
    text, fact = await feed_text(transaction), (await facts(transaction))[-1]

    times = EventTimes(starts=event.starts, ends=event.ends)
    command = RescheduleEvent(event.calendar_event_id, postponed.version, times, EDITOR)
    as_planned = await reschedule_event(transaction, command, SITE, LATER)

    assert (postponed.state, postponed.starts) == ("postponed", event.starts)
    assert postponed.sequence == event.sequence + 1
    assert "STATUS:TENTATIVE" in text
    assert "SUMMARY:Verschoben: Sommerkonzert" in text
    assert fact[0] == "event_postponed"
    assert as_planned.state == "published"
    assert "STATUS:CONFIRMED" in await feed_text(transaction)


async def test_only_what_stands_in_the_calendar_is_put_off_and_once(
    transaction: Connection,
) -> None:
    unseen = await draft_event(transaction, DraftEvent(soon(), EDITOR), SITE, NOW)
    event = await published(transaction)
    command = PostponeEvent(event.calendar_event_id, event.version, EDITOR)
    off = await postpone_event(transaction, command, SITE, LATER)

    for refused in (unseen, off):
        again = PostponeEvent(refused.calendar_event_id, refused.version, EDITOR)
        with pytest.raises(NothingToPostpone):
            await postpone_event(transaction, again, SITE, LATER)


async def test_who_has_seen_an_older_version_is_stopped(transaction: Connection) -> None:
    event = await published(transaction)
    seen = event.version - 1
    texts, times = EventTexts(title="x"), EventTimes(starts=SOON)

    for command in (
        change_event(
            transaction, ChangeEvent(event.calendar_event_id, seen, texts, EDITOR), SITE, NOW
        ),
        reschedule_event(
            transaction, RescheduleEvent(event.calendar_event_id, seen, times, EDITOR), SITE, NOW
        ),
        cancel_event(transaction, CancelEvent(event.calendar_event_id, seen, EDITOR), SITE, NOW),
        postpone_event(
            transaction, PostponeEvent(event.calendar_event_id, seen, EDITOR), SITE, NOW
        ),
        publish_event(transaction, PublishEvent(event.calendar_event_id, seen, EDITOR), SITE, NOW),
    ):
        with pytest.raises(StaleVersion, match="inzwischen von jemand anderem"):
            await command


async def test_a_cancelled_event_cannot_be_changed(transaction: Connection) -> None:
    event = await published(transaction)
    await cancel_event(
        transaction, CancelEvent(event.calendar_event_id, event.version, EDITOR), SITE, NOW
    )

    with pytest.raises(AlreadyCancelled):
        await cancel_event(
            transaction, CancelEvent(event.calendar_event_id, event.version + 1, EDITOR), SITE, NOW
        )


async def test_only_a_draft_can_be_published_and_only_more_than_a_draft_cancelled(
    transaction: Connection,
) -> None:
    event = await published(transaction)
    draft = await draft_event(transaction, DraftEvent(soon(), EDITOR), SITE, NOW)

    with pytest.raises(AlreadyPublished):
        await publish_event(
            transaction, PublishEvent(event.calendar_event_id, event.version, EDITOR), SITE, NOW
        )
    with pytest.raises(NotPublished):
        await cancel_event(
            transaction, CancelEvent(draft.calendar_event_id, draft.version, EDITOR), SITE, NOW
        )


async def test_an_event_that_is_not_there_cannot_be_changed(transaction: Connection) -> None:
    with pytest.raises(EventUnknown):
        await cancel_event(transaction, CancelEvent(uuid4(), 1, EDITOR), SITE, NOW)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "  "}, "title"),
        ({"ends": SOON - timedelta(hours=1)}, "ends"),
        ({"ends": SOON + timedelta(days=400)}, "ends"),
        ({"starts": at("1960-01-01T10:00"), "ends": None}, "starts"),
        ({"zone": "Europe/Nowhere"}, "zone"),
        ({"website": "javascript:x"}, "website"),
        ({"categories": ["quatsch"]}, "categories"),
        ({"all_day": True}, "starts"),
        ({"recurrence": "FREQ=DAILY", "zone": "Africa/Cairo"}, "zone"),
    ],
)
async def test_what_makes_no_sense_is_refused_by_field(
    transaction: Connection, changes: dict[str, Any], field: str
) -> None:
    starts = (NOW.replace(hour=10)).replace(tzinfo=None)
    given = {"starts": starts, **changes} if "all_day" in changes else changes

    with pytest.raises(Malformed) as refusal:
        await draft_event(transaction, DraftEvent(soon(**given), EDITOR), SITE, NOW)

    assert refusal.value.field == field


async def test_a_series_has_a_row_for_each_of_its_dates(transaction: Connection) -> None:
    series = await published(transaction, recurrence="FREQ=WEEKLY")

    count, last = await transaction.fetchrow("select count(*), max(starts) from occurrence")  # type: ignore[misc]
    written = await transaction.fetchrow("select zone, last_at from event_ical")
    listed = await transaction.fetchval("select listed_until from calendar_event")
    assert 100 < count < 110
    assert last > SOON + timedelta(days=700)
    assert written is not None
    assert (written["zone"], written["last_at"].year) == (series.zone, 2100)
    assert listed is not None


async def test_a_series_that_ends_is_listed_to_its_end(transaction: Connection) -> None:
    await published(transaction, recurrence="FREQ=WEEKLY;COUNT=5")

    last = await transaction.fetchval("select last_at from event_ical")
    assert await transaction.fetchval("select count(*) from occurrence") == 5
    assert await transaction.fetchval("select listed_until from calendar_event") is None
    assert last - NOW < timedelta(days=40)


async def test_drafts_change_without_anybody_hearing_of_it(transaction: Connection) -> None:
    draft = await draft_event(transaction, DraftEvent(soon(), EDITOR), SITE, NOW)
    texts = EventTexts(title="Anders")

    changed = await change_event(
        transaction, ChangeEvent(draft.calendar_event_id, 1, texts, EDITOR), SITE, NOW
    )

    assert (changed.version, changed.sequence) == (2, 0)
    assert await facts(transaction) == []
