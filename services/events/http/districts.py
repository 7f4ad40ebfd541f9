"""The editors' list of the parts of the city."""

from typing import Final

from litestar import get, post
from litestar.params import FromPath

from services.events.commands.add_district import AddDistrict, add_district
from services.events.commands.delete_district import DeleteDistrict, delete_district
from services.events.commands.rename_district import RenameDistrict, rename_district
from services.events.http.acting import EDITS, UNPROCESSABLE, acting
from services.events.http.known_forms import DistrictForm
from services.events.place import DistrictInUse
from services.events.store.districts import districts_in_use
from shared.errors import NotFound, Refused
from shared.web.forms import Form, empty_form, read_form
from shared.web.pages import Page, page, see_other
from shared.web.request import Request

DISTRICTS: Final = "/konsole/orte/stadtteile"


@get(DISTRICTS, opt=EDITS)
async def get_districts(request: Request) -> Page:
    """List districts by name, each with what can be done about it."""
    return await _page(request, empty_form(DistrictForm))


@post(DISTRICTS, opt=EDITS)
async def post_district(request: Request) -> Page:
    """Keep a new district."""
    form = await read_form(request, DistrictForm)
    if not form.is_valid:
        return await _page(request, form)
    try:
        async with acting(request) as deed:
            slug = await add_district(deed.transaction, AddDistrict(form.value.title))
            await deed.note_about(request, "add_district", f"district:{slug}")
    except Refused as refusal:
        form.errors["title"] = refusal.sentence
        return await _page(request, form)
    return see_other(request, DISTRICTS, f"„{form.value.title}“ steht jetzt in der Liste.")


@post(f"{DISTRICTS}/{{slug:str}}", opt=EDITS)
async def post_rename_district(request: Request, slug: FromPath[str]) -> Page:
    """Give a district another name."""
    form = await read_form(request, DistrictForm)
    if not form.is_valid:
        return await _page(request, form, slug)
    try:
        async with acting(request) as deed:
            await rename_district(deed.transaction, RenameDistrict(slug, form.value.title))
            await deed.note_about(request, "rename_district", f"district:{slug}")
    except Refused as refusal:
        form.errors["title"] = refusal.sentence
        return await _page(request, form, slug)
    return see_other(request, DISTRICTS, f"Der Stadtteil heißt jetzt „{form.value.title}“.")


@get(f"{DISTRICTS}/{{slug:str}}/loeschen", opt=EDITS)
async def get_delete_district(request: Request, slug: FromPath[str]) -> Page:
    """Ask whether a district is to be deleted.

    Raises:
        NotFound, DistrictInUse: there is none without places (any more).
    """
    async with request.pool.acquire() as connection:
        found = [each for each in await districts_in_use(connection) if each.slug == slug]
    if not found:
        raise NotFound("Diesen Stadtteil gibt es nicht (mehr).")
    (district,) = found
    if district.places:
        raise DistrictInUse
    return page(
        request,
        "confirm.html",
        question=f"„{district.title}“ löschen?",
        consequences=[
            "Der Stadtteil lässt sich danach bei keinem Ort mehr auswählen.",
            "Sein Kalender steht dann nicht mehr unter denen zum Abonnieren.",
        ],
        action=f"{DISTRICTS}/{slug}/loeschen",
        yes="Löschen",
        back=DISTRICTS,
        fields={},
    )


@post(f"{DISTRICTS}/{{slug:str}}/loeschen", opt=EDITS)
async def post_delete_district(request: Request, slug: FromPath[str]) -> Page:
    """Delete a district in which no place lies."""
    async with acting(request) as deed:
        await delete_district(deed.transaction, DeleteDistrict(slug))
        await deed.note_about(request, "delete_district", f"district:{slug}")
    return see_other(request, DISTRICTS, "Der Stadtteil ist gelöscht.")


async def _page(request: Request, form: Form[DistrictForm], renamed: str = "") -> Page:
    async with request.pool.acquire() as connection:
        districts = await districts_in_use(connection)
    return page(
        request,
        "konsole_stadtteile.html",
        status=UNPROCESSABLE if form.errors else 200,
        form=form,
        renamed=renamed,
        districts=districts,
    )
