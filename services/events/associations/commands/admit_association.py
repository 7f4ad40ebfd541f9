"""An editor admits an association that is to submit events and that nobody knows yet."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.associations.store import links
from services.events.commands.add_organiser import AddOrganiser, add_organiser
from services.events.place import OrganiserContent
from shared.database import Connection


class AdmitAssociation(msgspec.Struct, frozen=True):
    """What it is called, and where it can be asked about its events; the latter may be empty."""

    name: str
    contact_email: str


async def admit_association(
    transaction: Connection, command: AdmitAssociation, now: datetime
) -> UUID:
    """Add an organiser and return its id.

    Raises:
        Malformed: the name makes no sense.
        NameTaken: there is an organiser of this name.
    """
    added = AddOrganiser(OrganiserContent(name=command.name))
    organiser_id = await add_organiser(transaction, added, now)
    await links.save_contact(transaction, organiser_id, command.contact_email)
    return organiser_id
