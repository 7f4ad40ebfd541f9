"""An editor takes a part of the city in which no place lies from the list."""

import msgspec

from services.events.place import DistrictInUse
from services.events.store import districts
from shared.database import Connection


class DeleteDistrict(msgspec.Struct, frozen=True):
    """Which district."""

    slug: str


async def delete_district(transaction: Connection, command: DeleteDistrict) -> None:
    """Delete a district; one that is not there (any more) is no mistake.

    Raises:
        DistrictInUse: places lie in it.
    """
    if await districts.delete_unused_district(transaction, command.slug):
        return
    if any(each.slug == command.slug for each in await districts.districts_in_use(transaction)):
        raise DistrictInUse
