"""Facts about invitations become messages, and messages stay away when they are no longer true."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.notifier.model import (
    InvitationFact,
    KnownInvitation,
    Purpose,
    follow,
    reason_to_withhold,
    reminder_due,
)
from services.notifier.retrying import GIVE_UP_AFTER, next_try
from shared.contracts import recognition
from tests.notifier.builders import CONCERT_ID, WAVE_ID, accepted, guest

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
INVITATION_ID, PERSON_ID = uuid4(), uuid4()


def fact(kind: type[Any], version: int, **fields: Any) -> InvitationFact:
    """Return a fact about the one invitation."""
    told: InvitationFact = kind(
        invitation_id=INVITATION_ID, honouring_event_id=CONCERT_ID, version=version, **fields
    )
    return told


def known(state: Any, version: int) -> KnownInvitation:
    """Return what is known of it."""
    return KnownInvitation(
        invitation_id=INVITATION_ID,
        version=version,
        honouring_event_id=CONCERT_ID,
        invitation_wave_id=WAVE_ID,
        person_id=PERSON_ID,
        state=state,
    )


def test_an_invitation_is_due_to_the_person_who_is_invited() -> None:
    invited = fact(recognition.GuestInvited, 1, invitation_wave_id=WAVE_ID, person_id=PERSON_ID)

    followed = follow(None, invited)

    assert followed is not None
    after, due = followed
    assert after == known("invited", 1)
    assert due.dedupe_key == f"invitation:{INVITATION_ID}:v1"
    assert due.person_id == PERSON_ID
    assert due.is_bulk


@pytest.mark.parametrize(
    ("kind", "fields", "was", "purpose", "state"),
    [
        (recognition.InvitationAccepted, {"seats": 1}, "invited", "acceptance", "accepted"),
        (
            recognition.InvitationAccepted,
            {"seats": 1},
            "accepted",
            "changed_acceptance",
            "accepted",
        ),
        (recognition.InvitationAccepted, {"seats": 1}, "offered", "acceptance", "accepted"),
        (recognition.InvitationDeclined, {}, "accepted", "decline", "declined"),
        (recognition.InvitationWaitlisted, {"seats": 2}, "invited", "waiting_list", "waitlisted"),
        (
            recognition.ReplacementOffered,
            {"seats": 2, "offered_until": NOW},
            "waitlisted",
            "offer",
            "offered",
        ),
        (recognition.ReplacementLapsed, {}, "offered", "lapsed_offer", "expired"),
    ],
)
def test_each_answer_has_its_message(
    kind: type[Any], fields: dict[str, Any], was: str, purpose: str, state: str
) -> None:
    followed = follow(known(was, 1), fact(kind, 2, **fields))

    assert followed is not None
    after, due = followed
    assert (due.purpose, after.state, after.person_id) == (purpose, state, PERSON_ID)
    assert due.dedupe_key == f"{purpose}:{INVITATION_ID}:v2"
    assert not due.is_bulk


@pytest.mark.parametrize("version", [1, 2])
def test_a_stale_fact_has_no_message(version: int) -> None:
    stale = fact(recognition.InvitationDeclined, version)

    assert follow(known("accepted", 2), stale) is None


def test_an_answer_whose_invitation_was_never_heard_of_is_told_all_the_same() -> None:
    followed = follow(None, fact(recognition.InvitationAccepted, 3, seats=1))

    assert followed is not None
    assert followed[1].person_id is None


@pytest.mark.parametrize(
    ("purpose", "changes", "reason"),
    [
        ("invitation", {}, ""),
        ("invitation", {"state": "declined"}, "overtaken"),
        ("invitation", {"is_cancelled": True}, "event_cancelled"),
        ("invitation", {"answer_by": NOW}, "too_late"),
        ("reminder", {}, ""),
        ("reminder", {"state": "accepted"}, "overtaken"),
        ("reminder", {"answer_by": NOW - timedelta(hours=1)}, "too_late"),
        ("acceptance", {"state": "accepted"}, ""),
        ("acceptance", {"state": "declined"}, "overtaken"),
        ("decline", {"state": "declined"}, ""),
        ("offer", {"state": "offered", "offered_until": NOW + timedelta(hours=1)}, ""),
        ("offer", {"state": "offered", "offered_until": NOW}, "too_late"),
        ("offer", {"state": "accepted"}, "overtaken"),
        ("lapsed_offer", {"state": "expired"}, ""),
        ("rescheduled", {"state": "accepted"}, ""),
        ("rescheduled", {"state": "declined"}, "overtaken"),
        ("new_venue", {"state": "waitlisted"}, ""),
        ("new_venue", {"state": "expired"}, "overtaken"),
        ("cancelled", {"is_cancelled": True}, ""),
        ("cancelled", {"is_cancelled": False}, "overtaken"),
        ("acceptance", {"state": "accepted", "ends_at": NOW - timedelta(1)}, "event_over"),
    ],
)
def test_a_message_that_is_no_longer_true_is_withheld(
    purpose: Purpose, changes: dict[str, Any], reason: str
) -> None:
    assert reason_to_withhold(purpose, guest(**changes), NOW) == reason


def test_a_silent_guest_is_reminded_a_week_before_the_deadline() -> None:
    invited = guest(answer_by=NOW + timedelta(days=30))

    assert reminder_due("invitation", invited, NOW) == NOW + timedelta(days=23)


def test_a_reminder_comes_at_least_three_days_after_the_invitation() -> None:
    invited = guest(answer_by=NOW + timedelta(days=8))

    assert reminder_due("invitation", invited, NOW) == NOW + timedelta(days=3)


def test_who_is_invited_shortly_before_the_deadline_is_not_reminded() -> None:
    assert reminder_due("invitation", guest(answer_by=NOW + timedelta(days=4)), NOW) is None


def test_only_invitations_are_followed_by_a_reminder() -> None:
    assert reminder_due("acceptance", accepted(), NOW) is None


def test_a_busy_server_is_asked_again_soon_and_a_hesitant_one_later() -> None:
    one = uuid4()

    quick = [next_try(one, "quick", tries, NOW, NOW) for tries in range(1, 7)]
    slow = [next_try(one, "slow", tries, NOW, NOW) for tries in range(1, 7)]

    for pauses, seconds in ((quick, (10, 30, 60, 300, 900, 900)), (slow, (60, 300, 600, 1200))):
        for due, pause in zip(pauses, seconds, strict=False):
            assert due is not None
            assert pause <= (due - NOW).total_seconds() <= pause * 1.25


def test_mails_that_were_refused_together_do_not_come_back_together() -> None:
    dues = {next_try(uuid4(), "quick", 3, NOW, NOW) for _ in range(64)}

    assert len(dues) > 32


def test_a_mail_is_given_up_after_a_day() -> None:
    since = NOW - GIVE_UP_AFTER

    assert next_try(uuid4(), "slow", 60, since + timedelta(hours=1), NOW) is not None
    assert next_try(uuid4(), "slow", 60, since, NOW) is None
