"""The console's pages about partners: who sends what, and what waits for a question."""

from typing import Final, Literal
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath

from services.events.http.acting import EDITS, SEES_PARTNERS
from services.events.ingest.model import Partner
from services.events.ingest.reasons import HINTS
from services.events.store import partners, received
from shared import audit
from shared.database import Connection, transaction
from shared.errors import NotFound
from shared.web.forms import empty_form, read_form
from shared.web.pages import Page, page, see_other
from shared.web.request import Request

LIST: Final = "/konsole/partner"
MOST_QUARANTINED: Final = 200
MOST_LATELY: Final = 50
OUTCOMES: Final = {
    "accepted": ("übernommen", "success"),
    "unchanged": ("unverändert", "info"),
    "held": ("wartet auf Freigabe", "warning"),
    "quarantined": ("zurückgewiesen", "danger"),
}
_SUFFIXES: Final = {
    "text/calendar": "ics",
    "application/json": "json",
    "application/ld+json": "json",
}


class PartnerUnknown(NotFound):
    """There is no such partner."""

    def __init__(self) -> None:
        super().__init__("Dieses Partnersystem gibt es nicht.")


class MessageGone(NotFound):
    """The message is kept no longer."""

    def __init__(self) -> None:
        super().__init__("Diese Nachricht wird nicht mehr aufbewahrt.")


class TrustForm(msgspec.Struct, kw_only=True):
    """How far a partner is trusted."""

    trust: Literal["publish", "review"]


@get(LIST, opt=SEES_PARTNERS)
async def get_partners(request: Request) -> Page:
    """List all partners with how much they send and how much of it waits."""
    async with request.pool.acquire() as connection:
        found = await received.partner_list(connection)
    return page(request, "konsole_partner.html", partners=found)


@get(f"{LIST}/{{name:str}}", opt=SEES_PARTNERS)
async def get_partner(request: Request, name: FromPath[str]) -> Page:
    """Show a partner's items that were not taken, with the reason, and its last ones."""
    async with request.pool.acquire() as connection:
        partner = await _known(connection, name)
        waiting = await received.quarantined(connection, partner.partner_id, MOST_QUARANTINED)
        lately = await received.received_lately(connection, partner.partner_id, MOST_LATELY)
    return page(
        request,
        "konsole_partnersystem.html",
        partner=partner,
        waiting=waiting,
        lately=lately,
        hints=HINTS,
        outcomes=OUTCOMES,
        form=empty_form(TrustForm, {"trust": partner.trust}),
    )


@post(f"{LIST}/{{name:str}}/vertrauen", opt=EDITS)
async def post_trust(request: Request, name: FromPath[str]) -> Page:
    """Say whether a partner's items stand in the calendar at once."""
    form = await read_form(request, TrustForm)
    trust = form.value.trust
    async with transaction(request.pool) as opened:
        partner = await _known(opened, name)
        await partners.save_trust(opened, partner.partner_id, trust)
        await audit.note(
            opened,
            actor=request.signed_in.subject,
            action="trust_partner",
            concerns=f"partner:{partner.partner_id}",
            details={"trust": trust},
        )
    return see_other(request, f"{LIST}/{name}", "Gespeichert; es gilt für alles, was neu kommt.")


@get(f"{LIST}/{{name:str}}/{{partner_item_id:uuid}}/rohdaten", opt=SEES_PARTNERS)
async def get_raw(
    request: Request, name: FromPath[str], partner_item_id: FromPath[UUID]
) -> Response[bytes]:
    """Return the message of an item as it came, as a file.

    Raises:
        MessageGone: it is kept no longer.
    """
    async with request.pool.acquire() as connection:
        partner = await _known(connection, name)
        raw = await received.raw_message(connection, partner.partner_id, partner_item_id)
    if raw is None:
        raise MessageGone
    suffix = _SUFFIXES.get(raw.content_type.partition(";")[0].strip().lower(), "bin")
    # As bytes to be saved: a browser must not take what a partner sends for a page of ours.
    headers = {"content-disposition": f'attachment; filename="{partner_item_id}.{suffix}"'}
    return Response(raw.body, media_type="application/octet-stream", headers=headers)


async def _known(connection: Connection, name: str) -> Partner:
    partner = await partners.find_partner(connection, name)
    if partner is None:
        raise PartnerUnknown
    return partner
