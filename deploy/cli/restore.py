"""`ehrensache restore`: brings a backup back, or shows that it could be."""

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import asyncpg
import msgspec
import typer

from deploy.backup import keys, making, restoring, shelf
from deploy.backup.database import ProgramFailed
from deploy.backup.keys import KeyUnusable
from deploy.backup.manifest import ManifestUnreadable
from deploy.backup.restoring import InUse, Server
from deploy.backup.seal import NotIntact
from deploy.backup.shelf import Backup
from deploy.cli.operator import VARIABLES, Operator, operator
from deploy.cli.progress import Bars
from deploy.cli.superuser import UrlFile, superuser_url
from deploy.cli.terminal import Json, Yes, err, fail, out, print_json, require_yes
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


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """What a program is told of a backup that was brought back."""

    backup: Path
    made_at: datetime
    findings: list[str]
    """What is not as it must be; nothing is replaced then."""
    seconds: float
    is_replaced: bool = False
    """Whether it is what services connect to from now on."""
    kept_as: str | None = None
    """The database that it has replaced; None where there was none."""
    erased_again: int = 0
    """People who were erased after the backup was made."""


def restore(  # noqa: PLR0913 - each is an option that an operator types
    source: Source,
    identity: Identity,
    superuser_url_file: UrlFile = None,
    *,
    verify: Annotated[
        bool, typer.Option("--verify", help="Only try it, in a database that is deleted again.")
    ] = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Bring a backup back into the place of the database, which is kept under another name.

    What comes out is compared with what went in, and must keep every invariant; otherwise nothing
    is replaced. Services have to be stopped. Mails stay held back until somebody releases them in
    the console. Exit code 1 if anything is not as it must be.
    """
    target = operator()
    if not verify:
        require_yes(f"Put it in the place of {target.database} at {target.postgres}?", yes=yes)
    try:
        backup = shelf.open_backup(source)
        server = Server(
            superuser_url(target, superuser_url_file),
            passwords.ensure(target.passwords, roles.ROLES),
        )
        name = restoring.scratch_name(target.database)
        try:
            restored = _try(server, backup, identity, name)
            if not (verify or restored.findings):
                restored = asyncio.run(_replace(target, server, backup, name, restored))
        finally:
            asyncio.run(restoring.drop(server, name))
    except REFUSED as error:
        fail(f"Nothing is restored: {error}")
    _tell(restored, as_json=as_json)


restore.__doc__ = f"{restore.__doc__}\n\n{VARIABLES}"


def restore_secrets(
    source: Source,
    identity: Identity,
    folder: Annotated[Path, typer.Argument(help="New or empty folder for them.")],
    *,
    as_json: Json = False,
) -> None:
    """Unpack the secrets of a backup, before the first start on a new host."""
    try:
        backup = shelf.open_backup(source)
        making.unpack_secrets(backup.folder, keys.identities(identity), folder)
    except REFUSED as error:
        fail(f"Nothing is unpacked: {error}")
    made_at = backup.manifest.made_at
    if as_json:
        print_json({"folder": folder, "made_at": made_at})
    err.print(f"The secrets of {made_at:%Y-%m-%d %H:%M} UTC are in {folder}.")


def _try(server: Server, backup: Backup, identity: Path, name: str) -> Restored:
    """Bring a backup back beside the database, and note that it came back if it did."""
    began = time.monotonic()
    identities = keys.identities(identity)
    with Bars() as bars:
        findings = asyncio.run(restoring.bring_back(server, backup, identities, name, bars.tell))
    if not findings:
        _note(backup)
    return Restored(
        backup=backup.folder,
        made_at=backup.manifest.made_at,
        findings=findings,
        seconds=round(time.monotonic() - began, 1),
    )


def _note(backup: Backup) -> None:
    """Let the exporter know; a shelf that is only lent for reading is no reason to stop."""
    try:
        shelf.note_brought_back(backup)
    except OSError as error:
        err.print(f"That it came back is noted nowhere: {error}")


async def _replace(
    target: Operator, server: Server, backup: Backup, name: str, restored: Restored
) -> Restored:
    erased = await restoring.erase_again(server, backup, name, target.database)
    kept = await restoring.take_the_place(server, name, target.database, datetime.now(UTC))
    return msgspec.structs.replace(restored, is_replaced=True, kept_as=kept, erased_again=erased)


def _tell(restored: Restored, *, as_json: bool) -> None:
    whole = f"The backup is whole, and every invariant holds ({restored.seconds:.0f} s)."
    if as_json:
        print_json(restored)
    elif not restored.findings:
        out.print(whole)
    for finding in restored.findings:
        err.print(f"[red]•[/] {finding}")
    if restored.findings:
        fail("This backup is not as it must be; nothing is replaced.")
    if restored.erased_again:
        people = f"{restored.erased_again} people who were erased since then"
        err.print(f"{people} are erased again.")
    if restored.kept_as:
        err.print(
            f"The replaced database is kept as {restored.kept_as}; drop it when nobody misses it."
        )
    if restored.is_replaced:
        err.print(
            "Now: ehrensache migrate · start the services · ehrensache rebuild · look through "
            "the mails in the console and release them."
        )
