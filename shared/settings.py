"""Reads a process's settings from the environment, once, at start-up."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from shared import inner_tls
from shared.inner_tls import AuthorityUnusable

PREFIX = "EHRENSACHE_"


class ServiceSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What every service needs to know; a service's own Settings add to it."""

    database_url: str
    """postgres://<service>_app:…@host:port/ehrensache; the role's search path is its schema. With
    `inner_ca` it demands TLS."""
    nats_url: str
    nats_credentials: str = ""
    """The text of a .creds file; empty only where the server asks for none."""
    inner_ca: str = ""
    """File with the certificates, in PEM, of whoever vouches for PostgreSQL and NATS, which are
    then spoken to over TLS only; empty: both are spoken to without."""
    public_url: str
    """Origin that people see, without a trailing slash: https://ehrenamt.example.de."""
    staff_token_public_key: str
    """Ed25519 public key in PEM that verifies staff tokens."""
    http_host: str = "127.0.0.1"
    http_port: int = 8000
    health_host: str = "127.0.0.1"
    health_port: int = 0
    """Port of the worker's /livez, /readyz and /metrics; 0 takes a free one."""
    http_processes: int = 1
    pool_size: int = 8
    """Most database connections of one process."""
    trusted_proxies: str = "127.0.0.1"
    """Addresses, comma-separated, whose X-Forwarded-For is believed."""


class SettingsMissing(SystemExit):
    """Start-up stops: these variables are not set or not readable as their type."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        """A sentence for each variable."""
        super().__init__("Cannot start:\n" + "\n".join(f"  {problem}" for problem in problems))


Settings = TypeVar("Settings", bound=ServiceSettings)


def from_environment(kind: type[Settings], environ: Mapping[str, str] | None = None) -> Settings:
    """Build the settings from EHRENSACHE_<FIELD>, or from the file EHRENSACHE_<FIELD>_FILE names.

    Args:
        kind: the Struct to fill; its fields name the variables.
        environ: variables to read; the process's own where left out.

    Raises:
        SettingsMissing: names every variable that is missing or malformed, not only the first.
    """
    variables = os.environ if environ is None else environ
    found: dict[str, str] = {}
    problems: list[str] = []
    for field in msgspec.structs.fields(kind):
        name = PREFIX + field.name.upper()
        try:
            value = _read(name, variables)
        except OSError as error:
            problems.append(f"{name}_FILE: {error.strerror}: {error.filename}")
            continue
        if value is not None:
            found[field.name] = value
        elif field.required:
            problems.append(f"{name} (or {name}_FILE) is not set")
    if problems:
        raise SettingsMissing(problems)
    try:
        return _secured(msgspec.convert(found, kind, strict=False))
    except msgspec.ValidationError as error:
        raise SettingsMissing([f"{PREFIX}*: {error}"]) from error
    except AuthorityUnusable as error:
        raise SettingsMissing([str(error)]) from error


def _secured(settings: Settings) -> Settings:
    """Let the database's URL demand TLS where somebody vouches for the servers."""
    inner_tls.context(settings.inner_ca)
    url = inner_tls.secured(settings.database_url, settings.inner_ca)
    return msgspec.structs.replace(settings, database_url=url)


def _read(name: str, variables: Mapping[str, str]) -> str | None:
    if path := variables.get(name + "_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return variables.get(name)
