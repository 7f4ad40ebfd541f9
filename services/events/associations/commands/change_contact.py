"""An editor notes where an association can be asked about its events."""

from uuid import UUID

import msgspec

from services.events.associations.store import links
from services.events.place import OrganiserUnknown
from shared.database import Connection


class ChangeContact(msgspec.Struct, frozen=True):
    """Whose, and the address; empty for none."""

    organiser_id: UUID
    contact_email: str


async def change_contact(transaction: Connection, command: ChangeContact) -> None:
    """Note an association's e-mail address.

    Raises:
        OrganiserUnknown: there is no such organiser.
    """
    if await links.find_association(transaction, command.organiser_id) is None:
        raise OrganiserUnknown
    await links.save_contact(transaction, command.organiser_id, command.contact_email)
