"""Has partners' messages read by child processes, so that none of them can stop this one."""

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final

import msgspec

from services.events.ingest.child import LENGTH_BYTES
from services.events.ingest.item import Incoming, Read
from services.events.ingest.reasons import ItemRefused, refusal
from shared.telemetry import describe, log

CHILDREN: Final = 2
WALL_SECONDS: Final = 20
PATIENT_SECONDS: Final = 2.0
"""How long a child may be without a processor that nobody else needs; then it gets a share."""
SHARE_SECONDS: Final = 60.0
"""How long it has that share; then it is tried again without."""
ENDING_SECONDS: Final = 1
CHUNK_BYTES: Final = 64 * 1024
"""What one child is given at once: a flood waits between chunks like everybody else."""
CHUNK_MESSAGES: Final = 64
ATTEMPTS: Final = 3
MOST_MESSAGES: Final = 20_000
"""A child is replaced after so many, whatever the parser has kept in its memory."""

_MODULE: Final = "services.events.ingest.child"
_requests = msgspec.msgpack.Encoder()
_answers = msgspec.msgpack.Decoder(list[list[Read]])


class ChildDied(Exception):
    """A child process ended over what it was given, or before it had read it."""


class Starved(ChildDied):
    """A child process was ended because others needed all processors."""


class TooCostly(ChildDied):
    """A child process was ended because it took too much time."""


class Sandbox:
    """A few child processes that read messages; each starts when it is needed, or warmed before."""

    def __init__(
        self,
        children: int = CHILDREN,
        patient_seconds: float = PATIENT_SECONDS,
        share_seconds: float = SHARE_SECONDS,
    ) -> None:
        self._idle: asyncio.LifoQueue[_Child] = asyncio.LifoQueue()
        self._children = [_Child(patient_seconds, share_seconds) for _ in range(children)]
        for child in self._children:
            self._idle.put_nowait(child)

    async def read(self, messages: Sequence[Incoming]) -> list[list[Read]]:
        """Return what each message holds; one that kills its reader is refused for that."""
        outcomes: list[list[Read]] = []
        for chunk in _chunks(messages):
            outcomes += await self._read_chunk(chunk)
        return outcomes

    async def warm(self) -> None:
        """Have those run that nobody is using, so that the next messages do not wait for it."""
        idle = [self._idle.get_nowait() for _ in range(self._idle.qsize())]
        try:
            for child in idle:
                await child.warm()
        finally:
            for child in idle:
                self._idle.put_nowait(child)

    async def close(self) -> None:
        """End the child processes."""
        for child in self._children:
            await child.stop()

    async def _read_chunk(self, chunk: Sequence[Incoming]) -> list[list[Read]]:
        try:
            return await self._try_chunk(chunk)
        except ChildDied:
            return [await self._read_alone(message) for message in chunk]

    async def _read_alone(self, message: Incoming) -> list[Read]:
        """Read one message; a child that was ended by somebody else is no fault of it."""
        for _ in range(ATTEMPTS):
            try:
                return (await self._try_chunk([message]))[0]
            except TooCostly:
                return [refusal("", ItemRefused("took_too_long"))]
            except ChildDied as error:
                log().warning("reader_died", partner=message.partner, error=describe(error))
        return [refusal("", ItemRefused("not_read"))]

    async def _try_chunk(self, chunk: Sequence[Incoming]) -> list[list[Read]]:
        child = await self._idle.get()
        try:
            return await child.read(chunk)
        finally:
            self._idle.put_nowait(child)


class _Child:
    def __init__(self, patient_seconds: float, share_seconds: float) -> None:
        self._patient_seconds = patient_seconds
        self._share_seconds = share_seconds
        self._process: Process | None = None
        self._read = 0
        self._stands_back = True
        """Whether it runs on processors that nobody else needs: what a message costs is its own."""
        self._stands_back_at = 0.0
        """When it does so again."""

    async def read(self, messages: Sequence[Incoming]) -> list[list[Read]]:
        try:
            async with asyncio.timeout(self._patience()):
                answer = await self._exchange(_requests.encode(messages))
        except TimeoutError as error:
            was_starved = self._stands_back
            await self._replace(stands_back=not was_starved)
            raise (Starved if was_starved else TooCostly) from error
        except (OSError, asyncio.IncompleteReadError) as error:
            ended = await self._replace(is_ending=True)
            raise (TooCostly if ended == -signal.SIGPROF else ChildDied) from error
        except asyncio.CancelledError:
            # An answer that nobody has waited for would be taken for the next one's.
            await self.stop()
            raise
        self._read += len(messages)
        if self._read >= MOST_MESSAGES:
            await self._replace()
        return _answers.decode(answer)

    async def warm(self) -> None:
        """Have the process running and its modules loaded: that takes a third of a second.

        One that has had its share long enough starts anew, and stands back again.
        """
        if self._process is not None and self._process.returncode is None:
            if self._stands_back or time.monotonic() < self._stands_back_at:
                return
            self._stands_back = True
        await self.stop()
        try:
            async with asyncio.timeout(self._patience()):
                await self._exchange(_requests.encode([]))
        except (OSError, asyncio.IncompleteReadError) as error:
            if self._stands_back and isinstance(error, TimeoutError):
                await self._replace(stands_back=False)
                return
            await self.stop()
            log().warning("reader_not_started", error=describe(error))
        except asyncio.CancelledError:
            # The answer to nothing would be taken for that to the next messages.
            await self.stop()
            raise

    async def _replace(self, *, is_ending: bool = False, stands_back: bool = True) -> int:
        """End the process, have the next one running, and return how the former ended.

        So whoever has sent what ended it waits for the next one, and not whoever is read then.
        """
        ended = await self.stop(is_ending=is_ending)
        self._stands_back = stands_back
        self._stands_back_at = time.monotonic() + self._share_seconds
        await self.warm()
        return ended

    async def stop(self, *, is_ending: bool = False) -> int:
        """End the process and return how it ended.

        One that is ending by itself is given time for it: to signal it would ask after its end, and
        take the answer from the event loop, which then does not know how it ended.
        """
        process, self._process, self._read = self._process, None, 0
        if process is None:
            return 0
        if is_ending:
            with suppress(TimeoutError):
                async with asyncio.timeout(ENDING_SECONDS):
                    return await process.wait()
        with suppress(ProcessLookupError):
            process.kill()
        return await process.wait()

    def _patience(self) -> float:
        return self._patient_seconds if self._stands_back else WALL_SECONDS

    async def _exchange(self, request: bytes) -> bytes:
        if self._process is None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", _MODULE, stdin=PIPE, stdout=PIPE, env=_environment()
            )
            if self._stands_back:
                _set_back(self._process.pid)
        sink, source = self._process.stdin, self._process.stdout
        if sink is None or source is None:
            raise OSError("the child has no pipes")
        sink.write(len(request).to_bytes(LENGTH_BYTES) + request)
        await sink.drain()
        length = await source.readexactly(LENGTH_BYTES)
        return await source.readexactly(int.from_bytes(length))


def _set_back(process: int) -> None:
    """Let a process run only where nobody else needs the processor.

    Some sandboxes forbid it, and only Linux knows it.
    """
    try:
        os.sched_setscheduler(process, os.SCHED_IDLE, os.sched_param(0))
    except (AttributeError, OSError) as error:
        log().warning("reader_not_set_back", error=describe(error))


def _environment() -> dict[str, str]:
    """Return what a child needs to start: none of this process's secrets."""
    return {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def _chunks(messages: Sequence[Incoming]) -> Iterator[list[Incoming]]:
    chunk: list[Incoming] = []
    size = 0
    for message in messages:
        is_full = size + len(message.body) > CHUNK_BYTES or len(chunk) == CHUNK_MESSAGES
        if chunk and is_full:
            yield chunk
            chunk, size = [], 0
        chunk.append(message)
        size += len(message.body)
    if chunk:
        yield chunk
