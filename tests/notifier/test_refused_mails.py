"""What a mail server refuses is tried again or told, and never lost."""

import pytest

from services.notifier.sending import Sending
from services.notifier.smtp import Postman
from services.notifier.store import control
from shared.asks import Asks
from shared.contracts.notifier import MessageFailed
from shared.database import transaction
from tests.notifier.builders import guest, settings
from tests.notifier.conftest import Office
from tests.notifier.mail_server import DROP, HANG
from tests.notifier.queued import be_due, recorded, row, rows


def another(office: Office, **changes: object) -> Sending:
    """Return a second worker's sending, or one that reaches other servers."""
    known = settings(**{"smtp_port": office.server.port, **changes})
    return Sending(known, office.pool, office.neighbours.asks, Postman(known.smtp_server))


@pytest.mark.parametrize(
    ("stage", "answer", "pauses"),
    [("recipients", "451 4.7.1 Greylisted", (60, 75)), ("data", "421 4.3.2 Busy", (10, 13))],
)
async def test_a_hesitant_server_gets_the_same_mail_again_later(
    office: Office, stage: str, answer: str, pauses: tuple[int, int]
) -> None:
    office.server.script(stage, answer)
    await office.hear(office.neighbours.know(guest()))

    await office.send_all()

    refused = await row(office.pool)
    assert (refused.state, refused.attempts) == ("retry", 1)
    assert not refused.possible_duplicate
    pause = await office.pool.fetchval(
        "select extract(epoch from next_try_at - now()) from message"
    )
    assert pauses[0] - 2 < pause < pauses[1]
    await be_due(office.pool)
    await office.send_all()
    sent = await row(office.pool)
    assert (sent.state, sent.attempts, sent.reason) == ("accepted", 2, "")
    assert len(office.server.taken) == 1


async def test_a_mailbox_that_does_not_exist_is_told_and_never_tried_again(office: Office) -> None:
    office.server.script("recipients", "550 5.1.1 <somebody@example.org> unknown")
    invited = office.neighbours.know(guest())
    await office.hear(invited)

    await office.send_all()
    await be_due(office.pool)
    await office.send_all()

    failed = await row(office.pool)
    assert (failed.state, failed.smtp_code, failed.reason) == ("failed", 550, "5.1.1 <…> unknown")
    assert not office.server.taken
    (fact,) = await recorded(office.pool, MessageFailed)
    assert isinstance(fact, MessageFailed)
    assert (fact.concerns_id, fact.smtp_code) == (invited.invitation_id, 550)


async def test_a_mail_that_is_refused_for_a_day_is_given_up_and_told(office: Office) -> None:
    office.server.script("recipients", "450 4.2.1 Mailbox disabled", "450 4.2.1 Mailbox disabled")
    await office.hear(office.neighbours.know(guest()))
    await office.send_all()
    await office.pool.execute("update message set first_tried_at = now() - interval '24 hours'")

    await be_due(office.pool)
    await office.send_all()

    assert (await row(office.pool)).state == "failed"
    assert len(await recorded(office.pool, MessageFailed)) == 1


@pytest.mark.parametrize("fault", [DROP, HANG])
async def test_a_connection_that_breaks_after_the_content_makes_one_flagged_repeat(
    office: Office, fault: str
) -> None:
    office.server.script("data", fault)
    await office.hear(office.neighbours.know(guest()))

    await office.send_all()
    await be_due(office.pool)
    await office.send_all()

    sent = await row(office.pool)
    assert (sent.state, sent.possible_duplicate) == ("accepted", True)
    assert len(office.server.message_ids) == 2
    assert len(set(office.server.message_ids)) == 1


async def test_a_mail_server_that_is_away_costs_no_mail_its_tries(office: Office) -> None:
    away = another(office, smtp_port=9)
    await office.hear(*(office.neighbours.know(guest()) for _ in range(3)))

    await away.send_due()

    assert [(one.state, one.attempts) for one in await rows(office.pool)] == [("queued", 0)] * 3
    async with transaction(office.pool) as opened:
        trouble = await control.control(opened)
    assert "127.0.0.1" in trouble.trouble
    await be_due(office.pool)
    await office.send_all()
    assert len(office.server.taken) == 3
    async with transaction(office.pool) as opened:
        assert (await control.control(opened)).trouble == ""


async def test_mails_wait_while_recognition_does_not_answer(office: Office) -> None:
    await office.hear(office.neighbours.know(guest()))
    known = settings(smtp_port=office.server.port)
    alone = Sending(known, office.pool, Asks(None), Postman(known.smtp_server))

    await alone.send_due()

    waiting = await row(office.pool)
    assert (waiting.state, waiting.attempts) == ("queued", 0)
    await be_due(office.pool)
    await office.send_all()
    assert len(office.server.taken) == 1


async def test_an_address_that_is_none_is_told_as_failed(office: Office) -> None:
    await office.hear(office.neighbours.know(guest(), email="a@b.de, c@d.de"))

    await office.send_all()

    failed = await row(office.pool)
    assert (failed.state, failed.reason) == ("failed", "not a single e-mail address")
    assert not office.server.taken


async def test_a_mail_that_cannot_be_written_does_not_stop_the_others(office: Office) -> None:
    broken = office.neighbours.know(guest(zone="Nowhere/Land"))
    others = [office.neighbours.know(guest()) for _ in range(3)]
    await office.hear(broken, *others)

    with pytest.raises(Exception, match="Nowhere/Land"):
        await office.send_all()
    await office.send_all()

    assert len(office.server.taken) == 3
    found = sorted((one.state, one.reason) for one in await rows(office.pool))
    assert found == [("accepted", "")] * 3 + [("queued", "fault_of_ours")]
