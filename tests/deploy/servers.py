"""What the fixtures of these tests hand out, and how a refusal of the bus is heard."""

from typing import Any

import nats
from nats.aio.client import Client, RawCredentials
from nats.js.client import JetStreamContext

from deploy.local.nats import Nats
from deploy.nats import permissions
from deploy.nats.accounts import Accounts


class Member:
    """A connected user of the bus that remembers what the server refused."""

    def __init__(self) -> None:
        self.refusals: list[str] = []
        self.client = Client()

    async def connect(self, url: str, credentials: str, **options: Any) -> "Member":
        try:
            await self.client.connect(
                url, user_credentials=RawCredentials(credentials), error_cb=self._hear, **options
            )
        except BaseException:
            await self.client.close()
            raise
        return self

    @property
    def jetstream(self) -> JetStreamContext:
        return self.client.jetstream()

    async def may_publish(self, subject: str) -> bool:
        """Publish an empty message and tell whether the server let it through."""
        self.refusals.clear()
        await self.client.publish(subject, b"")
        await self.settle()
        return not self.refusals

    async def may_subscribe(self, subject: str) -> bool:
        """Subscribe and tell whether the server let it."""
        self.refusals.clear()
        await self.client.subscribe(subject)
        await self.settle()
        return not self.refusals

    async def settle(self) -> None:
        """Wait until the server has judged all that was sent.

        nats-py's ping may overtake what is pending, so the first only makes sure that it was sent.
        """
        await self.client.flush()
        await self.client.flush()

    async def _hear(self, problem: Exception) -> None:
        self.refusals.append(str(problem))


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

    async def member(self, user: str) -> Member:
        """Connect as one of the platform's users and listen for refusals."""
        prefix = permissions.inbox_prefix(user).encode()
        return await Member().connect(self.server.url, self.credentials(user), inbox_prefix=prefix)

    def credentials(self, user: str) -> str:
        """Return the text of one of the platform's users' credentials."""
        return self.accounts.credentials_file(user).read_text()
