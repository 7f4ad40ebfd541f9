"""An editor calls an association's link back."""

from uuid import UUID

import msgspec

from services.events.associations.store import links
from shared.database import Connection
from shared.errors import Refused


class NoLink(Refused):
    """The association holds no link."""

    def __init__(self) -> None:
        super().__init__("Dieser Verein hat keinen gültigen Link.")


class RevokeLink(msgspec.Struct, frozen=True):
    """Whose."""

    organiser_id: UUID


async def revoke_link(transaction: Connection, command: RevokeLink) -> None:
    """Make an association's link useless at once; its events stay as they are.

    Raises:
        NoLink: it has none.
    """
    if not await links.revoke_link(transaction, command.organiser_id):
        raise NoLink
