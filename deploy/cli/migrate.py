"""`ehrensache migrate`: brings the schemas of all services up to date."""

import asyncio
from pathlib import Path
from typing import Annotated

import asyncpg
import typer

from deploy.cli.operator import VARIABLES, operator
from deploy.cli.superuser import superuser_url
from deploy.cli.terminal import NOT_RUNNING, Json, err, fail, print_json
from deploy.postgres import passwords, roles
from deploy.postgres.migrate import MigrationFailed, versions
from deploy.postgres.migrate import migrate as apply_migrations
from shared import inner_tls


def migrate(
    superuser_url_file: Annotated[
        Path | None,
        typer.Option(
            help="File with a superuser's URL of the database `postgres`: makes roles, database "
            "and schemas first, and missing passwords.",
            envvar="EHRENSACHE_SUPERUSER_URL_FILE",
        ),
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Apply all migrations that are new; safe to repeat and to run twice at once."""
    target = operator()
    try:
        if superuser_url_file:
            url = superuser_url(target, superuser_url_file)
            known = passwords.ensure(target.passwords, roles.ROLES)
            asyncio.run(roles.ensure(url, known))
            err.print("Roles and schemas are as they should be.")
        owners = {service: target.database_url(f"{service}_owner") for service in roles.SERVICES}
        asyncio.run(apply_migrations(owners))
        if as_json:
            print_json({"schemas": asyncio.run(versions(owners))})
    except MigrationFailed as error:
        fail(str(error))
    except OSError as error:
        fail(f"PostgreSQL at {target.postgres}: {inner_tls.named(error)}{error}", NOT_RUNNING)
    except asyncpg.PostgresError as error:
        fail(f"PostgreSQL at {target.postgres}: {error}")
    err.print("All schemas are up to date.")


migrate.__doc__ = f"{migrate.__doc__}\n\n{VARIABLES}"
