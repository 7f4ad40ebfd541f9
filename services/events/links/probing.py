"""Looks whether a link leads somewhere, without ever asking an address inside our own network."""

import asyncio
import ipaddress
import socket
from typing import Final

import httpx

from services.events.links.model import Reason

MOST_HOPS: Final = 5
SECONDS: Final = 10.0
"""For one answer's head; the body is never read."""
_THERE: Final = frozenset({401, 403, 405, 406, 429, 451})
"""The host answers and only does not like programs."""
_GONE: Final = frozenset({404, 410})
_FIRST_ERROR, _FIRST_FAILURE = 400, 500


class HopRefused(Exception):
    """An address that is not asked; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


class Prober:
    """Asks hosts about links."""

    def __init__(self, agent: str, *, reaches_private: bool = False) -> None:
        """Take how to behave.

        Args:
            agent: what the hosts read as User-Agent.
            reaches_private: whether addresses of private networks may be asked, for tests.
        """
        self._agent = agent
        self._reaches_private = reaches_private

    async def look(self, url: str) -> Reason:
        """Return what is wrong with a link, empty if it leads somewhere."""
        try:
            async with (
                asyncio.timeout(SECONDS * 2 * MOST_HOPS),
                # No proxy of the environment: it would be asked for addresses of our network.
                httpx.AsyncClient(timeout=SECONDS, trust_env=False) as client,
            ):
                return await self._follow(client, httpx.URL(url))
        except HopRefused as refusal:
            return refusal.reason
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError, ValueError):
            return "no_answer"

    async def _follow(self, client: httpx.AsyncClient, url: httpx.URL) -> Reason:
        for _ in range(MOST_HOPS):
            address = await self._address(url)
            status, location = await self._ask(client, "HEAD", url, address)
            if status >= _FIRST_ERROR:
                # Some hosts know no HEAD.
                status, location = await self._ask(client, "GET", url, address)
            if not location:
                return _meaning(status)
            url = url.join(location)
        return "too_many_hops"

    async def _ask(
        self, client: httpx.AsyncClient, method: str, url: httpx.URL, address: str
    ) -> tuple[int, str]:
        """Return status and the address that it leads on to; the checked address is asked."""
        request = client.build_request(
            method,
            url.copy_with(host=address, fragment=None),
            headers={"host": url.netloc.decode(), "user-agent": self._agent},
            extensions={"sni_hostname": url.host},
        )
        response = await client.send(request, stream=True)
        await response.aclose()
        leads_on = response.is_redirect and response.headers.get("location", "")
        return response.status_code, leads_on or ""

    async def _address(self, url: httpx.URL) -> str:
        if url.scheme not in {"http", "https"} or not url.host:
            raise HopRefused("refused")
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(url.host, None, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            raise HopRefused("no_such_host") from error
        addresses = [str(one[4][0]) for one in found]
        if not addresses:
            raise HopRefused("no_such_host")
        if not self._reaches_private and not all(map(is_public, addresses)):
            raise HopRefused("private")
        return addresses[0]


def is_public(address: str) -> bool:
    """Say whether an address belongs to the public network; also one wrapped in IPv6."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour
        if inner is not None:
            return is_public(str(inner))
        if parsed in _TRANSLATED:
            return is_public(str(ipaddress.IPv4Address(int(parsed) & 0xFFFF_FFFF)))
    return parsed.is_global and not parsed.is_multicast


def _meaning(status: int) -> Reason:
    if status < _FIRST_ERROR or status in _THERE:
        return ""
    if status in _GONE:
        return "gone"
    return "failing" if status >= _FIRST_FAILURE else "refused"


_TRANSLATED: Final = ipaddress.IPv6Network("64:ff9b::/96")
"""Source: RFC 6052, IPv4 behind a translator."""
