"""`ehrensache backup`: puts an encrypted backup on the shelf, and hands it on."""

import asyncio
import shlex
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import asyncpg
import msgspec
import typer

from deploy.backup import keys, making, shelf
from deploy.backup.database import ProgramFailed
from deploy.backup.keys import KeyUnusable
from deploy.backup.shelf import Backup
from deploy.cli.operator import BACKUPS, VARIABLES, Operator, operator
from deploy.cli.progress import Bars
from deploy.cli.terminal import Json, err, fail, out, print_json
from deploy.local.layout import default_layout
from deploy.postgres.roles import BACKUP

KEEP_DAYS = 30
MEGABYTE = 1_000_000

Folder = Annotated[
    Path | None,
    typer.Option("--in", help="Folder of the backups; .local/backups by default.", envvar=BACKUPS),
]

Recipients = Annotated[
    list[str],
    typer.Option(
        "--recipient",
        help="Who can read it, `age1…`; several are possible. `ehrensache backup-key` makes one.",
        envvar="EHRENSACHE_BACKUP_RECIPIENTS",
    ),
]


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """What a program is told of a new backup."""

    folder: Path
    made_at: datetime
    rows: int
    bytes: int
    handed_on_by: str | None
    """The command of --then; None without."""
    deleted: list[Path]
    """Folders of backups that were kept long enough."""


def backup(
    *,
    recipients: Recipients,
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
    as_json: Json = False,
) -> None:
    """Back up all services at one moment, and the secrets, encrypted.

    The newest backup is never deleted. NATS needs no backup: `ehrensache rebuild` fills it anew.
    """
    target, command = operator(), _command(then)
    wanted = folder or default_shelf()
    try:
        backed_up = asyncio.run(_make(target, wanted, recipients))
    except (KeyUnusable, ProgramFailed, OSError, asyncpg.PostgresError) as error:
        fail(f"There is no backup: {error}")
    if command:
        _hand_on(backed_up, command)
    made = Made(
        folder=backed_up.folder,
        made_at=backed_up.manifest.made_at,
        rows=sum(backed_up.manifest.rows.values()),
        bytes=backed_up.bytes,
        handed_on_by=command[0] if command else None,
        deleted=shelf.forget(wanted, keep_days, datetime.now(UTC)),
    )
    _tell(made, as_json=as_json)


backup.__doc__ = f"{backup.__doc__}\n\n{VARIABLES}"


def backup_key(
    file: Annotated[Path, typer.Argument(help="New file for the secret half.")],
    *,
    as_json: Json = False,
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
    if as_json:
        print_json({"file": file, "recipient": recipient})
    else:
        out.print(recipient)


def default_shelf() -> Path:
    """Return where backups of the local run go."""
    return default_layout().root / "backups"


async def _make(target: Operator, folder: Path, recipients: list[str]) -> Backup:
    readers = keys.recipients([text for each in recipients for text in each.split()])
    async with target.connected_as(BACKUP) as connection:
        with Bars() as bars:
            return await making.make(target, connection, folder, readers, bars.tell)


def _command(then: str) -> list[str]:
    try:
        return shlex.split(then)
    except ValueError as error:
        raise typer.BadParameter(f"{then!r} is no command: {error}", param_hint="--then") from error


def _hand_on(made: Backup, command: list[str]) -> None:
    """Run the operator's command; the backup stays here if it fails."""
    named = [part.replace("{}", str(made.folder)) for part in command]
    try:
        handed = subprocess.run(named, check=False, capture_output=True, text=True)
    except OSError as error:
        fail(f"The backup is in {made.folder}, but was not handed on: {error}")
    if handed.returncode != 0:
        said = handed.stderr.strip() or handed.stdout.strip() or "it said nothing"
        fail(
            f"The backup is in {made.folder}, but was not handed on: {command[0]} ended with "
            f"{handed.returncode}: {said}"
        )


def _tell(made: Made, *, as_json: bool) -> None:
    err.print(f"{made.rows:,} rows, {made.bytes / MEGABYTE:,.1f} MB.")
    if made.handed_on_by:
        err.print(f"Handed on by {made.handed_on_by}.")
    for gone in made.deleted:
        err.print(f"Deleted: {gone.name}")
    if as_json:
        print_json(made)
    else:
        out.print(str(made.folder), soft_wrap=True)
