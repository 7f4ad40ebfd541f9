"""Propose a person as a guest (Gästevorschlag)."""

from uuid import UUID

import msgspec

from services.recognition.honouring.model import GuestCategory, HonouringEvent
from services.recognition.honouring.planning import demand, demand_proposing
from services.recognition.honouring.store import events, known, proposals, quotas
from services.recognition.honouring.store.proposals import NewProposal
from shared.database import Connection
from shared.errors import Forbidden, NotFound, Refused


class NominationOver(Refused):
    """The day until which associations propose is past."""

    def __init__(self, event: HonouringEvent) -> None:
        super().__init__(
            f"Die Frist für Vorschläge ist am {event.nominate_by_on:%d.%m.%Y} abgelaufen."
        )


class QuotaUsedUp(Refused):
    """The association has proposed as many people as it may."""

    def __init__(self, places: int) -> None:
        super().__init__(
            f"Ihr Kontingent ist ausgeschöpft ({places} von {places})."
            " Ziehen Sie einen Vorschlag zurück, um eine andere Person vorzuschlagen."
        )


class AlreadyProposed(Refused):
    """Somebody has proposed the person for this event."""

    def __init__(self) -> None:
        super().__init__("Diese Person ist für das Konzert bereits vorgeschlagen.")


class NotEngagedHere(Forbidden):
    """The person does not volunteer in the association that proposes."""

    def __init__(self) -> None:
        super().__init__("Sie können nur Personen vorschlagen, die sich bei Ihnen engagieren.")


class PersonUnknown(NotFound):
    """There is no such person."""

    def __init__(self) -> None:
        super().__init__("Diese Person gibt es nicht.")


class ProposeGuest(msgspec.Struct, frozen=True, kw_only=True):
    """Who is proposed by whom."""

    honouring_event_id: UUID
    person_id: UUID
    organisation_id: UUID | None = None
    """The association whose quota counts; None: the foundation itself proposes."""
    category: GuestCategory = "volunteer"
    proposed_by: str
    by_link: bool = False
    """The association does it itself, bound to its deadline and to its own people."""


async def propose_guest(transaction: Connection, command: ProposeGuest) -> UUID:
    """Keep the proposal and return its id; a protocol guest is selected at once.

    Raises:
        PhaseForbids, NominationOver, QuotaUsedUp: not now, or not one more.
        AlreadyProposed, NotEngagedHere, PersonUnknown: not this person.
    """
    event = await events.hold(transaction, command.honouring_event_id)
    await _check_time(transaction, command, event)
    if await known.find_person(transaction, command.person_id) is None:
        raise PersonUnknown
    if command.organisation_id is not None:
        await _check_quota(transaction, command, command.organisation_id)
    kept = await proposals.add(
        transaction,
        NewProposal(
            honouring_event_id=event.honouring_event_id,
            person_id=command.person_id,
            organisation_id=command.organisation_id,
            category=command.category,
            state="selected" if command.category == "protocol" else "proposed",
            proposed_by=command.proposed_by,
        ),
    )
    if kept is None:
        raise AlreadyProposed
    return kept


async def _check_time(
    transaction: Connection, command: ProposeGuest, event: HonouringEvent
) -> None:
    if command.by_link:
        demand(event, "nomination_open", sentence="Zurzeit werden keine Vorschläge angenommen.")
        if await events.clock(transaction) > event.nominate_by:
            raise NominationOver(event)
        return
    demand_proposing(event)


async def _check_quota(
    transaction: Connection, command: ProposeGuest, organisation_id: UUID
) -> None:
    places = await quotas.lock(transaction, command.honouring_event_id, organisation_id) or 0
    if command.by_link and not await proposals.is_engaged(
        transaction, command.person_id, organisation_id
    ):
        raise NotEngagedHere
    used = await proposals.count_of(transaction, command.honouring_event_id, organisation_id)
    if used >= places:
        raise QuotaUsedUp(places)
