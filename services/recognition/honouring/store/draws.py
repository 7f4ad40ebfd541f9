"""Keeps the draws of guests with their minutes, and who is noted for a later event."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.recognition.honouring.draw import Minutes
from shared.database import Connection


class LotteryDraw(msgspec.Struct, frozen=True, kw_only=True):
    """A draw that has been made (Losverfahren)."""

    lottery_draw_id: UUID
    honouring_event_id: UUID
    number: int
    seed: str
    algorithm: str
    places: int
    selected: int
    carried_over: int
    drawn_by: str
    drawn_at: datetime


class DrawnPerson(msgspec.Struct, frozen=True, kw_only=True):
    """How the minutes call a person."""

    person_id: UUID
    given_name: str
    family_name: str
    organisation_name: str


async def add(
    transaction: Connection, honouring_event_id: UUID, minutes: Minutes, drawn_by: str
) -> UUID:
    """Keep a draw's minutes and return its id."""
    lottery_draw_id: UUID = await transaction.fetchval(
        """
        insert into lottery_draw (
            honouring_event_id, number, seed, algorithm, places, selected, carried_over, minutes,
            drawn_by
        )
        select
            $1, (select count(*) + 1 from lottery_draw where honouring_event_id = $1),
            $2, $3, $4, $5, $6, $7, $8
        returning lottery_draw_id
        """,
        honouring_event_id,
        minutes.seed,
        minutes.algorithm,
        minutes.places,
        len(minutes.drawn),
        len(minutes.left_over),
        msgspec.to_builtins(minutes),
        drawn_by,
    )
    return lottery_draw_id


async def select(transaction: Connection, guest_proposal_ids: Sequence[UUID]) -> None:
    """Mark these proposals as selected, and use up their people's notes from earlier events."""
    await transaction.execute(
        """
        with selected as (
            update guest_proposal set state = 'selected'
            where guest_proposal_id = any($1)
            returning person_id, honouring_event_id
        ),
        no_longer_noted as (
            delete from carry_over using selected
            where
                carry_over.person_id = selected.person_id
                and carry_over.honouring_event_id = selected.honouring_event_id
        )
        update carry_over set used_by_event_id = selected.honouring_event_id
        from selected
        where
            carry_over.person_id = selected.person_id
            and carry_over.honouring_event_id <> selected.honouring_event_id
            and carry_over.used_by_event_id is null
        """,
        guest_proposal_ids,
    )


async def carry_over(
    transaction: Connection, lottery_draw_id: UUID, guest_proposal_ids: Sequence[UUID]
) -> None:
    """Note the people of these proposals for a later event (Vormerkung Folgejahr)."""
    await transaction.execute(
        """
        with left_over as (
            update guest_proposal set state = 'carried_over'
            where guest_proposal_id = any($2)
            returning person_id, honouring_event_id
        )
        insert into carry_over (person_id, honouring_event_id, lottery_draw_id)
        select person_id, honouring_event_id, $1 from left_over
        on conflict (person_id, honouring_event_id) do nothing
        """,
        lottery_draw_id,
        guest_proposal_ids,
    )


async def listed(connection: Connection, honouring_event_id: UUID) -> list[LotteryDraw]:
    """Return the draws of an event in their order."""
    rows = await connection.fetch(
        """
        select
            lottery_draw_id, honouring_event_id, number, seed, algorithm, places, selected,
            carried_over, drawn_by, drawn_at
        from lottery_draw
        where honouring_event_id = $1
        order by number
        """,
        honouring_event_id,
    )
    return [LotteryDraw(**row) for row in rows]


async def minutes_of(connection: Connection, lottery_draw_id: UUID) -> Minutes | None:
    """Return the minutes of a draw; None if there is none with this id."""
    minutes = await connection.fetchval(
        "select minutes from lottery_draw where lottery_draw_id = $1", lottery_draw_id
    )
    return msgspec.convert(minutes, Minutes) if minutes is not None else None


async def people_of(connection: Connection, honouring_event_id: UUID) -> dict[UUID, DrawnPerson]:
    """Return everybody who was ever proposed for an event, by id."""
    rows = await connection.fetch(
        """
        select
            proposal.person_id, coalesce(person.given_name, '') as given_name,
            coalesce(person.family_name, '') as family_name,
            coalesce(organisation.name, '') as organisation_name
        from guest_proposal as proposal
        left join known_person as person on person.person_id = proposal.person_id
        left join known_organisation as organisation
            on organisation.organisation_id = proposal.organisation_id
        where proposal.honouring_event_id = $1
        """,
        honouring_event_id,
    )
    return {row["person_id"]: DrawnPerson(**row) for row in rows}
