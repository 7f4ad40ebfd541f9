"""A person is registered and corrected by hand, and the others are told."""

import msgspec
import pytest

from services.registry import store
from services.registry.comparison import changed, compare_with_edit
from services.registry.model import ChangedMeanwhile
from services.registry.people.commands.change_person import ChangePerson, change_person
from services.registry.people.commands.register_person import RegisterPerson, register_person
from services.registry.people.model import Person, PersonRow, PersonUnknown
from services.registry.people.store import records
from shared.contracts.registry import PersonChanged, PersonRegistered
from shared.database import Connection
from tests.registry.lists import CLERK
from tests.registry.test_comparison import ROW


async def register(transaction: Connection, row: PersonRow) -> Person:
    return await records.get(
        transaction, await register_person(transaction, RegisterPerson(row, CLERK))
    )


def change_of(person: Person, **fields: object) -> ChangePerson:
    row = {field: getattr(person, field) for field in PersonRow.__struct_fields__}
    return ChangePerson(
        person_id=person.person_id,
        seen_version=person.version,
        row=PersonRow(**(row | fields)),
        by=CLERK,
    )


async def told(transaction: Connection) -> list[tuple[str, dict[str, object]]]:
    rows = await transaction.fetch("select subject, body from outbox order by position")
    return [(row["subject"], msgspec.json.decode(row["body"])) for row in rows]


async def test_a_person_whom_no_list_knows_gets_a_number_of_ours(transaction: Connection) -> None:
    person = await register(transaction, msgspec.structs.replace(ROW, source_number=""))

    assert person.source_number.startswith("EHR-")
    assert person.registered_by == CLERK.name
    assert await told(transaction) == [
        (PersonRegistered.subject, {"person_id": str(person.person_id), "version": 1})
    ]


async def test_a_change_is_kept_told_and_shown_with_what_was_there_before(
    transaction: Connection,
) -> None:
    person = await register(transaction, ROW)
    await change_person(transaction, change_of(person, town="Radebeul", email="a@example.org"))
    (entry,) = await store.changes_of(transaction, person.person_id)

    assert (await records.get(transaction, person.person_id)).town == "Radebeul"
    assert entry.changes == {"email": [None, "a@example.org"], "town": ["Dresden", "Radebeul"]}
    assert (entry.version, entry.made_by, entry.import_id) == (2, CLERK.name, None)
    assert (await told(transaction))[-1] == (
        PersonChanged.subject,
        {"person_id": str(person.person_id), "version": 2},
    )


async def test_a_change_that_changes_nothing_is_not_told(transaction: Connection) -> None:
    person = await register(transaction, ROW)
    await change_person(transaction, change_of(person))

    assert len(await told(transaction)) == 1
    assert (await records.get(transaction, person.person_id)).version == 1


async def test_of_two_changes_at_once_the_second_is_refused(transaction: Connection) -> None:
    person = await register(transaction, ROW)
    await change_person(transaction, change_of(person, town="Radebeul"))

    with pytest.raises(ChangedMeanwhile):
        await change_person(transaction, change_of(person, town="Meißen"))


async def test_a_write_on_an_old_version_is_refused_by_the_store_too(
    transaction: Connection,
) -> None:
    person = await register(transaction, ROW)
    stale = msgspec.structs.replace(person, version=7)
    edit = changed(stale, compare_with_edit(change_of(stale, town="Meißen").row, stale))

    with pytest.raises(ChangedMeanwhile):
        await records.write(transaction, [edit])


async def test_somebody_unknown_cannot_be_changed(transaction: Connection) -> None:
    person = await register(transaction, ROW)
    await transaction.execute("delete from person where person_id = $1", person.person_id)

    with pytest.raises(PersonUnknown):
        await change_person(transaction, change_of(person, town="Meißen"))


async def test_others_learn_what_they_need_and_no_date_of_birth(transaction: Connection) -> None:
    person = await register(transaction, ROW)
    (details,) = await records.details(transaction, [person.person_id])

    assert details.family_name == "Müller"
    assert not hasattr(details, "born_on")
