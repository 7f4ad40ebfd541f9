"""`ehrensache secrets`: makes all that a system of containers keeps secret, and its servers' files.

What lies there is left as it is; only what follows from it is written anew: addresses with
passwords in them, the configuration of PostgreSQL and NATS, which may change with a version, and
certificates of our own authority that end soon.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import replace

from deploy.cli.terminal import Json, err, fail, print_json
from deploy.local import authority, keys
from deploy.local.authority import AUTHORITY, CertificateUnusable
from deploy.nats import accounts, config
from deploy.nats.identity import write_secret
from deploy.postgres import passwords, settings
from deploy.postgres.roles import DATABASE, ROLES, SERVICES

POSTGRES = "postgres:5432"
SUPERUSER = "postgres"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - of a container, which has its own networks only
BUS = config.Place(
    store=Path("/data"), host=EVERYWHERE, monitoring_host=EVERYWHERE, websocket_port=8080
)
INNER = "inner"
"""Folder within that of the secrets, for certificates between the parts."""
MOUNTED = Path("/run/secrets")
NODES = ("nats-1", "nats-2", "nats-3")
"""The servers of deploy/compose.cluster.yaml."""
READABLE = 0o644
"""For PostgreSQL, which runs as a user of its own. The folder keeps everybody else out."""
READ_BY_OTHERS = (
    "postgres.password",
    "grafana.password",
    "postgres.conf",
    "pg_hba.conf",
    *(f"{INNER}/{name}" for name in (f"{AUTHORITY}.pem", "postgres.pem", "postgres.key")),
)
SHOWN = config.Tls(
    certificate=MOUNTED / "inner_nats_certificate",
    key=MOUNTED / "inner_nats_key",
    authority=MOUNTED / "inner_ca",
)
"""Where deploy/compose.tls.yaml lays the files of NATS."""
CHOSEN_BY_OTHERS = ("smtp.password",)
"""Begin empty: whoever runs the mail relay says what stands there."""


def secrets(
    folder: Annotated[Path, typer.Argument(help="Where everything goes; only you may read it.")],
    *,
    memory: Annotated[int, typer.Option(help="Gigabytes of the host, for PostgreSQL.")] = 4,
    cluster: Annotated[bool, typer.Option("--cluster", help="For three NATS servers.")] = False,
    inner_tls: Annotated[
        bool,
        typer.Option(
            "--inner-tls",
            help="PostgreSQL and NATS speak TLS only: makes an authority and their certificates.",
            envvar="EHRENSACHE_INNER_TLS",
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Make the secrets that are missing, and the files that PostgreSQL and NATS are started with.

    Safe to repeat, and to be repeated with every new version. Nothing that exists is replaced.
    """
    before = _files(folder)
    try:
        write(folder, memory, is_cluster=cluster, is_encrypted=inner_tls)
    except PermissionError as error:
        fail(f"{error.filename} cannot be written; the folder has to belong to user 10001")
    except CertificateUnusable as error:
        fail(str(error))
    made = sorted(_files(folder) - before)
    if as_json:
        print_json({"folder": folder, "made": made})
    err.print(f"{len(made)} files are new. All secrets are in {folder}.")
    err.print("Keep a copy where the backups are not.")


def write(
    folder: Path, memory: int, *, is_cluster: bool = False, is_encrypted: bool = False
) -> None:
    """Bring the folder to its wished state.

    Args:
        folder: made if need be; nobody but its owner can look into it.
        memory: of the host, in gigabytes.
        is_cluster: whether NATS is one of three servers that keep each stream three times.
        is_encrypted: whether PostgreSQL and NATS are spoken to over TLS only.

    Raises:
        CertificateUnusable: of a certificate that somebody has brought; the message says which.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    keys.ensure(folder)
    known = passwords.ensure(folder / "passwords", ROLES)
    [superuser] = passwords.ensure(folder, [SUPERUSER]).values()
    passwords.ensure(folder, ["grafana"])
    write_secret(folder / "superuser.url", _url(SUPERUSER, superuser, "postgres"))
    for service in SERVICES:
        role = f"{service}_app"
        write_secret(folder / f"{service}.url", _url(role, known[role], DATABASE))
    for name in CHOSEN_BY_OTHERS:
        if not (folder / name).exists():
            write_secret(folder / name, "")
    if is_encrypted:
        authority.ensure(folder / INNER, datetime.now(UTC))
        write_secret(folder / "pg_hba.conf", settings.ENTRANCES)
    bus = replace(BUS, tls=SHOWN if is_encrypted else None)
    write_secret(folder / "nats.conf", _bus(folder, bus, is_cluster=is_cluster))
    write_secret(folder / "postgres.conf", settings.render(memory, is_encrypted=is_encrypted))
    for name in READ_BY_OTHERS:
        if (folder / name).exists():
            (folder / name).chmod(READABLE)


def _files(folder: Path) -> set[str]:
    """Return what lies in the folder, by its path in it."""
    return {str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file()}


def _bus(folder: Path, bus: config.Place, *, is_cluster: bool) -> str:
    if not is_cluster:
        return config.render(bus, accounts.ensure(folder / "bus"))
    [password] = passwords.ensure(folder, ["cluster"]).values()
    copies = len(NODES)
    node = replace(
        bus,
        name="$EHRENSACHE_NODE",
        nodes=NODES,
        cluster_password=password,
        store_gigabytes=copies * bus.store_gigabytes,
    )
    return config.render(node, accounts.ensure(folder / "bus", copies))


def _url(role: str, password: str, database: str) -> str:
    return f"postgres://{role}:{password}@{POSTGRES}/{database}"
