"""A system in containers whose parts speak TLS with each other."""

from collections.abc import AsyncIterator

import pytest

from deploy.local.authority import AUTHORITY
from tests.containers.running import prepared, started
from tests.containers.system import ComposedSystem
from tests.journeys.conftest import clerk

__all__ = ["clerk"]


class EncryptedSystem(ComposedSystem):
    """As the others; we look into the database over TLS, too, though not by its name."""

    def _superuser_url(self) -> str:
        authority = self.root / "inner" / f"{AUTHORITY}.pem"
        return f"{super()._superuser_url()}?sslmode=verify-ca&sslrootcert={authority}"


@pytest.fixture(scope="session")
async def system() -> AsyncIterator[ComposedSystem]:
    """All services, started once."""
    with prepared("encrypted", "compose.tls.yaml", subnet=75) as composition:
        async with started(composition, EncryptedSystem) as system:
            yield system
