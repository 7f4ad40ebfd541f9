"""The editors' list of organisers, and the page of one."""

from typing import Final
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath

from services.events.commands.add_organiser import AddOrganiser, add_organiser
from services.events.commands.change_organiser import ChangeOrganiser, change_organiser
from services.events.commands.delete_organiser import DeleteOrganiser, delete_organiser
from services.events.commands.merge_organisers import MergeOrganisers, merge_organisers
from services.events.http.acting import EDITS, UNPROCESSABLE, acting
from services.events.http.following import follow, read_target
from services.events.http.known_forms import OrganiserForm, shown_organiser
from services.events.http.known_questions import Entry, ask_to_delete, ask_to_merge
from services.events.place import Organiser, OrganiserUnknown
from services.events.store import known_organisers, places
from shared.database import Connection
from shared.errors import Refused
from shared.web.forms import Form, empty_form, read_form
from shared.web.listing import read_listing
from shared.web.pages import Page, page, see_other
from shared.web.request import Request

ORGANISERS: Final = "/konsole/veranstalter"


@get(ORGANISERS, opt=EDITS)
async def get_organisers(request: Request) -> Page:
    """List organisers by name."""
    listing = read_listing(request, ["name"])
    words = listing.search.split()
    async with request.pool.acquire() as connection:
        found = await known_organisers.organisers_in_use(
            connection, words, listing.offset, listing.rows
        )
        total = await known_organisers.count_organisers(connection, words)
    return page(
        request, "konsole_veranstalter.html", organisers=found, total=total, listing=listing
    )


@get(f"{ORGANISERS}/neu", opt=EDITS)
async def get_new_organiser(request: Request) -> Page:
    """Show the form for a new organiser."""
    return await _page(request, empty_form(OrganiserForm))


@post(ORGANISERS, opt=EDITS)
async def post_organiser(request: Request) -> Page:
    """Keep a new organiser."""
    form = await read_form(request, OrganiserForm)
    if not form.is_valid:
        return await _page(request, form)
    try:
        async with acting(request) as deed:
            command = AddOrganiser(form.value.content())
            organiser_id = await add_organiser(deed.transaction, command, deed.now)
            await deed.note_about(request, "add_organiser", f"organiser:{organiser_id}")
    except Refused as refusal:
        form.refuse(refusal)
        return await _page(request, form)
    return see_other(request, ORGANISERS, f"„{form.value.name}“ steht jetzt in der Liste.")


@get(f"{ORGANISERS}/{{organiser_id:uuid}}", opt=EDITS)
async def get_organiser(request: Request, organiser_id: FromPath[UUID]) -> Page:
    """Show an organiser with the form that changes it."""
    organiser = await _organiser(request, organiser_id)
    return await _page(request, empty_form(OrganiserForm, shown_organiser(organiser)), organiser)


@post(f"{ORGANISERS}/{{organiser_id:uuid}}", opt=EDITS)
async def post_change_organiser(request: Request, organiser_id: FromPath[UUID]) -> Page:
    """Change an organiser and let its events follow."""
    organiser = await _organiser(request, organiser_id)
    form = await read_form(request, OrganiserForm)
    if not form.is_valid:
        return await _page(request, form, organiser)
    by = request.signed_in.name
    command = ChangeOrganiser(organiser_id, form.value.version, form.value.content(organiser), by)
    try:
        async with acting(request) as deed:
            count = await change_organiser(deed.transaction, command, deed.now)
            await deed.note_about(request, "change_organiser", f"organiser:{organiser_id}")
    except Refused as refusal:
        form.refuse(refusal)
        return await _page(request, form, organiser)
    told = "Die Änderung ist gespeichert." + await follow(request, count)
    return see_other(request, ORGANISERS, told)


@get(f"{ORGANISERS}/{{organiser_id:uuid}}/loeschen", opt=EDITS)
async def get_delete_organiser(request: Request, organiser_id: FromPath[UUID]) -> Page:
    """Ask whether an organiser is to be deleted."""
    organiser = await _organiser(request, organiser_id)
    return ask_to_delete(request, _entry(organiser), "Der Eintrag")


@post(f"{ORGANISERS}/{{organiser_id:uuid}}/loeschen", opt=EDITS)
async def post_delete_organiser(request: Request, organiser_id: FromPath[UUID]) -> Page:
    """Delete an organiser that no event names."""
    async with acting(request) as deed:
        await delete_organiser(deed.transaction, DeleteOrganiser(organiser_id))
        await deed.note_about(request, "delete_organiser", f"organiser:{organiser_id}")
    return see_other(request, ORGANISERS, "Der Eintrag ist gelöscht.")


@get(f"{ORGANISERS}/{{organiser_id:uuid}}/zusammenfuehren", opt=EDITS)
async def get_merge_organisers(request: Request, organiser_id: FromPath[UUID]) -> Page:
    """Say what merging would do, and ask."""
    organiser, into = (
        await _organiser(request, organiser_id),
        await _organiser(request, read_target(request)),
    )
    async with request.pool.acquire() as connection:
        count = await known_organisers.events_by(connection, organiser_id)
    return ask_to_merge(request, _entry(organiser), _entry(into), count)


@post(f"{ORGANISERS}/{{organiser_id:uuid}}/zusammenfuehren", opt=EDITS)
async def post_merge_organisers(request: Request, organiser_id: FromPath[UUID]) -> Page:
    """Let one organiser be another."""
    command = MergeOrganisers(organiser_id, read_target(request), request.signed_in.name)
    async with acting(request) as deed:
        count = await merge_organisers(deed.transaction, command)
        await deed.note_about(request, "merge_organisers", f"organiser:{organiser_id}")
    told = "Die Einträge sind zusammengeführt." + await follow(request, count)
    return see_other(request, f"{ORGANISERS}/{command.into_id}", told)


async def _page(
    request: Request, form: Form[OrganiserForm], organiser: Organiser | None = None
) -> Page:
    async with request.pool.acquire() as connection:
        count = (
            await known_organisers.events_by(connection, organiser.organiser_id) if organiser else 0
        )
        others = await _others(connection, organiser) if organiser else []
    return page(
        request,
        "konsole_ein_veranstalter.html",
        status=UNPROCESSABLE if form.errors else 200,
        form=form,
        organiser=organiser,
        count=count,
        others=others,
    )


async def _others(connection: Connection, organiser: Organiser) -> list[tuple[UUID, str]]:
    return [
        (other.organiser_id, other.name)
        for other in await places.organisers(connection)
        if other.organiser_id != organiser.organiser_id
    ]


def _entry(organiser: Organiser) -> Entry:
    return Entry(organiser.name, f"{ORGANISERS}/{organiser.organiser_id}")


async def _organiser(request: Request, organiser_id: UUID) -> Organiser:
    async with request.pool.acquire() as connection:
        organiser = await places.find_organiser(connection, organiser_id)
    if organiser is None:
        raise OrganiserUnknown
    return organiser
