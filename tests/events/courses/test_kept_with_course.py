"""An event that follows a run of a course is changed with the course and in no other way."""

from collections.abc import Awaitable, Callable
from typing import Final

import msgspec
import pytest

from services.events.commands.add_picture import AddPicture, add_picture
from services.events.commands.cancel_date import CancelDate, cancel_date
from services.events.commands.cancel_event import CancelEvent, cancel_event
from services.events.commands.change_event import ChangeEvent, change_event
from services.events.commands.check_offer import CheckOffer, check_offer
from services.events.commands.describe_picture import DescribePicture, describe_picture
from services.events.commands.merge_events import MergeEvents, merge_events
from services.events.commands.move_date import MoveDate, move_date
from services.events.commands.publish_event import AlreadyPublished, PublishEvent, publish_event
from services.events.commands.remove_picture import RemovePicture, remove_picture
from services.events.commands.reschedule_event import RescheduleEvent, reschedule_event
from services.events.commands.reset_field import NotOverridden, ResetField, reset_field
from services.events.commands.restore_date import RestoreDate, restore_date
from services.events.commands.return_event import ReturnEvent, return_event
from services.events.commands.undo_change import UndoChange, undo_change
from services.events.content import EventTexts, EventTimes
from services.events.courses.commands.change_course import ChangeCourse, change_course
from services.events.images.picture import Drawn, PictureWords
from services.events.model import CalendarEvent, KeptWithCourse, content_of
from services.events.review import NotSubmitted
from services.events.store import history
from services.events.store.locking import lock_event_of
from shared.database import Connection, Pool
from shared.database import transaction as opened_on
from tests.events.builders import EDITOR
from tests.events.calendars import publish
from tests.events.courses import builders as a
from tests.visitor import Visitor

Change = Callable[[Connection, CalendarEvent], Awaitable[object]]
WORDS: Final = PictureWords(alt="Ein Saal", licence="CC0", credit="Stadt")
DRAWN: Final = Drawn(media_type="image/png", width=1, height=1, body=b"png")
CHANGES: Final[dict[str, Change]] = {
    "change": lambda opened, event: change_event(
        opened,
        ChangeEvent(event.calendar_event_id, event.version, _texts(event), EDITOR),
        a.SITE,
        a.NOW,
    ),
    "reschedule": lambda opened, event: reschedule_event(
        opened,
        RescheduleEvent(event.calendar_event_id, event.version, _times(event), EDITOR),
        a.SITE,
        a.NOW,
    ),
    "cancel": lambda opened, event: cancel_event(
        opened, CancelEvent(event.calendar_event_id, event.version, EDITOR), a.SITE, a.NOW
    ),
    "cancel a date": lambda opened, event: cancel_date(
        opened,
        CancelDate(event.calendar_event_id, event.version, event.starts, EDITOR),
        a.SITE,
        a.NOW,
    ),
    "move a date": lambda opened, event: move_date(
        opened,
        MoveDate(event.calendar_event_id, event.version, event.starts, event.starts, None, EDITOR),
        a.SITE,
        a.NOW,
    ),
    "restore a date": lambda opened, event: restore_date(
        opened,
        RestoreDate(event.calendar_event_id, event.version, event.starts, EDITOR),
        a.SITE,
        a.NOW,
    ),
    "undo": lambda opened, event: undo_change(
        opened, UndoChange(event.calendar_event_id, event.version, EDITOR), a.SITE, a.NOW
    ),
    "add a picture": lambda opened, event: add_picture(
        opened,
        AddPicture(event.calendar_event_id, event.version, DRAWN, WORDS, EDITOR),
        a.SITE,
        a.NOW,
    ),
    "describe a picture": lambda opened, event: describe_picture(
        opened, DescribePicture(event.calendar_event_id, event.version, WORDS), a.SITE, a.NOW
    ),
    "remove a picture": lambda opened, event: remove_picture(
        opened, RemovePicture(event.calendar_event_id, event.version, EDITOR), a.SITE, a.NOW
    ),
    "check its link": lambda opened, event: check_offer(
        opened, CheckOffer(event.calendar_event_id, event.version, EDITOR), a.SITE, a.NOW
    ),
}
NEVER: Final[dict[type[Exception], Change]] = {
    AlreadyPublished: lambda opened, event: publish_event(
        opened, PublishEvent(event.calendar_event_id, event.version, EDITOR), a.SITE, a.NOW
    ),
    NotSubmitted: lambda opened, event: return_event(
        opened,
        ReturnEvent(event.calendar_event_id, event.version, "Bitte ergänzen.", EDITOR),
        a.SITE,
        a.NOW,
    ),
    NotOverridden: lambda opened, event: reset_field(
        opened,
        ResetField(event.calendar_event_id, event.version, "title", EDITOR),
        a.SITE,
        a.NOW,
    ),
}
"""What has no way in for such an event, by the reason."""


def _texts(event: CalendarEvent) -> EventTexts:
    said = msgspec.convert(content_of(event), EventTexts, from_attributes=True)
    return msgspec.structs.replace(said, title="Anders")


def _times(event: CalendarEvent) -> EventTimes:
    return msgspec.convert(content_of(event), EventTimes, from_attributes=True)


async def of_a_course(opened: Connection) -> CalendarEvent:
    """Return the event of a run, whose course was changed once."""
    run_id = await a.opened(opened)
    course_id = (await a.run_of(opened, run_id)).course_id
    command = ChangeCourse(
        course_id=course_id, version=1, texts=a.texts(title="Kassenführung"), by=EDITOR
    )
    await change_course(opened, command, a.SITE, a.NOW)
    event = await lock_event_of(opened, "course", run_id)
    assert event is not None
    return event


@pytest.mark.parametrize("what", CHANGES)
async def test_no_editor_changes_what_a_course_says(transaction: Connection, what: str) -> None:
    event = await of_a_course(transaction)

    with pytest.raises(KeptWithCourse):
        await CHANGES[what](transaction, event)


@pytest.mark.parametrize("reason", NEVER)
async def test_reviews_and_sources_have_no_way_in(
    transaction: Connection, reason: type[Exception]
) -> None:
    event = await of_a_course(transaction)

    with pytest.raises(reason):
        await NEVER[reason](transaction, event)


async def test_a_course_stays_where_two_events_are_merged(pool: Pool) -> None:
    other = await publish(pool)
    async with opened_on(pool) as opened:
        event = await of_a_course(opened)
        gone = MergeEvents(
            kept_id=other.calendar_event_id,
            kept_version=other.version,
            gone_id=event.calendar_event_id,
            gone_version=event.version,
        )
        with pytest.raises(KeptWithCourse):
            await merge_events(opened, gone)
        kept = MergeEvents(
            kept_id=event.calendar_event_id,
            kept_version=event.version,
            gone_id=other.calendar_event_id,
            gone_version=other.version,
        )
        assert await merge_events(opened, kept) == event


async def test_the_history_says_who_did_what_to_the_course(transaction: Connection) -> None:
    event = await of_a_course(transaction)

    found = await history.versions(transaction, event.calendar_event_id, 10)

    assert [(one.deed, one.made_by) for one in found] == [
        ("change_course", EDITOR),
        ("open_run", EDITOR),
    ]


async def test_the_console_offers_no_way_to_change_it(editor: Visitor, pool: Pool) -> None:
    async with opened_on(pool) as opened:
        event = await of_a_course(opened)
    base = f"/konsole/termine/{event.calendar_event_id}"

    shown, told = await editor.get(base), await editor.get(f"{base}/verlauf")

    assert "Diese Veranstaltung wird mit einem Kurs geführt." in shown.text
    for way in ("aendern", "verlegen", "absagen", "bild"):
        assert f"{base}/{way}" not in shown.text
    assert "Mit dem Kurs geändert" in told.text
    assert f"{base}/zuruecknehmen" not in told.text
