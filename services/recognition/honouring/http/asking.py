"""Asks associations for proposals and reminds them, each after a page that says whom it reaches."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath

from services.recognition.honouring import labels
from services.recognition.honouring.commands.ask_organisations import (
    AskOrganisations,
    ask_organisations,
)
from services.recognition.honouring.commands.open_nomination import OpenNomination, open_nomination
from services.recognition.honouring.commands.remind_organisations import (
    RemindOrganisations,
    remind_organisations,
)
from services.recognition.honouring.http.acting import PLANS, acting
from services.recognition.honouring.http.frame import LIST, address, event_page
from services.recognition.honouring.nomination import OrganisationQuota, reminder_due
from services.recognition.honouring.store import events, quotas
from shared.errors import NotFound, Refused
from shared.german import counted, long_day
from shared.web.forms import read_form
from shared.web.pages import Page, see_other
from shared.web.request import Request

UNPROCESSABLE: Final = 422
QUOTAS: Final = f"{LIST}/{{event_id:uuid}}/kontingente"


class AskForm(msgspec.Struct, kw_only=True):
    """What the confirmation has said."""

    expected: int


class RemindForm(msgspec.Struct, kw_only=True):
    """Whom to remind, and what the confirmation has said."""

    organisation_id: UUID | None = None
    expected: int


class Reached(msgspec.Struct, frozen=True):
    """Who would be written to, and how."""

    by_mail: int
    by_letter: int
    unreachable: Sequence[OrganisationQuota]

    @property
    def associations(self) -> int:
        """Return how many would be written to."""
        return self.by_mail + self.by_letter


@get(f"{QUOTAS}/bitten", opt=PLANS)
async def get_asking(request: Request, event_id: FromPath[UUID]) -> Page:
    """Say how many mails and letters there would be, and whom nothing reaches."""
    return await _show_asking(request, event_id)


@post(f"{QUOTAS}/bitten", opt=PLANS)
async def post_asking(request: Request, event_id: FromPath[UUID]) -> Page:
    """Open the nomination if it is not, and ask all associations that were not asked."""
    form = await read_form(request, AskForm)
    if not form.is_valid:
        return await _show_asking(request, event_id, "Bitte bestätigen Sie noch einmal.")
    try:
        async with acting(request, "ask_organisations", event_id) as opened:
            event = await events.lock(opened, event_id)
            if event.phase != "nomination_open":
                await open_nomination(opened, OpenNomination(honouring_event_id=event_id))
            asked = await ask_organisations(
                opened, AskOrganisations(honouring_event_id=event_id, expected=form.value.expected)
            )
    except NotFound:
        raise
    except Refused as refusal:
        return await _show_asking(request, event_id, refusal.sentence)
    sentence = (
        f"{_associations(asked)} um Vorschläge gebeten." if asked else "Die Vorschläge sind offen."
    )
    return see_other(request, address(event, "kontingente"), sentence)


@get(f"{QUOTAS}/erinnern", opt=PLANS)
async def get_reminding(request: Request, event_id: FromPath[UUID]) -> Page:
    """Say how many associations would be reminded, or whether this one would be."""
    try:
        organisation_id = UUID(request.query_params.get("verein", ""))
    except ValueError:
        organisation_id = None
    return await _show_reminding(request, event_id, organisation_id)


@post(f"{QUOTAS}/erinnern", opt=PLANS)
async def post_reminding(request: Request, event_id: FromPath[UUID]) -> Page:
    """Remind associations that have proposed nobody."""
    form = await read_form(request, RemindForm)
    if not form.is_valid:
        return await _show_reminding(request, event_id, None, "Bitte bestätigen Sie noch einmal.")
    wanted = form.value
    try:
        async with acting(request, "remind_organisations", event_id) as opened:
            event = await events.get(opened, event_id)
            command = RemindOrganisations(
                honouring_event_id=event_id,
                organisation_id=wanted.organisation_id,
                expected=wanted.expected,
            )
            reminded = await remind_organisations(opened, command)
    except NotFound:
        raise
    except Refused as refusal:
        return await _show_reminding(request, event_id, wanted.organisation_id, refusal.sentence)
    sentence = f"{_associations(reminded)} noch einmal angeschrieben."
    return see_other(request, address(event, "kontingente"), sentence)


async def _show_asking(request: Request, event_id: UUID, refusal: str = "") -> Page:
    async with request.pool.acquire() as connection:
        event = await events.get(connection, event_id)
        now = await events.clock(connection)
        listed = await quotas.listed(connection, event_id)
    reached = _reached([one for one in listed if one.awaits_request])
    reminder = reminder_due(now, event.nominate_by)
    return event_page(
        request,
        "vereine_bitten.html",
        event,
        tab="kontingente",
        status=UNPROCESSABLE if refusal else 200,
        refusal=refusal,
        reached=reached,
        is_opening=event.phase != "nomination_open",
        is_possible=event.phase in {"draft", "nomination_open", "nomination_closed"},
        is_late=event.nominate_by <= now,
        letters=labels.letters_to_print(reached.by_letter),
        reminder=long_day(reminder, event.zone) if reminder else "",
    )


async def _show_reminding(
    request: Request, event_id: UUID, organisation_id: UUID | None, refusal: str = ""
) -> Page:
    async with request.pool.acquire() as connection:
        event = await events.get(connection, event_id)
        listed = await quotas.listed(connection, event_id)
    concerned = [one for one in listed if organisation_id in {None, one.organisation_id}]
    reached = _reached([one for one in concerned if one.awaits_reminder])
    return event_page(
        request,
        "vereine_erinnern.html",
        event,
        tab="kontingente",
        status=UNPROCESSABLE if refusal else 200,
        refusal=refusal,
        reached=reached,
        organisation_id=organisation_id,
        written_today=sum(one.is_written_today for one in concerned),
        is_possible=event.phase == "nomination_open",
        letters=labels.letters_to_print(reached.by_letter),
    )


def _reached(concerned: Sequence[OrganisationQuota]) -> Reached:
    return Reached(
        by_mail=sum(one.way == "mail" for one in concerned),
        by_letter=sum(one.way == "letter" for one in concerned),
        unreachable=[one for one in concerned if one.way is None],
    )


def _associations(count: int) -> str:
    return counted(count, "Verein wird", "Vereine werden")


ROUTES = [get_asking, post_asking, get_reminding, post_reminding]
