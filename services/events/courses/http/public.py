"""The list of courses, the page of a run, and the form with which one registers."""

from typing import Annotated, Final
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath

from services.events.courses import labels
from services.events.courses.calendar_entry import PUBLIC as LIST
from services.events.courses.calendar_entry import run_path
from services.events.courses.commands.request_registration import (
    RequestRegistration,
    request_registration,
)
from services.events.courses.commands.send_link_again import SendLinkAgain, send_link_again
from services.events.courses.described import described
from services.events.courses.links import UNCONFIRMED_HOURS
from services.events.courses.model import withdraws_in_time_until
from services.events.courses.refusals import RunUnknown, TooManyRegistrations
from services.events.courses.store import catalogue, courses, participants, places, runs
from services.events.courses.store.registrations import Applicant
from services.events.json_ld import in_script
from services.events.settings import Settings
from shared.database import transaction
from shared.errors import Malformed, Refused
from shared.web.access import PUBLIC
from shared.web.forms import Email, Form, empty_form, read_form
from shared.web.limits import Misses, TooManyAttempts
from shared.web.pages import Page, page, see_other
from shared.web.request import Request

MOST_RUNS: Final = 200
UNPROCESSABLE: Final = 422
Name = Annotated[
    str,
    msgspec.Meta(
        min_length=2,
        max_length=100,
        pattern=r"^(?!.*\w{2,}\.\w{2,})[^0-9/@:<>|{}\[\]]+$",
    ),
]
"""A name and nothing that a mail program makes a link of: it stands in mails to others."""


class RegistrationForm(msgspec.Struct, kw_only=True):
    """Who wants to take part."""

    name: Name
    email: Email
    consent: bool = False

    def __post_init__(self) -> None:
        """Refuse a form without consent."""
        if not self.consent:
            raise Malformed("Ohne Ihr Einverständnis können wir Sie nicht anmelden.", "consent")

    @property
    def applicant(self) -> Applicant:
        """Return who wants to take part."""
        return Applicant(name=self.name, email=self.email, consent=labels.CONSENT_VERSION)


class LostLinkForm(msgspec.Struct, kw_only=True):
    """Where a lost link is to be sent."""

    lost_email: Email


@get(LIST, opt=PUBLIC)
async def get_courses(request: Request) -> Page:
    """List the runs that are announced, the next first."""
    async with request.pool.acquire() as connection:
        now = await runs.clock(connection)
        found = await catalogue.announced(connection, now, MOST_RUNS)
    return page(request, "kurse.html", runs=found, now=now, labels=labels)


@get(f"{LIST}/{{course_run_id:uuid}}", opt=PUBLIC)
async def get_run(request: Request, course_run_id: FromPath[UUID]) -> Page:
    """Show a run with its free places, and the form if one can register."""
    return await _run_page(request, course_run_id, empty_form(RegistrationForm))


@post(f"{LIST}/{{course_run_id:uuid}}/anmelden", opt=PUBLIC)
async def post_registration(request: Request, course_run_id: FromPath[UUID]) -> Page:
    """Have a link sent to the address, or show the form again with what is wrong."""
    _let_register(request)
    form = await read_form(request, RegistrationForm)
    if form.is_valid:
        command = RequestRegistration(course_run_id=course_run_id, applicant=form.value.applicant)
        try:
            async with transaction(request.pool) as opened:
                await request_registration(opened, command, await runs.clock(opened))
        except RunUnknown:
            raise
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return see_other(request, f"{run_path(course_run_id)}/angefragt")
    return await _run_page(request, course_run_id, form, UNPROCESSABLE)


@post(f"{LIST}/{{course_run_id:uuid}}/link", opt=PUBLIC)
async def post_lost_link(request: Request, course_run_id: FromPath[UUID]) -> Page:
    """Have the link sent again to an address that has a registration; nobody learns which do."""
    _let_register(request)
    lost = await read_form(request, LostLinkForm)
    if not lost.is_valid:
        form = empty_form(RegistrationForm)
        return await _run_page(request, course_run_id, form, UNPROCESSABLE, lost)
    async with transaction(request.pool) as opened:
        command = SendLinkAgain(course_run_id, lost.value.lost_email)
        await send_link_again(opened, command, await runs.clock(opened))
    return see_other(request, f"{run_path(course_run_id)}/link-unterwegs")


@get(f"{LIST}/{{course_run_id:uuid}}/link-unterwegs", opt=PUBLIC)
async def get_link_sent(request: Request, course_run_id: FromPath[UUID]) -> Page:
    """Say that a mail is on its way if the address has a registration."""
    return await _said(request, course_run_id, "kurs_link_unterwegs.html")


@get(f"{LIST}/{{course_run_id:uuid}}/angefragt", opt=PUBLIC)
async def get_requested(request: Request, course_run_id: FromPath[UUID]) -> Page:
    """Say that a mail is on its way, and that nothing counts before its link is used."""
    return await _said(request, course_run_id, "kurs_angefragt.html")


async def _said(request: Request, course_run_id: UUID, template: str) -> Page:
    async with request.pool.acquire() as connection:
        run = await runs.get(connection, course_run_id)
        course = await courses.get(connection, run.course_id)
    if not run.is_public:
        raise RunUnknown
    return page(request, template, run=run, course=course, hours=UNCONFIRMED_HOURS)


async def _run_page(
    request: Request,
    course_run_id: UUID,
    form: Form[RegistrationForm],
    status: int = 200,
    lost: Form[LostLinkForm] | None = None,
) -> Page:
    async with request.pool.acquire() as connection:
        run = await runs.get(connection, course_run_id)
        if not run.is_public:
            raise RunUnknown
        course = await courses.get(connection, run.course_id)
        balance = await places.balance(connection, course_run_id)
        told = await participants.told(connection, course_run_id)
        now = await runs.clock(connection)
    settings: Settings = request.app.state.settings
    return page(
        request,
        "kurs.html",
        status=status,
        run=run,
        course=course,
        balance=balance,
        waitlisted=told.waitlisted,
        form=form,
        lost=lost or empty_form(LostLinkForm),
        now=now,
        registration=labels.registration(run.opens_at, run.closes_at, now),
        withdraws_until=withdraws_in_time_until(run.times, run.withdrawal_days),
        labels=labels,
        phone=settings.operator_phone,
        json_ld=in_script(described(course, run, balance, settings.site)),
    )


def _let_register(request: Request) -> None:
    """Slow down who sends one registration after the other.

    Raises:
        TooManyRegistrations: more than 20 in a minute came from this address.
    """
    sent: Misses = request.app.state.course_requests
    try:
        sent.check(request.client_address)
    except TooManyAttempts:
        raise TooManyRegistrations from None
    sent.note(request.client_address)


ROUTES = [get_courses, get_run, post_registration, post_lost_link, get_link_sent, get_requested]
