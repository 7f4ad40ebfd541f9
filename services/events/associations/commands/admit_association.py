"""An editor admits an association that is to submit events, known to the calendar or not yet."""

from uuid import UUID

import msgspec

from services.events.associations import store
from shared.database import Connection
from shared.errors import Malformed


class AdmitAssociation(msgspec.Struct, frozen=True):
    """What it is called, and where it reads mails about its events; the latter may be empty."""

    name: str
    contact_email: str


async def admit_association(transaction: Connection, command: AdmitAssociation) -> UUID:
    """Add an organiser and return its id.

    Raises:
        Malformed: there is an organiser of this name.
    """
    organiser_id = await store.add_organiser(transaction, command.name)
    if organiser_id is None:
        raise Malformed("Einen Veranstalter dieses Namens gibt es schon.", "name")
    await store.save_contact(transaction, organiser_id, command.contact_email)
    return organiser_id
