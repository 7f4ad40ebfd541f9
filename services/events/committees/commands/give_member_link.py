"""An editor gives a member the secret link to the committee's dates."""

from uuid import UUID

import msgspec

from services.events.committees.model import MemberUnknown, mint_token
from services.events.committees.store import members
from shared.database import Connection
from shared.web.tokens import hash_token


class GiveMemberLink(msgspec.Struct, frozen=True):
    """To whom."""

    committee_id: UUID
    committee_member_id: UUID


class MemberLink(msgspec.Struct, frozen=True):
    """A link that was made just now; nobody can read it again later."""

    name: str
    token: str


async def give_member_link(transaction: Connection, command: GiveMemberLink) -> MemberLink:
    """Make a link and return its secret; the one that the member had stops working.

    Raises:
        MemberUnknown: there is no such member, or it has left.
    """
    member = await members.lock_member(
        transaction, command.committee_id, command.committee_member_id
    )
    if member is None or member.left_on is not None:
        raise MemberUnknown
    token = mint_token()
    await members.revoke_link(transaction, member.committee_member_id)
    await members.add_link(transaction, member.committee_member_id, hash_token(token))
    return MemberLink(member.name, token)
