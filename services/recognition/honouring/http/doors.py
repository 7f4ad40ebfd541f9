"""The page at a door: scan or type, see at once whether somebody may enter (Einlass)."""

from typing import Annotated, Final
from urllib.parse import quote
from uuid import UUID, uuid4

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from services.recognition.honouring.commands.check_in_guest import CheckInGuest, check_in_guest
from services.recognition.honouring.commands.undo_check_in import (
    LONGEST_REASON,
    UndoCheckIn,
    undo_check_in,
)
from services.recognition.honouring.doors import ADMISSION_LABELS, Admission
from services.recognition.honouring.store import doors, events, tickets
from services.recognition.honouring.store.doors import Scan
from services.recognition.honouring.tickets import TicketKeys
from shared.auth import Role
from shared.database import transaction
from shared.errors import NotFound, Refused
from shared.text import clean
from shared.web.access import staff
from shared.web.forms import Form, empty_form, read_form
from shared.web.headers import allow_camera
from shared.web.pages import Page, page, see_other
from shared.web.request import Request

DOORS: Final = "/tuer"
AT: Final = f"{DOORS}/{{event_id:uuid}}/{{door:str}}"
MOST_FOUND: Final = 20
LONGEST_DOOR: Final = 60
UNPROCESSABLE: Final = 422
LOOKS = staff(Role.DOOR)

Door = Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_DOOR, pattern=r"^[^/]+$")]
Shown = Annotated[str, msgspec.Meta(max_length=500)]


class Spot(msgspec.Struct, frozen=True):
    """A door of an event, as an address names it."""

    event_id: UUID
    door: str

    @property
    def path(self) -> str:
        """Return the address of its page."""
        return f"{DOORS}/{self.event_id}/{quote(self.door, safe='')}"


class DoorForm(msgspec.Struct, kw_only=True):
    """Where somebody stands."""

    honouring_event_id: UUID
    door: Door


class ScanForm(msgspec.Struct, kw_only=True):
    """What was scanned or typed."""

    shown: Shown
    scan_id: UUID | None = None


class UndoForm(msgspec.Struct, kw_only=True):
    """Which admission was a mistake, and why."""

    ticket_id: UUID
    reason: Annotated[str, msgspec.Meta(max_length=LONGEST_REASON)]


class CheckInRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One scan of a device; sent again with the same `scan_id` it gets the same answer."""

    scan_id: UUID
    honouring_event_id: UUID
    door: Door
    device: Annotated[str, msgspec.Meta(max_length=60)] = ""
    shown: Shown
    """The QR code's text, or a short code."""


@get(DOORS, opt=LOOKS)
async def get_doors(request: Request) -> Page:
    """Ask for the event and the door, once."""
    return await _choose(request, empty_form(DoorForm))


@post(DOORS, opt=LOOKS)
async def post_door(request: Request) -> Page:
    """Go to the page of a door."""
    form = await read_form(request, DoorForm)
    if not form.is_valid:
        return await _choose(request, form, UNPROCESSABLE)
    return see_other(request, Spot(form.value.honouring_event_id, form.value.door).path)


@get(AT, opt=LOOKS)
async def get_door(request: Request, event_id: FromPath[UUID], door: FromPath[str]) -> Page:
    """Show the scanner of a door, and who was looked for by name."""
    return await _show(request, _spot(event_id, door), empty_form(ScanForm))


@post(AT, opt=LOOKS, status_code=200)
async def post_scan(request: Request, event_id: FromPath[UUID], door: FromPath[str]) -> Page:
    """Check in what was scanned or typed; the script asks for the result alone."""
    spot = _spot(event_id, door)
    form = await read_form(request, ScanForm)
    if not form.is_valid:
        return await _show(request, spot, form, status=UNPROCESSABLE)
    asked = CheckInRequest(
        scan_id=form.value.scan_id or uuid4(),
        honouring_event_id=event_id,
        door=spot.door,
        shown=form.value.shown,
    )
    admission = await _check_in(request, asked)
    return await _show(request, spot, empty_form(ScanForm), admission)


@post(f"{AT}/zuruecknehmen", opt=LOOKS)
async def post_undo(request: Request, event_id: FromPath[UUID], door: FromPath[str]) -> Page:
    """Take an admission back."""
    spot = _spot(event_id, door)
    form = await read_form(request, UndoForm)
    if form.is_valid:
        try:
            await _undo(request, event_id, form.value)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return see_other(request, spot.path, "Der Einlass ist zurückgenommen.")
    shown = empty_form(ScanForm)
    shown.errors[""] = next(iter(form.errors.values()))
    return await _show(request, spot, shown, status=UNPROCESSABLE)


@post("/api/recognition/v1/check-ins", opt=LOOKS, status_code=200, include_in_schema=True)
async def post_check_in(request: Request, data: JSONBody[CheckInRequest]) -> Admission:
    """Check in one scan of a device."""
    return await _check_in(request, data)


def _spot(event_id: UUID, door: str) -> Spot:
    """Return the door that an address names.

    Raises:
        NotFound: no door is called that.
    """
    name = clean(door, "door").strip()
    if not name or len(name) > LONGEST_DOOR:
        raise NotFound
    return Spot(event_id, name)


async def _undo(request: Request, event_id: UUID, asked: UndoForm) -> None:
    member = request.signed_in
    command = UndoCheckIn(
        honouring_event_id=event_id,
        ticket_id=asked.ticket_id,
        reason=asked.reason,
        undone_by=member.name,
        actor=member.subject,
    )
    async with transaction(request.pool) as opened:
        await undo_check_in(opened, command)


async def _check_in(request: Request, asked: CheckInRequest) -> Admission:
    keys: TicketKeys = request.app.state.ticket_keys
    member = request.signed_in
    scan = Scan(
        scan_id=asked.scan_id,
        honouring_event_id=asked.honouring_event_id,
        door=clean(asked.door, "door").strip(),
        device=clean(asked.device, "device") or str(member.session_id),
        checked_by=member.name,
    )
    async with transaction(request.pool) as opened:
        return await check_in_guest(opened, CheckInGuest(scan=scan, shown=asked.shown), keys)


async def _choose(request: Request, form: Form[DoorForm], status: int = 200) -> Page:
    async with request.pool.acquire() as connection:
        open_events = await doors.events_at_doors(connection)
    return page(request, "tuer_wahl.html", status=status, form=form, events=open_events)


async def _show(
    request: Request,
    spot: Spot,
    form: Form[ScanForm],
    admission: Admission | None = None,
    status: int = 200,
) -> Page:
    search = clean(request.query_params.get("suche", ""), "suche").strip()[:100]
    async with request.pool.acquire() as connection:
        event = await events.get(connection, spot.event_id)
        is_rehearsal = not event.is_admitting(await events.clock(connection))
        attendance = await doors.attendance(connection, spot.event_id)
        found = await tickets.named(connection, spot.event_id, search, MOST_FOUND) if search else []
    answer = page(
        request,
        "tuer_ergebnis.html" if request.is_htmx else "tuer.html",
        status=status,
        event=event,
        is_rehearsal=is_rehearsal,
        spot=spot,
        scan_id=uuid4(),
        form=form,
        admission=admission,
        attendance=attendance,
        search=search,
        found=found,
        most_found=MOST_FOUND,
        labels=ADMISSION_LABELS,
    )
    allow_camera(answer)
    return answer


ROUTES = [get_doors, post_door, get_door, post_scan, post_undo, post_check_in]
