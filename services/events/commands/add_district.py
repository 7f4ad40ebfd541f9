"""An editor enters a part of the city (Stadtteil) into the list."""

import msgspec

from services.events.place import District, NameTaken
from services.events.site import slug_of
from services.events.store import districts
from shared.database import Connection
from shared.errors import Malformed


class AddDistrict(msgspec.Struct, frozen=True):
    """Its name."""

    title: str


async def add_district(transaction: Connection, command: AddDistrict) -> str:
    """Keep a new district and return its word in addresses, which stays for life.

    Raises:
        Malformed: the name has no letter that an address can have.
        NameTaken: there is one of this name.
    """
    title = command.title.strip()
    slug = slug_of(title)
    if not slug:
        raise Malformed("Bitte geben Sie einen Namen an.", "title")
    if await districts.is_title_taken(transaction, title, slug):
        raise NameTaken
    if not await districts.add_district(transaction, District(slug, title)):
        raise NameTaken
    return slug
