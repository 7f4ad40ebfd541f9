"""The delivery ledger as staff see it: what went out, what did not, and why."""

from collections.abc import Sequence
from typing import Annotated, Final
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath

from services.notifier import titles, wording
from services.notifier.commands.send_again import SendAgain, send_again
from services.notifier.commands.send_by_letter import SendByLetter, send_by_letter
from services.notifier.gathering import MAIL_ONLY, organisations, people
from services.notifier.model import Purpose
from services.notifier.store import control, overview
from services.notifier.store.overview import Listed, Search
from shared.asks import AskFailed
from shared.auth import Role
from shared.database import transaction
from shared.errors import Malformed
from shared.web.access import staff
from shared.web.forms import Form, empty_form
from shared.web.listing import read_listing
from shared.web.pages import UNPROCESSABLE, Page, page, see_other
from shared.web.request import Request

LIST: Final = "/konsole/nachrichten"
SEES: Final = staff(Role.FOUNDATION, Role.CLERK, Role.PROTOCOL, Role.ADMIN)
ACTS: Final = staff(Role.FOUNDATION, Role.CLERK, Role.PROTOCOL)
MOST_ROWS: Final = 20_000
"""Lines of the table that can be taken along."""
NAMES: Final = frozenset({Role.FOUNDATION, Role.CLERK, Role.PROTOCOL})
"""Who may see to whom a message goes; the operator sees that one goes."""


class RateForm(msgspec.Struct):
    """The form for the speed."""

    mails_per_second: Annotated[int, msgspec.Meta(ge=0, le=1000)]


CHOICES: Final = {
    "": ("alle", Search()),
    "fehler": ("nicht zustellbar", Search(("failed",))),
    "offen": (
        "noch nicht verschickt",
        Search(("queued", "claimed", "data_started", "retry")),
    ),
    "verschickt": ("als E-Mail verschickt", Search(("accepted",))),
    "brief": ("als Brief", Search(("in_batch", "posted"))),
    "entfallen": ("entfallen oder zurückgehalten", Search(("withheld", "cancelled"))),
    "doppelt": ("möglicherweise doppelt", Search(duplicates_only=True)),
}
"""By the word in the address: the choice's name, and what the list is narrowed to."""


@get(LIST, opt=SEES)
async def get_messages(request: Request) -> Page:
    """Show the ledger with its figures and whether mails go out."""
    return await show_messages(request)


async def show_messages(request: Request, rate: Form[RateForm] | None = None) -> Page:
    """Return the page, with what is wrong about the speed that somebody has typed, if anything."""
    chosen, search = wanted(request)
    listing = read_listing(request, ["neueste"])
    async with request.pool.acquire() as connection:
        total = await overview.count(connection, search)
        lines = await overview.listed(connection, search, listing.rows, listing.offset)
        figures = await overview.figures(connection)
        state = await control.control(connection)
    return page(
        request,
        "nachrichten.html",
        status=UNPROCESSABLE if rate else 200,
        rate=rate or empty_form(RateForm, {"mails_per_second": int(state.mails_per_second)}),
        lines=lines,
        total=total,
        most_rows=MOST_ROWS,
        listing=listing,
        names=await _names(request, lines),
        figures=figures,
        control=state,
        choices=CHOICES,
        chosen=chosen,
        purpose=search.purpose,
        titles=titles,
        mail_only=MAIL_ONLY,
        may_act=bool(request.signed_in.roles & NAMES),
    )


@post(f"{LIST}/{{message_id:uuid}}/erneut", opt=ACTS)
async def post_again(request: Request, message_id: FromPath[UUID]) -> Page:
    """Try a mail once more."""
    command = SendAgain(message_id=message_id, actor=request.signed_in.subject)
    async with transaction(request.pool) as opened:
        await send_again(opened, command)
    return see_other(request, f"{LIST}?zustand=offen", "Die Nachricht wird noch einmal verschickt.")


@post(f"{LIST}/{{message_id:uuid}}/brief", opt=ACTS)
async def post_letter(request: Request, message_id: FromPath[UUID]) -> Page:
    """Have a letter printed instead of a mail that does not arrive."""
    command = SendByLetter(message_id=message_id, actor=request.signed_in.subject)
    async with transaction(request.pool) as opened:
        await send_by_letter(opened, command)
    return see_other(request, "/konsole/briefe", "Der Brief liegt im offenen Stapel.")


def wanted(request: Request) -> tuple[str, Search]:
    """Return what the list is narrowed to, and the word for its states in the address.

    Raises:
        Malformed: there is no such state or purpose.
    """
    chosen = request.query_params.get("zustand", "")
    if chosen not in CHOICES:
        raise Malformed("Diesen Zustand gibt es nicht.", "zustand")
    word = request.query_params.get("zweck") or None
    try:
        purpose = msgspec.convert(word, Purpose | None)
    except msgspec.ValidationError as error:
        raise Malformed("Diesen Zweck gibt es nicht.", "zweck") from error
    return chosen, msgspec.structs.replace(CHOICES[chosen][1], purpose=purpose)


async def _names(request: Request, lines: Sequence[Listed]) -> dict[UUID, str]:
    """Return the recipients' names; none while registry does not answer."""
    if not request.signed_in.roles & NAMES:
        return {}
    try:
        known = await people(
            request.asks, [line.person_id for line in lines if line.person_id is not None]
        )
        asked = await organisations(
            request.asks, [line.organisation_id for line in lines if line.organisation_id]
        )
    except AskFailed:
        return {}
    return {person_id: wording.full_name(person) for person_id, person in known.items()} | {
        organisation_id: organisation.name for organisation_id, organisation in asked.items()
    }
