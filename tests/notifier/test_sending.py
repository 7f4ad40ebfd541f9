"""Mails go out once, at the set rate, written from what is true at that moment."""

import asyncio
from datetime import UTC, datetime, timedelta

import msgspec

from services.notifier.store import control
from shared.contracts.notifier import MessageSent
from shared.database import transaction
from tests.notifier.builders import accepted, guest
from tests.notifier.conftest import Office
from tests.notifier.queued import recorded, row, rows
from tests.waiting import until


async def test_an_invitation_goes_out_and_is_told_as_sent(office: Office) -> None:
    invited = office.neighbours.know(guest())
    await office.hear(invited)

    await office.send_all()

    sent = await row(office.pool)
    assert (sent.state, sent.attempts, sent.smtp_code) == ("accepted", 1, 250)
    assert office.server.message_ids == [f"<l.{sent.message_id}@ehrenamt.example.de>"]
    (fact,) = await recorded(office.pool, MessageSent)
    assert isinstance(fact, MessageSent)
    assert (fact.message_id, fact.purpose, fact.concerns_id, fact.version) == (
        sent.message_id,
        "invitation",
        invited.invitation_id,
        1,
    )


async def test_the_mail_is_written_from_what_is_known_when_it_goes_out(office: Office) -> None:
    invited = office.neighbours.know(guest())
    await office.hear(invited)
    office.neighbours.people[invited.person_id] = msgspec.structs.replace(
        office.neighbours.people[invited.person_id], family_name="Neuname", email="neu@example.org"
    )

    await office.send_all()

    assert office.server.taken[0].recipient == "neu@example.org"
    assert "Frau Neuname" in office.server.taken[0].content.decode()


async def test_a_confirmation_brings_tickets_and_the_calendar_entry(office: Office) -> None:
    coming = office.neighbours.know(accepted())
    await office.hear(coming)

    await office.send_all()

    names = [part.get_filename() for part in office.server.taken[0].message.iter_attachments()]
    assert names == ["Eintrittskarten.pdf", "Termin.ics"]


async def test_many_mails_go_out_once_each_over_one_connection(office: Office) -> None:
    guests = [office.neighbours.know(guest()) for _ in range(50)]
    await office.hear(*guests)

    await office.send_all()

    assert len(office.server.message_ids) == len(set(office.server.message_ids)) == 50
    assert office.server.connections == 1
    assert {one.state for one in await rows(office.pool)} == {"accepted"}


async def test_an_answer_is_confirmed_before_the_rest_of_a_wave_goes_out(office: Office) -> None:
    await office.hear(*(office.neighbours.know(guest()) for _ in range(30)))
    coming = office.neighbours.know(accepted())
    await office.hear(coming)

    await office.sending.send_due()

    assert "Zusage" in office.server.taken[0].message["Subject"]


async def test_all_workers_together_keep_to_the_rate(office: Office) -> None:
    async with transaction(office.pool) as opened:
        await control.set_rate(opened, 20)
    async with transaction(office.pool) as opened:
        waits = [await control.take_slot(opened) for _ in range(21)]

    seconds = [one for one in waits if one is not None]
    assert seconds[0] == 0
    assert 0.9 < seconds[20] <= 1.0
    assert len(seconds) == 21


async def test_a_worker_waits_for_its_turn(office: Office) -> None:
    await office.hear(*(office.neighbours.know(guest()) for _ in range(2)))
    async with transaction(office.pool) as opened:
        await control.set_rate(opened, 0.1)
    working = asyncio.create_task(office.send_all())

    await until(lambda: len(office.server.taken) == 1)
    await until(
        lambda: office.pool.fetchval(
            "select next_slot_at > now() + interval '11 seconds' from sending_control"
        )
    )

    assert len(office.server.taken) == 1
    working.cancel()


async def test_nothing_goes_out_while_sending_is_paused(office: Office) -> None:
    await office.hear(office.neighbours.know(guest()))
    async with transaction(office.pool) as opened:
        await control.pause(opened, "Erika Beispiel")

    await office.send_all()

    assert not office.server.taken
    async with transaction(office.pool) as opened:
        await control.resume(opened)
    await office.send_all()
    assert len(office.server.taken) == 1


async def test_a_pause_stops_what_is_claimed_already(office: Office) -> None:
    await office.hear(*(office.neighbours.know(guest()) for _ in range(10)))
    async with transaction(office.pool) as opened:
        await control.set_rate(opened, 5)
    working = asyncio.create_task(office.send_all())
    await until(lambda: len(office.server.taken) == 1)

    async with transaction(office.pool) as opened:
        await control.pause(opened, "Erika Beispiel")
    await working

    assert len(office.server.taken) < 4
    assert {one.state for one in await rows(office.pool)} == {"accepted", "queued"}


async def test_a_guest_who_has_answered_meanwhile_is_not_invited_any_more(office: Office) -> None:
    invited = office.neighbours.know(guest())
    await office.hear(invited)
    office.neighbours.change(invited, state="declined", version=2)

    await office.send_all()

    withheld = await row(office.pool)
    assert (withheld.state, withheld.reason) == ("withheld", "overtaken")
    assert not office.server.taken


async def test_a_person_who_was_erased_gets_nothing(office: Office) -> None:
    invited = office.neighbours.know(guest())
    await office.hear(invited)
    del office.neighbours.people[invited.person_id]

    await office.send_all()

    assert (await row(office.pool)).state == "cancelled"
    assert not office.server.taken


async def test_who_has_lost_the_address_meanwhile_gets_a_letter(office: Office) -> None:
    invited = office.neighbours.know(guest())
    await office.hear(invited)
    office.neighbours.people[invited.person_id] = msgspec.structs.replace(
        office.neighbours.people[invited.person_id], email=None
    )

    await office.send_all()
    await office.hear()

    by_post = await row(office.pool)
    assert (by_post.channel, by_post.state) == ("letter", "in_batch")
    assert not office.server.taken


async def test_an_invited_guest_is_noted_for_a_reminder(office: Office) -> None:
    answer_by = datetime.now(UTC) + timedelta(days=30)
    await office.hear(office.neighbours.know(guest(answer_by=answer_by)))

    await office.send_all()

    remind_at = await office.pool.fetchval("select remind_at from known_invitation")
    assert remind_at == answer_by - timedelta(days=7)


async def test_no_name_address_or_link_is_kept_in_the_ledger(office: Office) -> None:
    office.server.script("recipients", "550 <Marker@example.org> is not here")
    marked = office.neighbours.know(
        guest(link_token="Marker" * 5 + "xx", letter_code="MARKER", companion_name="Marker"),
        given_name="Marker",
        family_name="Marker",
        email="Marker@example.org",
        street="Marker",
    )
    await office.hear(marked)
    await office.hear(office.neighbours.change(marked, state="declined", version=2))

    await office.send_all()

    for table in ("message", "known_invitation", "known_event", "outbox", "letter"):
        found = await office.pool.fetch(f"select row_to_json({table})::text from {table}")  # noqa: S608 - fixed names
        assert not [line for line in found if "marker" in line[0].lower()]
