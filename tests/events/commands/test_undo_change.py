"""An editor takes the last change back, and everybody follows."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from services.events.commands.cancel_event import CancelEvent, cancel_event
from services.events.commands.change_event import ChangeEvent, change_event
from services.events.commands.draft_event import DraftEvent, draft_event
from services.events.commands.publish_event import PublishEvent, publish_event
from services.events.commands.reschedule_event import RescheduleEvent, reschedule_event
from services.events.commands.undo_change import UndoChange, undo_change
from services.events.content import EventTexts, EventTimes
from services.events.history import NothingToUndo, NotOfContent
from services.events.keeping import Deed, keep_events
from services.events.known import with_known
from services.events.model import (
    AlreadyCancelled,
    CalendarEvent,
    EventUnknown,
    KeptElsewhere,
    StaleVersion,
    content_of,
    with_content,
)
from services.events.store import calendar
from shared.database import Connection
from shared.errors import Malformed
from tests.events.builders import EDITOR, EVENT_ID, content, event
from tests.events.calendars import SITE, in_days
from tests.events.commands.test_take_partner_items import event_of, only, registered

NOW = datetime.now(UTC)


async def published(transaction: Connection, **changes: Any) -> CalendarEvent:
    given = content(starts=in_days(9), ends=in_days(9, 21), **changes)
    draft = await draft_event(transaction, DraftEvent(given, EDITOR), SITE, NOW)
    command = PublishEvent(draft.calendar_event_id, draft.version, EDITOR)
    return await publish_event(transaction, command, SITE, NOW)


async def changed(transaction: Connection, before: CalendarEvent, **texts: Any) -> CalendarEvent:
    said = msgspec.convert(content_of(before), EventTexts, from_attributes=True)
    wanted = msgspec.structs.replace(said, **texts)
    command = ChangeEvent(before.calendar_event_id, before.version, wanted, EDITOR)
    return await change_event(transaction, command, SITE, NOW)


async def undone(transaction: Connection, event: CalendarEvent) -> CalendarEvent:
    command = UndoChange(event.calendar_event_id, event.version, EDITOR)
    return await undo_change(transaction, command, SITE, NOW)


async def facts(transaction: Connection) -> list[str]:
    rows = await transaction.fetch("select subject from outbox order by position")
    return [row["subject"].split(".")[2] for row in rows]


async def test_the_content_before_is_a_new_version_that_subscribers_see(
    transaction: Connection,
) -> None:
    first = await published(transaction, title="Lesung")
    second = await changed(transaction, first, title="Lesnug", price="5 Euro")

    third = await undone(transaction, second)

    assert (third.title, third.price) == ("Lesung", "")
    assert (third.version, third.sequence) == (second.version + 1, second.sequence + 1)
    written = await calendar.find_written(transaction, first.calendar_event_id)
    assert written is not None
    assert b"SUMMARY:Lesung\r\n" in written[0]
    assert await facts(transaction) == ["event_published", "event_changed", "event_changed"]


async def test_undoing_twice_brings_the_change_back(transaction: Connection) -> None:
    first = await published(transaction, title="Alt")
    second = await changed(transaction, first, title="Neu")

    again = await undone(transaction, await undone(transaction, second))

    assert content_of(again) == content_of(second)


async def test_a_move_that_is_taken_back_is_told_as_a_move(transaction: Connection) -> None:
    first = await published(transaction)
    times = EventTimes(starts=in_days(11), ends=in_days(11, 21))
    command = RescheduleEvent(first.calendar_event_id, first.version, times, EDITOR)
    moved = await reschedule_event(transaction, command, SITE, NOW)

    back = await undone(transaction, moved)

    assert back.starts == first.starts
    assert await facts(transaction) == [
        "event_published",
        "event_rescheduled",
        "event_rescheduled",
    ]


async def test_a_draft_is_taken_back_in_silence(transaction: Connection) -> None:
    draft = await draft_event(transaction, DraftEvent(content(), EDITOR), SITE, NOW)
    second = await changed(transaction, draft, title="Neu")

    assert (await undone(transaction, second)).title == draft.title
    assert await facts(transaction) == []


async def test_a_change_of_state_is_not_taken_back(transaction: Connection) -> None:
    event = await published(transaction)

    with pytest.raises(NotOfContent):
        await undone(transaction, event)


async def test_the_first_version_has_nothing_before_it(transaction: Connection) -> None:
    draft = await draft_event(transaction, DraftEvent(content(), EDITOR), SITE, NOW)

    with pytest.raises(NothingToUndo):
        await undone(transaction, draft)


async def test_what_is_cancelled_or_kept_elsewhere_stays(transaction: Connection) -> None:
    first = await published(transaction)
    command = CancelEvent(first.calendar_event_id, first.version, EDITOR)
    cancelled = await cancel_event(transaction, command, SITE, NOW)
    honouring = event(origin="honouring", origin_id=uuid4(), starts=in_days(5), ends=None)
    await keep_events(transaction, [honouring], SITE, NOW, Deed("keep_honouring_event", "Stiftung"))

    with pytest.raises(AlreadyCancelled):
        await undone(transaction, cancelled)
    with pytest.raises(KeptElsewhere):
        await undone(transaction, honouring)


async def test_who_saw_an_older_version_takes_nothing_back(transaction: Connection) -> None:
    first = await published(transaction)
    await changed(transaction, first, title="Neu")

    with pytest.raises(StaleVersion):
        await undone(transaction, first)
    with pytest.raises(EventUnknown):
        await undo_change(transaction, UndoChange(EVENT_ID, 1, EDITOR), SITE, NOW)


async def test_a_known_place_has_the_name_that_it_has_now(transaction: Connection) -> None:
    place_id = await _place(transaction, "Lichthof")
    first = await published(transaction, place_id=place_id)
    second = await changed(transaction, first, place_id=None, place_name="Anderswo")
    await transaction.execute("update place set name = 'Großer Lichthof'")

    assert (await undone(transaction, second)).place_name == "Großer Lichthof"


async def test_what_a_place_is_called_is_not_taken_back_by_its_events(
    transaction: Connection,
) -> None:
    place_id = await _place(transaction, "Lichthof")
    first = await published(transaction, place_id=place_id)
    await transaction.execute("update place set name = 'Großer Lichthof'")
    followed = with_content(
        first, await with_known(transaction, content_of(first)), NOW + timedelta(seconds=1)
    )
    await keep_events(transaction, [followed], SITE, NOW, Deed("change_place", EDITOR))

    with pytest.raises(NotOfContent):
        await undone(transaction, followed)


async def test_a_place_that_is_gone_is_told(transaction: Connection) -> None:
    place_id = await _place(transaction, "Lichthof")
    first = await published(transaction, place_id=place_id)
    second = await changed(transaction, first, place_id=None, place_name="Anderswo")
    await transaction.execute("delete from place")

    with pytest.raises(Malformed):
        await undone(transaction, second)


async def test_a_picture_that_is_gone_stays_gone(transaction: Connection) -> None:
    image_id = await transaction.fetchval(
        """
        insert into event_image (media_type, width, height, body, alt, licence, credit)
        values ('image/png', 1, 1, '', 'Bild', 'CC0', '')
        returning event_image_id
        """
    )
    first = await published(transaction, event_image_id=image_id)
    second = await changed(transaction, first, event_image_id=None, title="Neu")
    await transaction.execute("delete from event_image")

    third = await undone(transaction, second)

    assert (third.title, third.event_image_id) == (first.title, None)


async def test_a_partner_speaks_again_where_an_editor_has_taken_a_change_back(
    transaction: Connection,
) -> None:
    partner = await registered(transaction)
    first = await event_of(transaction, await only(transaction, partner, title="Premiere"))
    second = await changed(transaction, first, title="Große Premiere")

    await undone(transaction, second)
    after = await event_of(transaction, await only(transaction, partner, title="Premiere neu"))

    assert after.title == "Premiere neu"


async def test_what_a_partner_has_said_in_between_stays_below_what_it_went_back_to(
    transaction: Connection,
) -> None:
    partner = await registered(transaction)
    first = await event_of(transaction, await only(transaction, partner, title="Premiere"))
    second = await changed(transaction, first, title="Große Premiere")
    await only(transaction, partner, title="Premiere!")

    back = await undone(transaction, second)
    after = await event_of(transaction, await only(transaction, partner, title="Premiere!!"))

    assert (back.title, after.title) == ("Premiere", "Premiere")


async def _place(transaction: Connection, name: str) -> UUID:
    made: UUID = await transaction.fetchval(
        """
        insert into place (version, name, address, access_note, changed_at)
        values (1, $1, '', '', now() - $2::interval)
        returning place_id
        """,
        name,
        timedelta(days=1),
    )
    return made
