"""Looks whether a link leads somewhere, without ever asking an address inside our own network."""

import asyncio
import ssl
from typing import Final
from urllib.parse import urldefrag, urljoin, urlsplit

import httpcore

from services.events.links.model import Reason
from services.events.pulling.fetching import REDIRECTS, PublicNetwork
from services.events.pulling.model import PullFailed

MOST_HOPS: Final = 5
SECONDS: Final = 10.0
"""For one answer's head; the body is never read."""
_THERE: Final = frozenset({401, 403, 405, 406, 429, 451})
"""The host answers and only does not like programs."""
_GONE: Final = frozenset({404, 410})
_FIRST_ERROR, _FIRST_FAILURE = 400, 500
_REASONS: Final[dict[str, Reason]] = {
    "address_not_allowed": "private",
    "host_unknown": "no_such_host",
}


class Prober:
    """Asks hosts about links."""

    def __init__(self, agent: str, *, allows_private: bool = False) -> None:
        """Take how to behave.

        Args:
            agent: what the hosts read as User-Agent.
            allows_private: whether addresses of private networks may be asked.
        """
        self._agent = agent
        self._allows_private = allows_private

    async def look(self, url: str) -> Reason:
        """Return what is wrong with a link, empty if it leads somewhere."""
        network = PublicNetwork(allows_private=self._allows_private)
        try:
            async with (
                asyncio.timeout(SECONDS * 2 * MOST_HOPS),
                httpcore.AsyncConnectionPool(
                    ssl_context=ssl.create_default_context(), network_backend=network
                ) as pool,
            ):
                return await self._follow(pool, url)
        except PullFailed as refusal:
            return _REASONS.get(refusal.reason, "no_answer")
        except (
            httpcore.NetworkError,
            httpcore.ProtocolError,
            httpcore.TimeoutException,
            OSError,
            ValueError,
        ):
            return "no_answer"

    async def _follow(self, pool: httpcore.AsyncConnectionPool, url: str) -> Reason:
        for _ in range(MOST_HOPS):
            if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
                return "refused"
            status, location = await self._ask(pool, "HEAD", url)
            if status >= _FIRST_ERROR:
                # Some hosts know no HEAD.
                status, location = await self._ask(pool, "GET", url)
            if not location:
                return _meaning(status)
            url = urljoin(url, location)
        return "too_many_hops"

    async def _ask(
        self, pool: httpcore.AsyncConnectionPool, method: str, url: str
    ) -> tuple[int, str]:
        """Return status and the address that it leads on to; empty if it does not."""
        steps = dict.fromkeys(("connect", "read", "write", "pool"), SECONDS)
        headers: dict[bytes | str, bytes | str] = {"user-agent": self._agent, "accept": "*/*"}
        async with pool.stream(
            method, urldefrag(url).url, headers=headers, extensions={"timeout": steps}
        ) as response:
            found = [value for name, value in response.headers if name.lower() == b"location"]
            leads_on = response.status in REDIRECTS and found
            return response.status, found[0].decode("latin-1") if leads_on else ""


def _meaning(status: int) -> Reason:
    if status < _FIRST_ERROR or status in _THERE:
        return ""
    if status in _GONE:
        return "gone"
    return "failing" if status >= _FIRST_FAILURE else "refused"
