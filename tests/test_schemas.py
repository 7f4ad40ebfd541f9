"""What every schema keeps to: keys in the order of time, and a zone beside each wall-clock time."""

import asyncpg
import pytest

from tests.conftest import SERVICES, TEMPLATE, Migrated

MADE_UP_KEYS = """
select relname || '.' || attname || ' ' || coalesce(pg_get_expr(adbin, adrelid), '')
from pg_index
inner join pg_class on pg_class.oid = indrelid
inner join pg_attribute on attrelid = indrelid and attnum = any(indkey)
inner join pg_attrdef on adrelid = attrelid and adnum = attnum
where relnamespace = current_schema::regnamespace and indisprimary
and atttypid = 'uuid'::regtype and pg_get_expr(adbin, adrelid) <> 'uuidv7()'
"""
WITHOUT_ZONE = """
select distinct relname
from pg_class as kept
inner join pg_attribute as clock on clock.attrelid = kept.oid
where relnamespace = current_schema::regnamespace and relkind = 'r' and attnum > 0
and clock.atttypid in ('timestamp'::regtype, 'timestamp[]'::regtype)
and not exists (
    select from pg_attribute as zone
    left join pg_constraint as belongs on belongs.conrelid = kept.oid and contype = 'f'
    where zone.attrelid in (kept.oid, confrelid) and zone.attname = 'zone' and zone.attnotnull
)
"""
"""Tables whose rows neither have a zone nor belong to a row that has one."""


@pytest.mark.parametrize("service", SERVICES)
async def test_keys_are_made_in_the_order_of_time(service: str, postgres: Migrated) -> None:
    connection = await asyncpg.connect(postgres.url(f"{service}_owner", TEMPLATE))
    undone = connection.transaction()
    await undone.start()
    other = await connection.fetch(MADE_UP_KEYS)
    await connection.execute("create table made_up (made_up_id uuid primary key default uuidv4())")
    found = await connection.fetch(MADE_UP_KEYS)
    await undone.rollback()
    await connection.close()

    assert not other
    assert [row[0] for row in found] == ["made_up.made_up_id uuidv4()"]


@pytest.mark.parametrize("service", SERVICES)
async def test_a_time_on_a_wall_has_its_zone_beside_it(service: str, postgres: Migrated) -> None:
    connection = await asyncpg.connect(postgres.url(f"{service}_owner", TEMPLATE))
    undone = connection.transaction()
    await undone.start()
    other = await connection.fetch(WITHOUT_ZONE)
    await connection.execute("create table clock (starts timestamp)")
    found = await connection.fetch(WITHOUT_ZONE)
    await undone.rollback()
    await connection.close()

    assert not other
    assert [row[0] for row in found] == ["clock"]
