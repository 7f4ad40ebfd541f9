"""Queue what guests are to be told after something has happened to their invitations."""

from uuid import UUID

import msgspec

from services.notifier.model import Due, InvitationFact, KnownInvitation, follow
from services.notifier.store import known, ledger
from shared.database import Connection


class FollowInvitations(msgspec.Struct, frozen=True, kw_only=True):
    """What has happened, in its order."""

    facts: tuple[InvitationFact, ...]
    traceparents: tuple[str, ...]
    """Of each fact the trace of the click that it follows from."""


async def follow_invitations(transaction: Connection, command: FollowInvitations) -> None:
    """Keep the invitations' new states and queue a message for each fact that is not stale.

    What has not gone out yet and is overtaken by it is withheld.
    """
    states: dict[UUID, KnownInvitation] = await known.invitations(
        transaction, [fact.invitation_id for fact in command.facts]
    )
    dues: list[Due] = []
    traceparents: list[str] = []
    for fact, traceparent in zip(command.facts, command.traceparents, strict=True):
        followed = follow(states.get(fact.invitation_id), fact)
        if followed is not None:
            states[fact.invitation_id], due = followed
            dues.append(due)
            traceparents.append(traceparent)
    if dues:
        await known.keep_invitations(transaction, list(states.values()))
        await ledger.queue(transaction, dues, traceparents)
        await ledger.withhold_overtaken(transaction, dues)
