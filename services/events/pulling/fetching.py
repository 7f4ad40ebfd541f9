"""Fetches a calendar from a foreign server: bounded in time and size, and from public addresses."""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import httpcore

from services.events.pulling.model import LONGEST_PAUSE, Fetched, Pull, PullFailed

TOTAL_SECONDS: Final = 30.0
STEP_SECONDS: Final = 10.0
MOST_BYTES: Final = 5 * 1024 * 1024
MOST_REDIRECTS: Final = 3
PORTS: Final = frozenset({80, 443})
OK, NOT_MODIFIED = 200, 304
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
AGENT: Final = "Ehrensache (events calendar)"
_EMBEDDED: Final = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
"""IPv6 addresses that a translator turns into IPv4 ones, private ones among them (RFC 6052)."""


class PublicNetwork(httpcore.AsyncNetworkBackend):
    """Opens connections to public addresses only, to exactly those that were looked at.

    The name is resolved once: a name server cannot show one address for the check and another one
    for the connection.
    """

    def __init__(self, *, allows_private: bool) -> None:
        self._allows_private = allows_private
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first of the host's addresses that answers.

        Raises:
            PullFailed: one of them is not public, or the port is none of the web's.
        """
        addresses = await _resolved(host, port)
        if not self._allows_private and (port not in PORTS or not all(map(is_public, addresses))):
            raise PullFailed("address_not_allowed")
        problem: Exception = httpcore.ConnectError()
        for address in addresses:
            try:
                return await self._inner.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
        raise problem


async def fetch(
    pull: Pull, *, allows_private: bool = False, seconds: float = TOTAL_SECONDS
) -> Fetched:
    """Return what stands at the pull's address now, asking only for what is new.

    Args:
        pull: where to ask, and what the server said last time.
        seconds: how long the whole may take.
        allows_private: whether addresses of private networks may be asked; for tests and for towns
            whose partners are in the same network.

    Raises:
        PullFailed: says why.
    """
    network = PublicNetwork(allows_private=allows_private)
    try:
        async with (
            asyncio.timeout(seconds),
            httpcore.AsyncConnectionPool(
                ssl_context=ssl.create_default_context(), network_backend=network
            ) as pool,
        ):
            return await _follow(pool, pull)
    except (TimeoutError, httpcore.TimeoutException) as error:
        raise PullFailed("too_slow") from error
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
        raise PullFailed("not_reached") from error


def is_public(address: str) -> bool:
    """Say whether an IP address is one of the public internet."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if ip.sixtofour or ip.teredo or any(ip in network for network in _EMBEDDED):
            return False
    return ip.is_global and not ip.is_multicast


async def _follow(pool: httpcore.AsyncConnectionPool, pull: Pull) -> Fetched:
    url = pull.url
    for _ in range(MOST_REDIRECTS + 1):
        async with pool.stream(
            "GET", url, headers=_asking(pull), extensions={"timeout": _steps()}
        ) as response:
            if response.status not in REDIRECTS:
                return await _answer(response)
            url = _next(url, _headers(response).get("location", ""))
    raise PullFailed("too_many_redirects")


async def _answer(response: httpcore.Response) -> Fetched:
    if response.status == NOT_MODIFIED:
        return Fetched(body=None)
    headers = _headers(response)
    if response.status != OK:
        wait = _wait(headers.get("retry-after", ""), datetime.now(UTC))
        raise PullFailed("asked_to_wait" if wait else "answer_refused", wait)
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise PullFailed("encoding_not_allowed")
    body = bytearray()
    async for piece in response.aiter_stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise PullFailed("too_large")
    return Fetched(
        body=bytes(body),
        etag=headers.get("etag", "")[:200],
        last_modified=headers.get("last-modified", "")[:100],
    )


def _wait(retry_after: str, now: datetime) -> timedelta | None:
    """Return for how long the server wants to be left alone, None where it says nothing readable.

    Source: RFC 9110 10.2.3, seconds or a date.
    """
    written = retry_after.strip()
    if written.isascii() and written.isdigit():
        return timedelta(seconds=min(int(written[:10]), LONGEST_PAUSE.total_seconds())) or None
    try:
        at = parsedate_to_datetime(written)
    except (ValueError, OverflowError):
        return None
    return max(at.replace(tzinfo=at.tzinfo or UTC) - now, timedelta()) or None


def _next(url: str, location: str) -> str:
    wanted = urljoin(url, location)
    before, after = urlsplit(url), urlsplit(wanted)
    is_worse = (before.scheme == "https" and after.scheme != "https") or not wanted.isascii()
    if after.scheme not in ("http", "https") or not after.hostname or is_worse or after.username:
        raise PullFailed("too_many_redirects")
    return wanted


async def _resolved(host: str, port: int) -> list[str]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise PullFailed("host_unknown") from error
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def _asking(pull: Pull) -> dict[bytes | str, bytes | str]:
    headers: dict[bytes | str, bytes | str] = {
        "user-agent": AGENT,
        "accept": "text/calendar",
        "accept-encoding": "identity",
    }
    if pull.etag:
        headers["if-none-match"] = pull.etag
    if pull.last_modified:
        headers["if-modified-since"] = pull.last_modified
    return headers


def _headers(response: httpcore.Response) -> Mapping[str, str]:
    return {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers
    }


def _steps() -> dict[str, float]:
    return dict.fromkeys(("connect", "read", "write", "pool"), STEP_SECONDS)
