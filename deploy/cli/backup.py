"""`ehrensache backup`: puts an encrypted backup on the shelf, and hands it on."""

import asyncio
import shlex
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import asyncpg
import typer

from deploy.backup import keys, making, shelf
from deploy.backup.database import ProgramFailed
from deploy.backup.keys import KeyUnusable
from deploy.backup.shelf import Backup
from deploy.cli.operator import BACKUPS, VARIABLES, Operator, operator
from deploy.cli.terminal import err, fail, out
from deploy.local.layout import default_layout
from deploy.postgres.roles import BACKUP

KEEP_DAYS = 30
MEGABYTE = 1_000_000

Folder = Annotated[
    Path | None,
    typer.Option("--in", help="Folder of the backups; .local/backups by default.", envvar=BACKUPS),
]


def backup(
    *,
    recipients: Annotated[
        list[str],
        typer.Option(
            "--recipient",
            help="Who can read it, `age1…`; several are possible. `ehrensache backup-key` makes "
            "one.",
            envvar="EHRENSACHE_BACKUP_RECIPIENTS",
        ),
    ],
    folder: Folder = None,
    keep_days: Annotated[
        int, typer.Option(min=1, help="How long backups are kept here.")
    ] = KEEP_DAYS,
    then: Annotated[
        str,
        typer.Option(
            help="A command that takes the backup to another place; {} is its folder. For example: "
            "'rclone copy {} offsite:ehrensache'",
            envvar="EHRENSACHE_BACKUP_THEN",
        ),
    ] = "",
) -> None:
    """Back up all services at one moment, and the secrets, encrypted.

    The newest backup is never deleted. NATS needs no backup: `ehrensache rebuild` fills it anew.
    """
    target = operator()
    wanted = folder or default_shelf()
    try:
        made = asyncio.run(_make(target, wanted, recipients))
    except (KeyUnusable, ProgramFailed, OSError, asyncpg.PostgresError) as error:
        fail(f"There is no backup: {error}")
    err.print(f"{sum(made.manifest.rows.values()):,} rows, {made.bytes / MEGABYTE:,.1f} MB.")
    if then:
        _hand_on(made, then)
    for gone in shelf.forget(wanted, keep_days, datetime.now(UTC)):
        err.print(f"Deleted: {gone.name}")
    out.print(str(made.folder), soft_wrap=True)


backup.__doc__ = f"{backup.__doc__}\n\n{VARIABLES}"


def backup_key(
    file: Annotated[Path, typer.Argument(help="New file for the secret half.")],
) -> None:
    """Make a key: its secret half reads backups, its public half is the recipient.

    Keep the file where the backups are not: without it nobody can read them, with it everybody
    can.
    """
    try:
        recipient = keys.make(file)
    except OSError as error:
        fail(f"No key is made: {error}")
    err.print(f"The secret half is in {file}. Take it away from this machine. The recipient:")
    out.print(recipient)


def default_shelf() -> Path:
    """Return where backups of the local run go."""
    return default_layout().root / "backups"


async def _make(target: Operator, folder: Path, recipients: list[str]) -> Backup:
    readers = keys.recipients([text for each in recipients for text in each.split()])
    async with target.connected_as(BACKUP) as connection:
        return await making.make(
            target, connection, folder, readers, lambda doing: err.print(f"{doing} …")
        )


def _hand_on(made: Backup, then: str) -> None:
    """Run the operator's command; the backup stays here if it fails."""
    command = [part.replace("{}", str(made.folder)) for part in shlex.split(then)]
    try:
        handed = subprocess.run(command, check=False, capture_output=True, text=True)
    except OSError as error:
        fail(f"The backup is in {made.folder}, but was not handed on: {error}")
    if handed.returncode != 0:
        said = handed.stderr.strip() or handed.stdout.strip() or "it said nothing"
        fail(
            f"The backup is in {made.folder}, but was not handed on: {command[0]} ended with "
            f"{handed.returncode}: {said}"
        )
    err.print(f"Handed on by {command[0]}.")
