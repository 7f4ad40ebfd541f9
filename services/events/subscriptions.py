"""Hears of honouring events for the calendar, of mails that failed, of staff who sign out."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from services.events.associations.commands.note_undeliverable_answers import (
    NoteUndeliverableAnswers,
    note_undeliverable_answers,
)
from services.events.commands.keep_honouring_event import KeepHonouringEvent, keep_honouring_event
from services.events.content import EventContent
from services.events.courses.commands.note_undeliverable_mails import (
    NoteUndeliverableMails,
    note_undeliverable_mails,
)
from services.events.site import Site
from shared.broker import Subscriptions
from shared.contracts.notifier import MessageFailed
from shared.contracts.recognition import (
    HonouringEventCancelled,
    HonouringEventChanged,
    HonouringEventPlanned,
    HonouringEventRescheduled,
)
from shared.contracts.registry import StaffSessionEnded
from shared.database import Connection
from shared.ended_sessions import keep_ended_sessions
from shared.ical.timezone import wall_clock

Told = HonouringEventPlanned | HonouringEventChanged | HonouringEventRescheduled
HONOUR: Final = "honour"
"""Code of the category that all honouring events are in."""
TITLE_LENGTH, LINE_LENGTH, TEXT_LENGTH = 200, 300, 8_000


def subscriptions(site: Site) -> Subscriptions:
    """Return what events listens to."""
    heard = Subscriptions("events")

    @heard.on(
        HonouringEventPlanned,
        HonouringEventChanged,
        HonouringEventRescheduled,
        HonouringEventCancelled,
    )
    async def keep(
        transaction: Connection, facts: Sequence[Told | HonouringEventCancelled]
    ) -> None:
        for fact in facts:
            command = KeepHonouringEvent(
                honouring_event_id=fact.honouring_event_id,
                version=fact.version,
                content=None if isinstance(fact, HonouringEventCancelled) else content_of(fact),
            )
            await keep_honouring_event(transaction, command, site, datetime.now(UTC))

    @heard.on(MessageFailed, silent=True)
    async def note(transaction: Connection, facts: Sequence[MessageFailed]) -> None:
        now = datetime.now(UTC)
        await note_undeliverable_mails(transaction, NoteUndeliverableMails(facts=facts), now)
        await note_undeliverable_answers(transaction, NoteUndeliverableAnswers(facts=facts), now)

    heard.on(StaffSessionEnded)(keep_ended_sessions)
    return heard


def content_of(fact: Told) -> EventContent:
    """Return what the calendar says about a honouring event, on its hall's clock."""
    return EventContent(
        title=fact.title[:TITLE_LENGTH],
        description=fact.programme[:TEXT_LENGTH],
        place_name=fact.venue_name[:LINE_LENGTH],
        place_address=", ".join(fact.venue_address.splitlines())[:LINE_LENGTH],
        categories=[HONOUR],
        starts=wall_clock(fact.starts_at, fact.zone),
        ends=wall_clock(fact.ends_at, fact.zone),
        zone=fact.zone,
    )
