"""A run from the plan to its end, in the calendar and for those who take part."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.events.courses.commands.cancel_registration import (
    CancelRegistration,
    cancel_registration,
)
from services.events.courses.commands.cancel_run import CancelRun, cancel_run
from services.events.courses.commands.change_course import ChangeCourse, change_course
from services.events.courses.commands.confirm_run import ConfirmRun, confirm_run
from services.events.courses.commands.forget_participants import (
    ForgetParticipants,
    forget_participants,
)
from services.events.courses.commands.move_run import MoveRun, move_run
from services.events.courses.commands.name_substitute import NameSubstitute, name_substitute
from services.events.courses.commands.open_run import OpenRun, open_run
from services.events.courses.commands.record_attendance import RecordAttendance, record_attendance
from services.events.courses.commands.request_certificate import (
    RequestCertificate,
    request_certificate,
)
from services.events.courses.commands.settle_runs import SettleRuns, settle_runs
from services.events.courses.links import RETENTION_DAYS, UNCONFIRMED_HOURS
from services.events.courses.model import withdraws_in_time_until
from services.events.courses.refusals import (
    NotYours,
    RegistrationClosed,
    RunBegun,
    StaleVersion,
    WrongState,
)
from services.events.courses.store import links, participants, places, runs
from services.events.model import CalendarEvent, KeptWithCourse, require_editable
from services.events.store.events import find_event
from shared.database import Connection
from shared.errors import Malformed
from shared.web.tokens import hash_token
from tests.events.builders import EDITOR
from tests.events.calendars import fed
from tests.events.courses import builders as a
from tests.events.courses.facts import names, said

AFTER: datetime = a.NOW + timedelta(days=40)


async def calendar_event(transaction: Connection, run_id: UUID) -> CalendarEvent:
    run = await a.run_of(transaction, run_id)
    assert run.calendar_event_id is not None
    found = await find_event(transaction, run.calendar_event_id)
    assert found is not None
    return found


async def feed(transaction: Connection) -> str:
    return b"".join(await fed(transaction, "bildung")).decode().replace("\r\n ", "")


def moving(run_id: UUID, version: int, **changes: Any) -> MoveRun:
    given: dict[str, Any] = {
        "times": a.times(a.FIRST_DAY + timedelta(days=5)),
        "place": a.place(),
        "closes_at": a.terms().closes_at,
        **changes,
    }
    return MoveRun(course_run_id=run_id, version=version, by=EDITOR, **given)


async def test_a_planned_run_is_seen_by_nobody(transaction: Connection) -> None:
    run_id = await a.planned(transaction)

    assert (await a.run_of(transaction, run_id)).calendar_event_id is None
    assert await names(transaction) == []


async def test_an_announced_run_stands_in_the_calendar_with_all_its_days(
    transaction: Connection,
) -> None:
    run_id = await a.opened(transaction)

    event = await calendar_event(transaction, run_id)

    assert (event.origin, event.origin_id, event.state) == ("course", run_id, "published")
    assert event.website == f"https://ehrenamt.example.de/kurse/{run_id}"
    assert len(event.added) == 1
    assert await names(transaction) == ["event_published", "course_run_opened"]
    assert "SUMMARY:Buchführung für Vereine" in await feed(transaction)
    with pytest.raises(KeptWithCourse):
        require_editable(event)


async def test_a_run_is_announced_once_and_not_in_the_past(transaction: Connection) -> None:
    run_id = await a.opened(transaction)
    other = await a.planned(transaction)

    with pytest.raises(WrongState):
        await open_run(
            transaction, OpenRun(course_run_id=run_id, version=2, by=EDITOR), a.SITE, a.NOW
        )
    with pytest.raises(StaleVersion):
        await open_run(
            transaction, OpenRun(course_run_id=other, version=7, by=EDITOR), a.SITE, a.NOW
        )
    with pytest.raises(WrongState, match="Vergangenheit"):
        await open_run(
            transaction, OpenRun(course_run_id=other, version=1, by=EDITOR), a.SITE, AFTER
        )


async def test_a_cancelled_run_stays_in_the_calendar_as_cancelled(transaction: Connection) -> None:
    run_id = await a.opened(transaction)
    participant = await a.confirmed(transaction, run_id)

    await cancel_run(
        transaction, CancelRun(course_run_id=run_id, version=2, by=EDITOR), a.SITE, a.NOW
    )

    assert (await calendar_event(transaction, run_id)).state == "cancelled"
    assert await a.state(transaction, participant) == "registered"
    assert (await names(transaction))[-2:] == ["event_cancelled", "course_run_cancelled"]
    with pytest.raises(WrongState):
        await cancel_run(
            transaction, CancelRun(course_run_id=run_id, version=3, by=EDITOR), a.SITE, a.NOW
        )


async def test_a_moved_run_keeps_its_people_and_says_from_when(transaction: Connection) -> None:
    run_id = await a.opened(transaction)
    participant = await a.confirmed(transaction, run_id)
    before = await a.run_of(transaction, run_id)

    await move_run(transaction, moving(run_id, 2), a.SITE, a.NOW)

    after = await a.run_of(transaction, run_id)
    assert after.held_on == [a.FIRST_DAY + timedelta(days=5)]
    assert after.previous_starts_at == before.times.first_starts_at
    assert await a.state(transaction, participant) == "registered"
    assert (await names(transaction))[-2:] == ["event_rescheduled", "course_run_rescheduled"]
    assert (await calendar_event(transaction, run_id)).added == []


async def test_another_room_at_the_same_time_names_no_earlier_time(
    transaction: Connection,
) -> None:
    run_id = await a.opened(transaction)
    elsewhere = a.place(place_name="Rathaus")

    await move_run(transaction, moving(run_id, 2, times=a.times(), place=elsewhere), a.SITE, a.NOW)

    after = await a.run_of(transaction, run_id)
    assert (after.place_name, after.previous_starts_at) == ("Rathaus", None)
    assert (await names(transaction))[-1] == "course_run_rescheduled"


async def test_a_run_moves_only_to_times_that_make_sense(transaction: Connection) -> None:
    run_id = await a.opened(transaction)
    yesterday = a.times(a.NOW.date() - timedelta(days=1))
    late = a.NOW + timedelta(days=60)

    for change, field in (({"times": yesterday}, "held_on"), ({"closes_at": late}, "closes_at")):
        with pytest.raises(Malformed) as refused:
            await move_run(transaction, moving(run_id, 2, **change), a.SITE, a.NOW)
        assert refused.value.field == field


async def test_a_move_to_the_same_time_tells_nobody(transaction: Connection) -> None:
    run_id = await a.opened(transaction)

    await move_run(transaction, moving(run_id, 2, times=a.times()), a.SITE, a.NOW)

    assert "course_run_rescheduled" not in await names(transaction)


async def test_a_changed_course_changes_the_calendar(transaction: Connection) -> None:
    run_id = await a.opened(transaction)
    course_id = (await a.run_of(transaction, run_id)).course_id
    command = ChangeCourse(
        course_id=course_id, version=1, texts=a.texts(title="Kassenführung"), by=EDITOR
    )

    await change_course(transaction, command, a.SITE, a.NOW)

    assert (await calendar_event(transaction, run_id)).title == "Kassenführung"
    with pytest.raises(StaleVersion):
        await change_course(transaction, command, a.SITE, a.NOW)


async def test_enough_people_confirm_a_run_when_registration_ends(transaction: Connection) -> None:
    enough = await a.opened(transaction, minimum=1)
    await a.confirmed(transaction, enough)
    too_few = await a.opened(transaction, minimum=2)
    await a.confirmed(transaction, too_few)
    closed = a.NOW + timedelta(days=21)

    settled = await settle_runs(transaction, SettleRuns(), closed)
    again = await settle_runs(transaction, SettleRuns(), closed)

    assert (settled, again) == (1, 0)
    assert (await a.run_of(transaction, enough)).state == "confirmed"
    assert (await a.run_of(transaction, too_few)).state == "open"


async def test_staff_may_hold_a_run_with_fewer_people(transaction: Connection) -> None:
    run_id = await a.opened(transaction, minimum=5)
    await a.confirmed(transaction, run_id)

    await confirm_run(transaction, ConfirmRun(course_run_id=run_id, version=2))

    assert (await a.run_of(transaction, run_id)).state == "confirmed"
    assert (await names(transaction))[-1] == "course_run_confirmed"


async def test_the_waiting_list_ends_with_the_run_and_frees_what_was_offered(
    transaction: Connection,
) -> None:
    run_id = await a.opened(transaction, minimum=1, maximum=1)
    _, waiting = [await a.confirmed(transaction, run_id, number) for number in (1, 2)]
    begun = a.NOW + timedelta(days=32)

    await settle_runs(transaction, SettleRuns(), begun)
    closed = await settle_runs(transaction, SettleRuns(), begun)

    assert await a.state(transaction, waiting) == "unserved"
    assert (await places.balance(transaction, run_id)).taken == 1
    assert closed == 0


async def test_a_run_that_is_over_is_held(transaction: Connection) -> None:
    run_id = await a.opened(transaction)

    await settle_runs(transaction, SettleRuns(), AFTER)

    assert (await a.run_of(transaction, run_id)).state == "held"
    assert (await names(transaction))[-1] == "course_run_held"


async def test_attendance_is_noted_corrected_and_certified(transaction: Connection) -> None:
    run_id = await a.opened(transaction)
    came, stayed_away = [await a.confirmed(transaction, run_id, number) for number in (1, 2)]
    command = RecordAttendance(course_run_id=run_id, attended=(came,))

    with pytest.raises(WrongState):
        await record_attendance(transaction, command, a.NOW)
    assert await record_attendance(transaction, command, AFTER) == 2
    assert await record_attendance(transaction, command, AFTER) == 0
    with pytest.raises(NotYours):
        await request_certificate(
            transaction, RequestCertificate(course_registration_id=stayed_away), AFTER
        )
    wish = RequestCertificate(course_registration_id=came)
    await request_certificate(transaction, wish, AFTER)
    await request_certificate(transaction, wish, AFTER)
    nobody = RecordAttendance(course_run_id=run_id, attended=())
    await record_attendance(transaction, nobody, AFTER)

    assert await a.state(transaction, came) == "attended"
    assert await a.state(transaction, stayed_away) == "absent"
    told = [body for name, body in await said(transaction) if name.startswith("course_certificate")]
    assert [set(body) for body in told] == [{"course_registration_id", "course_run_id", "version"}]


async def test_unconfirmed_registrations_are_deleted_after_a_day(transaction: Connection) -> None:
    run_id = await a.opened(transaction)
    await a.requested(transaction, run_id, 1)
    kept = await a.confirmed(transaction, run_id, 2)
    a_day_later = await runs.clock(transaction) + timedelta(hours=UNCONFIRMED_HOURS, seconds=1)

    assert await forget_participants(transaction, ForgetParticipants(), a.NOW) == 0
    assert await forget_participants(transaction, ForgetParticipants(), a_day_later) == 1

    rows = await transaction.fetch("select course_registration_id from course_registration")
    assert [row[0] for row in rows] == [kept]


async def test_names_addresses_and_links_are_erased_after_the_run(transaction: Connection) -> None:
    run_id = await a.opened(transaction)
    participant = await a.confirmed(transaction, run_id)
    secret = hash_token(await a.link(transaction, participant))
    ends_at = (await a.run_of(transaction, run_id)).times.last_ends_at
    kept_until = ends_at + timedelta(days=RETENTION_DAYS)
    assert await links.find(transaction, secret) is not None

    early = await forget_participants(
        transaction, ForgetParticipants(), kept_until - timedelta(seconds=1)
    )
    done = await forget_participants(transaction, ForgetParticipants(), kept_until)

    assert (early, done) == (0, 1)
    assert await links.find(transaction, secret) is None
    assert await participants.addressees(transaction, [participant]) == []
    (left,) = await participants.of_run(transaction, run_id, ["registered"])
    assert (left.name, left.email) == ("", "")


def test_one_withdraws_in_time_until_the_end_of_a_day() -> None:
    times = a.times(date(2027, 3, 28), zone="Europe/Berlin")

    until = withdraws_in_time_until(times, 7)

    assert until.isoformat() == "2027-03-21T23:00:00+00:00"
    assert withdraws_in_time_until(times, 0) == times.first_starts_at


async def test_nothing_changes_any_more_once_a_run_is_cancelled(transaction: Connection) -> None:
    run_id = await a.opened(transaction, minimum=1, maximum=1)
    has_place, waits = [await a.confirmed(transaction, run_id, number) for number in (1, 2)]
    asks = await a.requested(transaction, run_id, 3)
    await cancel_run(
        transaction, CancelRun(course_run_id=run_id, version=2, by=EDITOR), a.SITE, a.NOW
    )
    mine = {"course_registration_id": has_place, "course_run_id": run_id}

    with pytest.raises(NotYours):
        await cancel_registration(transaction, CancelRegistration(**mine), a.NOW)
    with pytest.raises(NotYours):
        await name_substitute(transaction, NameSubstitute(**mine, applicant=a.applicant(7)), a.NOW)
    with pytest.raises(RegistrationClosed):
        await a.confirm(transaction, run_id, asks)
    with pytest.raises(RegistrationClosed):
        await a.requested(transaction, run_id, 4)
    with pytest.raises(WrongState):
        await move_run(transaction, moving(run_id, 3), a.SITE, a.NOW)
    assert [await a.state(transaction, one) for one in (has_place, waits)] == [
        "registered",
        "waitlisted",
    ]


async def test_a_substitute_must_come_before_the_beginning(transaction: Connection) -> None:
    run_id = await a.opened(transaction)
    first = await a.confirmed(transaction, run_id)
    command = NameSubstitute(
        course_registration_id=first, course_run_id=run_id, applicant=a.applicant(7)
    )

    with pytest.raises(RunBegun):
        await name_substitute(transaction, command, AFTER)
