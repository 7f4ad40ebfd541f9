"""Change an organisation by hand; later imports leave the changed fields alone."""

from uuid import UUID

import msgspec

from services.registry import store
from services.registry.comparison import changed, compare_with_edit
from services.registry.model import Actor, ChangedMeanwhile
from services.registry.organisations.model import OrganisationRow
from services.registry.organisations.store import records
from shared import audit, outbox
from shared.contracts.registry import OrganisationChanged
from shared.database import Connection


class ChangeOrganisation(msgspec.Struct, frozen=True, kw_only=True):
    """How an organisation should be from now on."""

    organisation_id: UUID
    seen_version: int
    """The version that was on the screen when the change was typed in."""
    row: OrganisationRow
    by: Actor


async def change_organisation(transaction: Connection, command: ChangeOrganisation) -> None:
    """Write what is different, and say so; nothing happens if nothing is.

    Raises:
        OrganisationUnknown: there is no such organisation.
        ChangedMeanwhile: the organisation is not what was on the screen.
    """
    organisation = await records.get(transaction, command.organisation_id)
    if organisation.version != command.seen_version:
        raise ChangedMeanwhile
    change = changed(organisation, compare_with_edit(command.row, organisation))
    if not change.changes:
        return
    await records.write(transaction, [change])
    await store.keep_changes(transaction, {organisation.organisation_id: change}, command.by.name)
    await outbox.record(
        transaction,
        OrganisationChanged(
            version=change.after.version, organisation_id=organisation.organisation_id
        ),
    )
    await audit.note(
        transaction,
        actor=command.by.subject,
        action="change_organisation",
        concerns=f"organisation:{organisation.organisation_id}",
        details={"fields": sorted(change.changes)},
    )
