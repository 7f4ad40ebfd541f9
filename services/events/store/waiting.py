"""Counts what waits for editors."""

import msgspec

from shared.database import Connection


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """What waits for editors, by what is to be done about it."""

    submitted: int
    """Events to review."""
    cancellations: int
    """Associations want so many of their public events called off."""
    duplicates: int
    """Pairs of events that may be the same."""
    dead_links: int
    of_partners: int
    """Cancellations that are held back, and events that have appeared unread."""
    proofs: int
    """Participants whose proof of engagement nobody has seen."""


async def waiting(connection: Connection) -> Waiting:
    """Return how much waits for editors."""
    row = await connection.fetchrow(
        """
        select
            (select count(*) from calendar_event where state = 'submitted') as submitted,
            (
                select count(*) from submission
                join calendar_event using (calendar_event_id)
                where cancellation_asked_at is not null and state in ('published', 'postponed')
            ) as cancellations,
            (
                select count(*) from duplicate_suspicion
                join calendar_event as one on one.calendar_event_id = first_id
                join calendar_event as other on other.calendar_event_id = second_id
                where duplicate_suspicion.state = 'open' and one.starts = other.starts
                and one.state <> 'cancelled' and other.state <> 'cancelled'
            ) as duplicates,
            (select count(*) from offer_link where is_dead) as dead_links,
            (
                select count(*) from partner_item
                where held is not null or to_review_since is not null
            ) as of_partners,
            (
                select count(*) from course_registration where state = 'proof_pending'
            ) as proofs
        """
    )
    if row is None:
        raise LookupError("a count returns its row")
    return Waiting(**row)
