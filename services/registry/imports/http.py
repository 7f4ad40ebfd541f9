"""The pages about imports: upload a list, see what it would do, take it over, see the result."""

from collections.abc import AsyncIterator
from typing import Final
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Stream

from services.registry.columns import Kind, template
from services.registry.findings import Severity
from services.registry.forms import EDITS, actor
from services.registry.imports.commands.cancel_import import CancelImport, cancel_import
from services.registry.imports.commands.confirm_import import ConfirmImport, confirm_import
from services.registry.imports.commands.start_import import StartImport, start_import
from services.registry.imports.csv_files import FileRefused
from services.registry.imports.model import Import
from services.registry.imports.store import findings, jobs
from services.registry.imports.tables import TABLES
from services.registry.organisations.model import FIELDS
from services.registry.spreadsheets import download, sheet
from shared.database import Connection, Pool, transaction
from shared.errors import NotFound
from shared.german import counted
from shared.web.app import MIB, UPLOAD_BYTES
from shared.web.forms import Form, Upload, empty_form, read_form
from shared.web.listing import read_listing
from shared.web.navigation import LISTS_WAIT
from shared.web.pages import Page, page, see_other
from shared.web.request import Request
from shared.web.sheets import MEDIA_TYPE, saved_as
from shared.web.waiting import waiting_part

LIST = "/konsole/importe"
IMPORT = f"{LIST}/{{import_id:uuid}}"
SHOWN_IMPORTS = 50
SEVERITIES: Final[dict[Severity, str]] = {
    "rejected": "Fehler",
    "hint": "Hinweis",
    "changed": "Änderung",
}
ENCODINGS: Final = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}
SEPARATORS: Final = {";": "Semikolon", ",": "Komma", "\t": "Tabulator"}


class UploadList(msgspec.Struct):
    """The form that starts an import."""

    kind: Kind
    file: Upload


class TakeOver(msgspec.Struct):
    """The decision about a checked file."""

    only_valid: bool = False


@get(LISTS_WAIT, opt=EDITS)
async def get_waiting(request: Request) -> Page:
    """Say for the tile of the start page how many lists wait to be taken over."""
    async with request.pool.acquire() as connection:
        checked = await jobs.count_checked(connection)
    return waiting_part(
        request,
        {
            LIST: counted(
                checked,
                "geprüfte Liste wartet auf die Übernahme",
                "geprüfte Listen warten auf die Übernahme",
                none="",
            )
        },
    )


@get(LIST, opt=EDITS)
async def get_imports(request: Request) -> Page:
    """Show the form for a file, and what was imported lately."""
    return await _start_page(request, empty_form(UploadList, {"kind": _next_kind(request)}))


@post(LIST, opt=EDITS, request_max_body_size=UPLOAD_BYTES + MIB)
async def post_import(request: Request) -> Page:
    """Take a file; the worker checks it while its page shows how far it is."""
    form = await read_form(request, UploadList)
    if not form.is_valid:
        return await _start_page(request, form, status=422)
    upload = form.value.file
    command = StartImport(
        kind=form.value.kind,
        file_name=upload.filename,
        content=await upload.read(),
        by=actor(request),
    )
    try:
        async with transaction(request.pool) as opened:
            import_id = await start_import(opened, command)
    except FileRefused as refused:
        form.refuse(refused)
        return await _start_page(request, form, status=422)
    return see_other(request, f"{LIST}/{import_id}")


@get(f"{LIST}/vorlage/{{kind:str}}", opt=EDITS)
async def get_template(kind: FromPath[str]) -> Response[bytes]:
    """Send an example file with all columns.

    Raises:
        NotFound: no such kind of list.
    """
    table = next((each for each in TABLES.values() if f"{each.kind}.csv" == kind), None)
    if table is None:
        raise NotFound
    return Response(template(table), media_type=MEDIA_TYPE, headers=saved_as(table.title))


@get(IMPORT, opt=EDITS)
async def get_import(request: Request, import_id: FromPath[UUID]) -> Page:
    """Show how far an import is, or what there is to decide, or what came of it.

    While something is under way htmx asks for the progress again and again, and for the whole page
    at the end; without it the browser reloads the page.
    """
    async with request.pool.acquire() as connection:
        job = await jobs.get(connection, import_id)
        if not request.is_htmx:
            return await _import_page(request, connection, job)
    if job.is_under_way:
        return page(request, "import_fortschritt.html", job=job)
    return Response("", headers={"hx-refresh": "true"})


@post(f"{IMPORT}/uebernehmen", opt=EDITS)
async def post_confirmation(request: Request, import_id: FromPath[UUID]) -> Page:
    """Have a checked file taken over."""
    form = await read_form(request, TakeOver)
    command = ConfirmImport(
        import_id=import_id, only_valid=form.value.only_valid, by=actor(request)
    )
    async with transaction(request.pool) as opened:
        await confirm_import(opened, command)
    return see_other(request, f"{LIST}/{import_id}")


@post(f"{IMPORT}/abbrechen", opt=EDITS)
async def post_cancellation(request: Request, import_id: FromPath[UUID]) -> Page:
    """Cancel an import, wherever it is."""
    async with transaction(request.pool) as opened:
        await cancel_import(opened, CancelImport(import_id=import_id, by=actor(request)))
    return see_other(request, f"{LIST}/{import_id}")


@get(f"{IMPORT}/meldungen", opt=EDITS)
async def get_findings(request: Request, import_id: FromPath[UUID]) -> Stream:
    """Send all kept findings as a table."""
    async with request.pool.acquire() as connection:
        await jobs.get(connection, import_id)
    header = ("Zeile", "Art", "Spalte", "Meldung", "Inhalt der Zelle")
    return download("meldungen", sheet(header, _lines(request.pool, import_id)))


async def _start_page(request: Request, form: Form[UploadList], status: int = 200) -> Page:
    async with request.pool.acquire() as connection:
        latest = await jobs.latest(connection, SHOWN_IMPORTS)
    return page(
        request,
        "importe.html",
        status=status,
        form=form,
        tables=TABLES,
        imports=latest,
        fields_of_engagement=FIELDS,
    )


async def _import_page(request: Request, connection: Connection, job: Import) -> Page:
    listing = read_listing(request, ["line"])
    severity = _severity(request)
    counts = msgspec.structs.asdict(await findings.counted(connection, job.import_id))
    return page(
        request,
        "import.html",
        job=job,
        table=TABLES[job.kind],
        found=await findings.listed(
            connection, job.import_id, severity, listing.rows, listing.offset
        ),
        total=counts[severity] if severity else sum(counts.values()),
        severity=severity,
        listing=listing,
        severities=SEVERITIES,
        encoding=ENCODINGS.get(job.encoding, job.encoding),
        separator=SEPARATORS.get(job.separator, job.separator),
    )


async def _lines(pool: Pool, import_id: UUID) -> AsyncIterator[tuple[object, ...]]:
    async with transaction(pool) as opened:
        for finding in await findings.listed(opened, import_id, None, most=20_000):
            yield (
                finding.line,
                SEVERITIES[finding.severity],
                finding.column,
                finding.reason,
                finding.value,
            )


def _severity(request: Request) -> Severity | None:
    asked = request.query_params.get("art")
    return next((severity for severity in SEVERITIES if severity == asked), None)


def _next_kind(request: Request) -> str:
    asked = request.query_params.get("art", "")
    return asked if asked in TABLES else "organisations"


ROUTES = [
    get_waiting,
    get_imports,
    post_import,
    get_template,
    get_import,
    post_confirmation,
    post_cancellation,
    get_findings,
]
