"""The editors' list of places, and the page of one."""

from typing import Final
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath

from services.events.commands.add_place import AddPlace, add_place
from services.events.commands.change_place import ChangePlace, change_place
from services.events.commands.delete_place import DeletePlace, delete_place
from services.events.commands.merge_places import MergePlaces, merge_places
from services.events.http.acting import EDITS, UNPROCESSABLE, acting
from services.events.http.following import follow, read_target
from services.events.http.known_forms import PlaceForm, shown_place
from services.events.http.known_questions import Entry, ask_to_delete, ask_to_merge
from services.events.place import Place, PlaceUnknown
from services.events.store import known_places, places
from shared.database import Connection
from shared.errors import Refused
from shared.web.forms import Form, empty_form, read_form
from shared.web.listing import read_listing
from shared.web.pages import Page, page, see_other
from shared.web.request import Request

PLACES: Final = "/konsole/orte"


@get(PLACES, opt=EDITS)
async def get_places(request: Request) -> Page:
    """List places by name."""
    listing = read_listing(request, ["name"])
    words = listing.search.split()
    async with request.pool.acquire() as connection:
        found = await known_places.places_in_use(connection, words, listing.offset, listing.rows)
        total = await known_places.count_places(connection, words)
    return page(request, "konsole_orte.html", places=found, total=total, listing=listing)


@get(f"{PLACES}/neu", opt=EDITS)
async def get_new_place(request: Request) -> Page:
    """Show the form for a new place."""
    return await _page(request, empty_form(PlaceForm))


@post(PLACES, opt=EDITS)
async def post_place(request: Request) -> Page:
    """Keep a new place."""
    form = await read_form(request, PlaceForm)
    if not form.is_valid:
        return await _page(request, form)
    try:
        async with acting(request) as deed:
            command = AddPlace(form.value.content())
            place_id = await add_place(deed.transaction, command, deed.now)
            await deed.note_about(request, "add_place", f"place:{place_id}")
    except Refused as refusal:
        _put_beside(form, refusal)
        return await _page(request, form)
    return see_other(request, PLACES, f"„{form.value.name}“ steht jetzt in der Liste.")


@get(f"{PLACES}/{{place_id:uuid}}", opt=EDITS)
async def get_place(request: Request, place_id: FromPath[UUID]) -> Page:
    """Show a place with the form that changes it."""
    place = await _place(request, place_id)
    return await _page(request, empty_form(PlaceForm, shown_place(place)), place)


@post(f"{PLACES}/{{place_id:uuid}}", opt=EDITS)
async def post_change_place(request: Request, place_id: FromPath[UUID]) -> Page:
    """Change a place and let its events follow."""
    place = await _place(request, place_id)
    form = await read_form(request, PlaceForm)
    if not form.is_valid:
        return await _page(request, form, place)
    by = request.signed_in.name
    command = ChangePlace(place_id, form.value.version, form.value.content(), by)
    try:
        async with acting(request) as deed:
            count = await change_place(deed.transaction, command, deed.now)
            await deed.note_about(request, "change_place", f"place:{place_id}")
    except Refused as refusal:
        _put_beside(form, refusal)
        return await _page(request, form, place)
    told = "Die Änderung ist gespeichert." + await follow(request, count)
    return see_other(request, PLACES, told)


@get(f"{PLACES}/{{place_id:uuid}}/loeschen", opt=EDITS)
async def get_delete_place(request: Request, place_id: FromPath[UUID]) -> Page:
    """Ask whether a place is to be deleted."""
    return ask_to_delete(request, _entry(await _place(request, place_id)), "Der Ort")


@post(f"{PLACES}/{{place_id:uuid}}/loeschen", opt=EDITS)
async def post_delete_place(request: Request, place_id: FromPath[UUID]) -> Page:
    """Delete a place that no event names."""
    async with acting(request) as deed:
        await delete_place(deed.transaction, DeletePlace(place_id))
        await deed.note_about(request, "delete_place", f"place:{place_id}")
    return see_other(request, PLACES, "Der Ort ist gelöscht.")


@get(f"{PLACES}/{{place_id:uuid}}/zusammenfuehren", opt=EDITS)
async def get_merge_places(request: Request, place_id: FromPath[UUID]) -> Page:
    """Say what merging would do, and ask."""
    place, into = await _place(request, place_id), await _place(request, read_target(request))
    async with request.pool.acquire() as connection:
        count = await known_places.events_at(connection, place_id)
    access = "Anschrift und Barrierefreiheit sind dann bei allen die des anderen Ortes."
    return ask_to_merge(request, _entry(place), _entry(into), count, [access])


@post(f"{PLACES}/{{place_id:uuid}}/zusammenfuehren", opt=EDITS)
async def post_merge_places(request: Request, place_id: FromPath[UUID]) -> Page:
    """Let one place be another."""
    command = MergePlaces(place_id, read_target(request), request.signed_in.name)
    async with acting(request) as deed:
        count = await merge_places(deed.transaction, command)
        await deed.note_about(request, "merge_places", f"place:{place_id}")
    told = "Die Orte sind zusammengeführt." + await follow(request, count)
    return see_other(request, f"{PLACES}/{command.into_id}", told)


async def _page(request: Request, form: Form[PlaceForm], place: Place | None = None) -> Page:
    async with request.pool.acquire() as connection:
        districts = await places.districts(connection)
        count = await known_places.events_at(connection, place.place_id) if place else 0
        others = await _others(connection, place) if place else []
    return page(
        request,
        "konsole_ort.html",
        status=UNPROCESSABLE if form.errors else 200,
        form=form,
        place=place,
        count=count,
        others=others,
        districts=[(district.slug, district.title) for district in districts],
    )


async def _others(connection: Connection, place: Place) -> list[tuple[UUID, str]]:
    return [
        (other.place_id, ", ".join(filter(None, (other.name, other.address))))
        for other in await places.places(connection)
        if other.place_id != place.place_id
    ]


def _entry(place: Place) -> Entry:
    return Entry(place.name, f"{PLACES}/{place.place_id}")


async def _place(request: Request, place_id: UUID) -> Place:
    async with request.pool.acquire() as connection:
        place = await places.find_place(connection, place_id)
    if place is None:
        raise PlaceUnknown
    return place


def _put_beside(form: Form[PlaceForm], refusal: Refused) -> None:
    field = refusal.field or ""
    form.errors["point" if field in {"latitude", "longitude"} else field] = refusal.sentence
