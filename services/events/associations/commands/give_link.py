"""An editor gives an association the link with which it submits its events."""

from uuid import UUID

import msgspec

from services.events.associations.model import mint_token
from services.events.associations.store import links
from services.events.place import OrganiserUnknown
from shared.database import Connection
from shared.web.tokens import hash_token


class GiveLink(msgspec.Struct, frozen=True):
    """To whom, and by which editor."""

    organiser_id: UUID
    by: str


class MintedLink(msgspec.Struct, frozen=True):
    """A link that was made just now; nobody can read it again later."""

    name: str
    token: str


async def give_link(transaction: Connection, command: GiveLink) -> MintedLink:
    """Make a link and return its secret; the one that the association had stops working.

    Raises:
        OrganiserUnknown: there is no such organiser.
    """
    association = await links.find_association(transaction, command.organiser_id)
    if association is None:
        raise OrganiserUnknown
    token = mint_token()
    await links.revoke_link(transaction, association.organiser_id)
    await links.add_link(transaction, association.organiser_id, hash_token(token), command.by)
    return MintedLink(association.name, token)
