"""Take a proposal back, as the association that made it or as the foundation."""

from uuid import UUID

import msgspec

from services.recognition.honouring.commands.propose_guest import NominationOver
from services.recognition.honouring.nomination import ProposalState
from services.recognition.honouring.planning import demand
from services.recognition.honouring.store import events, proposals
from shared.database import Connection
from shared.errors import NotFound, Refused


class ProposalUnknown(NotFound):
    """There is no such proposal, or it is another association's."""

    def __init__(self) -> None:
        super().__init__("Diesen Vorschlag gibt es nicht.")


class ProposalDecided(Refused):
    """The person has been invited, or the proposal was taken back before."""

    def __init__(self) -> None:
        super().__init__("Über diesen Vorschlag ist schon entschieden.")


class WithdrawProposal(msgspec.Struct, frozen=True, kw_only=True):
    """Which proposal is taken back by whom."""

    guest_proposal_id: UUID
    organisation_id: UUID | None
    """The association that acts by its link; None: the foundation refuses the proposal."""


async def withdraw_proposal(transaction: Connection, command: WithdrawProposal) -> None:
    """Take the proposal back; an association can then propose somebody else instead.

    The foundation's refusal stands until it readmits the proposal: nobody can propose the person
    again for this event.

    Raises:
        ProposalUnknown, ProposalDecided: there is nothing to take back.
        PhaseForbids, NominationOver: too late for an association.
    """
    proposal = await proposals.find(transaction, command.guest_proposal_id)
    if proposal is None or command.organisation_id not in {None, proposal.organisation_id}:
        raise ProposalUnknown
    event = await events.hold(transaction, proposal.honouring_event_id)
    if command.organisation_id is not None:
        demand(event, "nomination_open", sentence="Die Vorschläge sind abgeschlossen.")
        if await events.clock(transaction) > event.nominate_by:
            raise NominationOver(event)
    state: ProposalState = "refused" if command.organisation_id is None else "withdrawn"
    if not await proposals.take_back(transaction, command.guest_proposal_id, state):
        raise ProposalDecided
