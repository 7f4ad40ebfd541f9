"""Real servers that speak TLS only, with the files that `ehrensache secrets` makes."""

import os
import signal
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from deploy.local import authority, tls_postgres, unprivileged
from deploy.local.authority import AUTHORITY
from deploy.local.ports import HOST, free_port
from deploy.local.server import Program, Server
from deploy.nats.accounts import Accounts
from deploy.nats.config import Place, Tls, render
from deploy.postgres.settings import COMMON, ENCRYPTED, ENTRANCES, INITIAL

PASSWORD: Final = "nur-hier"


class Certificates(msgspec.Struct, frozen=True):
    """A folder that `deploy.local.authority` has filled."""

    folder: Path

    @classmethod
    def make(cls, folder: Path) -> "Certificates":
        authority.ensure(folder, datetime.now(UTC))
        return cls(folder)

    @property
    def authority(self) -> str:
        return str(self.folder / f"{AUTHORITY}.pem")

    def shown(self, server: str) -> Tls:
        """Return what a server shows, for NATS's configuration."""
        return Tls(
            certificate=self.folder / f"{server}.pem",
            key=self.folder / f"{server}.key",
            authority=self.folder / f"{AUTHORITY}.pem",
        )


class TlsPostgres:
    """A PostgreSQL with the settings of the containers, on the loopback address.

    Its pg_hba.conf lets the loopback address in over TLS only, as ours does every other one.
    """

    def __init__(self, home: Path, certificates: Certificates) -> None:
        self.port = free_port(None)
        self.postgres = f"localhost:{self.port}"
        programs = tls_postgres.lay_out(home / "programs")
        data = home / "data"
        data.mkdir(mode=0o700)
        unprivileged.hand_over(data)
        password = home / "password"
        password.write_text(PASSWORD)
        options = unprivileged.process_options()
        made: list[str | Path] = [
            programs / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            f"--pwfile={password}",
        ]
        subprocess.run(
            [*made, *INITIAL, "--no-sync"],
            check=True,
            cwd="/",
            stdout=subprocess.DEVNULL,
            **options,
        )
        self.server = Server(
            Program(
                name="PostgreSQL",
                command=[programs / "postgres", "-D", data, *self._settings(home, certificates)],
                log=home / "postgres.log",
                is_ready=lambda _: "ready to accept" in (home / "postgres.log").read_text(),
                stop_signals=(signal.SIGINT, signal.SIGQUIT),
                process_options={"cwd": "/", **options},
            )
        )

    def superuser_url(self) -> str:
        return f"postgres://postgres:{PASSWORD}@{self.postgres}/postgres"

    def _settings(self, home: Path, certificates: Certificates) -> list[str]:
        """Return the containers' settings, with the paths of this machine."""
        key, entrances = home / "server.key", home / "pg_hba.conf"
        key.touch(mode=0o600)
        key.write_text((certificates.folder / "postgres.key").read_text())
        unprivileged.hand_over(key)
        shown = home / "server.pem"
        shown.write_text((certificates.folder / "postgres.pem").read_text())
        entrances.write_text("\n".join(one for one in ENTRANCES.splitlines() if HOST not in one))
        here = {
            "ssl_cert_file": shown,
            "ssl_key_file": key,
            "hba_file": entrances,
            "listen_addresses": HOST,
            "unix_socket_directories": "",
            "port": self.port,
            "fsync": "off",
        }
        settings = {**COMMON, **ENCRYPTED, **here}
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def start_nats(home: Path, place: Place, accounts: Accounts) -> Server:
    """Start a NATS server as a configuration says."""
    home.mkdir(parents=True, exist_ok=True)
    config, log = home / "nats.conf", home / "nats.log"
    config.write_text(render(place, accounts))
    return Server(
        Program(
            name="NATS",
            command=["nats-server", "--config", config],
            log=log,
            is_ready=lambda _: "Server is ready" in log.read_text(),
            process_options={"env": {**os.environ, "EHRENSACHE_NODE": place.name}},
        )
    )
