"""A web host on this machine that answers as it is told and remembers what it was asked."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager


class Host:
    """Answers by path; what is not named is there."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        """Take by `GET /path` (or `/path` for any method) the status, with `>` a location."""
        self.answers = answers
        self.asked: list[str] = []
        self.url = ""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        method, path, _ = head.split(" ", 2)
        self.asked.append(f"{method} {path}")
        told = self.answers.get(f"{method} {path}") or self.answers.get(path) or "200"
        status, _, location = told.partition(">")
        if status == "silent":
            await reader.read()
        else:
            onward = f"location: {location}\r\n" if location else ""
            writer.write(f"HTTP/1.1 {status} x\r\n{onward}content-length: 0\r\n\r\n".encode())
        writer.close()


@asynccontextmanager
async def host(answers: Mapping[str, str] | None = None) -> AsyncIterator[Host]:
    """Open a host on a free port."""
    opened = Host(answers or {})
    server = await asyncio.start_server(opened.answer, "127.0.0.1", 0)
    opened.url = f"http://localhost:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield opened
