"""A partner's web server, which answers what a test tells it to."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec

OK = "200 OK"


class Web(msgspec.Struct):
    """A server on this machine; `requests` are the heads that it was sent, in lower case."""

    url: str
    status: str = OK
    headers: dict[str, str] = {}
    body: bytes = b""
    is_silent: bool = False
    requests: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request and close."""
        head = await reader.readuntil(b"\r\n\r\n")
        self.requests.append(head.decode().lower())
        if self.is_silent:
            await reader.read()
        else:
            headers = {"content-length": str(len(self.body)), "connection": "close"} | self.headers
            lines = [f"HTTP/1.1 {self.status}", *(f"{name}: {headers[name]}" for name in headers)]
            writer.write("\r\n".join([*lines, "", ""]).encode() + self.body)
        writer.close()


@asynccontextmanager
async def serving(certificate: ssl.SSLContext | None = None) -> AsyncIterator[Web]:
    """Start a server for one test, behind TLS where it has a certificate."""
    web = Web("")

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await web.serve(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=certificate)
    web.url = f"{'https' if certificate else 'http'}://127.0.0.1:{server.sockets[0].getsockname()[1]}/kalender.ics"
    async with server:
        yield web
