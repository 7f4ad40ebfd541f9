"""The page on which editors give associations their links and call them back."""

from datetime import UTC, datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath

from services.events.associations.commands.admit_association import (
    AdmitAssociation,
    admit_association,
)
from services.events.associations.commands.change_contact import ChangeContact, change_contact
from services.events.associations.commands.decline_cancellation import (
    DeclineCancellation,
    decline_cancellation,
)
from services.events.associations.commands.give_link import GiveLink, give_link
from services.events.associations.commands.revoke_link import RevokeLink, revoke_link
from services.events.associations.http.entering import HERE
from services.events.associations.store import links
from services.events.http.acting import EDITS, LIST, UNPROCESSABLE
from services.events.place import OrganiserUnknown
from services.events.settings import Settings
from services.events.store import places
from shared import audit
from shared.database import Connection, transaction
from shared.errors import Refused
from shared.web.forms import Email, Form, empty_form, read_form
from shared.web.pages import Page, page, see_other
from shared.web.request import Request

LINKS: Final = f"{LIST}/vereine"
LABELS: Final = {"organiser_id": "Verein", "name": "Name", "contact_email": "E-Mail"}


class AdmissionForm(msgspec.Struct, kw_only=True):
    """An association that has no entry in the list of organisers yet."""

    name: Annotated[str, msgspec.Meta(max_length=300)]
    contact_email: Email | None = None


class ChosenForm(msgspec.Struct, kw_only=True):
    """An organiser that gets a link."""

    organiser_id: UUID


class ContactForm(msgspec.Struct, kw_only=True):
    """Where an association can be asked about its events."""

    contact_email: Email | None = None


@get(LINKS, opt=EDITS)
async def get_links(request: Request) -> Page:
    """List the associations that submit events."""
    return await _links_page(request, empty_form(AdmissionForm), empty_form(ChosenForm))


@post(LINKS, opt=EDITS)
async def post_association(request: Request) -> Page:
    """Admit an association and give it a link."""
    form = await read_form(request, AdmissionForm)
    if not form.is_valid:
        return await _links_page(request, form, empty_form(ChosenForm))
    try:
        async with transaction(request.pool) as opened:
            command = AdmitAssociation(form.value.name, form.value.contact_email or "")
            organiser_id = await admit_association(opened, command, datetime.now(UTC))
            await _note(request, opened, "admit_association", organiser_id)
            return await _give(request, opened, organiser_id)
    except Refused as refusal:
        form.refuse(refusal)
        return await _links_page(request, form, empty_form(ChosenForm))


@post(f"{LINKS}/link", opt=EDITS)
async def post_link(request: Request) -> Page:
    """Give an organiser a link and show it, this once; an earlier one stops working."""
    form = await read_form(request, ChosenForm)
    if not form.is_valid:
        return await _links_page(request, empty_form(AdmissionForm), form)
    async with transaction(request.pool) as opened:
        return await _give(request, opened, form.value.organiser_id)


@get(f"{LINKS}/{{organiser_id:uuid}}/sperren", opt=EDITS)
async def get_revoke_question(request: Request, organiser_id: FromPath[UUID]) -> Page:
    """Ask whether a link is to be called back."""
    async with request.pool.acquire() as connection:
        association = await links.find_association(connection, organiser_id)
    if association is None:
        raise OrganiserUnknown
    return page(
        request,
        "confirm.html",
        question=f"Link von „{association.name}“ sperren?",
        consequences=[
            "Der Link öffnet ab sofort nichts mehr.",
            "Die Veranstaltungen des Vereins bleiben, wie sie sind.",
            "Sie können jederzeit einen neuen Link ausgeben.",
        ],
        action=f"{LINKS}/{organiser_id}/sperren",
        yes="Sperren",
        back=LINKS,
        fields={},
    )


@post(f"{LINKS}/{{organiser_id:uuid}}/sperren", opt=EDITS)
async def post_revoke(request: Request, organiser_id: FromPath[UUID]) -> Page:
    """Call a link back."""
    async with transaction(request.pool) as opened:
        await revoke_link(opened, RevokeLink(organiser_id))
        await _note(request, opened, "revoke_link", organiser_id)
    return see_other(request, LINKS, "Der Link ist gesperrt.")


@get(f"{LINKS}/{{organiser_id:uuid}}/kontakt", opt=EDITS)
async def get_contact(request: Request, organiser_id: FromPath[UUID]) -> Page:
    """Show where an association can be asked about its events."""
    return await _contact_page(request, organiser_id, None)


@post(f"{LINKS}/{{organiser_id:uuid}}/kontakt", opt=EDITS)
async def post_contact(request: Request, organiser_id: FromPath[UUID]) -> Page:
    """Note where an association can be asked about its events; empty for nowhere."""
    form = await read_form(request, ContactForm)
    if not form.is_valid:
        return await _contact_page(request, organiser_id, form)
    async with transaction(request.pool) as opened:
        command = ChangeContact(organiser_id, form.value.contact_email or "")
        await change_contact(opened, command)
        await _note(request, opened, "change_contact", organiser_id)
    return see_other(request, LINKS, "Die E-Mail-Adresse ist gespeichert.")


@post(f"{LIST}/{{calendar_event_id:uuid}}/absage-ablehnen", opt=EDITS)
async def post_decline(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Leave an event as it is that its association wanted called off."""
    async with transaction(request.pool) as opened:
        await decline_cancellation(opened, DeclineCancellation(calendar_event_id))
        await audit.note(
            opened,
            actor=request.signed_in.subject,
            action="decline_cancellation",
            concerns=f"calendar_event:{calendar_event_id}",
        )
    return see_other(request, f"{LIST}/pruefen", "Die Veranstaltung bleibt, wie sie ist.")


async def _give(request: Request, opened: Connection, organiser_id: UUID) -> Page:
    link = await give_link(opened, GiveLink(organiser_id, request.signed_in.name))
    await _note(request, opened, "give_link", organiser_id)
    settings: Settings = request.app.state.settings
    return page(
        request,
        "konsole_vereinslink.html",
        name=link.name,
        address=f"{settings.public_url}{HERE}/{link.token}",
    )


async def _contact_page(
    request: Request, organiser_id: UUID, form: Form[ContactForm] | None
) -> Page:
    async with request.pool.acquire() as connection:
        linked = {one.organiser_id: one for one in await links.linked(connection)}
    if organiser_id not in linked:
        raise OrganiserUnknown
    one = linked[organiser_id]
    return page(
        request,
        "konsole_vereinskontakt.html",
        status=UNPROCESSABLE if form else 200,
        one=one,
        form=form or empty_form(ContactForm, {"contact_email": one.contact_email}),
    )


async def _note(request: Request, opened: Connection, action: str, organiser_id: UUID) -> None:
    await audit.note(
        opened,
        actor=request.signed_in.subject,
        action=action,
        concerns=f"organiser:{organiser_id}",
    )


async def _links_page(
    request: Request, form: Form[AdmissionForm], chosen: Form[ChosenForm]
) -> Page:
    async with request.pool.acquire() as connection:
        linked = await links.linked(connection)
        known = await places.organisers(connection)
    return page(
        request,
        "konsole_vereine.html",
        status=UNPROCESSABLE if form.errors or chosen.errors else 200,
        linked=linked,
        organisers=[(one.organiser_id, one.name) for one in known],
        form=form,
        chosen=chosen,
        labels=LABELS,
    )


ROUTES: Final = [
    get_links,
    post_association,
    post_link,
    get_revoke_question,
    post_revoke,
    get_contact,
    post_contact,
    post_decline,
]
