"""A place or an organiser has changed: the events that name it follow, a batch at a time."""

from collections.abc import Sequence
from datetime import datetime

from services.events.keeping import Deed, keep_events, write_public
from services.events.known import with_known
from services.events.model import CalendarEvent, content_of, fact_of, with_content
from services.events.overriding import keep_override
from services.events.site import Site
from services.events.store import events, rewriting
from services.events.store.rewriting import ToRewrite
from shared import outbox
from shared.database import Connection


async def rewrite_events(transaction: Connection, most: int, site: Site, now: datetime) -> int:
    """Write up to `most` events again that wait for it.

    Where the text of an event changes, its SEQUENCE grows; else only what feeds are chosen by is
    written again.

    Returns:
        How many events were taken from the list.
    """
    waiting = await rewriting.take_events(transaction, most)
    reasons = {each.calendar_event_id: each for each in waiting}
    unchanged: list[CalendarEvent] = []
    for before in await events.lock_events(transaction, list(reasons)):
        content = await with_known(transaction, content_of(before))
        after = with_content(before, content, now)
        if after.version == before.version:
            unchanged.append(before)
            continue
        await keep_events(transaction, [after], site, now, _deed(reasons[before.calendar_event_id]))
        await keep_override(transaction, after)
        if (fact := fact_of(before, after)) is not None:
            await outbox.record(transaction, fact)
    await write_public(transaction, _public(unchanged), site, now)
    return len(waiting)


def _deed(reason: ToRewrite) -> Deed:
    return Deed(reason.deed, reason.made_by)


def _public(events: Sequence[CalendarEvent]) -> list[CalendarEvent]:
    return [event for event in events if event.is_public]
