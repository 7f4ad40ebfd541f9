"""Answers other services' questions about calendar events, submissions and registrations."""

from collections.abc import Sequence
from typing import Literal, cast
from uuid import UUID

from services.events.associations.commands.answer_submissions import (
    AnswerSubmissions,
    answer_submissions,
)
from services.events.courses.answers import answers as courses
from services.events.model import CalendarEvent
from services.events.store import events
from shared.answering import Answering
from shared.contracts.events_reads import (
    CalendarEventDetails,
    CalendarEvents,
    SubmissionDetails,
    Submissions,
)
from shared.database import Pool, transaction


def answers(pool: Pool) -> list[Answering]:
    """Return what events can be asked: public events and runs; registrations and submissions.

    Drafts are nobody's business.
    """

    async def read(ids: Sequence[UUID]) -> list[CalendarEventDetails]:
        async with pool.acquire() as connection:
            found = await events.public_events(connection, ids)
        return [details_of(event) for event in found]

    async def read_submissions(ids: Sequence[UUID]) -> list[SubmissionDetails]:
        async with transaction(pool) as opened:
            command = AnswerSubmissions(calendar_event_ids=tuple(ids))
            return await answer_submissions(opened, command)

    return [
        Answering(CalendarEvents, read),
        *courses(pool),
        Answering(Submissions, read_submissions),
    ]


def details_of(event: CalendarEvent) -> CalendarEventDetails:
    """Return a public event as others see it."""
    if not event.is_public:
        raise ValueError("it is not public")
    return CalendarEventDetails(
        calendar_event_id=event.calendar_event_id,
        version=event.version,
        title=event.title,
        state=cast('Literal["published", "cancelled", "postponed"]', event.state),
        starts_at=event.starts_at,
        ends_at=None if event.ends is None else event.ends_at,
        zone=event.zone,
        place=", ".join(part for part in (event.place_name, event.place_address) if part),
    )
