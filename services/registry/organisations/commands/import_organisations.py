"""Import organisations: register the new ones, change the known ones, leave edits by hand alone."""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from services.registry import store
from services.registry.matching import Outcome, match
from services.registry.organisations.columns import ORGANISATIONS
from services.registry.organisations.model import OrganisationRow
from services.registry.organisations.store import records
from shared import outbox
from shared.contracts.registry import OrganisationChanged, OrganisationRegistered
from shared.database import Connection


class ImportOrganisations(msgspec.Struct, frozen=True, kw_only=True):
    """Some lines of a file of organisations."""

    rows: Mapping[int, OrganisationRow]
    """By line; each source number occurs once."""
    import_id: UUID
    imported_by: str
    is_dry_run: bool
    """Find out what would happen, and write nothing."""


async def import_organisations(transaction: Connection, command: ImportOrganisations) -> Outcome:
    """Bring the organisations of some lines in; the same lines again change nothing.

    Raises:
        ChangedMeanwhile: somebody changed one of these organisations at the same moment; try again.
    """
    numbers = [row.source_number for row in command.rows.values()]
    matched = match(ORGANISATIONS, command.rows, await records.known(transaction, numbers))
    if command.is_dry_run:
        return matched.outcome
    registered = await records.register(transaction, matched.new, command.imported_by)
    await records.write(transaction, matched.changed)
    told = {change.after.organisation_id: change for change in matched.told}
    await store.keep_changes(transaction, told, command.imported_by, command.import_id)
    await outbox.record(
        transaction,
        *(
            OrganisationRegistered(version=1, organisation_id=organisation_id)
            for organisation_id in registered
        ),
        *(
            OrganisationChanged(version=change.after.version, organisation_id=organisation_id)
            for organisation_id, change in told.items()
        ),
    )
    return matched.outcome
