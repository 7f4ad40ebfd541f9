"""Asks events for what mails to participants say, and writes them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from services.notifier import mail, prose, wording
from services.notifier.courses import reason_to_withhold
from services.notifier.mail import Mail
from services.notifier.model import CoursePurpose
from services.notifier.outgoing import Ended, Outgoing
from services.notifier.settings import Settings
from services.notifier.store.claims import Claimed
from shared.asks import Asks
from shared.contracts.courses import CourseRegistrationDetails, CourseRegistrations

MOST_SESSIONS: Final = 12
"""How many dates a mail lists; the page shows all."""
Registrations = Mapping[UUID, CourseRegistrationDetails]


async def gather(asks: Asks, course_registration_ids: Iterable[UUID]) -> Registrations:
    """Return the registrations by their ids, each with a fresh link; unknown ones are left out.

    Raises:
        AskFailed: events does not answer at present.
    """
    found = await asks(CourseRegistrations, course_registration_ids)
    return {one.course_registration_id: one for one in found}


def prepare(
    settings: Settings,
    claimed: Claimed,
    told: CourseRegistrationDetails | None,
    now: datetime,
) -> Outgoing | Ended:
    """Return the mail that is to go out, or why none is."""
    purpose = cast("CoursePurpose", claimed.purpose)
    if told is None:
        return Ended("cancelled", "participant_unknown")
    if reason := reason_to_withhold(purpose, told, now):
        return Ended("withheld", reason)

    def write() -> bytes:
        written = prose.write(purpose, words(settings, told, now))
        return mail.compose(
            Mail(
                message_id=claimed.message_id,
                sender_name=settings.sender.organisation,
                sender_address=settings.mail_from,
                recipient_name=_name(told),
                recipient_address=told.email,
                subject=written.subject,
                text=prose.as_text(written),
                html=prose.as_html(written),
                sent_at=now,
            )
        )

    return Outgoing(recipient=told.email, write=write)


def words(settings: Settings, told: CourseRegistrationDetails, now: datetime) -> dict[str, Any]:
    """Return the values and functions that a template can use."""
    zone = told.zone
    return {
        "told": told,
        "sender": settings.sender,
        "salutation": f"Guten Tag {_name(told)}".strip(),
        "by_letter": False,
        "opt_out_url": "",
        "own_url": f"{settings.public_url}/k/{told.link_token}",
        "courses_url": f"{settings.public_url}/kurse",
        "dates": [
            f"{wording.moment(one.starts_at, zone)} bis {wording.clock(one.ends_at, zone)}"
            for one in told.sessions[:MOST_SESSIONS]
        ],
        "further_dates": max(0, len(told.sessions) - MOST_SESSIONS),
        "day": lambda instant: wording.day(instant, zone),
        "moment": lambda instant: wording.moment(instant, zone),
        "is_in_time": now < told.withdraws_in_time_until,
    }


def _name(told: CourseRegistrationDetails) -> str:
    """Return whom a mail is to; empty before the address is known to be that person's own.

    Otherwise anybody could have a stranger addressed by words of their choice.
    """
    return "" if told.state == "requested" else told.name
