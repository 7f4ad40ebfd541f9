"""What partners may call off by themselves, what waits for an editor, and what editors decide."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from services.events.commands.decide_held_items import (
    DecideHeldItems,
    NothingHeld,
    decide_held_items,
)
from services.events.commands.publish_event import PublishEvent, publish_event
from services.events.commands.refuse_event import RefuseEvent, refuse_event
from services.events.commands.reset_field import ResetField, reset_field
from services.events.commands.trust_partner import TrustPartner, trust_partner
from services.events.ingest.batch import Receipt
from services.events.ingest.model import Partner
from services.events.ingest.trust import TrustRules
from services.events.store.events import find_event
from services.events.store.items import unsent_receipts
from services.events.store.trust import held_back, note_reviewed, to_review
from shared.database import Connection, Pool, transaction
from shared.errors import Malformed
from tests.events.builders import EDITOR, linked, plain
from tests.events.calendars import SITE
from tests.events.partners import coming, event_of, registered, take

NOW = datetime.now(UTC)
ALL = range(10)


async def season(opened: Connection) -> Partner:
    """Register a partner with ten events ahead."""
    partner = await registered(opened)
    await take(opened, partner, [coming(number) for number in ALL], NOW)
    return partner


async def cancel(
    opened: Connection, partner: Partner, numbers: Any, now: datetime = NOW
) -> list[Receipt]:
    items = [coming(number, status="cancelled") for number in numbers]
    return await take(opened, partner, items, now)


async def facts(opened: Connection) -> list[str]:
    rows = await opened.fetch("select subject from outbox order by position")
    return [row["subject"].split(".")[2] for row in rows]


async def test_more_than_five_and_a_fifth_cancelled_stops_the_rest(
    transaction: Connection,
) -> None:
    partner = await season(transaction)

    receipts = await cancel(transaction, partner, ALL)

    states = [(await event_of(transaction, receipt)).state for receipt in receipts]
    held = await held_back(transaction, partner.partner_id)
    assert [receipt.outcome for receipt in receipts] == ["accepted"] * 6 + ["held"] * 4
    assert {receipt.reason for receipt in receipts[6:]} == {"many_cancellations"}
    assert states == ["cancelled"] * 6 + ["published"] * 4
    assert [each.partner_key for each in held] == ["n-6", "n-7", "n-8", "n-9"]


async def test_the_brake_counts_over_messages_and_forgets_after_an_hour(
    transaction: Connection,
) -> None:
    partner = await season(transaction)

    early = [(await cancel(transaction, partner, [number]))[0] for number in range(6)]
    [stopped] = await cancel(transaction, partner, [6])
    [late] = await cancel(transaction, partner, [7], NOW + timedelta(minutes=61))
    [still] = await cancel(transaction, partner, [6], NOW + timedelta(minutes=61))

    assert {receipt.outcome for receipt in early} == {"accepted"}
    assert (stopped.outcome, late.outcome, still.outcome) == ("held", "accepted", "held")


async def test_what_is_past_may_be_called_off_without_limit(transaction: Connection) -> None:
    partner = await registered(transaction)
    past = [coming(number, starts=f"2020-03-{number + 1:02}T10:00") for number in ALL]
    await take(transaction, partner, past, NOW)

    receipts = await take(
        transaction, partner, [{**one, "status": "cancelled"} for one in past], NOW
    )

    assert {receipt.outcome for receipt in receipts} == {"accepted"}


async def test_a_brake_of_one_partner_is_none_of_another(transaction: Connection) -> None:
    one, other = await season(transaction), await season(transaction)
    await cancel(transaction, one, ALL)

    [receipt] = await cancel(transaction, other, [0])

    assert receipt.outcome == "accepted"


async def test_a_partner_that_changes_its_mind_leaves_nothing_waiting(
    transaction: Connection,
) -> None:
    partner = await season(transaction)
    await cancel(transaction, partner, ALL)

    [receipt] = await take(transaction, partner, [coming(9)], NOW)

    assert receipt.outcome == "accepted"
    assert len(await held_back(transaction, partner.partner_id)) == 3


async def test_an_editor_releases_what_waits(transaction: Connection) -> None:
    partner = await season(transaction)
    receipts = await cancel(transaction, partner, ALL)
    [gone] = await take(transaction, partner, [{"id": "n-8", "status": "deleted"}], NOW)

    command = DecideHeldItems(partner.partner_id, ["n-7", "n-8"], "release", EDITOR)
    count = await decide_held_items(transaction, command, SITE, NOW)

    assert (count, gone.outcome) == (2, "held")
    assert (await event_of(transaction, receipts[7])).state == "cancelled"
    assert receipts[8].calendar_event_id is not None
    assert await find_event(transaction, receipts[8].calendar_event_id) is None
    assert (await facts(transaction))[-2:] == ["event_cancelled", "event_withdrawn"]
    with pytest.raises(NothingHeld):
        await decide_held_items(transaction, command, SITE, NOW)


async def test_what_an_editor_rejects_takes_place_until_it_is_given_back(
    transaction: Connection,
) -> None:
    partner = await season(transaction)
    receipts = await cancel(transaction, partner, ALL)
    command = DecideHeldItems(partner.partner_id, ["n-7"], "reject", EDITOR)
    await decide_held_items(transaction, command, SITE, NOW)

    await cancel(transaction, partner, [7])
    [deleted] = await take(transaction, partner, [{"id": "n-7", "status": "deleted"}], NOW)
    insisting = await event_of(transaction, receipts[7])
    reset = ResetField(insisting.calendar_event_id, insisting.version, "state", EDITOR)
    after = await reset_field(transaction, reset, SITE, NOW)

    assert insisting.state == "published"
    assert (deleted.outcome, deleted.reason) == ("unchanged", "kept_by_editors")
    assert after.state == "cancelled"


@pytest.mark.parametrize(
    "deletion",
    [
        plain(id="n-0", status="deleted"),
        {"id": "n-0", "status": "deleted"},
        {"@type": "DeleteAction", "object": {"@type": "Event", "identifier": "n-0"}},
    ],
)
async def test_a_deleted_event_leaves_no_trace(
    transaction: Connection, deletion: dict[str, Any]
) -> None:
    partner = await registered(transaction)
    [receipt] = await take(transaction, partner, [coming(0)], NOW)

    [gone] = await take(transaction, partner, [deletion], NOW)
    [again] = await take(transaction, partner, [deletion], NOW)

    assert receipt.calendar_event_id is not None
    assert await find_event(transaction, receipt.calendar_event_id) is None
    assert (gone.outcome, again.outcome, gone.calendar_event_id) == ("accepted", "unchanged", None)
    assert await transaction.fetchval("select count(*) from event_ical") == 0
    assert "event_withdrawn" in await facts(transaction)


async def test_a_deleted_event_that_is_sent_anew_is_another(transaction: Connection) -> None:
    partner = await registered(transaction)
    [first] = await take(transaction, partner, [coming(0, version=1)], NOW)
    await take(transaction, partner, [{"id": "n-0", "status": "deleted", "version": 2}], NOW)

    [old] = await take(transaction, partner, [coming(0, version=1)], NOW)
    [new] = await take(transaction, partner, [coming(0, version=3)], NOW)

    assert (old.outcome, old.reason) == ("quarantined", "older_version")
    assert new.outcome == "accepted"
    assert new.calendar_event_id not in (None, first.calendar_event_id)


async def test_what_nobody_knows_cannot_be_deleted(transaction: Connection) -> None:
    partner = await registered(transaction)

    [receipt] = await take(transaction, partner, [{"id": "x", "status": "deleted"}], NOW)

    assert (receipt.outcome, receipt.reason) == ("quarantined", "not_known")


async def test_an_event_that_comes_and_goes_in_one_message_leaves_nothing(
    transaction: Connection,
) -> None:
    partner = await registered(transaction)

    receipts = await take(transaction, partner, [coming(0), coming(0, status="deleted")], NOW)

    assert [receipt.outcome for receipt in receipts] == ["accepted", "accepted"]
    assert await transaction.fetchval("select count(*) from calendar_event") == 0


async def test_a_category_can_have_a_rule_of_its_own(transaction: Connection) -> None:
    partner = await registered(transaction)
    rules = TrustRules("publish", {"sport": "review", "nature": "publish_and_review"})
    await trust_partner(transaction, TrustPartner(partner, rules))

    receipts = await take(
        transaction,
        partner,
        [
            coming(0, categories=["culture"]),
            coming(1, categories=["sport"]),
            coming(2, categories=["nature"]),
        ],
        NOW,
    )

    states = [(await event_of(transaction, receipt)).state for receipt in receipts]
    waiting = await to_review(transaction, partner.partner_id, 10)
    assert states == ["published", "submitted", "published"]
    assert (receipts[1].outcome, receipts[1].reason) == ("held", "held_for_review")
    assert [each.title for each in waiting] == ["Abend 2"]


async def test_what_an_editor_has_looked_at_waits_again_when_it_changes(
    transaction: Connection,
) -> None:
    partner = await registered(transaction)
    await trust_partner(transaction, TrustPartner(partner, TrustRules("publish_and_review")))
    await take(transaction, partner, [coming(0)], NOW)
    [item] = await to_review(transaction, partner.partner_id, 10)
    await note_reviewed(transaction, partner.partner_id, [item.partner_item_id])

    await take(transaction, partner, [coming(0)], NOW)
    unchanged = await to_review(transaction, partner.partner_id, 10)
    await take(transaction, partner, [coming(0, title="Anders")], NOW)
    changed = await to_review(transaction, partner.partner_id, 10)

    assert (len(unchanged), [each.title for each in changed]) == (0, ["Anders"])


async def test_a_partner_is_told_what_an_editor_has_decided(transaction: Connection) -> None:
    partner = await season(transaction)
    await cancel(transaction, partner, ALL)
    for key, verdict in (("n-6", "release"), ("n-7", "reject")):
        command = DecideHeldItems(partner.partner_id, [key], cast("Any", verdict), EDITOR)
        await decide_held_items(transaction, command, SITE, NOW)
    await trust_partner(transaction, TrustPartner(partner, TrustRules("review")))
    [held] = await take(transaction, partner, [coming(20)], NOW)
    draft = await event_of(transaction, held)
    publishing = PublishEvent(draft.calendar_event_id, draft.version, EDITOR)
    await publish_event(transaction, publishing, SITE, NOW)

    told = await unsent_receipts(transaction, NOW + timedelta(days=1), 100)

    decided = {
        each.partner_key: (each.outcome, each.reason) for each in told if not each.message_id
    }
    assert decided == {
        "n-6": ("accepted", ""),
        "n-7": ("unchanged", "kept_by_editors"),
        "n-20": ("accepted", ""),
    }
    assert {each.account_key for each in told} == {partner.account_key}


async def test_a_partner_is_told_of_a_refusal_and_again_when_it_sends_the_item(
    transaction: Connection,
) -> None:
    partner = await registered(transaction)
    await trust_partner(transaction, TrustPartner(partner, TrustRules("review")))
    [held] = await take(transaction, partner, [coming(0)], NOW)
    event = await event_of(transaction, held)
    refusing = RefuseEvent(event.calendar_event_id, event.version, "Zu viel Werbung.", EDITOR)
    await refuse_event(transaction, refusing, SITE, NOW)

    [again] = await take(transaction, partner, [coming(0, title="Neu")], NOW)

    told = await unsent_receipts(transaction, NOW + timedelta(days=1), 100)
    decided = [each.reason for each in told if not each.message_id]
    assert (held.reason, again.reason) == ("held_for_review", "refused_by_editors")
    assert decided == ["refused_by_editors"]
    assert (await event_of(transaction, again)).state == "refused"


async def test_a_draft_that_was_called_off_is_published_against_its_source(
    transaction: Connection,
) -> None:
    partner = await registered(transaction)
    await trust_partner(transaction, TrustPartner(partner, TrustRules("review")))
    await take(transaction, partner, [coming(0)], NOW)
    [receipt] = await take(transaction, partner, [coming(0, status="cancelled")], NOW)
    draft = await event_of(transaction, receipt)

    command = PublishEvent(draft.calendar_event_id, draft.version, EDITOR)
    published = await publish_event(transaction, command, SITE, NOW)
    reset = ResetField(published.calendar_event_id, published.version, "state", EDITOR)
    after = await reset_field(transaction, reset, SITE, NOW)

    assert (draft.state, published.state, after.state) == ("submitted", "published", "cancelled")


async def test_a_rule_needs_a_category(transaction: Connection) -> None:
    partner = await registered(transaction)
    command = TrustPartner(partner, TrustRules("publish", {"weather": "review"}))

    with pytest.raises(Malformed):
        await trust_partner(transaction, command)


async def test_an_action_that_deletes_nothing_is_refused(transaction: Connection) -> None:
    partner = await registered(transaction)

    [receipt] = await take(transaction, partner, [linked(**{"@type": "DeleteAction"})], NOW)

    assert (receipt.outcome, receipt.reason) == ("quarantined", "id_missing")


async def test_two_workers_do_not_both_find_that_more_may_be_called_off(pool: Pool) -> None:
    async with transaction(pool) as opened:
        partner = await season(opened)

    async def second() -> list[Receipt]:
        async with transaction(pool) as opened:
            return await cancel(opened, partner, range(5, 10))

    async with transaction(pool) as opened:
        first = await cancel(opened, partner, range(5))
        working = asyncio.create_task(second())
        await asyncio.wait({working}, timeout=0.5)
    receipts = [*first, *await working]

    assert [receipt.outcome for receipt in receipts].count("accepted") == 6
