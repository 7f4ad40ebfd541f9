"""Says how a PostgreSQL server of Ehrensache is set, on this machine and in a container."""

from collections.abc import Mapping
from typing import Final

COMMON: Final[Mapping[str, str]] = {
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "shared_preload_libraries": "pg_stat_statements",
    "log_line_prefix": "%m [%p] %q%u@%d/%a ",
}
"""The same everywhere."""

DURABLE: Final[Mapping[str, str]] = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
}

INITIAL: Final = (
    *("--auth=scram-sha-256", "--encoding=UTF8"),
    *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
)
"""Arguments of initdb. A collation of our own: the system's changes with its updates."""

ENCRYPTED: Final[Mapping[str, str]] = {
    "ssl": "on",
    "ssl_cert_file": "/run/secrets/inner_postgres_certificate",
    "ssl_key_file": "/var/run/postgresql/server.key",
    "ssl_min_protocol_version": "TLSv1.3",
    "hba_file": "/etc/ehrensache/pg_hba.conf",
}
"""With TLS, as deploy/compose.tls.yaml lays the files."""
ENTRANCES: Final = """\
# Written by `ehrensache secrets`; changes are overwritten. Over the network by TLS only.
local   all all               scram-sha-256
host    all all 127.0.0.1/32  scram-sha-256
hostssl all all all           scram-sha-256
"""
"""pg_hba.conf with TLS; the first two lines are for what runs in the server's own container."""

PROTOCOL: Final = "postgresql"
"""What a connection that begins with TLS calls itself. Source: PostgreSQL 18, 54.2.10."""

SMALLEST_GIGABYTES: Final = 2
HEAD: Final = "# Written by `ehrensache secrets`, for a host with {} GB; changes are overwritten.\n"


def tuned(gigabytes: int) -> dict[str, str]:
    """Return what depends on the host's memory, half of which is left to everything else.

    Args:
        gigabytes: of the host on which the services run, too; 2 at least.
    """
    memory = max(gigabytes, SMALLEST_GIGABYTES)
    return {
        "shared_buffers": f"{memory * 128}MB",
        "effective_cache_size": f"{memory * 512}MB",
        "maintenance_work_mem": f"{memory * 32}MB",
        "work_mem": f"{max(memory, 4)}MB",
        "max_wal_size": f"{max(memory // 4, 1)}GB",
        "random_page_cost": "1.1",
    }


def render(gigabytes: int, *, is_encrypted: bool = False) -> str:
    """Return the text of postgresql.conf for a server in a container.

    Args:
        gigabytes: of the host's memory.
        is_encrypted: whether the server speaks TLS.
    """
    settings = {"listen_addresses": "*", **COMMON, **DURABLE, **tuned(gigabytes)}
    if is_encrypted:
        settings |= ENCRYPTED
    return HEAD.format(gigabytes) + "".join(
        f"{name} = '{value}'\n" for name, value in settings.items()
    )
