"""Counts what a database holds, to compare a restored one with what was backed up."""

from deploy.postgres.migrate import folders
from deploy.postgres.roles import SERVICES
from shared.database import Connection

TABLES = """
select nspname, relname
from pg_class
inner join pg_namespace on pg_namespace.oid = relnamespace
where nspname = any($1) and relkind = 'r' and relpersistence = 'p'
order by nspname, relname
"""
"""Unlogged tables are left out: they hold counts of the last minutes, and no dump has them."""


async def rows(connection: Connection) -> dict[str, int]:
    """Return how many rows each table of each service has, named `schema.table`."""
    tables = await connection.fetch(TABLES, SERVICES)
    return {
        f"{schema}.{table}": await connection.fetchval(
            f'select count(*) from "{schema}"."{table}"'  # noqa: S608 - names of the catalogue
        )
        for schema, table in tables
    }


async def unknown_migrations(connection: Connection, service: str) -> list[str]:
    """Return the versions applied to a service's schema that this tree has no file of."""
    applied = await connection.fetch(
        f"select version from {service}.schema_migrations order by version"  # noqa: S608
    )
    known = {
        file.name.partition("_")[0] for folder in folders(service) for file in folder.iterdir()
    }
    return [row["version"] for row in applied if row["version"] not in known]
