"""Let the public calendar say what is so about a run that is announced."""

from datetime import datetime

import msgspec

from services.events.content import EventContent
from services.events.courses.calendar_entry import content_of
from services.events.courses.model import Course, CourseRun
from services.events.courses.store import runs
from services.events.keeping import Deed, keep_events
from services.events.model import CalendarEvent, State, fact_of, with_content, with_state
from services.events.site import Site
from services.events.store import events
from shared import outbox
from shared.database import Connection


class KeepInCalendar(msgspec.Struct, frozen=True, kw_only=True):
    """A run as it stands now, its course, and what was done to them by whom."""

    run: CourseRun
    course: Course
    deed: Deed


async def keep_in_calendar(
    transaction: Connection, command: KeepInCalendar, site: Site, now: datetime
) -> None:
    """Publish, change, move or cancel the calendar's event of a run; a planned one has none."""
    run = command.run
    if not run.is_public:
        return
    content = content_of(run, command.course, site)
    state: State = "cancelled" if run.state == "cancelled" else "published"
    before = await _before(transaction, run)
    if before is None:
        after = await _new(transaction, run, content, site, now)
        await keep_events(transaction, [after], site, now, command.deed)
        await runs.put_into_calendar(transaction, run.course_run_id, after.calendar_event_id)
    else:
        after = with_state(with_content(before, content, now), state, now)
        after = msgspec.structs.replace(after, origin_version=run.version)
        await keep_events(transaction, [after], site, now, command.deed)
    if (fact := fact_of(before, after)) is not None:
        await outbox.record(transaction, fact)


async def _before(transaction: Connection, run: CourseRun) -> CalendarEvent | None:
    if run.calendar_event_id is None:
        return None
    return await events.lock_event(transaction, run.calendar_event_id)


async def _new(
    transaction: Connection, run: CourseRun, content: EventContent, site: Site, now: datetime
) -> CalendarEvent:
    calendar_event_id = await events.new_id(transaction)
    return CalendarEvent(
        **msgspec.structs.asdict(content),
        calendar_event_id=calendar_event_id,
        uid=site.uid(calendar_event_id),
        state="published",
        origin="course",
        origin_id=run.course_run_id,
        origin_version=run.version,
        created_at=now,
        changed_at=now,
    )
