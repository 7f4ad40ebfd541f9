"""Asks associations for proposals and lets time pass, as tests need it."""

from uuid import UUID

from services.recognition.honouring.commands.ask_organisations import (
    AskOrganisations,
    ask_organisations,
)
from services.recognition.honouring.commands.propose_guest import ProposeGuest, propose_guest
from shared.contracts.recognition import (
    NominationReminded,
    NominationRequestChanged,
    NominationRequested,
    NominationRequestWithdrawn,
)
from shared.database import Connection
from tests.recognition.honouring import builders as a

Told = (
    NominationRequested | NominationReminded | NominationRequestChanged | NominationRequestWithdrawn
)


async def asked(transaction: Connection, event_id: UUID, expected: int = 1) -> int:
    """Ask every association of the event that was not asked."""
    command = AskOrganisations(honouring_event_id=event_id, expected=expected)
    return await ask_organisations(transaction, command)


async def club_that_was_asked(transaction: Connection, event_id: UUID) -> UUID:
    """One more association with a quota that was asked."""
    club = await a.association(
        transaction, members=[await a.person(transaction)], quota=(event_id, 2)
    )
    await asked(transaction, event_id)
    return club


async def proposes(transaction: Connection, event_id: UUID, club: UUID) -> None:
    """Let an association propose one of its people."""
    person_id = await transaction.fetchval(
        "select person_id from known_engagement where organisation_id = $1", club
    )
    await propose_guest(
        transaction,
        ProposeGuest(
            honouring_event_id=event_id,
            person_id=person_id,
            organisation_id=club,
            proposed_by="test",
            by_link=True,
        ),
    )


async def told(transaction: Connection, kind: type[Told], event_id: UUID) -> list[UUID]:
    """Return the associations of which this was told, in its order."""
    return [
        fact.organisation_id
        for fact in await a.facts(transaction, kind)
        if isinstance(fact, kind) and fact.honouring_event_id == event_id
    ]


async def last_day(transaction: Connection, event_id: UUID) -> None:
    """Let the day before the deadline come: all reminders are due."""
    await transaction.execute(
        "update nomination_request set remind_at = now() where honouring_event_id = $1", event_id
    )


async def tomorrow(transaction: Connection, event_id: UUID) -> None:
    """Let a day pass since the requests and the last reminders."""
    await transaction.execute(
        """
        update nomination_request
        set asked_at = asked_at - interval '1 day', reminded_at = reminded_at - interval '1 day'
        where honouring_event_id = $1
        """,
        event_id,
    )
