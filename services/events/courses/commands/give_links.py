"""Give the notifier what it writes to participants with, each with a fresh link."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from services.events.courses.links import UNCONFIRMED_HOURS, mint_token
from services.events.courses.model import RunTimes, withdraws_in_time_until
from services.events.courses.store import links, participants
from services.events.courses.store.links import Secret
from services.events.courses.store.participants import Addressee
from shared.contracts.courses import CourseRegistrationDetails, CourseSession
from shared.database import Connection
from shared.ical.timezone import instant
from shared.web.tokens import hash_token


class GiveLinks(msgspec.Struct, frozen=True, kw_only=True):
    """For which registrations."""

    course_registration_ids: tuple[UUID, ...]


async def give_links(
    transaction: Connection, command: GiveLinks
) -> list[CourseRegistrationDetails]:
    """Make a link for each registration and return them with all details.

    Links that a participant had before keep working. Registrations that do not exist, or were
    erased, are left out.
    """
    found = await participants.addressees(transaction, command.course_registration_ids)
    details = [_details(one) for one in found]
    await links.keep(
        transaction,
        [
            Secret(one.course_registration_id, hash_token(told.link_token))
            for one, told in zip(found, details, strict=True)
        ],
    )
    return details


def _details(one: Addressee) -> CourseRegistrationDetails:
    times = RunTimes(
        held_on=one.held_on, starts_at=one.starts_at, ends_at=one.ends_at, zone=one.zone
    )
    return CourseRegistrationDetails(
        course_registration_id=one.course_registration_id,
        version=one.version,
        state=one.state,
        name=one.name,
        email=one.email,
        refusal=one.refusal,
        is_substitute=one.is_substitute,
        offered_until=one.offered_until,
        course_run_id=one.course_run_id,
        title=one.title,
        sessions=[
            CourseSession(instant(starts, one.zone), instant(ends, one.zone))
            for starts, ends in times.sessions
        ],
        zone=one.zone,
        place=", ".join(filter(None, [one.place_name, one.place_address])),
        price=one.price,
        is_cancelled=one.is_cancelled,
        previous_starts_at=one.previous_starts_at,
        withdraws_in_time_until=withdraws_in_time_until(times, one.withdrawal_days),
        confirm_until=_confirm_until(one),
        link_token=mint_token(),
    )


def _confirm_until(one: Addressee) -> datetime | None:
    if one.state != "requested":
        return None
    return one.requested_at + timedelta(hours=UNCONFIRMED_HOURS)
