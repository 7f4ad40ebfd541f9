"""The page on which a participant has everything about them erased."""

from litestar import get, post

from services.events.courses import labels
from services.events.courses.commands.erase_participant import EraseParticipant, erase_participant
from services.events.courses.http.access import (
    HERE,
    KIND,
    OPENED,
    opened_by_browser,
    situation_of_browser,
)
from services.events.courses.store import runs
from shared.database import transaction
from shared.web.capability import leave
from shared.web.pages import Page, page, see_other
from shared.web.request import Request


@get(f"{HERE}/loeschen", opt=OPENED)
async def get_erase(request: Request) -> Page:
    """Ask whether everything is to be forgotten."""
    situation = await situation_of_browser(request)
    return page(
        request,
        "confirm.html",
        question=f"Ihre Angaben zum Kurs „{situation.course.title}“ löschen?",
        consequences=labels.ERASURE,
        action=f"{HERE}/loeschen",
        yes="Ja, löschen",
        back=HERE,
        fields={},
    )


@post(f"{HERE}/loeschen", opt=OPENED)
async def post_erase(request: Request) -> Page:
    """Forget the participant; the link opens nothing any more."""
    opened = await opened_by_browser(request)
    command = EraseParticipant(
        course_registration_id=opened.course_registration_id, course_run_id=opened.course_run_id
    )
    async with transaction(request.pool) as begun:
        await erase_participant(begun, command, await runs.clock(begun))
    leave(request, KIND)
    return see_other(request, "/kurse", "Ihre Angaben sind gelöscht.")


ROUTES = [get_erase, post_erase]
