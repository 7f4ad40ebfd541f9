"""Shows a page of one run with its heading, and the questions before something is done to it."""

from typing import Any
from uuid import UUID

import msgspec

from services.events.courses import labels
from services.events.courses.http.acting import RUNS
from services.events.courses.model import Balance, Course, CourseRun
from services.events.courses.store import courses, participants, places, runs
from services.events.courses.store.participants import Told
from shared.web.pages import Page, page
from shared.web.request import Request


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A run with everything that its pages show."""

    run: CourseRun
    course: Course
    balance: Balance
    told: Told

    @property
    def path(self) -> str:
        """Return the address of its page."""
        return f"{RUNS}/{self.run.course_run_id}"

    @property
    def name(self) -> str:
        """Return how it is called in questions."""
        return f"„{self.course.title}“ ({self.when})"

    @property
    def when(self) -> str:
        """Return when it is held, in one line."""
        return labels.when(self.run.held_on, self.run.starts_at, self.run.ends_at)

    @property
    def who_is_told(self) -> str:
        """Return who hears of a change, in a sentence."""
        count = self.told.everybody - self.told.without_email
        if count == 0:
            return self.whom_to_call or "Noch ist niemand angemeldet, der es erfahren müsste."
        people = "1 Person wird" if count == 1 else f"{count} Personen werden"
        pending = self.told.proof_pending
        listed = (
            f"{people} sofort per E-Mail benachrichtigt. "
            f"Es sind {self.told.registered} angemeldet, "
            f"{self.told.offered} mit Platzangebot, {self.told.waitlisted} auf der Warteliste"
            f"{f', {pending} ohne Nachweis' if pending else ''}."
        )
        return f"{listed} {self.whom_to_call}".strip()

    @property
    def whom_to_call(self) -> str:
        """Return how many have no e-mail address, in a sentence; empty if nobody."""
        count = self.told.without_email
        if count == 0:
            return ""
        who = "1 Person hat" if count == 1 else f"{count} Personen haben"
        return f"{who} keine E-Mail-Adresse: Bitte rufen Sie an."


async def see(request: Request, course_run_id: UUID) -> Seen:
    """Return a run with what its pages show.

    Raises:
        RunUnknown: there is none.
    """
    async with request.pool.acquire() as connection:
        run = await runs.get(connection, course_run_id)
        return Seen(
            run=run,
            course=await courses.get(connection, run.course_id),
            balance=await places.balance(connection, course_run_id),
            told=await participants.told(connection, course_run_id),
        )


def run_page(
    request: Request, template: str, seen: Seen, *, status: int = 200, **context: Any
) -> Page:
    """Return a page that extends `konsole_durchgang_rahmen.html`."""
    return page(
        request,
        template,
        status=status,
        seen=seen,
        run=seen.run,
        course=seen.course,
        base=seen.path,
        state=labels.RUN_STATES[seen.run.state],
        labels=labels,
        **context,
    )


def question_page(request: Request, seen: Seen, part: str, **asked: Any) -> Page:
    """Return the question whether something is to be done to the run, with what follows."""
    return page(
        request,
        "confirm.html",
        action=f"{seen.path}/{part}",
        back=seen.path,
        fields={"version": seen.run.version},
        **asked,
    )


def question_about(request: Request, *, path: str, part: str, **asked: Any) -> Page:
    """Return the question whether something is to be done to one participant."""
    return page(request, "confirm.html", action=f"{path}/{part}", back=path, fields={}, **asked)
