"""An editor gives a member the secret link to the committee's dates."""

from uuid import UUID

import msgspec

from services.events.committees import store
from services.events.committees.model import MemberUnknown, mint_token
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
    member = await store.lock_member(transaction, command.committee_id, command.committee_member_id)
    if member is None or member.left_on is not None:
        raise MemberUnknown
    token = mint_token()
    await store.revoke_link(transaction, member.committee_member_id)
    await store.add_link(transaction, member.committee_member_id, hash_token(token))
    return MemberLink(member.name, token)
