"""Take the foundation's refusal of a proposal back."""

from uuid import UUID

import msgspec

from services.recognition.honouring.commands.withdraw_proposal import ProposalUnknown
from services.recognition.honouring.nomination import ProposalState
from services.recognition.honouring.planning import demand_proposing
from services.recognition.honouring.store import events, proposals, quotas
from shared.database import Connection
from shared.errors import Refused


class NotRefused(Refused):
    """The proposal stands, or was taken back by the association itself."""

    def __init__(self) -> None:
        super().__init__("Dieser Vorschlag ist nicht abgelehnt.")


class QuotaFilledMeanwhile(Refused):
    """The association has proposed somebody else instead."""

    def __init__(self, places: int) -> None:
        super().__init__(
            "Der Verein hat inzwischen jemand anderen vorgeschlagen; sein Kontingent ist"
            f" ausgeschöpft ({places} von {places})."
        )


class ReadmitProposal(msgspec.Struct, frozen=True, kw_only=True):
    """Which refused proposal is to count again."""

    guest_proposal_id: UUID


async def readmit_proposal(transaction: Connection, command: ReadmitProposal) -> None:
    """Let a refused proposal stand as it was made: to be drawn, a protocol guest selected at once.

    Raises:
        ProposalUnknown, NotRefused: there is no refusal.
        EventIsOver, QuotaFilledMeanwhile: it is too late for this one.
    """
    proposal = await proposals.find(transaction, command.guest_proposal_id)
    if proposal is None:
        raise ProposalUnknown
    demand_proposing(await events.hold(transaction, proposal.honouring_event_id))
    if proposal.organisation_id is not None:
        event_id, organisation_id = proposal.honouring_event_id, proposal.organisation_id
        places = await quotas.lock(transaction, event_id, organisation_id) or 0
        if await proposals.count_of(transaction, event_id, organisation_id) >= places:
            raise QuotaFilledMeanwhile(places)
    state: ProposalState = "selected" if proposal.category == "protocol" else "proposed"
    if not await proposals.readmit(transaction, command.guest_proposal_id, state):
        raise NotRefused
