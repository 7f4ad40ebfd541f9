"""The console's pages about partners: who sends what, and what waits for a question."""

from typing import Final
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from services.events.http.acting import SEES_PARTNERS, UNPROCESSABLE
from services.events.http.pull_form import EVERY, PullForm
from services.events.ingest.model import Partner
from services.events.ingest.reasons import HINTS
from services.events.pulling.model import WORDS, Pull
from services.events.store import events, partners, pulls, received, trust
from shared.database import Connection
from shared.errors import NotFound
from shared.web.forms import Form, empty_form
from shared.web.pages import Page, page
from shared.web.request import Request

LIST: Final = "/konsole/partner"
MOST_QUARANTINED: Final = 200
MOST_LATELY: Final = 50
MOST_TO_REVIEW: Final = 100
OUTCOMES: Final = {
    "accepted": ("übernommen", "success"),
    "unchanged": ("unverändert", "info"),
    "held": ("wartet auf Freigabe", "warning"),
    "quarantined": ("zurückgewiesen", "danger"),
}
TRUSTS: Final = {
    "publish": "erscheinen sofort",
    "publish_and_review": "erscheinen sofort, die Redaktion prüft danach",
    "review": "warten auf Freigabe",
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


@get(LIST, opt=SEES_PARTNERS)
async def get_partners(request: Request) -> Page:
    """List all partners with how much they send and how much of it waits."""
    async with request.pool.acquire() as connection:
        found = await received.partner_list(connection)
    return page(request, "konsole_partner.html", partners=found, trusts=TRUSTS)


@get(f"{LIST}/{{name:str}}", opt=SEES_PARTNERS)
async def get_partner(request: Request, name: FromPath[str]) -> Page:
    """Show a partner's items that were not taken, with the reason, and its last ones."""
    return await partner_page(request, name, None)


async def partner_page(request: Request, name: str, form: Form[PullForm] | None) -> Page:
    """Return a partner's page, with the form for its calendar as it was filled in, if it was."""
    async with request.pool.acquire() as connection:
        partner = await known_partner(connection, name)
        waiting = await received.quarantined(connection, partner.partner_id, MOST_QUARANTINED)
        lately = await received.received_lately(connection, partner.partner_id, MOST_LATELY)
        held = await trust.held_back(connection, partner.partner_id)
        to_review = await trust.to_review(connection, partner.partner_id, MOST_TO_REVIEW)
        rules = await trust.trust_rules(connection, partner.partner_id)
        rate = await received.rate(connection, partner.partner_id)
        reasons = await received.reasons_lately(connection, partner.partner_id)
        categories = await events.categories(connection)
        pull = await pulls.find_pull(connection, partner.partner_id)
    return page(
        request,
        "konsole_partnersystem.html",
        partner=partner,
        waiting=waiting,
        lately=lately,
        hints=HINTS,
        outcomes=OUTCOMES,
        held=held,
        to_review=to_review,
        rules=rules,
        rate=rate,
        reasons=reasons,
        categories=categories,
        trusts=TRUSTS,
        pull=pull,
        pull_words=WORDS,
        every=EVERY,
        form=form or empty_form(PullForm, _shown(pull)),
        status=UNPROCESSABLE if form else 200,
    )


@get(f"{LIST}/{{name:str}}/{{partner_item_id:uuid}}/rohdaten", opt=SEES_PARTNERS)
async def get_raw(
    request: Request, name: FromPath[str], partner_item_id: FromPath[UUID]
) -> Response[bytes]:
    """Return the message of an item as it came, as a file.

    Raises:
        MessageGone: it is kept no longer.
    """
    async with request.pool.acquire() as connection:
        partner = await known_partner(connection, name)
        raw = await received.raw_message(connection, partner.partner_id, partner_item_id)
    if raw is None:
        raise MessageGone
    suffix = _SUFFIXES.get(raw.content_type.partition(";")[0].strip().lower(), "bin")
    # As bytes to be saved: a browser must not take what a partner sends for a page of ours.
    headers = {"content-disposition": f'attachment; filename="{partner_item_id}.{suffix}"'}
    return Response(raw.body, media_type="application/octet-stream", headers=headers)


def _shown(pull: Pull | None) -> dict[str, str]:
    return {"url": pull.url, "every_minutes": str(pull.every_minutes)} if pull else {}


async def known_partner(connection: Connection, name: str) -> Partner:
    """Return the partner of this name.

    Raises:
        PartnerUnknown: there is none.
    """
    partner = await partners.find_partner(connection, name)
    if partner is None:
        raise PartnerUnknown
    return partner
