"""Whoever rewrites what was done is found."""

import pytest

from shared import audit
from shared.database import Connection, prepare
from tests.conftest import Database

TAMPERINGS = {
    "an edited entry": "update registry.audit_entry set actor = 'someone else' where position = $1",
    "a deleted entry": "delete from registry.audit_entry where position = $1",
    "changed details": "update registry.audit_entry set details = '{}' where position = $1",
    "a moved time": (
        "update registry.audit_entry set happened_at = happened_at - interval '1 day' "
        "where position = $1"
    ),
}


async def _five_deeds(transaction: Connection) -> list[int]:
    for number in range(5):
        await audit.note(
            transaction,
            actor="clerk-1",
            action="change_person",
            concerns=f"person:{number}",
            details={"fields": number},
        )
    return [
        row["position"]
        for row in await transaction.fetch("select position from audit_entry order by position")
    ]


async def test_an_untouched_chain_holds(transaction: Connection) -> None:
    await _five_deeds(transaction)

    assert await audit.first_broken(transaction) is None


@pytest.mark.parametrize("tampering", TAMPERINGS)
async def test_a_tampered_chain_is_found(tampering: str, database: Database) -> None:
    async with database.postgres.server_connection(database.name) as superuser:
        await superuser.execute("set search_path = registry")
        opened = superuser.transaction()
        await opened.start()
        await prepare(superuser)
        positions = await _five_deeds(superuser)

        await superuser.execute(TAMPERINGS[tampering], positions[2])

        broken = await audit.first_broken(superuser)
        await opened.rollback()
    assert broken in positions[2:4]


async def test_a_cut_off_tail_is_found_by_the_head_kept_elsewhere(transaction: Connection) -> None:
    await _five_deeds(transaction)
    kept_elsewhere = await audit.head(transaction)

    await audit.note(transaction, actor="clerk-1", action="sign_in", concerns="session:1")

    assert await audit.head(transaction) != kept_elsewhere
