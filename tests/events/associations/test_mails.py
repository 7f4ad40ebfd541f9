"""What associations are told by mail: which facts say it, what is answered, what its link opens."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.events.associations.commands.answer_submissions import (
    AnswerSubmissions,
    answer_submissions,
)
from services.events.associations.commands.change_contact import ChangeContact, change_contact
from services.events.associations.commands.draft_own_event import DraftOwnEvent, draft_own_event
from services.events.associations.commands.give_link import GiveLink, give_link
from services.events.associations.commands.revoke_link import RevokeLink, revoke_link
from services.events.associations.commands.submit_event import SubmitEvent, submit_event
from services.events.associations.http.entering import HERE
from services.events.associations.model import Association
from services.events.associations.store import links, mails
from services.events.commands.publish_event import PublishEvent, publish_event
from services.events.commands.refuse_event import RefuseEvent, refuse_event
from services.events.commands.release_due_events import release_due_events
from services.events.commands.return_event import ReturnEvent, return_event
from services.events.commands.schedule_event import ScheduleEvent, schedule_event
from services.events.keeping import Deed, keep_events
from services.events.model import CalendarEvent
from services.events.subscriptions import subscriptions
from shared.auth import Role
from shared.contracts.events_reads import SubmissionDetails
from shared.contracts.notifier import MessageFailed
from shared.database import Connection, Pool
from shared.database import transaction as opening
from shared.web.tokens import hash_token
from tests.events.associations.clubs import admitted
from tests.events.builders import EDITOR, EVENT_ID, content, event
from tests.events.calendars import SITE, in_days
from tests.visitor import Visitor

NOW = datetime.now(UTC)
EMAIL = "vorstand@chor.example"


@pytest.fixture
async def club(transaction: Connection) -> Association:
    club = (await admitted(transaction)).association
    await change_contact(transaction, ChangeContact(club.organiser_id, EMAIL))
    return club


async def submitted(transaction: Connection, club: Association, **changes: Any) -> CalendarEvent:
    starts = in_days(9)
    given = content(starts=starts, ends=starts + timedelta(hours=2), **changes)
    draft = await draft_own_event(transaction, DraftOwnEvent(club, given), SITE, NOW)
    command = SubmitEvent(club, draft.calendar_event_id, draft.version)
    return await submit_event(transaction, command, SITE, NOW)


async def told(transaction: Connection) -> list[tuple[str, int]]:
    """Return names and versions of the facts about what associations have submitted."""
    rows = await transaction.fetch(
        "select subject, aggregate_version from outbox where subject ~ 'submi' order by position"
    )
    return [(row["subject"].split(".")[2], row["aggregate_version"]) for row in rows]


async def answered(transaction: Connection, event: CalendarEvent) -> SubmissionDetails:
    command = AnswerSubmissions(calendar_event_ids=(event.calendar_event_id, uuid4()))
    (one,) = await answer_submissions(transaction, command)
    return one


async def opened(transaction: Connection, token: str) -> Association | None:
    return await links.find_by_link(transaction, hash_token(token))


async def test_each_decision_is_a_fact_of_its_own(
    transaction: Connection, club: Association
) -> None:
    first, second = [await submitted(transaction, club) for _ in range(2)]
    returned = await return_event(
        transaction, ReturnEvent(first.calendar_event_id, 2, "Wann?", EDITOR), SITE, NOW
    )
    again = SubmitEvent(club, first.calendar_event_id, returned.version)
    await submit_event(transaction, again, SITE, NOW)
    command = PublishEvent(first.calendar_event_id, returned.version + 1, EDITOR)
    await publish_event(transaction, command, SITE, NOW)
    refusal = RefuseEvent(second.calendar_event_id, 2, "Werbung.", EDITOR)
    await refuse_event(transaction, refusal, SITE, NOW)

    assert await told(transaction) == [
        ("event_submitted", 2),
        ("event_submitted", 2),
        ("submission_returned", 3),
        ("event_submitted", 4),
        ("submission_published", 5),
        ("submission_refused", 3),
    ]


async def test_what_appears_at_its_hour_is_told_then(
    transaction: Connection, club: Association
) -> None:
    waiting = await submitted(transaction, club)
    hour = ScheduleEvent(
        waiting.calendar_event_id, waiting.version, NOW + timedelta(hours=3), EDITOR
    )
    await schedule_event(transaction, hour, SITE, NOW)
    before = await told(transaction)

    await transaction.execute(
        "update calendar_event set public_from = now() - interval '1 s'"
        " where calendar_event_id = $1",
        waiting.calendar_event_id,
    )
    await release_due_events(transaction, 10, SITE, NOW)

    assert before == [("event_submitted", 2)]
    assert await told(transaction) == [*before, ("submission_published", 4)]


async def test_nobody_is_told_about_what_no_association_has_written(
    transaction: Connection,
) -> None:
    own = event(starts=in_days(5), ends=None, state="submitted")
    await keep_events(transaction, [own], SITE, NOW, Deed("withdraw_approval", EDITOR))
    await return_event(transaction, ReturnEvent(EVENT_ID, 1, "Zu kurz.", EDITOR), SITE, NOW)
    await publish_event(transaction, PublishEvent(EVENT_ID, 2, EDITOR), SITE, NOW)

    assert await told(transaction) == []


async def test_the_answer_says_what_was_decided_and_brings_a_link(
    transaction: Connection, club: Association
) -> None:
    waiting = await submitted(transaction, club, title="Offene Chorprobe")
    note = ReturnEvent(waiting.calendar_event_id, waiting.version, "Wo ist der Eingang?", EDITOR)
    await return_event(transaction, note, SITE, NOW)

    one, other = [await answered(transaction, waiting) for _ in range(2)]

    assert (one.state, one.note, one.title) == (
        "returned",
        "Wo ist der Eingang?",
        "Offene Chorprobe",
    )
    assert (one.association, one.email) == (club.name, EMAIL)
    assert one.link_token != other.link_token
    assert await opened(transaction, one.link_token) == club
    assert await opened(transaction, other.link_token) == club


async def test_who_holds_no_link_gets_none_by_mail(
    transaction: Connection, club: Association
) -> None:
    waiting = await submitted(transaction, club)
    before = (await answered(transaction, waiting)).link_token
    await revoke_link(transaction, RevokeLink(club.organiser_id))

    assert await opened(transaction, before) is None
    assert (await answered(transaction, waiting)).link_token == ""


async def test_a_new_link_ends_those_of_mails(transaction: Connection, club: Association) -> None:
    before = (await answered(transaction, await submitted(transaction, club))).link_token

    await give_link(transaction, GiveLink(club.organiser_id, EDITOR))

    assert await opened(transaction, before) is None


async def test_the_link_of_a_mail_ends_after_its_time_and_is_forgotten(
    transaction: Connection, club: Association
) -> None:
    token = (await answered(transaction, await submitted(transaction, club))).link_token
    await transaction.execute(
        "update organiser_mail_link set made_at = now() - make_interval(days => $1)",
        mails.KEPT_DAYS,
    )

    assert await opened(transaction, token) is None
    before = NOW - timedelta(days=mails.KEPT_DAYS - 1)
    assert await mails.forget_links(transaction, before, 10) == 1
    assert await mails.forget_links(transaction, before, 10) == 0


def failed(event_id: UUID, purpose: str = "submission_returned") -> MessageFailed:
    return MessageFailed(
        message_id=uuid4(), version=1, purpose=purpose, concerns_id=event_id, smtp_code=550
    )


async def test_an_address_that_takes_nothing_is_marked_until_it_is_changed(
    transaction: Connection, club: Association
) -> None:
    waiting = await submitted(transaction, club)
    hear = subscriptions(SITE).handlers[MessageFailed.subject]

    async def is_marked() -> bool:
        listed = {one.organiser_id: one for one in await links.linked(transaction)}
        return listed[club.organiser_id].contact_undeliverable_at is not None

    await hear(transaction, [failed(waiting.calendar_event_id, "course_link")])
    other = await is_marked()
    await hear(transaction, [failed(waiting.calendar_event_id)])
    marked = await is_marked()
    await change_contact(transaction, ChangeContact(club.organiser_id, "neu@chor.example"))

    assert (other, marked, await is_marked()) == (False, True, False)


async def test_the_link_of_a_mail_opens_its_event(visitor: Visitor, pool: Pool) -> None:
    async with opening(pool) as opened_:
        club = (await admitted(opened_)).association
        waiting = await submitted(opened_, club)
        token = (await answered(opened_, waiting)).link_token
    path = f"{HERE}/termine/{waiting.calendar_event_id}"

    entered = await visitor.get(f"{HERE}/{token}/termine/{waiting.calendar_event_id}")
    shown = await visitor.get(path)
    unknown = await visitor.get(f"{HERE}/{'x' * 32}/termine/{waiting.calendar_event_id}")

    assert (entered.status_code, entered.headers["location"]) == (303, path)
    assert waiting.title in shown.text
    assert unknown.status_code == 404


async def test_pages_say_where_answers_go_and_that_an_address_does_not_work(
    visitor: Visitor, pool: Pool
) -> None:
    async with opening(pool) as opened_:
        known = await admitted(opened_)
        contact = ChangeContact(known.association.organiser_id, EMAIL)
        await change_contact(opened_, contact)
        waiting = await submitted(opened_, known.association)
        await mails.note_undeliverable(opened_, [waiting.calendar_event_id], NOW)
        silent = await admitted(opened_)

    await visitor.get(f"{HERE}/{silent.token}")
    without = await visitor.get(HERE)
    await visitor.get(f"{HERE}/{known.token}")
    with_address = await visitor.get(HERE)
    visitor.sign_in(Role.EDITOR)
    listed = await visitor.get("/konsole/termine/vereine")

    assert "Nennen Sie der Redaktion eine Adresse" in without.text
    assert f"Wir schreiben an {EMAIL}" in with_address.text
    assert "nicht zustellbar" in listed.text
