"""Batches of letters: which there are, what to do with each, and that they are in the post."""

from typing import Final
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath

from services.notifier import titles
from services.notifier.commands.post_letters import PostLetters, post_letters
from services.notifier.commands.print_letters import (
    BatchUnknown,
    PrintLetters,
    print_letters,
)
from services.notifier.store import batches, prints
from services.notifier.store.batches import LetterBatch
from shared.auth import Role
from shared.database import Connection, transaction
from shared.german import counted
from shared.web.access import staff
from shared.web.pages import Page, page, see_other
from shared.web.request import Request

LIST: Final = "/konsole/briefe"
WRITES: Final = staff(Role.FOUNDATION, Role.CLERK, Role.PROTOCOL)


@get(LIST, opt=WRITES)
async def get_batches(request: Request) -> Page:
    """Show all batches, what is to be printed first."""
    async with request.pool.acquire() as connection:
        found = await batches.listed(connection)
    return page(request, "briefe.html", batches=found, titles=titles)


@get(f"{LIST}/{{batch_id:uuid}}", opt=WRITES)
async def get_batch(request: Request, batch_id: FromPath[UUID]) -> Page:
    """Show one batch and the next thing to do with it."""
    async with request.pool.acquire() as connection:
        batch = await _batch(connection, batch_id)
        made = await prints.newest_of_batch(connection, batch_id)
    return page(request, "briefstapel.html", batch=batch, made=made, titles=titles)


@post(f"{LIST}/{{batch_id:uuid}}/pdf", opt=WRITES)
async def post_print(request: Request, batch_id: FromPath[UUID]) -> Page:
    """Have the batch drawn as a PDF."""
    command = PrintLetters(letter_batch_id=batch_id, requested_by=request.signed_in.subject)
    async with transaction(request.pool) as opened:
        print_id = await print_letters(opened, command)
    return see_other(request, f"{LIST}/druck/{print_id}")


@get(f"{LIST}/{{batch_id:uuid}}/verschickt", opt=WRITES)
async def get_post_question(request: Request, batch_id: FromPath[UUID]) -> Page:
    """Ask whether the letters are really in the post."""
    async with request.pool.acquire() as connection:
        batch = await _batch(connection, batch_id)
    return page(
        request,
        "confirm.html",
        question=f"{counted(batch.letters, 'Brief', 'Briefe')} als verschickt eintragen?",
        consequences=[
            "Die Briefe sind gedruckt, eingetütet und zur Post gegeben.",
            "Die PDF-Datei wird danach gelöscht.",
            "Weitere Briefe dieser Art kommen in einen neuen Stapel.",
        ],
        action=f"{LIST}/{batch_id}/verschickt",
        yes="Als verschickt eintragen",
        back=f"{LIST}/{batch_id}",
        fields={},
    )


@post(f"{LIST}/{{batch_id:uuid}}/verschickt", opt=WRITES)
async def post_posted(request: Request, batch_id: FromPath[UUID]) -> Page:
    """Enter the letters of a batch as posted."""
    member = request.signed_in
    command = PostLetters(letter_batch_id=batch_id, posted_by=member.name, actor=member.subject)
    async with transaction(request.pool) as opened:
        posted = await post_letters(opened, command)
    done = counted(posted, "Brief ist", "Briefe sind")
    return see_other(request, LIST, f"{done} als verschickt eingetragen.")


async def _batch(connection: Connection, batch_id: UUID) -> LetterBatch:
    found = await batches.listed(connection, batch_id)
    if not found:
        raise BatchUnknown
    return found[0]
