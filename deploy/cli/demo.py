"""`ehrensache demo`: fills a running system with a made-up city."""

import asyncio
import os
from pathlib import Path
from typing import Annotated

import asyncpg
import typer
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn

from deploy.cli import reach
from deploy.cli.operator import VARIABLES, operator
from deploy.cli.reach import Reach
from deploy.cli.terminal import err, fail
from deploy.local.layout import default_layout
from shared.errors import Refused

app = typer.Typer(no_args_is_help=True, help="Try Ehrensache with a city that is made up.")


@app.command()
def load(
    folder: Annotated[
        Path | None, typer.Option(help="Where the city's files go; .local/data/demo by default.")
    ] = None,
) -> None:
    """Load 400 associations, 2,500 people, a concert, two courses, and three partners' events.

    Everything goes the ways that users and partners take. Safe to repeat: what is there stays.
    """
    target = operator()
    load_into(target, folder or default_layout().demo)
    err.print("The demo city is loaded.")


load.__doc__ = f"{load.__doc__}\n\n{VARIABLES}"


def load_into(target: Reach, folder: Path) -> None:
    """Load the city with a progress bar; what goes wrong ends the command with a sentence."""
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
        with _Bars() as bars:
            asyncio.run(load_city(wished, bars.tell))
    except (
        DemoRefused,
        concert_loading.NotHeard,
        partner_loading.PartnerRefused,
        Refused,
    ) as error:
        fail(f"The demo city is not loaded in full: {error}. Remedy: `ehrensache demo load`")
    except (OSError, asyncpg.PostgresError) as error:
        fail(f"The demo city cannot be loaded: {error}")


class _Bars(Progress):
    """A progress bar for each thing that is loaded."""

    def __init__(self) -> None:
        columns = (TextColumn("{task.description:>18}"), BarColumn(), TaskProgressColumn())
        super().__init__(*columns, console=err)
        self._bars: dict[str, TaskID] = {}

    def tell(self, what: str, percent: float) -> None:
        """Move the bar of one thing, 0 to 100."""
        if what not in self._bars:
            self._bars[what] = self.add_task(what, total=100)
        self.update(self._bars[what], completed=percent)
