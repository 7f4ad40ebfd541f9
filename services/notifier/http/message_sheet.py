"""The delivery ledger as a table to take along: what the list is narrowed to, with names or not."""

from collections.abc import Iterable
from typing import Final

from litestar import Response, get, post

from services.notifier import titles
from services.notifier.http import naming
from services.notifier.http.messages import LIST, MOST_ROWS, called, wanted
from services.notifier.http.naming import NAMES, SEES, Named
from services.notifier.store import overview
from services.notifier.store.overview import Listed
from shared import audit
from shared.database import transaction
from shared.german import moment
from shared.web.access import staff
from shared.web.listing import read_listing
from shared.web.request import Request
from shared.web.sheets import csv_answer

HEADER: Final = (
    "Zweck", "Empfänger", "Veranstaltung oder Kurs", "Weg", "Zustand", "Grund",
    "Antwort des Mailservers", "Versuche", "Hinweis", "Eingereiht", "Verschickt",
    "Nächster Versuch", "Nummer",
)  # fmt: skip
_WAYS: Final = {"mail": "E-Mail", "letter": "Brief", None: ""}


@get(f"{LIST}/tabelle", opt=SEES)
async def get_message_sheet(request: Request) -> Response[bytes]:
    """Send the lines that the list is narrowed to, up to 20,000, the newest first; no names."""
    search = wanted(request)
    async with request.pool.acquire() as connection:
        lines = await overview.listed(connection, search, MOST_ROWS, 0)
        runs = {line.course_run_id for line in lines if line.course_run_id}
    named = await naming.name(request, [], list(runs))
    return csv_answer("nachrichten", HEADER, (_row(line, named) for line in lines))


@post(f"{LIST}/tabelle", opt=staff(*NAMES), status_code=200)
async def post_message_sheet(request: Request) -> Response[bytes]:
    """Send the same with the names that one may see, and write down that somebody took it."""
    lines, named = await called(request, wanted(request), read_listing(request, ["neueste"]).search)
    async with transaction(request.pool) as opened:
        await audit.note(
            opened,
            actor=request.signed_in.subject,
            action="export_messages",
            concerns="messages",
            details={"messages": len(lines)},
        )
    return csv_answer("nachrichten", ("Name", *HEADER), _named_rows(lines, named))


def _named_rows(lines: Iterable[Listed], named: Named) -> Iterable[tuple[object, ...]]:
    return ((named.name(line), *_row(line, named)) for line in lines)


def _row(line: Listed, named: Named) -> tuple[object, ...]:
    return (
        titles.TITLES[line.purpose],
        titles.RECIPIENTS[line.purpose],
        named.title(line),
        _WAYS[line.channel],
        titles.STATES[line.state],
        titles.in_words(line.reason, line.smtp_code),
        line.smtp_code,
        line.attempts,
        titles.in_doubt(line.state) if line.possible_duplicate else "",
        moment(line.queued_at),
        moment(line.went_out_at),
        moment(line.next_try_at if line.state == "retry" else None),
        line.message_id,
    )
