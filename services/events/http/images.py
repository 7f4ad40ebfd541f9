"""The form for the picture of an event, and the pictures themselves."""

from typing import Annotated, Final
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath

from services.events.commands.add_picture import AddPicture, add_picture
from services.events.commands.describe_picture import DescribePicture, describe_picture
from services.events.commands.remove_picture import RemovePicture, remove_picture
from services.events.http.acting import EDITS, LIST, UNPROCESSABLE, acting
from services.events.http.event_form import put_beside
from services.events.http.seen import seen_event, seen_version
from services.events.images.picture import (
    LICENCES,
    MOST_BYTES,
    PictureTooHeavy,
    PictureUnknown,
    PictureWords,
    checked_words,
)
from services.events.images.redrawing import redraw
from services.events.model import CalendarEvent
from services.events.store import pictures
from shared.auth import Role
from shared.errors import Malformed, Refused
from shared.web.access import PUBLIC
from shared.web.app import MIB
from shared.web.fields import MISSING
from shared.web.forms import Form, Upload, empty_form, read_form
from shared.web.pages import Page, page, see_other
from shared.web.request import Request

BODY_BYTES: Final = 16 * MIB
"""More than a picture may have, so that who sends too much is told how much it may be."""
FOR_EVER: Final = "public, max-age=31536000, immutable"
PICTURE: Final = f"{LIST}/{{calendar_event_id:uuid}}/bild"


class PictureForm(msgspec.Struct, kw_only=True):
    """A picture with what must be said beside it."""

    version: int = 0
    """Of the event, as the editor has seen it."""
    file: Upload | None = None
    alt: Annotated[str, msgspec.Meta(max_length=300)]
    licence: str
    credit: Annotated[str, msgspec.Meta(max_length=300)] = ""

    def words(self) -> PictureWords:
        """Return what must be said."""
        return PictureWords(alt=self.alt, licence=self.licence, credit=self.credit)


@get("/bilder/{event_image_id:uuid}", opt=PUBLIC)
async def get_picture(request: Request, event_image_id: FromPath[UUID]) -> Response[bytes]:
    """Return a picture that a public event shows; editors see the others too.

    Raises:
        PictureUnknown: there is none, or nobody may see it yet.
    """
    async with request.pool.acquire() as connection:
        found = await pictures.find_body(connection, event_image_id)
    is_editor = request.staff is not None and Role.EDITOR in request.staff.roles
    if found is None or not (found.is_public or is_editor):
        raise PictureUnknown
    cached = FOR_EVER if found.is_public else "private, no-store"
    return Response(found.body, media_type=found.media_type, headers={"cache-control": cached})


@get(PICTURE, opt=EDITS)
async def get_picture_form(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Show the form for an event's picture."""
    event = await seen_event(request, calendar_event_id)
    given: dict[str, object] = {"version": event.version, "alt": "", "licence": ""}
    if event.event_image_id is not None:
        async with request.pool.acquire() as connection:
            picture = await pictures.find_picture(connection, event.event_image_id)
        if picture is not None:
            given |= {"alt": picture.alt, "licence": picture.licence, "credit": picture.credit}
    return _page(request, event, empty_form(PictureForm, given))


@post(PICTURE, opt=EDITS, request_max_body_size=BODY_BYTES)
async def post_picture(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Keep a new picture, or what is said beside the one that there is."""
    event = await seen_event(request, calendar_event_id)
    form = await read_form(request, PictureForm)
    if not form.is_valid:
        return _page(request, event, form)
    try:
        if form.value.file is None:
            await _describe(request, event, form.value)
        else:
            await _add(request, event, form.value, form.value.file)
    except Refused as refusal:
        put_beside(form, refusal)
        return _page(request, event, form)
    return see_other(request, f"{LIST}/{calendar_event_id}", "Das Bild ist gespeichert.")


@post(f"{PICTURE}/entfernen", opt=EDITS)
async def post_remove_picture(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Show an event without its picture."""
    command = RemovePicture(calendar_event_id, await seen_version(request), request.signed_in.name)
    async with acting(request) as deed:
        await remove_picture(deed.transaction, command, deed.site, deed.now)
        await deed.note(request, "remove_picture", calendar_event_id)
    return see_other(request, f"{LIST}/{calendar_event_id}", "Das Bild ist entfernt.")


async def _add(request: Request, event: CalendarEvent, given: PictureForm, file: Upload) -> None:
    words = checked_words(given.words())
    body = await file.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise PictureTooHeavy
    drawn = await redraw(body)
    by = request.signed_in.name
    command = AddPicture(event.calendar_event_id, given.version, drawn, words, by)
    async with acting(request) as deed:
        await add_picture(deed.transaction, command, deed.site, deed.now)
        await deed.note(request, "add_picture", event.calendar_event_id)


async def _describe(request: Request, event: CalendarEvent, given: PictureForm) -> None:
    if event.event_image_id is None:
        raise Malformed(MISSING, "file")
    command = DescribePicture(event.calendar_event_id, given.version, given.words())
    async with acting(request) as deed:
        await describe_picture(deed.transaction, command, deed.site, deed.now)
        await deed.note(request, "describe_picture", event.calendar_event_id)


def _page(request: Request, event: CalendarEvent, form: Form[PictureForm]) -> Page:
    return page(
        request,
        "termin_bild.html",
        status=UNPROCESSABLE if form.errors else 200,
        event=event,
        form=form,
        licences=list(LICENCES.items()),
    )
