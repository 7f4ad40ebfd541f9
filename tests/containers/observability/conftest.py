"""A system in containers with those who watch it."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.containers.running import prepared, started
from tests.containers.system import ComposedSystem

WATCHING = ("exporter", "prometheus")


class WatchedSystem(ComposedSystem):
    """As the others, with the exporter and Prometheus of the profile `observability`."""

    def up(self) -> None:
        super().up()
        self.composition.run("up", "--detach", "--no-build", *WATCHING)


class Prometheus:
    """What Prometheus answers; its network has no way to the host's ports."""

    def __init__(self, system: WatchedSystem) -> None:
        self._origin = f"http://{system.composition.address('prometheus', 'watch')}:9090"

    async def tells(self, what: str, **asked: str) -> Any:
        """Return the data of an answer, None while there is none.

        Args:
            what: such as "targets", below /api/v1.
            asked: of the request, such as the query.
        """
        async with httpx.AsyncClient(base_url=self._origin, trust_env=False) as client:
            try:
                answer = await client.get(f"/api/v1/{what}", params=asked)
            except httpx.TransportError:
                return None
        assert answer.is_success, answer.text
        return answer.json()["data"]


@pytest.fixture(scope="session")
async def system() -> AsyncIterator[ComposedSystem]:
    """All services, started once."""
    with prepared("watched", subnet=76) as composition:
        async with started(composition, WatchedSystem) as system:
            yield system


@pytest.fixture(scope="session")
def prometheus(system: WatchedSystem) -> Prometheus:
    """Prometheus, as it is in its container."""
    return Prometheus(system)
