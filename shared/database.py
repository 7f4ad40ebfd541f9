"""Opens the PostgreSQL pool and the transactions of a service."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final, TypeAlias

import asyncpg
import msgspec
from asyncpg.pool import PoolConnectionProxy

from shared import inner_tls
from shared.failpoints import reached
from shared.settings import ServiceSettings, SettingsMissing
from shared.telemetry import describe, log

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]"
"""Where SQL is sent: called `connection` for reads, `transaction` where something is written."""

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"

CONNECTION_GONE: Final = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)
"""What asyncpg raises on a connection whose server has gone; the last one ("another operation is in
progress") in the moment between the server's last words and the closed socket."""

COMMAND_SECONDS = 15.0
"""How long a command is waited for when the server does not even answer; the limits that the server
keeps by itself (statement, lock, idle in transaction) belong to the role, see deploy/postgres."""
CLOSE_SECONDS: Final = 1
"""How long connections may take to say goodbye."""


async def open_pool(url: str, *, application_name: str, size: int = 8) -> Pool:
    """Open a pool of at most `size` connections, each with the service's codecs.

    A connection is not reset when it comes back, which saves a round trip for each use: so only
    `set local`, no session advisory locks and no `listen` on pooled connections.
    """
    return await asyncpg.create_pool(
        url,
        min_size=min(2, size),
        max_size=size,
        reset=_leave_as_it_is,
        init=prepare,
        command_timeout=COMMAND_SECONDS,
        timeout=5,
        server_settings={"application_name": application_name},
    )


async def close_pool(pool: Pool) -> None:
    """Say goodbye to the server, which may be away; connections in use are waited for."""
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            await pool.close()
    except TimeoutError:
        pool.terminate()


async def prepare(connection: Connection) -> None:
    """Teach a connection to read and write jsonb as plain Python values."""
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        format="binary",
        encoder=_encode_jsonb,
        decoder=_decode_jsonb,
    )


async def open_pool_patiently(service: str, process: str, settings: ServiceSettings) -> Pool:
    """Open the pool of a service's process, as soon as the server is there.

    Raises:
        SettingsMissing: the server's certificate is not one of the authority that is named.
    """
    while True:
        try:
            return await open_pool(
                settings.database_url,
                application_name=f"{service}-{process}",
                size=settings.pool_size,
            )
        except ssl.SSLCertVerificationError as error:
            problem = f"PostgreSQL's certificate is not accepted: {error.verify_message}"
            raise SettingsMissing([f"{inner_tls.VARIABLE}: {problem}"]) from error
        except (OSError, TimeoutError, asyncpg.CannotConnectNowError) as error:
            log().warning(f"{process}_waits_for_database", error=describe(error))
            await asyncio.sleep(1)


@asynccontextmanager
async def transaction(pool: Pool) -> AsyncIterator[Connection]:
    """Open a transaction: committed at the end of the block, rolled back on an exception."""
    async with pool.acquire() as connection:
        async with connection.transaction():
            yield connection
            reached("transaction.before_commit")
        reached("transaction.after_commit")


async def _leave_as_it_is(_connection: Any) -> None:
    return


def _encode_jsonb(value: Any) -> bytes:
    return b"\x01" + msgspec.json.encode(value)


def _decode_jsonb(data: bytes) -> Any:
    return msgspec.json.decode(data[1:])
