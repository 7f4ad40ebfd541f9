"""Every table of every service says for how long its rows are kept."""

import pytest

from deploy.reference.retention import KIT, RULES
from tests.conftest import SERVICES, TEMPLATE, Migrated


@pytest.mark.parametrize("service", SERVICES)
async def test_every_table_says_how_long_its_rows_are_kept(
    service: str, postgres: Migrated
) -> None:
    named = [name for owner in (KIT, service) for rule in RULES[owner] for name in rule.tables]

    async with postgres.server_connection(TEMPLATE) as connection:
        rows = await connection.fetch(
            "select tablename from pg_tables where schemaname = $1", service
        )

    assert sorted(named) == sorted(row[0] for row in rows)
