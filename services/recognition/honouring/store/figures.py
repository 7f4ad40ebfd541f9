"""Counts how an honouring event stands: invitations, answers, people, and answers by day."""

from datetime import date
from uuid import UUID

import msgspec

from shared.database import Connection


class Nomination(msgspec.Struct, frozen=True, kw_only=True):
    """What an honouring event has been proposed, and by whom."""

    proposed: int
    selected: int
    """Selected and not yet invited."""
    carried_over: int
    quotas: int
    """Associations that may propose somebody."""
    asked: int
    """Associations that have been given a link."""


class Figures(Nomination, frozen=True, kw_only=True):
    """An honouring event at a glance; `persons` counts plus-ones and access companions too."""

    invited: int
    accepted: int
    accepted_persons: int
    declined: int
    silent: int
    """Asked and not yet answered, whether the deadline has passed or not."""
    waiting: int
    waiting_persons: int
    offered: int
    offered_persons: int
    told: int
    """Guests who would be told if the event were moved or cancelled."""
    inside: int
    """People who have been admitted at a door."""


class AnswerDay(msgspec.Struct, frozen=True, kw_only=True):
    """What had come in by the end of one day, by the answers that count now."""

    day: date
    answers: int
    accepted: int


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """What waits in the honouring events that are on."""

    proposed: int
    """Proposals about which nothing is decided, in events that take or choose guests."""
    silent: int
    """Guests who are asked, have not answered and still can."""


async def waiting(connection: Connection) -> Waiting:
    """Return what waits in all honouring events together."""
    row = await connection.fetchrow(
        """
        select
            (
                select count(*) from guest_proposal
                inner join honouring_event using (honouring_event_id)
                where
                    guest_proposal.state = 'proposed'
                    and phase in ('nomination_open', 'nomination_closed')
            ) as proposed,
            (
                select count(*) from invitation
                inner join invitation_wave using (invitation_wave_id)
                inner join honouring_event
                    on honouring_event.honouring_event_id = invitation.honouring_event_id
                where
                    invitation.state = 'invited'
                    and phase = 'inviting'
                    and invitation_wave.answer_by > now()
            ) as silent
        """
    )
    if row is None:
        raise LookupError("a count returns its row")
    return Waiting(**row)


async def figures(connection: Connection, honouring_event_id: UUID) -> Figures:
    """Return the figures of an event as they are now."""
    nomination = await _nomination(connection, honouring_event_id)
    return await _with_answers(connection, honouring_event_id, nomination)


async def _nomination(connection: Connection, honouring_event_id: UUID) -> Nomination:
    row = await connection.fetchrow(
        """
        select
            count(*) filter (where proposal.state = 'proposed') as proposed,
            count(*) filter (
                where proposal.state = 'selected' and invitation.invitation_id is null
            ) as selected,
            count(*) filter (where proposal.state = 'carried_over') as carried_over,
            (
                select count(*) from organisation_quota
                where honouring_event_id = $1 and places > 0
            ) as quotas,
            (
                select count(*)
                from organisation_quota as quota
                left join nomination_request using (honouring_event_id, organisation_id)
                where
                    honouring_event_id = $1
                    and (quota.invited_at is not null or asked_at is not null)
            ) as asked
        from guest_proposal as proposal
        left join invitation
            on invitation.honouring_event_id = proposal.honouring_event_id
            and invitation.person_id = proposal.person_id
        where proposal.honouring_event_id = $1
        """,
        honouring_event_id,
    )
    if row is None:
        raise LookupError("a count returns its row")
    return Nomination(**row)


async def _with_answers(
    connection: Connection, honouring_event_id: UUID, nomination: Nomination
) -> Figures:
    row = await connection.fetchrow(
        """
        select
            count(*) filter (where state <> 'cancelled') as invited,
            count(*) filter (where state = 'accepted') as accepted,
            coalesce(sum(persons) filter (where state = 'accepted'), 0) as accepted_persons,
            count(*) filter (where state = 'declined') as declined,
            count(*) filter (where state in ('invited', 'expired')) as silent,
            count(*) filter (where state = 'waitlisted') as waiting,
            coalesce(sum(persons) filter (where state = 'waitlisted'), 0) as waiting_persons,
            count(*) filter (where state = 'offered') as offered,
            coalesce(sum(persons) filter (where state = 'offered'), 0) as offered_persons,
            count(*) filter (
                where state in ('invited', 'accepted', 'waitlisted', 'offered')
            ) as told,
            (
                select count(*) from check_in
                where honouring_event_id = $1 and result = 'admitted' and undone_at is null
            ) as inside
        from invitation
        cross join lateral (
            select seats + (with_access_companion and seats > 0)::integer as persons
        ) as party
        where honouring_event_id = $1
        """,
        honouring_event_id,
    )
    if row is None:
        raise LookupError("a count returns its row")
    return Figures(**msgspec.structs.asdict(nomination), **row)


async def answer_days(connection: Connection, honouring_event_id: UUID) -> list[AnswerDay]:
    """Return the running totals of answers, from the day of the first wave to today."""
    rows = await connection.fetch(
        """
        with event as (
            select honouring_event_id, zone from honouring_event where honouring_event_id = $1
        ),
        answer as (
            select (answered_at at time zone event.zone)::date as day, state
            from invitation
            inner join event using (honouring_event_id)
            where answered_at is not null and state <> 'cancelled'
        ),
        span as (
            select
                min((sent_at at time zone event.zone)::date) as first_day,
                (now() at time zone min(event.zone))::date as last_day
            from invitation_wave
            inner join event using (honouring_event_id)
        )
        select
            day::date as day,
            (select count(*) from answer where answer.day <= span_day.day) as answers,
            (
                select count(*) from answer
                where answer.day <= span_day.day and answer.state = 'accepted'
            ) as accepted
        from span
        cross join generate_series(span.first_day, span.last_day, interval '1 day')
            as span_day (day)
        order by day
        """,
        honouring_event_id,
    )
    return [AnswerDay(**row) for row in rows]
