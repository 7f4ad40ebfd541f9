"""Sends HTTP requests over connections that stay open, from a process of its own, and counts."""

import asyncio
import itertools
import multiprocessing
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor

import msgspec
import uvloop

from bench.figures import percentile
from deploy.local.ports import HOST

GIVE_UP_SECONDS = 120
END_OF_HEAD = b"\r\n\r\n"
NO_BODY = frozenset({204, 304})


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """What is sent where."""

    port: int
    requests: Sequence[bytes]
    """Whole requests, see `request`; whichever connection is free takes the next one."""
    connections: int
    seconds: float = 0
    """Send the requests again and again for so long; 0: send each of them once."""

    def each(self) -> Iterator[bytes]:
        """Return the requests in their order, until they or the seconds are over."""
        if not self.seconds:
            return iter(self.requests)
        end = time.perf_counter() + self.seconds
        endless = itertools.cycle(self.requests)
        return itertools.takewhile(lambda _: time.perf_counter() < end, endless)


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What came back."""

    statuses: dict[int, int]
    """How often each status was answered."""
    seconds: float
    """From the first request to the last answer; the connections were open before."""
    milliseconds: list[float]
    """From each request to the end of its answer."""
    last_head: bytes
    last_body: bytes

    def header(self, name: str) -> str:
        """Return a header of the last answer."""
        lines = self.last_head.decode("latin-1").split("\r\n")
        return next(line.partition(": ")[2] for line in lines if line.lower().startswith(name))

    @property
    def count(self) -> int:
        """Return how many answers there were."""
        return len(self.milliseconds)

    @property
    def rate(self) -> float:
        """Return the answers per second."""
        return self.count / self.seconds

    @property
    def p99(self) -> float:
        """Return the milliseconds within which 99 of 100 answers came."""
        return percentile(self.milliseconds, 0.99)

    def demand(self, status: int) -> "Result":
        """Return the same if every answer had this status.

        Raises:
            UnexpectedAnswers: some had another.
        """
        if set(self.statuses) != {status}:
            raise UnexpectedAnswers(self)
        return self


class UnexpectedAnswers(RuntimeError):
    """Something else was measured than what was meant."""

    def __init__(self, result: Result) -> None:
        super().__init__(f"answers by status: {result.statuses}, last: {result.last_body[:300]!r}")


class ConnectionEnded(RuntimeError):
    """The server closed a connection that was to stay open."""


def request(
    method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
) -> bytes:
    """Return a request as it is sent."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def as_json(value: object, path: str, headers: Mapping[str, str] | None = None) -> bytes:
    """Return a POST of a value as JSON."""
    return request(
        "POST",
        path,
        {"Content-Type": "application/json", **(headers or {})},
        msgspec.json.encode(value),
    )


async def fire(load: Load) -> Result:
    """Send everything from another process, which shares no event loop with whoever measures.

    Raises:
        ConnectionEnded: the server closed a connection.
        TimeoutError: it stopped answering.
    """
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawning) as processes:
        return await asyncio.get_running_loop().run_in_executor(processes, _fire, load)


async def fetch(port: int, path: str, headers: Mapping[str, str] | None = None) -> Result:
    """Send one GET from here and return its answer."""
    return await _send(Load(port=port, requests=[request("GET", path, headers)], connections=1))


def _fire(load: Load) -> Result:
    return uvloop.run(_send(load))


async def _send(load: Load) -> Result:
    loop = asyncio.get_running_loop()
    taken = _Taken()
    opened = [
        (await loop.create_connection(lambda: _Connection(taken), HOST, load.port))[1]
        for _ in range(load.connections)
    ]
    began = time.perf_counter()
    each = load.each()
    for connection in opened:
        connection.start(each)
    async with asyncio.timeout(load.seconds + GIVE_UP_SECONDS):
        await asyncio.gather(*(connection.ended for connection in opened))
    return Result(
        statuses=dict(taken.statuses),
        seconds=time.perf_counter() - began,
        milliseconds=taken.milliseconds,
        last_head=taken.last_head,
        last_body=b"".join(taken.last_body),
    )


class _Taken:
    """What all connections have got so far."""

    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        self.milliseconds: list[float] = []
        self.last_head = b""
        self.last_body: list[bytes] = []


class _Connection(asyncio.Protocol):
    """Sends a request, waits for the whole answer, sends the next."""

    def __init__(self, taken: _Taken) -> None:
        self.ended = asyncio.get_running_loop().create_future()
        self._taken = taken
        self._received: list[bytes] = []
        self._missing: int | None = None
        """Bytes of the body that have not come; None until the head is complete."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_exception(exc or ConnectionEnded())

    def start(self, requests: Iterator[bytes]) -> None:
        self._requests = requests
        self._next()

    def data_received(self, data: bytes) -> None:
        if self.ended.done():
            return  # Nobody waits for it any more.
        self._received.append(data)
        if self._missing is None:
            self._read_head()
        else:
            self._missing -= len(data)
        if self._missing == 0:
            self._note()
            self._next()

    def _read_head(self) -> None:
        received = b"".join(self._received)
        head, found, body = received.partition(END_OF_HEAD)
        if not found:
            return
        self._status = int(head[9:12])
        self._taken.last_head = head
        self._received = [body]
        self._missing = (0 if self._status in NO_BODY else _length(head)) - len(body)

    def _note(self) -> None:
        self._taken.milliseconds.append((time.perf_counter() - self._began) * 1_000)
        self._taken.statuses[self._status] += 1
        self._taken.last_body = self._received

    def _next(self) -> None:
        following = next(self._requests, None)
        if following is None:
            self.ended.set_result(None)
            self._transport.close()
            return
        self._received, self._missing = [], None
        self._began = time.perf_counter()
        self._transport.write(following)


def _length(head: bytes) -> int:
    """Return how long the body is; every answer of ours says so."""
    _, found, rest = head.lower().partition(b"\r\ncontent-length:")
    if not found:
        raise ConnectionEnded(f"an answer of unknown length: {head!r}")
    return int(rest.partition(b"\r\n")[0])
