"""The pages about organisations: the list, one organisation, and the forms."""

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
from services.registry.organisations.columns import ORGANISATIONS
from services.registry.organisations.commands.change_organisation import (
    ChangeOrganisation,
    change_organisation,
)
from services.registry.organisations.commands.register_organisation import (
    RegisterOrganisation,
    register_organisation,
)
from services.registry.organisations.model import FIELDS
from services.registry.organisations.store import lists, records
from services.registry.organisations.store.lists import Wanted
from services.registry.spreadsheets import cells, download, sheet
from services.registry.values import written
from shared import audit
from shared.database import Pool, transaction
from shared.web.listing import read_listing
from shared.web.pages import Page, page, see_other
from shared.web.request import Request

LIST = "/konsole/organisationen"
ORGANISATION = f"{LIST}/{{organisation_id:uuid}}"
SORTS = ("name", "district", "people")
SHOWN_PEOPLE = 500
"""Most engagements that an organisation's own page lists; the list of people has all."""


@get(LIST, opt=SEES)
async def get_organisations(request: Request) -> Page:
    """Show one page of the list."""
    wanted = _wanted(request)
    async with transaction(request.pool) as connection:
        await store.plan_each_time(connection)
        found = await lists.page(connection, wanted)
        total = await lists.count(connection, wanted)
    return page(
        request,
        "organisationen.html",
        listing=read_listing(request, SORTS),
        wanted=wanted,
        organisations=found,
        total=total,
        fields_of_engagement=FIELDS,
        may_edit=may_edit(request),
    )


@post(f"{LIST}/tabelle", opt=EDITS, status_code=200)
async def post_organisations_sheet(request: Request) -> Stream:
    """Send the organisations of the list as a table, and write down that somebody took it."""
    wanted = _wanted(request)
    async with transaction(request.pool) as opened:
        await audit.note(
            opened,
            actor=request.signed_in.subject,
            action="export_organisations",
            concerns="organisations",
            details={"organisations": await lists.count(opened, wanted)},
        )
    titles = [column.title for column in ORGANISATIONS.columns]
    return download("organisationen", sheet(titles, _lines(request.pool, wanted)))


@get(ORGANISATION, opt=SEES)
async def get_organisation(request: Request, organisation_id: FromPath[UUID]) -> Page:
    """Show what is known about one organisation, and what has changed since."""
    async with request.pool.acquire() as connection:
        organisation = await records.get(connection, organisation_id)
        entries = await store.changes_of(connection, organisation_id)
        engaged = await engagements.in_organisation(connection, organisation_id, SHOWN_PEOPLE)
    return page(
        request,
        "organisation.html",
        organisation=organisation,
        table=ORGANISATIONS,
        edits=edits(ORGANISATIONS, organisation.edited),
        engagements=engaged,
        written=written,
        most_shown=SHOWN_PEOPLE,
        changes=[(entry, differences(ORGANISATIONS, entry)) for entry in entries],
        may_edit=may_edit(request),
    )


@get(f"{LIST}/neu", opt=EDITS)
async def get_new_organisation(request: Request) -> Page:
    """Show the empty form."""
    return page(
        request,
        "organisation_neu.html",
        form=empty_record(ORGANISATIONS),
        table=ORGANISATIONS,
        fields_of_engagement=FIELDS,
    )


@post(LIST, opt=EDITS)
async def post_organisation(request: Request) -> Page:
    """Register an organisation, or show the form again with what is wrong."""
    form = await read_record(request, ORGANISATIONS, "")
    if not form.is_valid:
        return page(
            request,
            "organisation_neu.html",
            status=422,
            form=form,
            table=ORGANISATIONS,
            fields_of_engagement=FIELDS,
        )
    async with transaction(request.pool) as opened:
        organisation_id = await register_organisation(
            opened, RegisterOrganisation(form.value, actor(request))
        )
    return see_other(request, f"{LIST}/{organisation_id}", "Die Organisation ist erfasst.")


@get(f"{ORGANISATION}/bearbeiten", opt=EDITS)
async def get_organisation_form(request: Request, organisation_id: FromPath[UUID]) -> Page:
    """Show the form with what is known."""
    async with request.pool.acquire() as connection:
        organisation = await records.get(connection, organisation_id)
    form = filled_form(ORGANISATIONS, organisation)
    return page(
        request,
        "organisation_bearbeiten.html",
        form=form,
        table=ORGANISATIONS,
        fields_of_engagement=FIELDS,
        organisation=organisation,
    )


@post(f"{ORGANISATION}/bearbeiten", opt=EDITS)
async def post_organisation_form(request: Request, organisation_id: FromPath[UUID]) -> Page:
    """Change an organisation, or show the form again with what is wrong."""
    async with request.pool.acquire() as connection:
        organisation = await records.get(connection, organisation_id)
    form = await read_record(request, ORGANISATIONS, organisation.source_number)
    if not form.is_valid:
        return page(
            request,
            "organisation_bearbeiten.html",
            status=422,
            form=form,
            table=ORGANISATIONS,
            fields_of_engagement=FIELDS,
            organisation=organisation,
        )
    command = ChangeOrganisation(
        organisation_id=organisation_id,
        seen_version=await seen_version(request),
        row=form.value,
        by=actor(request),
    )
    async with transaction(request.pool) as opened:
        await change_organisation(opened, command)
    return see_other(request, f"{LIST}/{organisation_id}", "Die Änderung ist gespeichert.")


def _wanted(request: Request) -> Wanted:
    """Return what the address asks for.

    Raises:
        Malformed: an order or a page that cannot be.
    """
    listing = read_listing(request, SORTS)
    field = request.query_params.get("bereich") or ""
    return Wanted(
        search=listing.search,
        field=field if field in FIELDS else "",
        without_email=bool(request.query_params.get("ohne_email")),
        sort=listing.sort,
        descending=listing.descending,
        offset=listing.offset,
        rows=listing.rows,
    )


async def _lines(pool: Pool, wanted: Wanted) -> AsyncIterator[list[str]]:
    async with transaction(pool) as opened:
        async for organisation in lists.exported(opened, wanted):
            yield cells(ORGANISATIONS, organisation)


ROUTES = [
    get_organisations,
    post_organisations_sheet,
    get_new_organisation,
    post_organisation,
    get_organisation,
    get_organisation_form,
    post_organisation_form,
]
