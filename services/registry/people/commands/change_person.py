"""Change a person by hand; later imports leave the changed fields alone."""

from uuid import UUID

import msgspec

from services.registry import store
from services.registry.comparison import changed, compare_with_edit
from services.registry.model import Actor, ChangedMeanwhile
from services.registry.people.model import PersonRow
from services.registry.people.store import records
from shared import audit, outbox
from shared.contracts.registry import PersonChanged
from shared.database import Connection


class ChangePerson(msgspec.Struct, frozen=True, kw_only=True):
    """How a person should be from now on."""

    person_id: UUID
    seen_version: int
    """The version that was on the screen when the change was typed in."""
    row: PersonRow
    by: Actor


async def change_person(transaction: Connection, command: ChangePerson) -> None:
    """Write what is different, and say so; nothing happens if nothing is.

    Raises:
        PersonUnknown: there is no such person.
        ChangedMeanwhile: the person is not what was on the screen.
    """
    person = await records.get(transaction, command.person_id)
    if person.version != command.seen_version:
        raise ChangedMeanwhile
    change = changed(person, compare_with_edit(command.row, person))
    if not change.changes:
        return
    await records.write(transaction, [change])
    await store.keep_changes(transaction, {person.person_id: change}, command.by.name)
    await outbox.record(
        transaction,
        PersonChanged(version=change.after.version, person_id=person.person_id),
    )
    await audit.note(
        transaction,
        actor=command.by.subject,
        action="change_person",
        concerns=f"person:{person.person_id}",
        details={"fields": sorted(change.changes)},
    )
