"""Says where the operator's commands reach the running system."""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from deploy.cli import terminal
from deploy.local import notes
from deploy.local.layout import default_layout
from deploy.postgres.roles import DATABASE
from shared import inner_tls
from shared.inner_tls import AuthorityUnusable

VARIABLES = {
    "nats_url": "EHRENSACHE_NATS_URL",
    "bus_keys": "EHRENSACHE_BUS_KEYS",
    "postgres": "EHRENSACHE_POSTGRES",
    "passwords": "EHRENSACHE_PASSWORDS",
}
"""Where there is no local run, in a container for example, these say the same as its notes."""

SECRETS = "EHRENSACHE_SECRETS_FOLDER"
"""Optional, for backups: where the passwords' folder does not hold all the other secrets too."""


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """Addresses of the stores, and the folders of the secrets that open them."""

    nats_url: str
    bus_keys: Path
    """Folder that `deploy.nats.accounts.ensure` was given."""
    postgres: str
    """host:port."""
    passwords: Path
    """Folder with `<role>.password` files."""
    secrets: Path
    """Folder with everything that is secret, these two and the keys of the services."""
    database: str = DATABASE
    public_url: str = "http://localhost"
    """Origin under which people reach the system."""
    partner_url: str = ""
    """Where partners' systems reach the bus, where that is another address than ours."""
    inner_ca: str = ""
    """File of who vouches for PostgreSQL and NATS, over TLS; empty: both speak without."""

    @property
    def bus_of_partners(self) -> str:
        """Return the address that partners connect to."""
        return self.partner_url or self.nats_url

    @property
    def encrypted(self) -> dict[str, str]:
        """Return host:port of each server that speaks TLS, by its name."""
        if not self.inner_ca:
            return {}
        return {"postgres": self.postgres, "nats": urlsplit(self.nats_url).netloc}

    def database_url(self, role: str) -> str:
        """Return where a role such as `events_app` reaches the database."""
        password = (self.passwords / f"{role}.password").read_text().strip()
        url = f"postgres://{role}:{password}@{self.postgres}/{self.database}"
        return inner_tls.secured(url, self.inner_ca)


def find(environ: Mapping[str, str] | None = None) -> Reach:
    """Return what the variables say, all four of them, or else what the local run has noted.

    Ends the command with exit code 4 if there is neither.
    """
    environ = os.environ if environ is None else environ
    if all(environ.get(name) for name in VARIABLES.values()):
        given = {field: environ[name] for field, name in VARIABLES.items()}
        given["secrets"] = environ.get(SECRETS) or given["passwords"]
        given["database"] = environ.get("EHRENSACHE_DATABASE", DATABASE)
        given["public_url"] = environ.get("EHRENSACHE_PUBLIC_URL", "http://localhost")
        given["partner_url"] = environ.get("EHRENSACHE_PARTNER_URL", "")
        given["inner_ca"] = _authority(environ)
        return msgspec.convert(given, Reach, dec_hook=lambda kind, value: kind(value))
    noted = notes.read(default_layout().notes)
    if noted is None:
        terminal.fail(
            "Nothing runs on this machine. Start it with `make up`, or name a system that runs "
            f"elsewhere with {', '.join(VARIABLES.values())}.",
            terminal.NOT_RUNNING,
        )
    return Reach(
        nats_url=noted.nats_url,
        bus_keys=noted.bus_keys,
        postgres=noted.postgres,
        passwords=noted.passwords,
        secrets=noted.passwords,
        public_url=noted.gateway,
    )


def _authority(environ: Mapping[str, str]) -> str:
    """Return the file of who vouches for the servers, or end the command if it is none."""
    named = environ.get(inner_tls.VARIABLE, "")
    try:
        inner_tls.context(named)
    except AuthorityUnusable as error:
        terminal.fail(str(error))
    return named
