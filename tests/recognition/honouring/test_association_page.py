"""An association proposes its guests through its own link, without an account."""

from collections.abc import AsyncIterator
from uuid import UUID

import msgspec
import pytest

from services.recognition.app import create
from services.recognition.honouring.commands.invite_organisations import (
    InviteOrganisations,
    invite_organisations,
)
from services.recognition.honouring.store import proposal_list
from shared.database import Pool, transaction
from tests.conftest import Database
from tests.recognition.honouring import builders as a
from tests.recognition.honouring.settings import settings_for
from tests.visitor import Visitor, visiting


class Club(msgspec.Struct, frozen=True):
    """An association with its link to one concert."""

    event_id: UUID
    organisation_id: UUID
    members: list[UUID]
    token: str


@pytest.fixture
async def browser(database: Database) -> AsyncIterator[Visitor]:
    """A browser without cookies at recognition's pages."""
    async with visiting(create(settings_for(database))) as visitor:
        yield visitor


async def club(pool: Pool, places: int = 2, count: int = 3) -> Club:
    async with transaction(pool) as opened:
        event_id = await a.opened(opened)
        members = [await a.person(opened, f"Grit Mitglied{number}") for number in range(count)]
        organisation_id = await a.association(opened, members=members, quota=(event_id, places))
        command = InviteOrganisations(honouring_event_id=event_id, organisation_id=organisation_id)
        (link,) = await invite_organisations(opened, command)
    return Club(event_id, organisation_id, members, link.token)


async def proposed(pool: Pool, one: Club) -> list[UUID]:
    async with pool.acquire() as connection:
        listed = await proposal_list.of_association(connection, one.event_id, one.organisation_id)
    return [proposal.person_id for proposal in listed]


async def enter(browser: Visitor, one: Club) -> None:
    """Open the link, as the browser does that follows the redirect."""
    answer = await browser.get(f"/v/{one.token}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/verein")


async def test_the_link_shows_the_associations_own_quota(browser: Visitor, pool: Pool) -> None:
    one = await club(pool)

    await enter(browser, one)
    shown = await browser.get("/verein")

    assert "Beispielverein" in shown.text
    assert "Samstag, 30. November 2030" in shown.text
    assert "Mitglied0, Grit" in shown.text


async def test_opening_a_link_proposes_nobody(browser: Visitor, pool: Pool) -> None:
    one = await club(pool)

    await enter(browser, one)
    await browser.get(f"/verein?person_id={one.members[0]}")

    assert await proposed(pool, one) == []


async def test_a_member_is_proposed_with_one_click(browser: Visitor, pool: Pool) -> None:
    one = await club(pool)
    await enter(browser, one)

    answer = await browser.post("/verein/vorschlaege", {"person_id": str(one.members[0])})

    assert answer.status_code == 303
    assert await proposed(pool, one) == [one.members[0]]


async def test_past_the_quota_the_page_says_what_to_do(browser: Visitor, pool: Pool) -> None:
    one = await club(pool, places=1)
    await enter(browser, one)
    await browser.post("/verein/vorschlaege", {"person_id": str(one.members[0])})

    answer = await browser.post("/verein/vorschlaege", {"person_id": str(one.members[1])})

    assert answer.status_code == 422
    assert "Ihr Kontingent ist ausgeschöpft (1 von 1)." in answer.text
    assert await proposed(pool, one) == [one.members[0]]


async def test_a_proposal_is_withdrawn_with_one_click(browser: Visitor, pool: Pool) -> None:
    one = await club(pool)
    await enter(browser, one)
    await browser.post("/verein/vorschlaege", {"person_id": str(one.members[0])})
    proposal_id = await pool.fetchval(
        "select guest_proposal_id from guest_proposal where honouring_event_id = $1", one.event_id
    )

    answer = await browser.post(f"/verein/vorschlaege/{proposal_id}/zurueckziehen")

    assert answer.status_code == 303
    assert await proposed(pool, one) == []


async def test_the_list_of_members_is_searched(browser: Visitor, pool: Pool) -> None:
    one = await club(pool)
    await enter(browser, one)

    shown = await browser.get("/verein?suche=mitglied2")

    assert "Mitglied2, Grit" in shown.text
    assert "Mitglied1, Grit" not in shown.text


@pytest.mark.parametrize("token", ["x", "A" * 32, "%00", "A" * 3000, "..%2F"])
async def test_a_wrong_link_is_not_found(browser: Visitor, token: str) -> None:
    assert (await browser.get(f"/v/{token}")).status_code == 404


async def test_the_portal_is_closed_without_a_link(browser: Visitor) -> None:
    asked = await browser.get("/verein")
    assert (asked.status_code, asked.headers["location"]) == (303, "/verein/code")


async def test_a_revoked_link_opens_nothing_any_more(browser: Visitor, pool: Pool) -> None:
    one = await club(pool)
    await enter(browser, one)
    await pool.execute("update capability_link set revoked_at = now()")

    assert (await browser.get("/verein")).status_code == 404
    assert (await browser.get(f"/v/{one.token}")).status_code == 404


async def test_a_proposal_needs_the_token_of_the_page(browser: Visitor, pool: Pool) -> None:
    one = await club(pool)
    await enter(browser, one)

    answer = await browser.client.post(
        "/verein/vorschlaege", data={"person_id": str(one.members[0])}
    )

    assert answer.status_code == 403
    assert await proposed(pool, one) == []


@pytest.mark.parametrize("person_id", ["", "x", "00000000-0000-0000-0000-000000000000"])
async def test_a_senseless_person_is_refused_in_words(
    browser: Visitor, pool: Pool, person_id: str
) -> None:
    one = await club(pool)
    await enter(browser, one)

    answer = await browser.post("/verein/vorschlaege", {"person_id": person_id})

    assert answer.status_code in {404, 422}
