"""A member leaves a committee: what the link has opened is closed."""

from datetime import date
from uuid import UUID

import msgspec

from services.events.committees.model import MemberUnknown
from services.events.committees.store import members
from shared.database import Connection


class DismissMember(msgspec.Struct, frozen=True):
    """Who leaves which committee, and when."""

    committee_id: UUID
    committee_member_id: UUID
    left_on: date


async def dismiss_member(transaction: Connection, command: DismissMember) -> None:
    """Note that a member has left and call the link back.

    Raises:
        MemberUnknown: there is no such member, or it has left before.
    """
    member = await members.lock_member(
        transaction, command.committee_id, command.committee_member_id
    )
    if member is None or member.left_on is not None:
        raise MemberUnknown
    await members.note_left(
        transaction, member.committee_member_id, max(command.left_on, member.joined_on)
    )
    await members.revoke_link(transaction, member.committee_member_id)
