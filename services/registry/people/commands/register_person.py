"""Register a person by hand."""

from uuid import UUID

import msgspec

from services.registry import store
from services.registry.comparison import edited_by_hand
from services.registry.model import Actor
from services.registry.people.model import PersonRow
from services.registry.people.store import records
from shared import audit, outbox
from shared.contracts.registry import PersonRegistered
from shared.database import Connection


class RegisterPerson(msgspec.Struct, frozen=True):
    """What somebody has typed in, already checked; an empty source number is given by us."""

    row: PersonRow
    by: Actor


async def register_person(transaction: Connection, command: RegisterPerson) -> UUID:
    """Add a person whom no source knows, and say so; returns the id."""
    number = command.row.source_number or await store.own_number(transaction)
    row = msgspec.structs.replace(command.row, source_number=number)
    (person_id,) = await records.register(
        transaction, [row], command.by.name, [edited_by_hand(row)]
    )
    await outbox.record(transaction, PersonRegistered(version=1, person_id=person_id))
    await audit.note(
        transaction,
        actor=command.by.subject,
        action="register_person",
        concerns=f"person:{person_id}",
    )
    return person_id
