"""`ehrensache demo`: fills a running system with a made-up city."""

import asyncio
import os
from pathlib import Path
from typing import Annotated

import asyncpg
import typer

from deploy.cli import reach
from deploy.cli.operator import VARIABLES, operator
from deploy.cli.progress import Bars
from deploy.cli.reach import Reach
from deploy.cli.terminal import Json, err, fail, print_json
from deploy.local.layout import default_layout
from services.registry.imports.model import Import
from shared.errors import Refused

app = typer.Typer(no_args_is_help=True, help="Try Ehrensache with a city that is made up.")


@app.command()
def load(
    folder: Annotated[
        Path | None, typer.Option(help="Where the city's files go; .local/data/demo by default.")
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Load 400 associations, 2,500 people, a concert, two courses, and three partners' events.

    Everything goes the ways that users and partners take. Safe to repeat: what is there stays.
    """
    target, files = operator(), folder or default_layout().demo
    imports = load_into(target, files)
    if as_json:
        print_json({"folder": files, "imports": imports})
    err.print("The demo city is loaded.")


load.__doc__ = f"{load.__doc__}\n\n{VARIABLES}"


def load_into(target: Reach, folder: Path) -> list[Import]:
    """Load the city with a progress bar; what goes wrong ends the command with a sentence.

    Returns:
        What came of its three lists: associations, people, engagements.
    """
    from deploy.demo import concert_loading, partner_loading  # the services behind it are large
    from deploy.demo.load import DemoRefused, Target, load_city

    wished = Target(
        registry_url=target.database_url("registry_app"),
        recognition_url=target.database_url("recognition_app"),
        events_url=target.database_url("events_app"),
        public_url=target.public_url,
        environment={
            variable: os.fspath(getattr(target, field))
            for field, variable in reach.VARIABLES.items()
        },
        nats_url=target.nats_url,
        folder=folder,
    )
    try:
        with Bars() as bars:
            return asyncio.run(load_city(wished, bars.tell))
    except (
        DemoRefused,
        concert_loading.NotHeard,
        partner_loading.PartnerRefused,
        Refused,
    ) as error:
        fail(f"The demo city is not loaded in full: {error}. Remedy: `ehrensache demo load`")
    except (OSError, asyncpg.PostgresError) as error:
        fail(f"The demo city cannot be loaded: {error}")
