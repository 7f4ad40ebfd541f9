"""The console's lists of a run's people: participants, waiting list, attendance, table."""

from typing import Final
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath

from services.events.courses import labels
from services.events.courses.commands.record_attendance import RecordAttendance, record_attendance
from services.events.courses.http.acting import EDITS, ONE_RUN, RUNS, acting
from services.events.courses.http.run_frame import run_page, see
from services.events.courses.model import RegistrationState
from services.events.courses.store import participants, runs
from services.events.courses.store.participants import Participant
from shared.german import moment
from shared.web.forms import read_form
from shared.web.pages import Page, see_other
from shared.web.request import Request
from shared.web.sheets import csv_answer

TAKES_PART: Final[tuple[RegistrationState, ...]] = ("registered", "attended", "absent")
QUEUE: Final[tuple[RegistrationState, ...]] = ("offered", "waitlisted")
PENDING: Final[tuple[RegistrationState, ...]] = ("proof_pending",)
GONE: Final[tuple[RegistrationState, ...]] = (
    "cancelled_in_time", "cancelled_late", "substituted", "left", "lapsed", "unserved", "refused",
)  # fmt: skip
HEADER: Final = (
    "Name", "E-Mail", "Telefon", "Stand", "Angemeldet am", "Platz von", "Bescheinigung gewünscht",
)  # fmt: skip


class AttendanceForm(msgspec.Struct, kw_only=True):
    """Who was there."""

    attended: tuple[UUID, ...] = ()
    """Ids of registrations."""


@get(f"{ONE_RUN}/teilnehmende", opt=EDITS)
async def get_participants(request: Request, course_run_id: FromPath[UUID]) -> Page:
    """Show who takes part, who waits and who is gone; with boxes to tick once it has begun."""
    seen = await see(request, course_run_id)
    async with request.pool.acquire() as connection:
        now = await runs.clock(connection)
        taking_part = await participants.of_run(connection, course_run_id, TAKES_PART)
        queue = await participants.of_run(connection, course_run_id, QUEUE)
        pending = await participants.of_run(connection, course_run_id, PENDING)
        gone = await participants.of_run(connection, course_run_id, GONE)
    return run_page(
        request,
        "konsole_teilnehmende.html",
        seen,
        taking_part=taking_part,
        queue=queue,
        pending=sorted(pending, key=lambda one: one.confirmed_at or one.requested_at),
        gone=gone,
        may_tick=seen.run.state not in {"planned", "cancelled"}
        and now >= seen.run.times.first_starts_at,
    )


@post(f"{ONE_RUN}/anwesenheit", opt=EDITS)
async def post_attendance(request: Request, course_run_id: FromPath[UUID]) -> Page:
    """Note who was there; all others who had a place were absent."""
    form = await read_form(request, AttendanceForm)
    command = RecordAttendance(course_run_id=course_run_id, attended=form.value.attended)
    async with acting(request) as deed:
        await record_attendance(deed.transaction, command, deed.now)
        await deed.note(request, "record_attendance", f"course_run:{course_run_id}")
    return see_other(
        request,
        f"{RUNS}/{course_run_id}/teilnehmende",
        "Die Anwesenheit ist gespeichert. Sie können sie jederzeit berichtigen.",
    )


@post(f"{ONE_RUN}/tabelle", opt=EDITS, status_code=200)
async def post_sheet(request: Request, course_run_id: FromPath[UUID]) -> Response[bytes]:
    """Send the participants and the waiting list as a table, and write down who took it."""
    async with acting(request) as deed:
        run = await runs.get(deed.transaction, course_run_id)
        taking_part = await participants.of_run(deed.transaction, course_run_id, TAKES_PART)
        queue = await participants.of_run(deed.transaction, course_run_id, (*QUEUE, *PENDING))
        await deed.note(request, "export_participants", f"course_run:{course_run_id}")
    rows = [_row(one, run.zone) for one in (*taking_part, *queue)]
    return csv_answer("teilnehmende", HEADER, rows)


def _row(one: Participant, zone: str) -> tuple[str, ...]:
    return (
        one.name,
        one.email,
        one.phone,
        labels.REGISTRATION_STATES[one.state][0],
        moment(one.confirmed_at, zone),
        one.substitutes_name,
        moment(one.certificate_requested_at, zone),
    )


ROUTES = [get_participants, post_attendance, post_sheet]
