"""`ehrensache import`: brings lists (CSV) into registry, as the console does."""

import asyncio
import getpass
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.table import Table

from deploy.cli.operator import VARIABLES, Operator, operator
from deploy.cli.progress import Bars
from deploy.cli.terminal import FAILED, Json, fail, out, print_json
from services.registry.columns import Kind
from services.registry.findings import Finding
from services.registry.imports.commands.start_import import StartImport
from services.registry.imports.csv_files import FileRefused
from services.registry.imports.model import Import
from services.registry.imports.store import findings
from services.registry.imports.work import import_file
from services.registry.model import Actor
from shared.database import open_pool

SHOWN = 50
"""Lines of the result; `--json` has all of them."""
MOST = 20_000
HELP = (
    "Bring lists of organisations, people and engagements in. A file is taken as a whole or not "
    "at all; the same file twice changes nothing. Exit code 1 if it, or a line of it, is refused."
)

app = typer.Typer(no_args_is_help=True, help=HELP, epilog=VARIABLES)

File = Annotated[
    Path,
    typer.Argument(
        exists=True, dir_okay=False, readable=True, help="CSV in UTF-8 or Windows-1252, ; or ,"
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only check; change nothing.")]
OnlyValid = Annotated[
    bool, typer.Option("--only-valid", help="Take the valid lines and leave wrong ones out.")
]


class Way(msgspec.Struct, frozen=True):
    """How a file is imported and shown."""

    dry_run: bool
    only_valid: bool
    as_json: bool


class Result(msgspec.Struct, frozen=True):
    """What came of a file."""

    ended: Import
    findings: list[Finding]


@app.command()
def organisations(
    file: File, *, dry_run: DryRun = False, only_valid: OnlyValid = False, as_json: Json = False
) -> None:
    """Import organisations: name, number, field, district, contact person, address."""
    _run("organisations", file, Way(dry_run, only_valid, as_json))


@app.command()
def people(
    file: File, *, dry_run: DryRun = False, only_valid: OnlyValid = False, as_json: Json = False
) -> None:
    """Import people: number, name, day of birth, e-mail, address."""
    _run("people", file, Way(dry_run, only_valid, as_json))


@app.command()
def engagements(
    file: File, *, dry_run: DryRun = False, only_valid: OnlyValid = False, as_json: Json = False
) -> None:
    """Import engagements: who volunteers where, since when, how much."""
    _run("engagements", file, Way(dry_run, only_valid, as_json))


def _run(kind: Kind, file: Path, way: Way) -> None:
    try:
        start = StartImport(kind=kind, file_name=file.name, content=file.read_bytes(), by=_by())
        result = asyncio.run(_import(operator(), start, way))
    except FileRefused as refused:
        fail(str(refused))
    if way.as_json:
        print_json(result)
    else:
        _show(result)
    if result.ended.state not in ("checked", "imported") or result.ended.rejected_rows:
        raise typer.Exit(FAILED)


async def _import(target: Operator, start: StartImport, way: Way) -> Result:
    async with target.connected_as("registry_app"):
        """It can be reached; otherwise the command has ended with a sentence."""
    url = target.database_url("registry_app")
    pool = await open_pool(url, application_name="ehrensache-import", size=3)
    try:
        with Bars() as bars:
            ended = await import_file(
                pool,
                start,
                lambda job: bars.tell(job.file_name, job.percent),
                is_dry_run=way.dry_run,
                only_valid=way.only_valid,
            )
        async with pool.acquire() as connection:
            found = await findings.listed(connection, ended.import_id, None, MOST)
        return Result(ended, found)
    finally:
        await pool.close()


def _by() -> Actor:
    name = getpass.getuser()
    return Actor(subject=f"operator:{name}", name=f"Betrieb ({name})")


def _show(result: Result) -> None:
    ended = result.ended
    if result.findings:
        lines = Table("line", "column", "value", "what", "", box=None, pad_edge=False)
        for each in result.findings[:SHOWN]:
            lines.add_row(str(each.line), each.column, each.value, each.reason, each.severity)
        out.print(lines)
    if len(result.findings) > SHOWN:
        out.print(f"… and {len(result.findings) - SHOWN} more; --json shows all of them.")
    out.print(
        f"{ended.file_name}: {ended.state} · {ended.new_rows} new · {ended.changed_rows} changed · "
        f"{ended.unchanged_rows} unchanged · {ended.rejected_rows} rejected",
        soft_wrap=True,
    )
    if ended.problem:
        out.print(ended.problem, soft_wrap=True)
