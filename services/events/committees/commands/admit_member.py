"""An editor enters somebody as a member of a committee."""

from datetime import date
from uuid import UUID

import msgspec

from services.events.committees.model import CommitteeUnknown
from services.events.committees.store import committees, members
from shared.database import Connection


class AdmitMember(msgspec.Struct, frozen=True):
    """Who belongs to which committee since when; the e-mail address may be empty."""

    committee_id: UUID
    name: str
    email: str
    joined_on: date


async def admit_member(transaction: Connection, command: AdmitMember) -> UUID:
    """Add a member, who has no link yet, and return the member's id.

    Raises:
        CommitteeUnknown: there is no such committee.
    """
    if await committees.find_committee(transaction, command.committee_id) is None:
        raise CommitteeUnknown
    return await members.add_member(
        transaction, command.committee_id, command.name, command.email, command.joined_on
    )
