"""The making of a PDF with letters: progress, a way to stop it, the file."""

from typing import Final
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath

from services.notifier.commands.stop_printing import StopPrinting, stop_printing
from services.notifier.http.letters import LIST, WRITES
from services.notifier.store import prints
from services.notifier.store.prints import LetterPrint
from shared.database import transaction
from shared.errors import NotFound
from shared.web.pages import Page, page, see_other
from shared.web.request import Request

PRINTS: Final = f"{LIST}/druck"


class FileGone(NotFound):
    """The PDF was kept for an hour, or until its letters were posted."""

    def __init__(self) -> None:
        super().__init__(
            "Diese PDF-Datei wird nicht mehr aufbewahrt."
            " Bitte erstellen Sie sie im Briefstapel neu."
        )


@get(f"{PRINTS}/{{print_id:uuid}}", opt=WRITES)
async def get_print(request: Request, print_id: FromPath[UUID]) -> Page:
    """Show how far a PDF is, and the file once it is finished."""
    return page(request, "druck.html", made=await _print(request, print_id))


@get(f"{PRINTS}/{{print_id:uuid}}/fortschritt", opt=WRITES)
async def get_progress(request: Request, print_id: FromPath[UUID]) -> Page:
    """Return the part of that page that changes."""
    return page(request, "druck_fortschritt.html", made=await _print(request, print_id))


@post(f"{PRINTS}/{{print_id:uuid}}/abbrechen", opt=WRITES)
async def post_stop(request: Request, print_id: FromPath[UUID]) -> Page:
    """Stop the making of a PDF."""
    made = await _print(request, print_id)
    async with transaction(request.pool) as opened:
        await stop_printing(opened, StopPrinting(letter_print_id=print_id))
    return see_other(request, f"{LIST}/{made.letter_batch_id}", "Die Erstellung ist abgebrochen.")


@get(f"{PRINTS}/{{print_id:uuid}}/briefe.pdf", opt=WRITES)
async def get_pdf(request: Request, print_id: FromPath[UUID]) -> Response[bytes]:
    """Return the finished PDF.

    Raises:
        FileGone: it is not kept any more, or not finished yet.
    """
    async with request.pool.acquire() as connection:
        pdf = await prints.file(connection, print_id)
    if pdf is None:
        raise FileGone
    return Response(
        pdf,
        media_type="application/pdf",
        headers={
            "content-disposition": 'attachment; filename="Briefe.pdf"',
            "cache-control": "no-store",
        },
    )


async def _print(request: Request, print_id: UUID) -> LetterPrint:
    async with request.pool.acquire() as connection:
        made = await prints.find(connection, print_id)
    if made is None:
        raise FileGone
    return made
