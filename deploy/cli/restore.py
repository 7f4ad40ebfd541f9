"""`ehrensache restore`: brings a backup back, or shows that it could be."""

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import asyncpg
import typer

from deploy.backup import keys, making, restoring, shelf
from deploy.backup.database import ProgramFailed
from deploy.backup.keys import KeyUnusable
from deploy.backup.manifest import ManifestUnreadable
from deploy.backup.restoring import InUse, Server
from deploy.backup.seal import NotIntact
from deploy.backup.shelf import Backup
from deploy.cli import terminal
from deploy.cli.operator import VARIABLES, Operator, operator
from deploy.cli.superuser import UrlFile, superuser_url
from deploy.cli.terminal import FAILED, err, fail, out
from deploy.postgres import passwords, roles

Source = Annotated[Path, typer.Argument(help="Folder of one backup.")]
Identity = Annotated[
    Path,
    typer.Option(
        "--identity",
        help="File with the secret half of the key.",
        envvar="EHRENSACHE_BACKUP_IDENTITY",
    ),
]
REFUSED = (
    KeyUnusable,
    ManifestUnreadable,
    NotIntact,
    ProgramFailed,
    InUse,
    OSError,
    asyncpg.PostgresError,
)


def restore(
    source: Source,
    identity: Identity,
    superuser_url_file: UrlFile = None,
    *,
    verify: Annotated[
        bool, typer.Option("--verify", help="Only try it, in a database that is deleted again.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Bring a backup back into the place of the database, which is kept under another name.

    What comes out is compared with what went in, and must keep every invariant; otherwise nothing
    is replaced. Services have to be stopped. Mails stay held back until somebody releases them in
    the console. Exit code 1 if anything is not as it must be.
    """
    target = operator()
    began = time.monotonic()
    try:
        backup = shelf.open_backup(source)
        server = Server(
            superuser_url(target, superuser_url_file),
            passwords.ensure(target.passwords, roles.ROLES),
        )
        name = restoring.scratch_name(target.database)
        try:
            _report(asyncio.run(_bring_back(server, backup, identity, name)), began)
            _note(backup)
            if not verify:
                _replace(target, server, backup, name, yes=yes)
        finally:
            asyncio.run(restoring.drop(server, name))
    except REFUSED as error:
        fail(f"Nothing is restored: {error}")


restore.__doc__ = f"{restore.__doc__}\n\n{VARIABLES}"


def restore_secrets(
    source: Source,
    identity: Identity,
    folder: Annotated[Path, typer.Argument(help="New or empty folder for them.")],
) -> None:
    """Unpack the secrets of a backup, before the first start on a new host."""
    try:
        backup = shelf.open_backup(source)
        making.unpack_secrets(backup.folder, keys.identities(identity), folder)
    except REFUSED as error:
        fail(f"Nothing is unpacked: {error}")
    err.print(f"The secrets of {backup.manifest.made_at:%Y-%m-%d %H:%M} UTC are in {folder}.")


async def _bring_back(server: Server, backup: Backup, identity: Path, name: str) -> list[str]:
    return await restoring.bring_back(
        server, backup, keys.identities(identity), name, lambda doing: err.print(f"{doing} …")
    )


def _report(findings: list[str], began: float) -> None:
    if findings:
        for finding in findings:
            err.print(f"[red]•[/] {finding}")
        fail("This backup is not as it must be; nothing is replaced.", FAILED)
    out.print(f"The backup is whole, and every invariant holds ({time.monotonic() - began:.0f} s).")


def _note(backup: Backup) -> None:
    """Let the exporter know; a shelf that is only lent for reading is no reason to stop."""
    try:
        shelf.note_brought_back(backup)
    except OSError as error:
        err.print(f"That it came back is noted nowhere: {error}")


def _replace(target: Operator, server: Server, backup: Backup, name: str, *, yes: bool) -> None:
    if not yes and terminal.is_terminal():
        typer.confirm(f"Put it in the place of {target.database} at {target.postgres}?", abort=True)
    erased = asyncio.run(restoring.erase_again(server, backup, name, target.database))
    kept = asyncio.run(restoring.take_the_place(server, name, target.database, datetime.now(UTC)))
    if erased:
        err.print(f"{erased} people who were erased since then are erased again.")
    if kept:
        err.print(f"The replaced database is kept as {kept}; drop it when nobody misses it.")
    err.print(
        "Now: ehrensache migrate · start the services · ehrensache rebuild · look through "
        "the mails in the console and release them."
    )
