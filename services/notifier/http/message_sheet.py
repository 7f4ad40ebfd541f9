"""The delivery ledger as a table to take along: what the list is narrowed to, and no names."""

from typing import Final

from litestar import Response, get

from services.notifier import titles
from services.notifier.http.messages import LIST, MOST_ROWS, SEES, wanted
from services.notifier.store import overview
from services.notifier.store.overview import Listed
from shared.german import moment
from shared.web.request import Request
from shared.web.sheets import csv_answer

HEADER: Final = (
    "Zweck", "Empfänger", "Veranstaltung", "Weg", "Zustand", "Grund", "Antwort des Mailservers",
    "Versuche", "Möglicherweise doppelt", "Eingereiht", "Verschickt", "Nächster Versuch", "Nummer",
)  # fmt: skip
_WAYS: Final = {"mail": "E-Mail", "letter": "Brief", None: ""}


@get(f"{LIST}/tabelle", opt=SEES)
async def get_message_sheet(request: Request) -> Response[bytes]:
    """Send the lines that the list is narrowed to, up to 20,000, the newest first."""
    _, search = wanted(request)
    async with request.pool.acquire() as connection:
        lines = await overview.listed(connection, search, MOST_ROWS, 0)
    return csv_answer("nachrichten", HEADER, map(_row, lines))


def _row(line: Listed) -> tuple[object, ...]:
    return (
        titles.TITLES[line.purpose],
        titles.RECIPIENTS[line.purpose],
        line.event_title,
        _WAYS[line.channel],
        titles.STATES[line.state],
        titles.in_words(line.reason, line.smtp_code),
        line.smtp_code,
        line.attempts,
        "ja" if line.possible_duplicate else "",
        moment(line.queued_at),
        moment(line.went_out_at),
        moment(line.next_try_at if line.state == "retry" else None),
        line.message_id,
    )
