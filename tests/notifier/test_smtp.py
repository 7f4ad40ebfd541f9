"""The adapter tells apart what a mail server can do to a mail."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from services.notifier import smtp
from services.notifier.smtp import Postman, ServerUnavailable, SmtpServer, Undelivered, redacted
from services.notifier.writing import write_mail
from tests.notifier.builders import draft
from tests.notifier.mail_server import DROP, MailServer, serving

ENVELOPE = ("ehrung@ehrenamt.example.de", "aenne.muessig@example.org")


@pytest.fixture
async def postman(server: MailServer) -> AsyncIterator[Postman]:
    """The adapter, connected to it."""
    postman = Postman(reach(server))
    yield postman
    await postman.close()


def reach(server: MailServer, **changes: str) -> SmtpServer:
    """Return how to reach the server."""
    values = {"host": "127.0.0.1", "tls": "none", "hello": "ehrenamt.example.de", **changes}
    return SmtpServer(port=server.port, **values)  # type: ignore[arg-type]


async def nothing() -> None:
    """Stand for what is noted before the content goes out."""


async def deliver(postman: Postman, before: Callable[[], Awaitable[None]] = nothing) -> int:
    """Deliver a small mail."""
    return await postman.deliver(ENVELOPE, write_mail(draft()), before)


async def refusal_of(postman: Postman) -> Undelivered:
    """Return how a mail is refused."""
    with pytest.raises(Undelivered) as refused:
        await deliver(postman)
    return refused.value


async def test_a_mail_is_handed_over_once_to_its_one_recipient(
    postman: Postman, server: MailServer
) -> None:
    code = await deliver(postman)

    assert code == 250
    assert [(taken.sender, taken.recipient) for taken in server.taken] == [ENVELOPE]
    assert server.taken[0].message["Subject"].startswith("Einladung")


async def test_the_connection_is_kept_for_the_next_mail(
    postman: Postman, server: MailServer
) -> None:
    await deliver(postman)
    await deliver(postman)

    assert (len(server.taken), server.connections) == (2, 1)


@pytest.mark.parametrize(
    ("stage", "answer", "retry"),
    [
        ("recipients", "450 4.2.0 Greylisted, come back", "slow"),
        ("recipients", "451 4.7.1 Try again later", "slow"),
        ("recipients", "452 4.3.1 Insufficient system storage", "quick"),
        ("recipients", "550 5.1.1 No such user", "never"),
        ("recipients", "552 5.2.2 Mailbox full", "slow"),
        ("recipients", "553 5.1.3 Bad address", "never"),
        ("senders", "452 4.3.1 Too many messages", "quick"),
        ("senders", "552 5.3.4 Message too big", "slow"),
        ("data", "421 4.3.2 Shutting down", "quick"),
        ("data", "451 4.3.0 Local error", "slow"),
        ("data", "550 5.7.1 Looks like spam", "never"),
        ("data", "554 5.3.4 Message too large", "slow"),
        ("data", "432 4.3.2 Concurrent connections limit exceeded", "quick"),
    ],
)
async def test_a_refusal_says_when_to_try_again_and_the_next_mail_goes_through(
    postman: Postman, server: MailServer, stage: str, answer: str, retry: str
) -> None:
    server.script(stage, answer)

    refused = await refusal_of(postman)
    code = await deliver(postman)

    assert (refused.retry, refused.code, refused.is_ambiguous) == (retry, int(answer[:3]), False)
    assert (code, len(server.taken)) == (250, 1)


async def test_a_connection_lost_after_the_content_is_ambiguous(
    postman: Postman, server: MailServer
) -> None:
    server.script("data", DROP)

    refused = await refusal_of(postman)

    assert (refused.retry, refused.code, refused.is_ambiguous) == ("quick", 0, True)
    assert len(server.taken) == 1


async def test_a_connection_that_went_stale_is_opened_anew_without_a_failure(
    postman: Postman, server: MailServer
) -> None:
    await deliver(postman)
    server.script("senders", "421 4.4.2 Idle for too long")

    code = await deliver(postman)

    assert (code, server.connections) == (250, 2)


async def test_a_sender_that_is_not_welcome_concerns_all_mails(
    postman: Postman, server: MailServer
) -> None:
    server.script("senders", "550 5.7.1 Sender ehrung@ehrenamt.example.de not allowed")

    with pytest.raises(ServerUnavailable, match="Sender <…> not allowed"):
        await deliver(postman)

    assert await deliver(postman) == 250


async def test_a_server_that_is_away_concerns_all_mails() -> None:
    async with serving() as server:
        away = reach(server)

    with pytest.raises(ServerUnavailable):
        await deliver(Postman(away))


async def test_a_wrong_password_concerns_all_mails() -> None:
    async with serving(notifier="right") as server:
        with pytest.raises(ServerUnavailable):
            await deliver(Postman(reach(server, user="notifier", password="wrong")))

        postman = Postman(reach(server, user="notifier", password="right"))
        assert await deliver(postman) == 250
        await postman.close()


async def test_a_server_without_the_encryption_we_ask_for_gets_nothing(server: MailServer) -> None:
    with pytest.raises(ServerUnavailable):
        await deliver(Postman(reach(server, tls="starttls")))

    assert not server.taken


async def test_what_stops_a_mail_before_its_content_leaves_the_connection_usable(
    postman: Postman, server: MailServer
) -> None:
    async def stop() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await deliver(postman, before=stop)

    assert not server.taken
    assert await deliver(postman) == 250
    assert server.connections == 1


async def test_the_content_goes_out_only_after_it_was_noted(
    postman: Postman, server: MailServer
) -> None:
    noted_at: list[int] = []

    async def note() -> None:
        noted_at.append(len(server.taken))

    await deliver(postman, before=note)

    assert noted_at == [0]


async def test_a_server_that_never_answers_is_given_up_as_ambiguous(server: MailServer) -> None:
    postman = Postman(reach(server), data_seconds=0.2)
    server.script("data", "hang")

    refused = await asyncio.wait_for(refusal_of(postman), 10)

    assert refused.is_ambiguous
    assert await deliver(postman) == 250
    await postman.close()


def test_what_a_server_repeats_of_an_address_is_not_kept() -> None:
    text = redacted("5.1.1 <änne.müßig@example.org>: Recipient x@y.de\nunknown (mailto:z@y.de)")

    assert text == "5.1.1 <…>: Recipient <…> unknown (mailto:<…>)"
    assert smtp.NO_ANSWER == 0
