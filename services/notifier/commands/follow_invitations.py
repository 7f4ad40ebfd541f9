"""Queue what guests are to be told after something has happened to their invitations."""

from uuid import UUID

import msgspec

from services.notifier.model import Due, InvitationFact, KnownInvitation, belated, follow
from services.notifier.store import known, ledger
from shared.database import Connection


class FollowInvitations(msgspec.Struct, frozen=True, kw_only=True):
    """What has happened, in its order."""

    facts: tuple[InvitationFact, ...]
    traceparents: tuple[str, ...]
    """Of each fact the trace of the click that it follows from."""


async def follow_invitations(transaction: Connection, command: FollowInvitations) -> None:
    """Keep the invitations' new states and queue a message for each fact that is not stale.

    What has not gone out yet and is overtaken by it is withheld. So is from the beginning what a
    stale fact asks for: workers that share the facts hear of two answers in any order, and the
    ledger says of each what became of its confirmation.
    """
    states: dict[UUID, KnownInvitation] = await known.invitations(
        transaction, [fact.invitation_id for fact in command.facts]
    )
    dues: list[Due] = []
    traceparents: list[str] = []
    late: list[Due] = []
    late_traceparents: list[str] = []
    for fact, traceparent in zip(command.facts, command.traceparents, strict=True):
        followed = follow(states.get(fact.invitation_id), fact)
        if followed is None:
            late.append(belated(fact))
            late_traceparents.append(traceparent)
        else:
            states[fact.invitation_id], due = followed
            dues.append(due)
            traceparents.append(traceparent)
    if dues:
        await known.keep_invitations(transaction, list(states.values()))
        await ledger.queue(transaction, dues, traceparents)
        await ledger.withhold_overtaken(transaction, dues)
    if late:
        await ledger.note_overtaken(transaction, late, late_traceparents)
