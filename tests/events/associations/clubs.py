"""Puts associations with links into a database, committed, as editors would."""

from uuid import uuid4

import msgspec

from services.events.associations.commands.admit_association import (
    AdmitAssociation,
    admit_association,
)
from services.events.associations.commands.give_link import GiveLink, give_link
from services.events.associations.model import Association
from shared.database import Connection, Pool, transaction
from tests.events.builders import EDITOR, NOW


class Club(msgspec.Struct, frozen=True):
    """An association and the secret of its link."""

    association: Association
    token: str


async def admitted(opened: Connection, name: str = "") -> Club:
    """Admit an association and give it a link, in this transaction."""
    name = name or f"Chor {uuid4()}"
    organiser_id = await admit_association(opened, AdmitAssociation(name, ""), NOW)
    link = await give_link(opened, GiveLink(organiser_id, EDITOR))
    return Club(Association(organiser_id, name), link.token)


async def a_club(pool: Pool) -> Club:
    """Admit an association and give it a link."""
    async with transaction(pool) as opened:
        return await admitted(opened)
