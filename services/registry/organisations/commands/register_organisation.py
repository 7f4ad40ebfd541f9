"""Register an organisation by hand."""

from uuid import UUID

import msgspec

from services.registry import store
from services.registry.comparison import edited_by_hand
from services.registry.model import Actor
from services.registry.organisations.model import OrganisationRow
from services.registry.organisations.store import records
from shared import audit, outbox
from shared.contracts.registry import OrganisationRegistered
from shared.database import Connection


class RegisterOrganisation(msgspec.Struct, frozen=True):
    """What somebody has typed in, already checked; an empty source number is given by us."""

    row: OrganisationRow
    by: Actor


async def register_organisation(transaction: Connection, command: RegisterOrganisation) -> UUID:
    """Add an organisation that no source knows, and say so; returns the id."""
    number = command.row.source_number or await store.own_number(transaction)
    row = msgspec.structs.replace(command.row, source_number=number)
    (organisation_id,) = await records.register(
        transaction, [row], command.by.name, [edited_by_hand(row)]
    )
    await outbox.record(
        transaction, OrganisationRegistered(version=1, organisation_id=organisation_id)
    )
    await audit.note(
        transaction,
        actor=command.by.subject,
        action="register_organisation",
        concerns=f"organisation:{organisation_id}",
    )
    return organisation_id
