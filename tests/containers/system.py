"""The system that runs in containers, as journeys see it."""

import asyncio
from pathlib import Path
from typing import Final

from deploy.local.notes import Notes
from deploy.local.preparation import role_url
from deploy.postgres.roles import DATABASE, SERVICES
from tests.containers.composition import Composition
from tests.journeys.system import System

PROCESSES: Final = [f"{service}-{kind}" for service in SERVICES for kind in ("api", "worker")]
STARTED: Final = ("gateway", *PROCESSES, "mailbox", "openid", "helpers")


class ComposedSystem(System):
    """The services of deploy/compose.yaml, with the demo's mailbox and sign-in."""

    def __init__(self, composition: Composition) -> None:
        self.composition = composition
        self._looking = None

    async def start(self) -> None:
        """Make secrets, start everything, return when all of it is healthy."""
        await asyncio.to_thread(self._start)

    async def stop(self) -> None:
        """Stop and remove everything."""
        await self._look_away()
        await asyncio.to_thread(self.composition.remove)

    async def lose(self) -> None:
        """Lose the host: all that ran on it, its volumes and its secrets."""
        await self._look_away()
        await asyncio.to_thread(self.composition.lose)

    async def _look_away(self) -> None:
        if self._looking is not None:
            await self._looking.close(timeout=1)
        self._looking = None

    @property
    def notes(self) -> Notes:
        """Where everything is reached from this host, which is in all of the networks."""
        composition, ports = self.composition, self.composition.ports
        nats = composition.address("nats", "bus")
        return Notes(
            process=0,
            gateway=composition.gateway,
            mailbox=f"http://localhost:{ports['MAILBOX']}",
            openid=f"http://localhost:{ports['OPENID']}",
            postgres=f"{composition.address('postgres', 'operator')}:5432",
            passwords=self.root / "passwords",
            nats_url=f"nats://{nats}:4222",
            nats_monitoring=f"http://{nats}:8222",
            bus_keys=self.root / "bus",
            health={name: f"http://{composition.address(name, 'bus')}:8000" for name in PROCESSES},
        )

    @property
    def root(self) -> Path:
        """A copy of the secrets that we may read."""
        return self.composition.folder / "readable"

    async def operate(self, *words: str) -> None:
        """Type a command of the operator's, in its container."""
        await asyncio.to_thread(self.composition.run, "run", "--rm", "operator", *words)

    async def handed_over(self, file: str) -> str:
        """Return the text of a file that an operator's command has written."""
        return await asyncio.to_thread(self.composition.as_root, "cat", f"/folder/handover/{file}")

    def command(self, *words: str) -> str:
        """Type a command of the operator's, in its container, and return what it printed."""
        return self.composition.run("run", "--rm", "-T", "operator", *words)

    def back_up(self, key: str) -> str:
        """Back up as the guide says, for a new key, and return the folder's name on the shelf."""
        recipient = self.command("backup-key", key).strip()
        return self.command("backup", "--recipient", recipient).strip().rpartition("/")[2]

    def make_secrets(self) -> None:
        """Make all secrets as the guide says, and a copy that we may read."""
        self.composition.run("run", "--rm", "secrets")
        self.composition.as_root("cp", "-r", "/folder/secrets", "/folder/readable")
        self.composition.as_root("chmod", "-R", "a+rX", "/folder/readable")

    def up(self) -> None:
        """Start everything and return when all of it is healthy.

        The demo's sign-in shares the network of the first registry-api, which must be alone until
        everybody has signed in; see `scale_out`.
        """
        self.composition.run("up", "--detach", "--no-build", "--scale=registry-api=1", *STARTED)
        self.composition.await_health("postgres", "nats", "gateway", *PROCESSES)

    def _start(self) -> None:
        self.make_secrets()
        self.up()

    def scale_out(self) -> None:
        """Start what the compose files say, also a second sign-in without its provider."""
        self.composition.run("up", "--detach", "--no-build", "--no-recreate", *STARTED)

    def _database_url(self, role: str) -> str:
        notes = self.notes
        password = (notes.passwords / f"{role}.password").read_text().strip()
        return role_url(role, {role: password}, notes.postgres)

    def _superuser_url(self) -> str:
        password = (self.root / "postgres.password").read_text().strip()
        return f"postgres://postgres:{password}@{self.notes.postgres}/{DATABASE}"
