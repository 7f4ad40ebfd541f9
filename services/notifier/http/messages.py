"""The delivery ledger as staff see it: what went out, what did not, and why."""

from collections.abc import Sequence
from typing import Annotated, Final
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath

from services.notifier import titles
from services.notifier.commands.send_again import SendAgain, send_again
from services.notifier.commands.send_by_letter import SendByLetter, send_by_letter
from services.notifier.gathering import MAIL_ONLY
from services.notifier.http import naming
from services.notifier.http.naming import NAMES, OVERSEES, SEES, SENDS, Named
from services.notifier.model import MessageState, Purpose
from services.notifier.store import control, overview
from services.notifier.store.overview import Listed, Search
from shared.database import transaction
from shared.errors import Malformed
from shared.web.access import staff
from shared.web.forms import Form, empty_form
from shared.web.listing import Listing, read_listing
from shared.web.pages import UNPROCESSABLE, Page, page, see_other
from shared.web.request import Request

LIST: Final = "/konsole/nachrichten"
MOST_ROWS: Final = 20_000
"""Lines that a name is looked for in, and that can be taken along: the newest."""
MOST_RUNS: Final = 100
"""Runs of courses that the list can be narrowed to by choice: the latest."""


class RateForm(msgspec.Struct):
    """The form for the speed."""

    mails_per_second: Annotated[int, msgspec.Meta(ge=0, le=1000)]


class Shown(msgspec.Struct, frozen=True):
    """A page of the ledger."""

    lines: list[Listed]
    total: int
    named: Named


CHOICES: Final[dict[str, tuple[str, tuple[MessageState, ...]]]] = {
    "": ("alle", ()),
    "fehler": ("nicht zustellbar", ("failed",)),
    "offen": ("noch nicht verschickt", ("queued", "claimed", "data_started", "retry")),
    "verschickt": ("als E-Mail verschickt", ("accepted",)),
    "brief": ("als Brief", ("in_batch", "posted")),
    "entfallen": ("entfallen oder zurückgehalten", ("withheld", "cancelled")),
    "doppelt": ("möglicherweise doppelt", ()),
}
"""By the word in the address: the choice's name, and the states that the list is narrowed to."""


@get(LIST, opt=SEES)
async def get_messages(request: Request) -> Page:
    """Show the ledger with its figures and whether mails go out."""
    return await show_messages(request)


async def show_messages(request: Request, rate: Form[RateForm] | None = None) -> Page:
    """Return the page, with what is wrong about the speed that somebody has typed, if anything."""
    search = wanted(request)
    listing = read_listing(request, ["neueste"])
    purposes = naming.visible_purposes(request.signed_in)
    async with request.pool.acquire() as connection:
        figures = await overview.figures(connection, purposes)
        state = await control.control(connection)
        runs = await overview.course_runs(connection, MOST_RUNS)
    if search.course_run_id and search.course_run_id not in runs:
        runs.append(search.course_run_id)
    shown = await _shown(request, search, listing, runs)
    return page(
        request,
        "nachrichten.html",
        status=UNPROCESSABLE if rate else 200,
        rate=rate or empty_form(RateForm, {"mails_per_second": int(state.mails_per_second)}),
        shown=shown,
        named=shown.named,
        most_rows=MOST_ROWS,
        listing=listing,
        figures=figures,
        control=state,
        choices=CHOICES,
        purposes=purposes,
        runs=[shown.named.runs[run] for run in runs if run in shown.named.runs],
        titles=titles,
        mail_only=MAIL_ONLY,
        may_name=bool(request.signed_in.roles & NAMES),
        may_oversee=bool(request.signed_in.roles & OVERSEES),
        may_send=bool(request.signed_in.roles & SENDS),
    )


@post(f"{LIST}/{{message_id:uuid}}/erneut", opt=staff(*NAMES))
async def post_again(request: Request, message_id: FromPath[UUID]) -> Page:
    """Try a mail once more."""
    command = SendAgain(
        message_id=message_id,
        purposes=naming.visible_purposes(request.signed_in),
        actor=request.signed_in.subject,
    )
    async with transaction(request.pool) as opened:
        await send_again(opened, command)
    return see_other(request, f"{LIST}?zustand=offen", "Die Nachricht wird noch einmal verschickt.")


@post(f"{LIST}/{{message_id:uuid}}/brief", opt=staff(*SENDS))
async def post_letter(request: Request, message_id: FromPath[UUID]) -> Page:
    """Have a letter printed instead of a mail that does not arrive."""
    command = SendByLetter(message_id=message_id, actor=request.signed_in.subject)
    async with transaction(request.pool) as opened:
        await send_by_letter(opened, command)
    return see_other(request, "/konsole/briefe", "Der Brief liegt im offenen Stapel.")


def wanted(request: Request) -> Search:
    """Return what the list is narrowed to.

    Raises:
        Malformed: there is no such state or purpose, or something else is no id.
    """
    asked = request.query_params
    chosen = asked.get("zustand", "")
    if chosen not in CHOICES:
        raise Malformed("Diesen Zustand gibt es nicht.", "zustand")
    purposes = naming.visible_purposes(request.signed_in)
    if word := asked.get("zweck"):
        if word not in purposes:
            raise Malformed("Diesen Zweck gibt es nicht.", "zweck")
        purposes = (msgspec.convert(word, Purpose),)
    return Search(
        purposes=purposes,
        states=CHOICES[chosen][1],
        duplicates_only=chosen == "doppelt",
        course_run_id=_id(asked.get("kurs"), "kurs"),
        course_registration_id=_id(asked.get("anmeldung"), "anmeldung"),
    )


async def called(
    request: Request, search: Search, text: str, runs: Sequence[UUID] = ()
) -> tuple[list[Listed], Named]:
    """Return those of the newest lines whose recipient is called so; all if the text is empty."""
    async with request.pool.acquire() as connection:
        lines = await overview.listed(connection, search, MOST_ROWS, 0)
    named = await naming.name(request, lines, runs)
    sought = text.casefold()
    return [line for line in lines if sought in named.name(line).casefold()], named


async def _shown(request: Request, search: Search, listing: Listing, runs: Sequence[UUID]) -> Shown:
    if listing.search:
        found, named = await called(request, search, listing.search, runs)
        return Shown(found[listing.offset : listing.offset + listing.rows], len(found), named)
    async with request.pool.acquire() as connection:
        total = await overview.count(connection, search)
        lines = await overview.listed(connection, search, listing.rows, listing.offset)
    return Shown(lines, total, await naming.name(request, lines, runs))


def _id(text: str | None, field: str) -> UUID | None:
    """Return the id that an address names; None if it names none."""
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Malformed("Das gibt es nicht.", field) from error
