"""A city's stores behind TLS, and its operator."""

import asyncio
import os
import sys
from pathlib import Path

import msgspec

from deploy.nats.accounts import Accounts
from shared.settings import ServiceSettings, from_environment
from tests.deploy.tls.servers import Certificates, TlsPostgres


class City(msgspec.Struct, frozen=True):
    """Where everything is."""

    home: Path
    postgres: TlsPostgres
    nats_url: str
    accounts: Accounts
    certificates: Certificates

    def variables(self, **changed: str) -> dict[str, str]:
        """Return what the operator's commands and a service are told."""
        superuser = self.home / "superuser.url"
        superuser.write_text(self.postgres.superuser_url())
        role = "events_app"
        password = (self.home / "passwords" / f"{role}.password").read_text()
        return {
            "EHRENSACHE_POSTGRES": self.postgres.postgres,
            "EHRENSACHE_PASSWORDS": str(self.home / "passwords"),
            "EHRENSACHE_NATS_URL": self.nats_url,
            "EHRENSACHE_BUS_KEYS": str(self.accounts.directory),
            "EHRENSACHE_SUPERUSER_URL_FILE": str(superuser),
            "EHRENSACHE_INNER_CA": self.certificates.authority,
            "EHRENSACHE_DATABASE_URL": (
                f"postgres://{role}:{password}@{self.postgres.postgres}/ehrensache"
            ),
            "EHRENSACHE_NATS_CREDENTIALS_FILE": str(self.accounts.credentials_file("events")),
            "EHRENSACHE_PUBLIC_URL": "http://localhost",
            "EHRENSACHE_STAFF_TOKEN_PUBLIC_KEY": "unused",
            **changed,
        }

    def settings(self, **changed: str) -> ServiceSettings:
        """Return a service's settings, read as its processes read them."""
        return from_environment(ServiceSettings, self.variables(**changed))

    async def operate(self, *words: str, code: int = 0, **changed: str) -> str:
        """Type a command of the operator's and return what it printed, or complained of.

        Args:
            words: such as "status", "--json".
            code: with which it has to end.
            changed: variables that differ.
        """
        kept = {name: value for name, value in os.environ.items() if "EHRENSACHE" not in name}
        process = await asyncio.create_subprocess_exec(
            Path(sys.executable).parent / "ehrensache",
            *words,
            env={**kept, **self.variables(**changed)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        printed, complaints = await process.communicate()
        assert process.returncode == code, complaints.decode()
        return (complaints if code and not printed else printed).decode()
