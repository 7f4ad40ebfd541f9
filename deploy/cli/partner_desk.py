"""What the partner commands share: how they reach the running system, and fail in words."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated, TypeVar

import asyncpg
import typer
from nats.errors import Error as NatsError
from nats.errors import NoServersError

from deploy.cli import terminal
from deploy.cli.reach import Reach
from deploy.nats import partners
from deploy.nats.partners import PartnerDesk, PartnerExists, PartnerNameUnusable, PartnerUnknown
from shared.database import Connection, prepare
from shared.errors import Refused

Result = TypeVar("Result")
Name = Annotated[str, typer.Argument(help="Short name: lower-case letters, digits, hyphens.")]


def told(work: Callable[[], Awaitable[Result]]) -> Result:
    """Do the work; turn what it raises for the operator into a sentence and an exit code."""

    async def run() -> Result:
        return await work()

    try:
        return asyncio.run(run())
    except (PartnerNameUnusable, PartnerExists, PartnerUnknown) as error:
        terminal.fail(str(error))
    except Refused as error:
        terminal.fail(error.sentence)
    except (NoServersError, ConnectionError, asyncpg.PostgresConnectionError) as error:
        terminal.fail(f"The system is not reached: {error}", terminal.NOT_RUNNING)
    except NatsError as error:
        terminal.fail(f"NATS refused: {error}")


@asynccontextmanager
async def calendar_and_desk(where: Reach) -> AsyncIterator[tuple[Connection, PartnerDesk]]:
    """Open a transaction in the calendar and the desk; it is committed when the block has ended.

    Old credentials whose time of grace is over end by the way.
    """
    async with (
        calendar(where) as opened,
        partners.open_desk(where.nats_url, where.bus_keys, where.inner_ca) as desk,
    ):
        await desk.settle(time.time())
        yield opened, desk


@asynccontextmanager
async def calendar(where: Reach) -> AsyncIterator[Connection]:
    """Open a transaction in the calendar with the rights of events."""
    connection = await asyncpg.connect(where.database_url("events_app"))
    try:
        await prepare(connection)
        async with connection.transaction():
            yield connection
    finally:
        await connection.close()
