"""An editor corrects the name of a part of the city."""

import msgspec

from services.events.place import District, DistrictUnknown, NameTaken
from services.events.store import districts
from shared.database import Connection
from shared.errors import Malformed


class RenameDistrict(msgspec.Struct, frozen=True):
    """Which district, and its new name."""

    slug: str
    title: str


async def rename_district(transaction: Connection, command: RenameDistrict) -> None:
    """Give a district another name; its word in addresses stays.

    Raises:
        Malformed: the name is empty.
        NameTaken: another district has this name.
        DistrictUnknown: there is no such district.
    """
    title = command.title.strip()
    if not title:
        raise Malformed("Bitte geben Sie einen Namen an.", "title")
    if await districts.is_title_taken(transaction, title, command.slug):
        raise NameTaken
    if not await districts.rename_district(transaction, District(command.slug, title)):
        raise DistrictUnknown
