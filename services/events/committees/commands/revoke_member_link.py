"""An editor calls a member's secret link back."""

from uuid import UUID

import msgspec

from services.events.committees.model import MemberUnknown
from services.events.committees.store import members
from shared.database import Connection


class RevokeMemberLink(msgspec.Struct, frozen=True):
    """Whose."""

    committee_id: UUID
    committee_member_id: UUID


async def revoke_member_link(transaction: Connection, command: RevokeMemberLink) -> None:
    """Make a member's link useless at once. Twice does nothing.

    Raises:
        MemberUnknown: there is no such member.
    """
    member = await members.lock_member(
        transaction, command.committee_id, command.committee_member_id
    )
    if member is None:
        raise MemberUnknown
    await members.revoke_link(transaction, member.committee_member_id)
