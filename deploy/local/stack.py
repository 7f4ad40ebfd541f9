"""The whole system on this machine: started, looked after, broken on purpose, stopped."""

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

import msgspec

from deploy.local import addresses, keys, notes, parts
from deploy.local.addresses import Addresses
from deploy.local.environment import Surroundings
from deploy.local.layout import Layout
from deploy.local.log_stream import set_aside
from deploy.local.part import Part, Running
from deploy.local.ports import HOST
from deploy.local.postgres import Postgres
from deploy.local.preparation import prepare_nats, prepare_postgres, role_url
from deploy.local.processes import Register
from deploy.local.supervisor import Report, Supervisor
from deploy.nats import accounts
from deploy.postgres import passwords
from deploy.postgres.roles import ROLES, SERVICES
from shared.failpoints import VARIABLE as FAILPOINTS


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    """How a stack is to run."""

    usual_ports: bool = False
    """Whether to try the well-known ports first; tests take any free ones."""
    durable: bool = True
    """False spares PostgreSQL the waiting for the disk; only power loss can tell."""
    restarts: bool = True
    """Whether a part that dies is started again."""
    services: Sequence[str] = SERVICES
    report: Report = lambda _part, _what: None
    """Is told what happens to parts, from several threads."""


class Stack:
    """A system in one folder; what is in the folder outlives it."""

    def __init__(self, root: Path, wishes: Wishes | None = None) -> None:
        """Take the folder, end what a crashed run left in it, and choose ports.

        Raises:
            AlreadyRunning: another process runs a stack in this folder.
        """
        self.layout = Layout(root.absolute())
        self._wishes = wishes or Wishes()
        self._register = Register(self.layout.notes)
        self.layout.make()
        for part in self._register.clear_up():
            self._wishes.report(part, "was left over from a crashed run and is ended")
        for log in self.layout.all_logs():
            set_aside(log)
        memory = self.layout.notes / "ports.json"
        self.addresses: Addresses = addresses.choose(memory, usual=self._wishes.usual_ports)
        self._around = Surroundings(
            addresses=self.addresses,
            keys=keys.ensure(self.layout.secrets),
            accounts=accounts.ensure(self.layout.bus_keys),
            passwords=passwords.ensure(self.layout.secrets, ROLES),
        )
        self._supervisor = Supervisor(self._register, self._wishes.report)

    def start(self) -> None:
        """Start everything and return when all of it is ready; after a failure all is stopped.

        Raises:
            PartFailed: names the part that did not start, its log and the remedy.
            Cancelled: `call_off` was called.
        """
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def call_off(self) -> None:
        """Make a `start` under way give up; fit for a signal handler."""
        self._supervisor.call_off()

    def stop(self) -> None:
        """Stop everything, what people see first and the stores last."""
        notes.erase(self.layout.notes)
        self._supervisor.stop()
        self._register.close()

    def kill(self, part: str) -> None:
        """End one part at once, as a crash would; it stays down until `restart`."""
        self._supervisor.kill(part)

    def restart(self, part: str, failpoints: str = "") -> None:
        """Stop one part if it runs, and start it.

        Args:
            part: "postgres", "nats", "gateway", "registry-worker", …; see `names`.
            failpoints: as EHRENSACHE_FAILPOINTS takes them; only until it dies or is restarted.
        """
        self._supervisor.restart(part, {FAILPOINTS: failpoints} if failpoints else {})

    def names(self) -> list[str]:
        """List the parts."""
        return self._supervisor.names()

    def process(self, part: str) -> Running:
        """Return a part's process, dead or alive."""
        return self._supervisor.running(part)

    def log(self, part: str) -> Path:
        """Return the file that a part writes its log to."""
        return self._supervisor.part(part).log

    def database_url(self, role: str) -> str:
        """Return where a role, such as `registry_app`, reaches the database."""
        return role_url(role, self._around.passwords, self._postgres_address)

    @property
    def notes(self) -> notes.Notes:
        """Where everything is reached."""
        ports = self.addresses.ports
        return notes.Notes(
            process=os.getpid(),
            gateway=self.addresses.gateway,
            mailbox=self.addresses.mailbox,
            openid=self.addresses.openid,
            postgres=self._postgres_address,
            passwords=self.layout.secrets,
            nats_url=f"nats://{HOST}:{ports['nats']}",
            nats_monitoring=f"http://{HOST}:{ports['nats_monitoring']}",
            bus_keys=self.layout.bus_keys,
            health={part.name: self.addresses.health(part.name) for part in self._services()},
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def _postgres_address(self) -> str:
        return f"{HOST}:{self.addresses.ports['postgres']}"

    def _start(self) -> None:
        helpers = [
            parts.mailbox(self.layout, self._around),
            parts.openid(self.layout, self._around),
        ]
        self._together([self._start_postgres, self._start_nats, *map(self._starting, helpers)])
        gateway = parts.gateway(self.layout, self._around)
        self._together([self._starting(part) for part in (*self._services(), gateway)])
        notes.write(self.notes, self.layout.notes)
        if self._wishes.restarts:
            self._supervisor.watch()

    def _together(self, jobs: Sequence[Callable[[], None]]) -> None:
        self._supervisor.start_together(jobs)

    def _services(self) -> list[Part]:
        every = parts.services(self.layout, self._around)
        return [part for part in every if part.name.rpartition("-")[0] in self._wishes.services]

    def _starting(self, part: Part) -> Callable[[], None]:
        def start() -> None:
            began = time.monotonic()
            self._supervisor.start(part)
            self._wishes.report(part.name, f"ready after {time.monotonic() - began:.1f} s")

        return start

    def _start_postgres(self) -> None:
        port = self.addresses.ports["postgres"]
        part = parts.postgres(self.layout, port, durable=self._wishes.durable)
        self._starting(part)()
        server = self._supervisor.running("postgres")
        if isinstance(server, Postgres):
            prepare_postgres(server.superuser_url(), self._postgres_address, self._around.passwords)
        self._wishes.report("migrate", "schemas are up to date")

    def _start_nats(self) -> None:
        self._starting(parts.nats(self.layout, self._around))()
        prepare_nats(self.notes.nats_url, self.layout.bus_keys)
        self._wishes.report("provision", "streams are up to date")
