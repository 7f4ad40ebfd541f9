"""What the fixtures of these tests hand out."""

import nats
from nats.aio.client import Client

from deploy.local.nats import Nats
from deploy.local.postgres import Postgres
from deploy.nats import permissions
from deploy.nats.accounts import Accounts
from deploy.postgres import roles


class Bus:
    """A running NATS server and those who may sign in."""

    def __init__(self, server: Nats, known: Accounts) -> None:
        self.server = server
        self.accounts = known

    async def connect(self, user: str) -> Client:
        """Connect as one of the platform's users."""
        return await nats.connect(
            self.server.url,
            user_credentials=str(self.accounts.credentials_file(user)),
            inbox_prefix=permissions.inbox_prefix(user).encode(),
        )


class Databases:
    """A running PostgreSQL server with all roles, and their passwords."""

    def __init__(self, server: Postgres, secrets: dict[str, str]) -> None:
        self.server = server
        self.secrets = secrets

    def url(self, role: str, database: str = roles.DATABASE) -> str:
        """Return where a role reaches the database."""
        return self.server.url(role, self.secrets[role], database)

    def owner_urls(self, database: str = roles.DATABASE) -> dict[str, str]:
        """Return where each service's migrations are run from."""
        return {service: self.url(f"{service}_owner", database) for service in roles.SERVICES}
