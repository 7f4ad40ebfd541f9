"""Associations are told what became of the events they have submitted, once, while it is so."""

from datetime import UTC, datetime, timedelta
from typing import Any, get_args
from uuid import uuid4

import msgspec
import pytest

from services.notifier import prose, titles
from services.notifier.commands.send_again import SendAgain, send_again
from services.notifier.commands.send_by_letter import NotGivenUp, SendByLetter, send_by_letter
from services.notifier.http.naming import EVERY_PURPOSE
from services.notifier.model import SubmissionPurpose
from services.notifier.sorting import sort_queued
from services.notifier.submission_occasion import SubmissionOccasion
from services.notifier.submissions import reason_to_withhold_submission
from services.notifier.subscriptions import subscriptions
from shared.contracts.events import (
    EventSubmitted,
    SubmissionPublished,
    SubmissionRefused,
    SubmissionReturned,
)
from shared.contracts.events_reads import SubmissionDetails
from shared.contracts.fact import Fact
from shared.contracts.notifier import MessageSent
from shared.database import transaction
from tests.notifier.builders import settings
from tests.notifier.conftest import Office
from tests.notifier.queued import recorded, row, rows

STARTS = (datetime.now(UTC) + timedelta(days=20)).replace(hour=17, minute=30)
STATES: dict[SubmissionPurpose, dict[str, Any]] = {
    "submission_receipt": {},
    "submission_returned": {"state": "returned", "note": "Wo ist der Eingang?\n\nUnd wer spielt?"},
    "submission_refused": {"state": "refused", "note": "Wir nehmen keine Werbung auf."},
    "submission_published": {"state": "published"},
}


def submission(**changes: Any) -> SubmissionDetails:
    """Return an association's event that waits for its review."""
    values: dict[str, Any] = {
        "calendar_event_id": uuid4(),
        "version": 2,
        "state": "submitted",
        "title": "Offene Chorprobe",
        "starts_at": STARTS,
        "all_day": False,
        "zone": "Europe/Berlin",
        "place": "Gemeindehaus, Deichweg 4",
        "association": "Chor am Deich e. V.",
        "email": "vorstand@chor.example",
        "note": "",
        "link_token": "z" * 32,
    }
    return SubmissionDetails(**values | changes)


def written(purpose: SubmissionPurpose, **changes: Any) -> tuple[str, str]:
    about = SubmissionOccasion(
        told=submission(**STATES[purpose] | changes),
        sender=settings().sender,
        public_url=settings().public_url,
        written_at=STARTS - timedelta(days=9),
    )
    filled = prose.write(purpose, about.words(by_letter=False))
    return filled.subject, prose.as_text(filled)


def about(kind: type[Any], told: SubmissionDetails, version: int) -> Fact:
    fact: Fact = kind(calendar_event_id=told.calendar_event_id, version=version)
    return fact


async def hear(office: Office, *facts: Fact) -> None:
    """Have notifier hear these facts as its subscription does, and sort what is queued."""
    handlers = subscriptions().handlers
    async with transaction(office.pool) as opened:
        for fact in facts:
            await handlers[type(fact).subject](opened, [fact])
    while await sort_queued(office.pool, office.neighbours.asks):
        pass


@pytest.mark.parametrize("purpose", get_args(SubmissionPurpose))
def test_every_answer_is_complete_german_with_the_way_back(purpose: SubmissionPurpose) -> None:
    subject, text = written(purpose)

    assert subject.endswith("Offene Chorprobe")
    assert text.startswith("Guten Tag,\n")
    assert "Gemeindehaus, Deichweg 4" in text
    assert "Mit freundlichen Grüßen\n\nDr. Ines Beispiel, Vorstand" in text
    assert f"/veranstaltung-melden/{'z' * 32}/termine/" in text
    assert "None" not in subject + text
    assert max(len(line) for line in text.splitlines() if "https://" not in line) <= prose.LINE
    assert purpose in titles.TITLES


@pytest.mark.parametrize("purpose", ["submission_returned", "submission_refused"])
def test_a_reason_is_told_as_it_was_written(purpose: SubmissionPurpose) -> None:
    _, text = written(purpose, note="Wo ist der Eingang?\n\nUnd wer spielt?")

    assert "Das schreibt die Redaktion" in text
    assert "Wo ist der Eingang?\n\nUnd wer spielt?" in text


def test_a_published_event_is_told_with_its_public_address() -> None:
    told = submission(state="published")
    _, text = written("submission_published", calendar_event_id=told.calendar_event_id)

    assert f"{settings().public_url}/termine/{told.calendar_event_id}" in text


def test_an_event_of_a_whole_day_has_no_time() -> None:
    _, timed = written("submission_receipt")
    _, whole = written("submission_receipt", all_day=True)

    assert ":30 Uhr" in timed
    assert "Uhr" not in whole


def test_without_a_link_the_mail_says_how_to_get_one() -> None:
    _, text = written("submission_published", link_token="")

    assert "/veranstaltung-melden/" not in text
    assert "bitten Sie uns um einen neuen" in text.replace("\n", " ")


@pytest.mark.parametrize("purpose", get_args(SubmissionPurpose))
def test_what_was_decided_otherwise_is_withheld(purpose: SubmissionPurpose) -> None:
    for other, changes in STATES.items():
        reason = reason_to_withhold_submission(purpose, submission(**changes))
        assert reason == ("" if other == purpose else "decided_otherwise")
    assert reason_to_withhold_submission(purpose, submission(email="")) == "no_contact"
    assert {"decided_otherwise", "no_contact", "submission_unknown"} <= titles.REASONS.keys()


async def test_a_decision_goes_out_once_and_is_told_as_sent(office: Office) -> None:
    told = office.neighbours.submit(submission(version=3, **STATES["submission_returned"]))
    returned = about(SubmissionReturned, told, 3)

    await hear(office, returned, returned)
    await office.send_all()

    sent = await row(office.pool)
    assert (sent.state, sent.channel, sent.purpose) == ("accepted", "mail", "submission_returned")
    (mail,) = office.server.taken
    assert mail.recipient == "vorstand@chor.example"
    (fact,) = await recorded(office.pool, MessageSent)
    assert isinstance(fact, MessageSent)
    assert fact.concerns_id == told.calendar_event_id


async def test_the_way_through_the_review_is_four_mails(office: Office) -> None:
    told = submission()
    steps: list[tuple[type[Any], dict[str, Any]]] = [
        (EventSubmitted, STATES["submission_receipt"]),
        (SubmissionReturned, STATES["submission_returned"]),
        (EventSubmitted, STATES["submission_receipt"]),
        (SubmissionPublished, STATES["submission_published"]),
    ]
    for version, (kind, changes) in enumerate(steps, start=2):
        office.neighbours.submit(msgspec.structs.replace(told, version=version, **changes))
        await hear(office, about(kind, told, version))
        await office.send_all()

    assert [one.purpose for one in await rows(office.pool)] == [
        "submission_receipt",
        "submission_returned",
        "submission_receipt",
        "submission_published",
    ]
    assert len(set(office.server.message_ids)) == 4


async def test_a_newer_decision_overtakes_what_waits_and_an_older_one_is_noted(
    office: Office,
) -> None:
    told = office.neighbours.submit(submission(version=5, **STATES["submission_refused"]))

    await hear(
        office,
        about(EventSubmitted, told, 2),
        about(SubmissionRefused, told, 5),
        about(SubmissionReturned, told, 3),
    )
    await office.send_all()

    assert [(one.purpose, one.state, one.reason) for one in await rows(office.pool)] == [
        ("submission_receipt", "withheld", "decided_otherwise"),
        ("submission_refused", "accepted", ""),
        ("submission_returned", "withheld", "decided_otherwise"),
    ]


@pytest.mark.parametrize(
    ("changes", "reason"), [({"email": ""}, "no_contact"), (None, "submission_unknown")]
)
async def test_whom_nothing_reaches_is_noted(
    office: Office, changes: dict[str, Any] | None, reason: str
) -> None:
    told = submission(**changes or {})
    if changes is not None:
        office.neighbours.submit(told)
    await hear(office, about(EventSubmitted, told, 2))

    await office.send_all()

    sent = await row(office.pool)
    assert (sent.state, sent.reason) == ("cancelled", reason)


async def test_a_failed_answer_is_sent_again_as_a_mail_and_never_as_a_letter(
    office: Office,
) -> None:
    told = office.neighbours.submit(submission(email="kein Postfach"))
    await hear(office, about(EventSubmitted, told, 2))
    await office.send_all()
    message_id = (await row(office.pool)).message_id
    failed = (await row(office.pool)).state

    async with transaction(office.pool) as opened:
        with pytest.raises(NotGivenUp):
            await send_by_letter(opened, SendByLetter(message_id=message_id, actor="openid:erika"))
    office.neighbours.submit(msgspec.structs.replace(told, email="vorstand@chor.example"))
    async with transaction(office.pool) as opened:
        await send_again(
            opened,
            SendAgain(message_id=message_id, purposes=EVERY_PURPOSE, actor="openid:erika"),
        )
    await office.send_all()

    assert failed == "failed"
    assert (await row(office.pool)).state == "accepted"
    assert len(office.server.taken) == 1


async def test_the_ledger_itself_refuses_an_answer_by_letter_and_to_two(office: Office) -> None:
    told = submission()
    await hear(office, about(EventSubmitted, told, 2))
    assert (await row(office.pool)).channel == "mail"

    insert = """
        insert into message (dedupe_key, purpose, is_bulk, channel, calendar_event_id,
            calendar_event_version, course_registration_id, course_run_id, course_version)
        values (uuidv7()::text, 'submission_receipt', false, $1, $2, 1, $3, $3,
            case when $3::uuid is not null then 1 end)
        """
    event_id = told.calendar_event_id
    for channel, about_event, about_course in (
        ("letter", event_id, None),
        ("mail", event_id, event_id),
        ("mail", None, None),
    ):
        with pytest.raises(Exception, match="message_recipient_check"):
            await office.pool.execute(insert, channel, about_event, about_course)
