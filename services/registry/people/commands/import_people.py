"""Import people: register the new ones, change the known ones, leave edits by hand alone."""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from services.registry import store
from services.registry.matching import Outcome, match
from services.registry.people.columns import PEOPLE
from services.registry.people.model import PersonRow
from services.registry.people.store import records
from shared import outbox
from shared.contracts.registry import PersonChanged, PersonRegistered
from shared.database import Connection


class ImportPeople(msgspec.Struct, frozen=True, kw_only=True):
    """Some lines of a file of people."""

    rows: Mapping[int, PersonRow]
    """By line; each source number occurs once."""
    import_id: UUID
    imported_by: str
    is_dry_run: bool
    """Find out what would happen, and write nothing."""


async def import_people(transaction: Connection, command: ImportPeople) -> Outcome:
    """Bring the people of some lines in; the same lines again change nothing.

    Raises:
        ChangedMeanwhile: somebody changed one of these people at the same moment; try again.
    """
    numbers = [row.source_number for row in command.rows.values()]
    matched = match(PEOPLE, command.rows, await records.known(transaction, numbers))
    if command.is_dry_run:
        return matched.outcome
    registered = await records.register(transaction, matched.new, command.imported_by)
    await records.write(transaction, matched.changed)
    told = {change.after.person_id: change for change in matched.told}
    await store.keep_changes(transaction, told, command.imported_by, command.import_id)
    await outbox.record(
        transaction,
        *(PersonRegistered(version=1, person_id=person_id) for person_id in registered),
        *(
            PersonChanged(version=change.after.version, person_id=person_id)
            for person_id, change in told.items()
        ),
    )
    return matched.outcome
