"""Journey 3: what a partner publishes stands in everybody's calendar, or the partner learns why."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any, Final

import pytest

from tests.journeys import partner
from tests.journeys.browser import Browser
from tests.journeys.guests import Citizen
from tests.journeys.ledger import settled
from tests.journeys.partner import PartnerSystem
from tests.journeys.system import System

DAY: Final = date.today() + timedelta(days=40)  # noqa: DTZ011 - any day to come
TITLE: Final = "Nachtfähre, ein Schauspiel"
BACKWARDS: Final = {"identifier": "rueckwaerts", "name": "Rückwärts erzählt"}
REASONS: Final = ("source_mismatch", "json_malformed", "end_before_start")
QUARANTINED: Final = ("quarantined", "end_before_start")


def play(**changed: Any) -> dict[str, Any]:
    """Return a play as schema.org has it."""
    return {
        "@context": "https://schema.org",
        "@type": "TheaterEvent",
        "identifier": "nachtfaehre-1",
        "name": TITLE,
        "startDate": f"{DAY}T19:30",
        "endDate": f"{DAY}T21:45",
        "location": {"@type": "Place", "name": "Schauspielhaus", "address": "Theaterplatz 2"},
        **changed,
    }


@pytest.fixture(scope="module")
async def theatre(system: System) -> AsyncIterator[PartnerSystem]:
    """A partner."""
    async with partner.taken_in(system, "schauspielhaus", "Schauspielhaus Elbstadt") as theatre:
        yield theatre


@pytest.fixture(scope="module")
async def rival(system: System) -> AsyncIterator[PartnerSystem]:
    """Another partner."""
    async with partner.taken_in(system, "kammerspiele", "Kammerspiele Elbstadt") as rival:
        yield rival


async def test_a_partners_item_reaches_the_feed_and_changes_with_it(
    theatre: PartnerSystem, citizen: Citizen
) -> None:
    told = await theatre.publish(play())
    entry = await citizen.expect(TITLE)
    again = await theatre.publish(play())
    moved = await theatre.publish(play(startDate=f"{DAY}T20:30", endDate=f"{DAY}T22:45"))
    later = await citizen.expect(TITLE, after=entry)
    page = await citizen.browser.open(told.event)
    await theatre.publish(play(eventStatus="https://schema.org/EventCancelled"))
    gone = await citizen.expect(TITLE, after=later)

    assert (told.outcome, again.outcome, moved.outcome) == ("accepted", "unchanged", "accepted")
    assert (entry.status, gone.status) == ("CONFIRMED", "CANCELLED")
    assert {entry.uid, later.uid, gone.uid} == {entry.uid}
    assert f"{later.starts_at:%Y-%m-%dT%H:%M}" == f"{DAY}T20:30"
    assert TITLE in page.text
    assert "Schauspielhaus" in page.text
    assert theatre.unread_receipts == 0


async def test_a_broken_item_is_answered_to_its_partner_and_listed_in_the_console(
    system: System, theatre: PartnerSystem, rival: PartnerSystem, citizen: Citizen, editor: Browser
) -> None:
    told = await rival.publish(play(**BACKWARDS, endDate=f"{DAY}T18:00"))
    unreadable = await rival.publish(b'{"identifier": "halb", "na')
    pretended = await rival.publish(play(name="Geborgte Feder"), source=theatre.name)
    right = await rival.publish(play(**BACKWARDS))
    await citizen.expect(BACKWARDS["name"])
    await settled(system)
    overview = await editor.open("/konsole/partner")
    listed = await editor.open(f"/konsole/partner/{rival.name}")

    assert (told.outcome, told.reason, told.field) == (*QUARANTINED, "endDate")
    assert told.hint == "Das Ende liegt vor dem Beginn."
    assert (unreadable.outcome, unreadable.reason) == ("quarantined", "json_malformed")
    assert (pretended.outcome, pretended.reason) == ("quarantined", "source_mismatch")
    assert right.outcome == "accepted"
    assert theatre.unread_receipts == 0
    assert await citizen.find("Geborgte Feder") is None
    assert ["Kammerspiele Elbstadt kammerspiele", "1"] in [row[:2] for row in overview.rows]
    assert "Der Inhalt ist kein gültiges JSON." in listed.text
    outcomes = [row[1] for row in listed.rows][:4]
    assert outcomes[0] == "übernommen"
    for outcome, code in zip(outcomes[1:], REASONS, strict=True):
        assert outcome.startswith("zurückgewiesen")
        assert code in outcome
