"""Keeps what guests have answered: the answer that counts, and every earlier one."""

from uuid import UUID

import asyncpg
import msgspec

from services.recognition.honouring.answers import Outcome, Situation
from services.recognition.honouring.model import (
    AnsweredVia,
    HonouringEvent,
    Invitation,
    Places,
)
from services.recognition.honouring.waitlist import Prospect
from shared.database import Connection
from shared.errors import NotFound


class InvitationUnknown(NotFound):
    """There is no invitation with this id."""

    def __init__(self) -> None:
        super().__init__("Diese Einladung gibt es nicht.")


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """Who answered and how it reached us."""

    via: AnsweredVia
    by: str
    """`guest`, or the clerk's name who took the answer down."""
    request_key: str | None = None
    """Of the request that brought it; the same request again changes nothing."""


async def situation(
    connection: Connection, invitation_id: UUID, request_key: str | None = None
) -> Situation:
    """Return all that decides what may be answered to an invitation, by this request if any.

    Raises:
        InvitationUnknown: there is none with this id.
    """
    row = await connection.fetchrow(
        """
        select
            invitation_id, invitation.version, honouring_event_id, invitation_wave_id, person_id,
            category, state, invitation.most_seats, seats, needs_wheelchair, with_access_companion,
            companion_name, waits_since, offered_until, answered_at, answered_via, access_needs,
            passed_over, concat_ws(' ', given_name, family_name) as guest_name, wave.answer_by,
            exists (
                select from ticket inner join check_in using (ticket_id)
                where ticket.invitation_id = $1 and result = 'admitted' and undone_at is null
            ) as is_inside,
            exists (select from answer_history where invitation_id = $1 and request_key = $2)
                as is_repeated,
            exists (
                select from invitation as other
                where other.honouring_event_id = event.honouring_event_id and state = 'waitlisted'
            ) as somebody_waits,
            volunteer, protocol, standard, wheelchair, companion, now() as now, title, programme,
            venue_name, venue_address, starts_at, ends_at, doors_open_at, zone, phase, offer_hours,
            nominate_by_on, answer_by_on, previous_starts_at, admission_hours, admission_opened_at,
            event.version as event_version, event.most_seats as event_most_seats
        from invitation
        inner join honouring_event as event using (honouring_event_id)
        inner join free_place using (honouring_event_id)
        inner join invitation_wave as wave using (honouring_event_id, invitation_wave_id)
        left join known_person as person using (person_id)
        where invitation_id = $1
        """,
        invitation_id,
        request_key,
    )
    return _situation(row)


async def lock(
    transaction: Connection, invitation_id: UUID, request_key: str | None = None
) -> Situation:
    """Return the same, and let nobody else change the invitation until the transaction ends.

    Raises:
        InvitationUnknown: there is none with this id.
    """
    await transaction.execute(
        "select from invitation where invitation_id = $1 for no key update", invitation_id
    )
    return await situation(transaction, invitation_id, request_key)


async def keep(transaction: Connection, invitation_id: UUID, outcome: Outcome, said: Said) -> int:
    """Store an answer as the one that counts and as the newest of the history.

    Returns:
        The invitation's new version.
    """
    version: int = await transaction.fetchval(
        """
        with kept as (
            update invitation set
                version = version + 1, state = $2, seats = $3, needs_wheelchair = $4,
                with_access_companion = $5, companion_name = $6, access_needs = $7,
                waits_since = $8, offered_until = null, passed_over = case
                    when $8::timestamptz = waits_since then passed_over else 0
                end,
                answered_at = now(), answered_via = $9
            where invitation_id = $1
            returning version
        ),
        noted as (
            insert into answer_history (
                invitation_id, version, state, seats, needs_wheelchair, with_access_companion,
                companion_name, answered_via, answered_by, request_key
            )
            select $1, version, $2, $3, $4, $5, $6, $9, $10, $11 from kept
        )
        select version from kept
        """,
        invitation_id,
        outcome.state,
        *msgspec.structs.astuple(outcome.answer.party),
        outcome.answer.access_needs,
        outcome.waits_since,
        said.via,
        said.by,
        said.request_key,
    )
    return version


async def expire_silent(transaction: Connection, most: int) -> list[UUID]:
    """Close up to `most` invitations whose deadline has passed without an answer.

    Invitations that somebody is answering at this moment are left out.
    """
    rows = await transaction.fetch(
        """
        with silent as (
            select invitation_id from invitation
            inner join invitation_wave as wave using (invitation_wave_id)
            where state = 'invited' and wave.answer_by < now()
            order by invitation_id
            limit $1
            for no key update of invitation skip locked
        ),
        expired as (
            update invitation set version = version + 1, state = 'expired'
            from silent
            where invitation.invitation_id = silent.invitation_id
            returning invitation.*
        ),
        noted as (
            insert into answer_history (
                invitation_id, version, state, seats, needs_wheelchair, with_access_companion,
                companion_name, answered_via, answered_by
            )
            select
                invitation_id, version, state, seats, needs_wheelchair, with_access_companion,
                companion_name, 'timer', 'timer'
            from expired
        )
        select invitation_id from expired
        """,
        most,
    )
    return [row[0] for row in rows]


def _situation(row: asyncpg.Record | None) -> Situation:
    if row is None:
        raise InvitationUnknown
    of_event = {"version": row["event_version"], "most_seats": row["event_most_seats"]}
    return Situation(
        invitation=Invitation(**{name: row[name] for name in Invitation.__struct_fields__}),
        access_needs=tuple(row["access_needs"]),
        event=HonouringEvent(
            **{name: row[name] for name in HonouringEvent.__struct_fields__} | of_event
        ),
        answer_by=row["answer_by"],
        guest_name=row["guest_name"] or "Gast",
        is_inside=row["is_inside"],
        passed_over=row["passed_over"],
        now=row["now"],
        prospect=Prospect(
            Places(**{name: row[name] for name in Places.__struct_fields__}), row["somebody_waits"]
        ),
        is_repeated=row["is_repeated"],
    )
