"""Whatever a partner sends is accepted or waits with a reason, and the feed stays readable."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from icalendar import Calendar

from services.events.commands.take_partner_items import TakePartnerItems, take_partner_items
from services.events.ingest.batch import Arrival, Receipt
from services.events.ingest.item import Incoming
from services.events.ingest.model import Partner
from services.events.ingest.reasons import HINTS, Refusal
from services.events.ingest.sandbox import Sandbox
from shared.database import Pool, transaction
from tests.events.calendars import SITE
from tests.events.ingest.hostile import ONE_OF_EACH, corpus
from tests.events.partners import registered

DECIDED_LATER = {
    *("older_version", "not_known", "many_cancellations", "held_for_review", "kept_by_editors"),
    *("refused_by_editors", "merged", "duplicate_suspected", "not_stored"),
    *("series_not_known", "changed_texts_left_out", "took_too_much_memory", "not_read"),
}
"""Reasons that depend on what stands in the tables, are told of items that are taken, or are our
own mistakes; test_calling_off.py, test_partners_changed_dates.py, test_sandbox.py and others have
them."""
OUTCOMES = {"accepted", "unchanged", "held", "quarantined"}
SEED, MESSAGES, TOGETHER = 5_545, 500, 20


@pytest.fixture(scope="module")
async def sandbox() -> AsyncIterator[Sandbox]:
    opened = Sandbox(children=2)
    yield opened
    await opened.close()


def test_every_reason_has_a_message_of_its_own() -> None:
    assert set(ONE_OF_EACH) == set(HINTS) - DECIDED_LATER


@pytest.mark.parametrize("reason", ONE_OF_EACH)
async def test_a_limit_is_told_by_its_own_reason(sandbox: Sandbox, reason: str) -> None:
    [outcomes] = await sandbox.read([ONE_OF_EACH[reason]])

    assert {each.reason for each in outcomes if isinstance(each, Refusal)} == {reason}


def test_the_corpus_is_the_same_every_time() -> None:
    assert list(corpus(SEED, MESSAGES)) == list(corpus(SEED, MESSAGES))


async def test_all_of_the_corpus_ends_with_an_outcome_and_a_reason(
    sandbox: Sandbox, pool: Pool
) -> None:
    async with transaction(pool) as opened:
        partner = await registered(opened)
    messages = list(corpus(SEED, MESSAGES))

    receipts: list[Receipt] = []
    for first in range(0, MESSAGES, TOGETHER):
        receipts += await taken(pool, partner, sandbox, first, messages[first : first + TOGETHER])

    answered = {receipt.message_id for receipt in receipts}
    refused = {each.reason for each in receipts if each.outcome == "quarantined"}
    assert answered == {f"m-{number}" for number in range(MESSAGES)}
    assert {receipt.outcome for receipt in receipts} <= OUTCOMES
    assert refused <= set(HINTS) - {"not_stored"}
    # A reader that dies of a mistake of ours would look like one that was ended.
    costly = {receipt.message_id for receipt in receipts if receipt.reason == "took_too_long"}
    assert costly == {f"m-{list(ONE_OF_EACH).index('took_too_long')}"}
    assert len([each for each in receipts if each.outcome == "accepted"]) > 100

    found = await pool.fetch("select vevent from event_ical")
    feed = b"".join(
        [b"BEGIN:VCALENDAR\r\n", *(row["vevent"] for row in found), b"END:VCALENDAR\r\n"]
    )
    read = Calendar.from_ical(feed).walk("VEVENT")
    assert len(read) == len(found) > 0
    assert [event.errors for event in read if event.errors] == []
    assert b"\x00" not in feed


async def taken(
    pool: Pool, partner: Partner, sandbox: Sandbox, first: int, messages: list[Incoming]
) -> list[Receipt]:
    """Take messages that are named after their place in the corpus."""
    arrivals = [
        Arrival(
            stream_sequence=number,
            message_id=f"m-{number}",
            content_type="",
            body=message.body,
            outcomes=outcomes,
        )
        for number, (message, outcomes) in enumerate(
            zip(messages, await sandbox.read(messages), strict=True), first
        )
    ]
    async with transaction(pool) as opened:
        command = TakePartnerItems(partner, arrivals)
        return await take_partner_items(opened, command, SITE, datetime.now(UTC))
