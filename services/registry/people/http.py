"""The pages about people: the list, one person, and the forms."""

from collections.abc import AsyncIterator
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Stream

from services.registry import store
from services.registry.engagements import store as engagements
from services.registry.forms import (
    EDITS,
    SEES,
    actor,
    empty_record,
    filled_form,
    may_edit,
    read_record,
    seen_version,
)
from services.registry.history import differences, edits
from services.registry.organisations.store import records as organisations
from services.registry.people.columns import PEOPLE
from services.registry.people.commands.change_person import ChangePerson, change_person
from services.registry.people.commands.register_person import RegisterPerson, register_person
from services.registry.people.store import lists, records
from services.registry.people.store.lists import Wanted
from services.registry.spreadsheets import cells, download, sheet
from services.registry.values import written
from shared import audit
from shared.database import Pool, transaction
from shared.errors import Malformed
from shared.text import clean
from shared.web.listing import read_listing
from shared.web.pages import Page, page, see_other
from shared.web.request import Request

LIST = "/konsole/personen"
PERSON = f"{LIST}/{{person_id:uuid}}"
MOST_CHARACTERS = 100
SORTS = ("name", "town", "number")


@get(LIST, opt=SEES)
async def get_people(request: Request) -> Page:
    """Show one page of the list."""
    wanted = _wanted(request)
    async with transaction(request.pool) as connection:
        await store.plan_each_time(connection)
        people = await lists.page(connection, wanted)
        total = await lists.count(connection, wanted)
        chosen = wanted.organisation_id
        organisation = await organisations.get(connection, chosen) if chosen else None
    return page(
        request,
        "personen.html",
        listing=read_listing(request, SORTS),
        wanted=wanted,
        people=people,
        total=total,
        organisation=organisation,
        may_edit=may_edit(request),
    )


@post(f"{LIST}/tabelle", opt=EDITS, status_code=200)
async def post_people_sheet(request: Request) -> Stream:
    """Send the people of the list as a table, and write down that somebody took it."""
    wanted = _wanted(request)
    async with transaction(request.pool) as opened:
        await audit.note(
            opened,
            actor=request.signed_in.subject,
            action="export_people",
            concerns="people",
            details={"people": await lists.count(opened, wanted)},
        )
    titles = [column.title for column in PEOPLE.columns]
    return download("personen", sheet(titles, _lines(request.pool, wanted)))


@get(PERSON, opt=SEES)
async def get_person(request: Request, person_id: FromPath[UUID]) -> Page:
    """Show what is known about one person, and what has changed since."""
    async with request.pool.acquire() as connection:
        person = await records.get(connection, person_id)
        entries = await store.changes_of(connection, person_id)
        engaged = await engagements.of_person(connection, person_id)
    return page(
        request,
        "person.html",
        person=person,
        table=PEOPLE,
        edits=edits(PEOPLE, person.edited),
        engagements=engaged,
        written=written,
        changes=[(entry, differences(PEOPLE, entry)) for entry in entries],
        may_edit=may_edit(request),
    )


@get(f"{LIST}/neu", opt=EDITS)
async def get_new_person(request: Request) -> Page:
    """Show the empty form."""
    return page(request, "person_neu.html", form=empty_record(PEOPLE), table=PEOPLE)


@post(LIST, opt=EDITS)
async def post_person(request: Request) -> Page:
    """Register a person, or show the form again with what is wrong."""
    form = await read_record(request, PEOPLE, "")
    if not form.is_valid:
        return page(request, "person_neu.html", status=422, form=form, table=PEOPLE)
    async with transaction(request.pool) as opened:
        person_id = await register_person(opened, RegisterPerson(form.value, actor(request)))
    return see_other(request, f"{LIST}/{person_id}", "Die Person ist erfasst.")


@get(f"{PERSON}/bearbeiten", opt=EDITS)
async def get_person_form(request: Request, person_id: FromPath[UUID]) -> Page:
    """Show the form with what is known."""
    async with request.pool.acquire() as connection:
        person = await records.get(connection, person_id)
    form = filled_form(PEOPLE, person)
    return page(request, "person_bearbeiten.html", form=form, table=PEOPLE, person=person)


@post(f"{PERSON}/bearbeiten", opt=EDITS)
async def post_person_form(request: Request, person_id: FromPath[UUID]) -> Page:
    """Change a person, or show the form again with what is wrong."""
    async with request.pool.acquire() as connection:
        person = await records.get(connection, person_id)
    form = await read_record(request, PEOPLE, person.source_number)
    if not form.is_valid:
        return page(
            request, "person_bearbeiten.html", status=422, form=form, table=PEOPLE, person=person
        )
    command = ChangePerson(
        person_id=person_id,
        seen_version=await seen_version(request),
        row=form.value,
        by=actor(request),
    )
    async with transaction(request.pool) as opened:
        await change_person(opened, command)
    return see_other(request, f"{LIST}/{person_id}", "Die Änderung ist gespeichert.")


def _wanted(request: Request) -> Wanted:
    """Return what the address asks for.

    Raises:
        Malformed: an organisation, an order or a page that cannot be.
    """
    listing = read_listing(request, SORTS)
    return Wanted(
        search=listing.search,
        organisation_id=_id(request.query_params.get("organisation") or ""),
        engaged_in=clean(request.query_params.get("verein") or "", "verein")[:MOST_CHARACTERS],
        without_email=bool(request.query_params.get("ohne_email")),
        sort=listing.sort,
        descending=listing.descending,
        offset=listing.offset,
        rows=listing.rows,
    )


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Malformed("Diese Organisation gibt es nicht.", "organisation") from error


async def _lines(pool: Pool, wanted: Wanted) -> AsyncIterator[list[str]]:
    async with transaction(pool) as opened:
        async for person in lists.exported(opened, wanted):
            yield cells(PEOPLE, person)


ROUTES = [
    get_people,
    post_people_sheet,
    get_new_person,
    post_person,
    get_person,
    get_person_form,
    post_person_form,
]
