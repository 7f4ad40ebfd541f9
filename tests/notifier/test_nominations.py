"""Associations that are asked for guests get a mail or a letter, once for each occasion."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import msgspec
import pytest
from pypdf import PdfReader

from services.notifier.commands.announce_cancellation import (
    AnnounceCancellation,
    announce_cancellation,
)
from services.notifier.commands.print_letters import PrintLetters, print_letters
from services.notifier.model import Purpose
from services.notifier.nominations import NOMINATION, reason_to_withhold_nomination
from services.notifier.printing import Printing
from services.notifier.sorting import sort_queued
from services.notifier.store import batches, prints
from services.notifier.subscriptions import subscriptions
from shared.contracts.fact import Fact
from shared.contracts.notifier import MessageSent
from shared.contracts.recognition import (
    HonouringEventCancelled,
    NominationReminded,
    NominationRequestChanged,
    NominationRequested,
    NominationRequestWithdrawn,
)
from shared.contracts.recognition_reads import NominationDetails
from shared.database import transaction
from tests.notifier.builders import CONCERT_ID, nomination, settings
from tests.notifier.conftest import Office
from tests.notifier.queued import recorded, row, rows

NOW = datetime(2026, 12, 1, tzinfo=UTC)


def told(kind: type[Any], about: NominationDetails, version: int = 1) -> Fact:
    """Return a fact about a request."""
    fact: Fact = kind(
        version=version,
        nomination_request_id=about.nomination_request_id,
        honouring_event_id=about.honouring_event_id,
        organisation_id=about.organisation_id,
    )
    return fact


async def hear(office: Office, *facts: Fact) -> None:
    """Have notifier hear these facts as its subscription does, and sort what is queued."""
    heard = subscriptions()
    async with transaction(office.pool) as opened:
        for fact in facts:
            await heard.handlers[type(fact).subject](opened, [fact])
    while await sort_queued(office.pool, office.neighbours.asks):
        pass


async def purposes(office: Office) -> list[tuple[str, str]]:
    return [(one.purpose, one.state) for one in await rows(office.pool)]


async def test_an_association_gets_one_mail_with_its_own_link(office: Office) -> None:
    asked = office.neighbours.know_association(nomination())

    await hear(office, told(NominationRequested, asked), told(NominationRequested, asked))
    await office.send_all()

    sent = await row(office.pool)
    assert (sent.purpose, sent.channel, sent.state) == ("nomination_request", "mail", "accepted")
    assert office.server.message_ids == [f"<l.{sent.message_id}@ehrenamt.example.de>"]
    (mail,) = office.server.taken
    assert mail.recipient == "chor@vereine.example.org"
    assert asked.link_token in mail.content.decode().replace("=\r\n", "")
    (fact,) = await recorded(office.pool, MessageSent)
    assert isinstance(fact, MessageSent)
    assert (fact.purpose, fact.concerns_id) == ("nomination_request", asked.nomination_request_id)


async def test_an_association_without_mail_gets_a_letter_with_code_and_window_address(
    office: Office,
) -> None:
    asked = office.neighbours.know_association(nomination(), email=None)
    await hear(office, told(NominationRequested, asked))
    async with transaction(office.pool) as opened:
        (batch,) = await batches.listed(opened)
        command = PrintLetters(letter_batch_id=batch.letter_batch_id, requested_by="openid:erika")
        print_id = await print_letters(opened, command)

    await Printing(settings(), office.pool, office.neighbours.asks).print_next()

    async with office.pool.acquire() as connection:
        pdf = await prints.file(connection, print_id)
    assert pdf is not None
    (text,) = [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
    assert (batch.purpose, batch.letters) == ("nomination_request", 1)
    for part in ("Chor der Neustadt e. V.", "Sängergasse 4", "01099 Elbstadt", "8MNP-5U3Y-9HRD"):
        assert part in text
    assert "ehrenamt.example.de/verein" in text
    assert asked.link_token not in text


@pytest.mark.parametrize("missing", ["street", "postal_code", "town"])
async def test_whom_nothing_reaches_is_noted_and_no_letter_is_printed(
    office: Office, missing: str
) -> None:
    asked = office.neighbours.know_association(nomination(), email=None, **{missing: ""})

    await hear(office, told(NominationRequested, asked))

    line = await row(office.pool)
    assert (line.state, line.reason) == ("cancelled", "no_address")


async def test_an_association_that_registry_does_not_know_is_noted(office: Office) -> None:
    asked = office.neighbours.know_association(nomination())
    office.neighbours.organisations.clear()

    await hear(office, told(NominationRequested, asked))

    line = await row(office.pool)
    assert (line.state, line.reason) == ("cancelled", "recipient_unknown")


async def test_each_reminder_is_a_message_of_its_own(office: Office) -> None:
    asked = office.neighbours.know_association(nomination())
    await hear(office, told(NominationRequested, asked))
    await office.send_all()

    for version in (2, 3, 3):
        await hear(office, told(NominationReminded, asked, version))
        await office.send_all()

    assert [purpose for purpose, _ in await purposes(office)] == [
        "nomination_request",
        "nomination_reminder",
        "nomination_reminder",
    ]
    assert len(set(office.server.message_ids)) == 3


async def test_who_has_proposed_meanwhile_is_not_reminded(office: Office) -> None:
    asked = office.neighbours.know_association(nomination())
    await hear(office, told(NominationRequested, asked))
    await office.send_all()
    await hear(office, told(NominationReminded, asked, 2))
    proposed = msgspec.structs.replace(asked, proposed=1)
    office.neighbours.nominations[asked.nomination_request_id] = proposed

    await office.send_all()

    assert (await rows(office.pool))[1].reason == "proposed_meanwhile"


async def test_a_request_that_waits_says_what_is_true_then_and_no_change_follows(
    office: Office,
) -> None:
    asked = office.neighbours.know_association(nomination())

    await hear(
        office,
        told(NominationRequested, asked),
        told(NominationRequestChanged, asked, 2),
        told(NominationReminded, asked, 3),
    )

    assert await purposes(office) == [("nomination_request", "queued")]


async def test_a_change_follows_a_request_that_went_out_and_overtakes_a_reminder(
    office: Office,
) -> None:
    asked = office.neighbours.know_association(nomination())
    await hear(office, told(NominationRequested, asked))
    await office.send_all()

    await hear(
        office,
        told(NominationReminded, asked, 2),
        told(NominationRequestChanged, asked, 3),
        told(NominationReminded, asked, 2),
    )

    assert await purposes(office) == [
        ("nomination_request", "accepted"),
        ("nomination_reminder", "withheld"),
        ("nomination_change", "queued"),
    ]


async def test_a_stale_fact_makes_no_message(office: Office) -> None:
    asked = office.neighbours.know_association(nomination())
    await hear(office, told(NominationRequested, asked))
    await office.send_all()

    await hear(office, told(NominationRequestChanged, asked, 3), told(NominationReminded, asked, 2))

    assert [purpose for purpose, _ in await purposes(office)] == [
        "nomination_request",
        "nomination_change",
    ]


async def test_a_cancelled_concert_is_told_to_who_was_asked_and_to_nobody_else(
    office: Office,
) -> None:
    knows = office.neighbours.know_association(nomination())
    await hear(office, told(NominationRequested, knows))
    await office.send_all()
    waits = office.neighbours.know_association(nomination())
    await hear(office, told(NominationRequested, waits))
    for one in (knows, waits):
        ended = msgspec.structs.replace(one, state="withdrawn")
        office.neighbours.nominations[one.nomination_request_id] = ended

    cancelled = HonouringEventCancelled(honouring_event_id=CONCERT_ID, version=9)
    for one in (knows, waits):
        await hear(office, told(NominationRequestWithdrawn, one, 2))
    async with transaction(office.pool) as opened:
        await announce_cancellation(opened, AnnounceCancellation(fact=cancelled))
    await office.send_all()

    assert await purposes(office) == [
        ("nomination_request", "accepted"),
        ("nomination_request", "withheld"),
        ("nomination_withdrawal", "accepted"),
    ]
    assert "Abgesagt" in office.server.taken[1].content.decode()


@pytest.mark.parametrize("purpose", NOMINATION.values())
def test_a_message_is_withheld_once_it_is_not_true_any_more(purpose: Purpose) -> None:
    late = nomination(state="closed", nominate_by=NOW - timedelta(days=1))
    states = [nomination(), late, nomination(state="closed"), nomination(state="withdrawn")]

    reasons = [reason_to_withhold_nomination(purpose, state, NOW) for state in states]

    if purpose == "nomination_withdrawal":
        assert reasons == ["overtaken", "overtaken", "overtaken", ""]
    else:
        assert reasons == ["", "too_late", "nomination_closed", "event_cancelled"]


async def test_the_ledger_itself_refuses_a_message_to_nobody_and_to_two(office: Office) -> None:
    insert = """
        insert into message (dedupe_key, purpose, honouring_event_id, is_bulk, organisation_id,
            nomination_request_id, nomination_request_version, invitation_id, invitation_version)
        values (uuidv7()::text, 'nomination_request', uuidv7(), true, $1, $1, 1, $2,
            case when $2::uuid is not null then 1 end)
        """
    one = nomination().organisation_id

    for about in ((None, None), (one, one)):
        with pytest.raises(Exception, match="message_recipient_check"):
            await office.pool.execute(insert, *about)
