"""The quotas of associations, and the links with which they propose their guests."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath

from services.recognition.honouring.commands.invite_organisations import (
    InviteOrganisations,
    MintedLink,
    invite_organisations,
)
from services.recognition.honouring.commands.set_quotas import SetQuotas, set_quotas
from services.recognition.honouring.commands.set_usual_quotas import (
    SetUsualQuotas,
    set_usual_quotas,
)
from services.recognition.honouring.http.acting import PLANS, SEES, acting
from services.recognition.honouring.http.frame import LIST, event_page
from services.recognition.honouring.nomination import MOST_QUOTA
from services.recognition.honouring.quota_sheet import (
    HEADER,
    RowProblem,
    read_quota,
    sheet_rows,
    understand,
)
from services.recognition.honouring.spreadsheets import read_sheet
from services.recognition.honouring.store import events, figures, quotas
from shared.errors import Refused
from shared.german import counted
from shared.web.app import UPLOAD_BYTES
from shared.web.forms import Form, Upload, empty_form, read_form
from shared.web.listing import read_listing
from shared.web.pages import Page, see_other
from shared.web.request import Request
from shared.web.sheets import csv_answer

UNPROCESSABLE = 422
QUOTAS = f"{LIST}/{{event_id:uuid}}/kontingente"
_FIELD = "places_"
_NUMBER_ERROR = f"Bitte eine ganze Zahl von 0 bis {MOST_QUOTA}."


class SheetForm(msgspec.Struct, kw_only=True):
    """A table of quotas to be taken over."""

    file: Upload


class LinkForm(msgspec.Struct, kw_only=True):
    """For whom links are wanted, and how."""

    organisation_id: UUID | None = None
    as_sheet: bool = False


@get(QUOTAS, opt=SEES)
async def get_quotas(request: Request, event_id: FromPath[UUID]) -> Page:
    """Show every association with its quota."""
    return await _show(request, event_id)


@post(QUOTAS, opt=PLANS)
async def post_quotas(request: Request, event_id: FromPath[UUID]) -> Page:
    """Set the quotas that were typed into the table."""
    sent = {name: str(value).strip() for name, value in (await request.form()).items()}
    typed = {name: text for name, text in sent.items() if name.startswith(_FIELD) and text}
    places, errors = _numbers(typed)
    if not errors:
        try:
            async with acting(request, "set_quotas", event_id) as opened:
                command = SetQuotas(honouring_event_id=event_id, places=places)
                changed = await set_quotas(opened, command)
        except Refused as refusal:
            errors[refusal.field or ""] = refusal.sentence
        else:
            sentence = f"{_changed(changed)}." if changed else "Nichts zu ändern."
            return await _saved(request, event_id, sentence)
    return await _show(request, event_id, typed=typed, errors=errors)


@post(f"{QUOTAS}/ueblich", opt=PLANS)
async def post_usual_quotas(request: Request, event_id: FromPath[UUID]) -> Page:
    """Give every association without a quota the usual one."""
    async with acting(request, "set_usual_quotas", event_id) as opened:
        count = await set_usual_quotas(opened, SetUsualQuotas(honouring_event_id=event_id))
    given = counted(count, "Verein hat", "Vereine haben")
    sentence = f"{given} das übliche Kontingent bekommen."
    return await _saved(request, event_id, sentence)


@get(f"{QUOTAS}.csv", opt=SEES)
async def get_quota_sheet(request: Request, event_id: FromPath[UUID]) -> Response[bytes]:
    """Send the quotas as a table to be filled in."""
    async with request.pool.acquire() as connection:
        await events.get(connection, event_id)
        listed = await quotas.listed(connection, event_id)
    return csv_answer("kontingente", HEADER, sheet_rows(listed))


@post(f"{QUOTAS}/tabelle", opt=PLANS, request_max_body_size=UPLOAD_BYTES)
async def post_quota_sheet(request: Request, event_id: FromPath[UUID]) -> Page:
    """Take a filled-in table over, all of it or nothing."""
    form = await read_form(request, SheetForm)
    problems: tuple[RowProblem, ...] = ()
    if form.is_valid:
        try:
            rows = read_sheet(await form.value.file.read())
            async with acting(request, "set_quotas", event_id) as opened:
                sheet = understand(rows, await quotas.listed(opened, event_id))
                problems = sheet.problems
                if not problems:
                    command = SetQuotas(honouring_event_id=event_id, places=sheet.places)
                    changed = await set_quotas(opened, command)
        except Refused as refusal:
            form.errors["file"] = refusal.sentence
        else:
            if not problems:
                sentence = f"Die Tabelle ist übernommen: {_changed(changed)}."
                return await _saved(request, event_id, sentence)
    return await _show(request, event_id, sheet=form, problems=problems)


@post(f"{LIST}/{{event_id:uuid}}/vereinslinks", opt=PLANS, status_code=200)
async def post_links(request: Request, event_id: FromPath[UUID]) -> Page | Response[bytes]:
    """Make links for associations and show them once, as a page or as a table."""
    wanted = (await read_form(request, LinkForm)).value
    async with acting(request, "invite_organisations", event_id) as opened:
        event = await events.get(opened, event_id)
        command = InviteOrganisations(
            honouring_event_id=event_id, organisation_id=wanted.organisation_id
        )
        minted = await invite_organisations(opened, command)
    addresses = [(link, f"{request.app.state.public_url}/v/{link.token}") for link in minted]
    if wanted.as_sheet:
        return csv_answer("vereinslinks", *_link_sheet(addresses))
    return event_page(request, "vereinslinks.html", event, tab="kontingente", links=addresses)


def _link_sheet(
    addresses: list[tuple[MintedLink, str]],
) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    rows = [(link.name, link.email or "", link.places, address) for link, address in addresses]
    return ("Verein", "E-Mail", "Plätze", "Link"), list(rows)


def _changed(count: int) -> str:
    return counted(count, "Kontingent ist geändert", "Kontingente sind geändert")


def _numbers(typed: Mapping[str, str]) -> tuple[dict[UUID, int], dict[str, str]]:
    """Return the quotas by association, and a sentence for each field that is wrong."""
    places: dict[UUID, int] = {}
    errors: dict[str, str] = {}
    for name, text in typed.items():
        try:
            organisation_id = UUID(name.removeprefix(_FIELD))
        except ValueError:
            continue
        number = read_quota(text)
        if number is None:
            errors[name] = _NUMBER_ERROR
        else:
            places[organisation_id] = number
    return places, errors


async def _saved(request: Request, event_id: UUID, sentence: str) -> Page:
    """Go on to asking the associations that have a quota now, if proposals are open."""
    async with request.pool.acquire() as connection:
        event = await events.get(connection, event_id)
        listed = await quotas.listed(connection, event_id)
    waiting = event.phase == "nomination_open" and any(one.awaits_request for one in listed)
    path = "kontingente/bitten" if waiting else "kontingente"
    return see_other(request, f"{LIST}/{event_id}/{path}", sentence)


async def _show(request: Request, event_id: UUID, **parts: Any) -> Page:
    """Show the table with what was typed and what is wrong with it, if anything was sent."""
    listing = read_listing(request, ["name"])
    sheet: Form[SheetForm] = parts.get("sheet") or empty_form(SheetForm)
    errors = parts.get("errors", {})
    problems = parts.get("problems", ())
    async with request.pool.acquire() as connection:
        event = await events.get(connection, event_id)
        listed = await quotas.listed(connection, event_id, listing.search)
        counted = await figures.figures(connection, event_id)
        every = listed if not listing.search else await quotas.listed(connection, event_id)
    return event_page(
        request,
        "kontingente.html",
        event,
        tab="kontingente",
        status=UNPROCESSABLE if errors or problems or sheet.errors else 200,
        listing=listing,
        quotas=listed,
        places=sum(quota.places or 0 for quota in listed),
        figures=counted,
        to_ask=sum(quota.awaits_request for quota in every),
        to_remind=sum(quota.awaits_reminder for quota in every),
        typed=parts.get("typed", {}),
        errors=errors,
        sheet=sheet,
        problems=problems,
    )


ROUTES = [
    get_quotas,
    post_quotas,
    post_usual_quotas,
    get_quota_sheet,
    post_quota_sheet,
    post_links,
]
