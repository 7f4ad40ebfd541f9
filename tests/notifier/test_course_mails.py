"""Participants of courses are told what is so, once, and only while it is so."""

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest

from services.notifier import prose
from services.notifier.commands.send_again import SendAgain, send_again
from services.notifier.commands.send_by_letter import (
    NotGivenUp,
    SendByLetter,
    send_by_letter,
)
from services.notifier.course_occasion import CourseOccasion
from services.notifier.courses import RegistrationFact, follow, reason_to_withhold_course
from services.notifier.http.naming import EVERY_PURPOSE
from services.notifier.model import CoursePurpose
from shared.contracts.courses import CourseRegistrationDetails
from shared.contracts.events import (
    CourseOfferLapsed,
    CoursePlaceOffered,
    CourseProofAwaited,
    CourseRegistered,
    CourseRegistrationCancelled,
    CourseRegistrationRefused,
    CourseRegistrationRequested,
    CourseRunCancelled,
    CourseRunConfirmed,
    CourseRunRescheduled,
    CourseWaitingListLeft,
    CourseWaitlisted,
    ParticipantSubstituted,
)
from shared.contracts.notifier import MessageSent
from shared.database import transaction
from tests.notifier.builders import guest, settings
from tests.notifier.conftest import Office
from tests.notifier.enrolled import FIRST, RUN_ID, about, enrolled, hear, hear_of_run
from tests.notifier.queued import recorded, row, rows

NOW = datetime.now(UTC)
SOON = NOW + timedelta(days=2)
STATES: dict[CoursePurpose, dict[str, Any]] = {
    "course_link": {"state": "requested", "confirm_until": SOON},
    "course_place": {},
    "course_waiting_list": {"state": "waitlisted"},
    "course_offer": {"state": "offered", "offered_until": SOON},
    "course_lapsed_offer": {"state": "lapsed"},
    "course_withdrawal": {"state": "cancelled_in_time"},
    "course_moved": {"previous_starts_at": FIRST - timedelta(days=3)},
    "course_cancelled": {"is_cancelled": True},
    "course_confirmed": {},
    "course_proof": {"state": "proof_pending"},
    "course_refused": {"state": "refused", "refusal": "Der Ausweis ist abgelaufen."},
}


def written(purpose: CoursePurpose, **changes: Any) -> tuple[str, str]:
    about_it = CourseOccasion(
        told=enrolled(**STATES[purpose] | changes),
        sender=settings().sender,
        public_url=settings().public_url,
        written_at=NOW,
    )
    filled = prose.write(purpose, about_it.words(by_letter=False))
    return filled.subject, prose.as_text(filled)


async def office_with(office: Office, **changes: Any) -> CourseRegistrationDetails:
    told = office.neighbours.enrol(enrolled(**changes))
    await hear(office.pool, CourseRegistered(**about(told)))
    return told


@pytest.mark.parametrize("purpose", get_args(CoursePurpose))
def test_every_message_about_a_course_is_complete_german(purpose: CoursePurpose) -> None:
    subject, text = written(purpose)

    assert "Buchführung für Vereine" in text
    name = "" if purpose == "course_link" else " Grit Beispiel"
    assert text.startswith(f"Guten Tag{name},\n")
    assert "Mit freundlichen Grüßen\n\nDr. Ines Beispiel, Vorstand" in text
    assert "None" not in subject + text
    assert "  " not in subject
    assert max(len(line) for line in text.splitlines() if "https://" not in line) <= prose.LINE
    assert ("/k/" + "y" * 32 in text) == (purpose != "course_cancelled")


def test_a_first_link_asks_for_confirmation_and_a_second_does_not() -> None:
    first, asked = written("course_link")
    again, reminded = written("course_link", state="registered", confirm_until=None)

    assert first.startswith("Bitte bestätigen Sie Ihre Anmeldung")
    assert "kein Platz für Sie reserviert" in asked.replace("\n", " ")
    assert again.startswith("Ihr Link zur Anmeldung")
    assert "Sie haben schon eine Anmeldung" in reminded
    assert "Grit Beispiel" not in asked
    assert "Grit Beispiel" in reminded


def test_a_substitute_is_told_who_has_named_them_and_why() -> None:
    _, text = written("course_place", is_substitute=True)

    assert "hat Ihnen den eigenen Platz in diesem Kurs weitergegeben" in text.replace("\n", " ")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("cancelled_in_time", "Ihre Abmeldung kam rechtzeitig."),
        ("cancelled_late", "Die Frist für eine rechtzeitige Abmeldung war schon vorbei"),
        ("left", "von der Warteliste dieses Kurses genommen"),
        ("substituted", "hat jetzt die Person, die Sie genannt haben"),
    ],
)
def test_a_withdrawal_says_which_it_was(state: str, words: str) -> None:
    _, text = written("course_withdrawal", state=state)

    assert words in text.replace("\n", " ")


@pytest.mark.parametrize(
    ("purpose", "changes", "reason"),
    [
        ("course_place", {"state": "cancelled_late"}, "overtaken"),
        ("course_place", {"is_cancelled": True}, "course_cancelled"),
        ("course_cancelled", {"is_cancelled": False}, "overtaken"),
        ("course_offer", {"offered_until": NOW - timedelta(minutes=1)}, "too_late"),
        ("course_waiting_list", {"state": "offered", "offered_until": SOON}, "overtaken"),
        ("course_moved", {"state": "left"}, "overtaken"),
    ],
)
def test_what_is_no_longer_true_is_withheld(
    purpose: CoursePurpose, changes: dict[str, Any], reason: str
) -> None:
    told = enrolled(**STATES[purpose])

    assert reason_to_withhold_course(purpose, told, NOW) == ""
    assert reason_to_withhold_course(purpose, enrolled(**STATES[purpose] | changes), NOW) == reason
    assert reason_to_withhold_course(purpose, told, FIRST + timedelta(days=8)) == "course_over"


def test_a_link_is_sent_whatever_has_become_of_the_course() -> None:
    for changes in ({"state": "attended"}, {"is_cancelled": True}, {"state": "lapsed"}):
        told = enrolled(**changes)
        assert reason_to_withhold_course("course_link", told, FIRST + timedelta(days=30)) == ""


def test_each_fact_asks_for_its_message_once() -> None:
    told = enrolled()
    known = None
    purposes = []
    facts: list[RegistrationFact] = [
        CourseRegistrationRequested(**about(told, version=1)),
        CourseProofAwaited(**about(told, version=2)),
        CourseWaitlisted(**about(told, version=3)),
        CoursePlaceOffered(offered_until=SOON, **about(told, version=4)),
        CourseOfferLapsed(**about(told, version=5)),
        CourseRegistered(**about(told, version=6)),
        CourseRegistrationCancelled(is_in_time=True, **about(told, version=7)),
        CourseWaitingListLeft(**about(told, version=8)),
        ParticipantSubstituted(substitute_id=RUN_ID, **about(told, version=9)),
        CourseRegistrationRefused(**about(told, version=10)),
    ]
    for fact in facts:
        followed = follow(known, fact)
        assert followed is not None
        known, due = followed
        purposes.append(due.purpose)
        assert follow(known, fact) is None

    assert purposes == [
        "course_link",
        "course_proof",
        "course_waiting_list",
        "course_offer",
        "course_lapsed_offer",
        "course_place",
        "course_withdrawal",
        "course_withdrawal",
        "course_withdrawal",
        "course_refused",
    ]


async def test_a_mail_to_a_participant_goes_out_and_is_told_as_sent(office: Office) -> None:
    told = await office_with(office)

    await office.send_all()

    sent = await row(office.pool)
    assert (sent.state, sent.channel, sent.purpose) == ("accepted", "mail", "course_place")
    assert office.server.taken[0].recipient == "grit@example.org"
    (fact,) = await recorded(office.pool, MessageSent)
    assert isinstance(fact, MessageSent)
    assert fact.concerns_id == told.course_registration_id


async def test_the_same_fact_twice_makes_one_mail(office: Office) -> None:
    told = await office_with(office)
    await hear(office.pool, CourseRegistered(**about(told)))

    assert len(await rows(office.pool)) == 1


async def test_a_newer_state_overtakes_what_has_not_gone_out(office: Office) -> None:
    told = await office_with(office)
    cancelled = CourseRegistrationCancelled(is_in_time=True, **about(told, version=3))
    await hear(office.pool, cancelled)

    states = {one.purpose: one.state for one in await rows(office.pool)}

    assert states == {"course_place": "withheld", "course_withdrawal": "queued"}


async def test_a_change_that_is_heard_of_after_a_later_one_is_withheld_and_noted(
    office: Office,
) -> None:
    told = office.neighbours.enrol(enrolled(state="cancelled_in_time", version=4))
    requested = CourseRegistrationRequested(**about(told, version=1))
    registered = CourseRegistered(**about(told, version=2))
    asked_again = CourseRegistrationRequested(**about(told, version=3))
    cancelled = CourseRegistrationCancelled(is_in_time=True, **about(told))

    await hear(office.pool, requested)
    await hear(office.pool, cancelled, registered, cancelled)
    await hear(office.pool, asked_again)
    await hear(office.pool, requested, registered, asked_again, cancelled)
    await office.send_all()

    assert [(one.purpose, one.state, one.reason) for one in await rows(office.pool)] == [
        ("course_link", "withheld", "overtaken"),
        ("course_withdrawal", "accepted", ""),
        ("course_place", "withheld", "overtaken"),
        ("course_link", "withheld", "overtaken"),
    ]


async def test_a_registration_that_is_gone_gets_nothing(office: Office) -> None:
    await hear(office.pool, CourseRegistered(**about(enrolled())))

    await office.send_all()

    ended = await row(office.pool)
    assert (ended.state, ended.reason) == ("cancelled", "participant_unknown")


async def test_a_moved_run_is_told_to_all_who_have_a_place_or_wait(office: Office) -> None:
    coming, waiting, gone = [enrolled() for _ in range(3)]
    await hear(office.pool, CourseRegistered(**about(coming)))
    await hear(office.pool, CourseWaitlisted(**about(waiting)))
    await hear(office.pool, CourseWaitingListLeft(**about(gone)))

    moved = CourseRunRescheduled(course_run_id=RUN_ID, version=3, previous_starts_at=FIRST)
    await hear_of_run(office.pool, moved)
    await hear_of_run(office.pool, moved)

    assert [one.purpose for one in await rows(office.pool)].count("course_moved") == 2


async def test_a_move_that_is_heard_of_after_a_later_one_is_noted_and_told_to_nobody(
    office: Office,
) -> None:
    await office_with(office)
    late, latest = [
        CourseRunRescheduled(course_run_id=RUN_ID, version=version, previous_starts_at=FIRST)
        for version in (3, 5)
    ]

    await hear_of_run(office.pool, latest)
    await hear_of_run(office.pool, late)
    await hear_of_run(office.pool, CourseRunConfirmed(course_run_id=RUN_ID, version=4))
    await hear_of_run(office.pool, late)
    await office.send_all()

    moves = [(one.purpose, one.state, one.reason) for one in await rows(office.pool)][1:]
    assert moves == [
        ("course_moved", "accepted", ""),
        ("course_moved", "withheld", "overtaken"),
        ("course_confirmed", "accepted", ""),
    ]


async def test_a_cancelled_run_withholds_the_rest_and_tells_everybody(office: Office) -> None:
    await office_with(office)
    await hear_of_run(office.pool, CourseRunCancelled(course_run_id=RUN_ID, version=4))

    states = {one.purpose: (one.state, one.reason) for one in await rows(office.pool)}

    assert states == {
        "course_place": ("withheld", "course_cancelled"),
        "course_cancelled": ("queued", ""),
    }


async def test_guests_and_participants_are_served_side_by_side(office: Office) -> None:
    await office.hear(office.neighbours.know(guest()))
    await office_with(office)

    await office.send_all()

    assert {one.state for one in await rows(office.pool)} == {"accepted"}
    assert len(office.server.taken) == 2


async def test_guests_get_their_mails_while_events_does_not_answer(office: Office) -> None:
    await office.hear(office.neighbours.know(guest()))
    await office_with(office)
    office.neighbours.is_events_in_trouble = True

    await office.sending.send_due()

    states = {one.purpose: one.state for one in await rows(office.pool)}
    assert states == {"invitation": "accepted", "course_place": "queued"}


async def test_a_mail_about_a_course_is_never_a_letter(office: Office) -> None:
    await office_with(office, email="no address")
    await office.send_all()
    failed = await row(office.pool)

    async with transaction(office.pool) as opened:
        with pytest.raises(NotGivenUp):
            await send_by_letter(opened, SendByLetter(message_id=failed.message_id, actor="me"))
        again = SendAgain(message_id=failed.message_id, purposes=EVERY_PURPOSE, actor="me")
        await send_again(opened, again)

    waiting = await row(office.pool)
    assert failed.state == "failed"
    assert (waiting.state, waiting.channel) == ("queued", "mail")


async def test_that_a_run_is_held_is_told_to_who_has_a_place(office: Office) -> None:
    told = await office_with(office)
    waits = office.neighbours.enrol(enrolled(state="waitlisted", email="otto@example.org"))
    await hear(office.pool, CourseWaitlisted(**about(waits)))
    await office.send_all()
    held = CourseRunConfirmed(course_run_id=RUN_ID, version=4)

    await hear_of_run(office.pool, held)
    await office.send_all()

    confirmed = [one for one in await rows(office.pool) if one.purpose == "course_confirmed"]
    assert [one.state for one in confirmed] == ["accepted"]
    assert office.server.taken[-1].recipient == told.email


async def test_who_waits_for_a_proof_hears_that_a_run_is_off(office: Office) -> None:
    told = office.neighbours.enrol(enrolled(state="proof_pending", is_cancelled=True))
    await hear(office.pool, CourseProofAwaited(**about(told)))

    await hear_of_run(office.pool, CourseRunCancelled(course_run_id=RUN_ID, version=4))
    await office.send_all()

    assert [(one.purpose, one.state) for one in await rows(office.pool)] == [
        ("course_proof", "withheld"),
        ("course_cancelled", "accepted"),
    ]


async def test_who_has_no_mail_address_is_left_to_staff(office: Office) -> None:
    await office_with(office, email="")

    await office.send_all()

    sent = await row(office.pool)
    assert (sent.state, sent.reason) == ("cancelled", "no_email")
    assert office.server.taken == []


def test_a_refused_proof_is_told_with_its_reason() -> None:
    _, text = written("course_refused")

    assert "Der Ausweis ist abgelaufen." in text
