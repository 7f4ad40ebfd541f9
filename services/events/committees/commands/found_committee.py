"""An editor enters a committee."""

from uuid import UUID

import msgspec

from services.events.committees.model import Kind
from services.events.committees.store import committees
from shared.database import Connection
from shared.errors import Malformed


class FoundCommittee(msgspec.Struct, frozen=True):
    """What it is called and what kind of committee it is."""

    name: str
    kind: Kind


async def found_committee(transaction: Connection, command: FoundCommittee) -> UUID:
    """Add a committee and return its id.

    Raises:
        Malformed: there is one of this name.
    """
    committee_id = await committees.add_committee(transaction, command.name, command.kind)
    if committee_id is None:
        raise Malformed("Ein Gremium dieses Namens gibt es schon.", "name")
    return committee_id
