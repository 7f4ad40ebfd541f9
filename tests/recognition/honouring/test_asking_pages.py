"""Before associations are written to, a page says whom it reaches; nothing goes out unconfirmed."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from services.recognition.app import create
from services.recognition.honouring.commands.give_nomination_links import (
    GiveNominationLinks,
    give_nomination_links,
)
from services.recognition.honouring.http.frame import LIST
from shared.auth import Role
from shared.contracts.recognition_reads import NominationDetails
from shared.database import Pool, transaction
from tests.conftest import Database
from tests.recognition.honouring import builders as a
from tests.recognition.honouring.nominations import club_that_was_asked, tomorrow
from tests.recognition.honouring.settings import settings_for
from tests.visitor import Visitor, visiting


@pytest.fixture
async def browser(database: Database) -> AsyncIterator[Visitor]:
    """A browser at recognition's pages."""
    async with visiting(create(settings_for(database))) as visitor:
        yield visitor


async def three_clubs(pool: Pool) -> tuple[UUID, str]:
    """A planned concert with an association for each way, and its page of quotas."""
    async with transaction(pool) as opened:
        event_id = await a.planned(opened)
        quota = (event_id, 2)
        await a.association(opened, "Mailverein", quota=quota)
        await a.association(opened, "Briefverein", quota=quota, email=None, street="Gasse 1")
        await a.association(opened, "Verein Nirgendwo", quota=quota, email=None)
    return event_id, f"{LIST}/{event_id}/kontingente"


async def requests(pool: Pool, event_id: UUID) -> int:
    found: int = await pool.fetchval(
        "select count(*) from nomination_request where honouring_event_id = $1", event_id
    )
    return found


async def details(pool: Pool) -> tuple[UUID, NominationDetails]:
    """An association that was asked, and what its letter is written from."""
    async with transaction(pool) as opened:
        event_id = await a.opened(opened)
        club = await club_that_was_asked(opened, event_id)
        request_id = await opened.fetchval(
            "select nomination_request_id from nomination_request where organisation_id = $1", club
        )
        (found,) = await give_nomination_links(
            opened, GiveNominationLinks(nomination_request_ids=(request_id,))
        )
    return event_id, found


async def test_the_preview_counts_mails_and_letters_and_names_whom_nothing_reaches(
    browser: Visitor, pool: Pool
) -> None:
    event_id, base = await three_clubs(pool)
    browser.sign_in(Role.FOUNDATION)

    preview = await browser.get(f"{base}/bitten")

    assert preview.status_code == 200
    assert "Öffnen und 2 Vereine um Vorschläge bitten" in preview.text
    assert "1 E-Mail geht" in preview.text
    assert "1 Brief steht danach" in preview.text
    assert "Verein Nirgendwo" in preview.text
    assert "Mailverein" not in preview.text
    assert await requests(pool, event_id) == 0


async def test_confirmed_the_nomination_is_open_and_everybody_is_asked(
    browser: Visitor, pool: Pool
) -> None:
    event_id, base = await three_clubs(pool)
    browser.sign_in(Role.FOUNDATION)

    answer = await browser.post(f"{base}/bitten", {"expected": "2"})
    shown = await browser.get(base)

    assert (answer.status_code, answer.headers["location"]) == (303, base)
    assert await requests(pool, event_id) == 2
    assert "per E-Mail" in shown.text
    assert "per Brief" in shown.text
    assert "nicht erreichbar" in shown.text
    assert "Noch nicht geöffnet" in shown.text


async def test_other_numbers_than_the_preview_said_open_nothing(
    browser: Visitor, pool: Pool
) -> None:
    event_id, base = await three_clubs(pool)
    browser.sign_in(Role.FOUNDATION)

    answer = await browser.post(f"{base}/bitten", {"expected": "7"})

    assert answer.status_code == 422
    assert "Inzwischen wären 2 statt 7 Vereine anzuschreiben." in answer.text
    assert await requests(pool, event_id) == 0
    phase = await pool.fetchval(
        "select phase from honouring_event where honouring_event_id = $1", event_id
    )
    assert phase == "draft"


async def test_a_quota_that_is_added_later_leads_on_to_asking(browser: Visitor, pool: Pool) -> None:
    async with transaction(pool) as opened:
        event_id = await a.opened(opened)
        club = await a.association(opened, "Späterer Verein")
    base = f"{LIST}/{event_id}/kontingente"
    browser.sign_in(Role.FOUNDATION)

    answer = await browser.post(base, {f"places_{club}": "2"})
    preview = await browser.get(answer.headers["location"])

    assert answer.headers["location"] == f"{base}/bitten"
    assert "Ja, 1 Verein um Vorschläge bitten" in preview.text


async def test_reminding_is_confirmed_and_possible_once_a_day(browser: Visitor, pool: Pool) -> None:
    async with transaction(pool) as opened:
        event_id = await a.opened(opened)
        club = await club_that_was_asked(opened, event_id)
        await tomorrow(opened, event_id)
    path = f"{LIST}/{event_id}/kontingente/erinnern"
    browser.sign_in(Role.FOUNDATION)

    preview = await browser.get(f"{path}?verein={club}")
    answer = await browser.post(path, {"expected": "1", "organisation_id": str(club)})
    shown = await browser.get(f"{LIST}/{event_id}/kontingente")
    again = await browser.post(path, {"expected": "1"})

    assert "Ja, 1 Verein erinnern" in preview.text
    assert answer.status_code == 303
    assert "Erinnert:" in shown.text
    assert again.status_code == 422
    assert "Heute ist niemand zu erinnern" in again.text


async def test_the_link_of_a_mail_opens_the_page_and_the_planner_sees_that(
    browser: Visitor, pool: Pool
) -> None:
    event_id, found = await details(pool)

    link = await browser.get(f"/v/{found.link_token}")
    unseen = await pool.fetchval(
        "select opened_at from nomination_request where honouring_event_id = $1", event_id
    )
    page = await browser.get("/verein")
    browser.sign_in(Role.FOUNDATION)
    shown = await browser.get(f"{LIST}/{event_id}/kontingente")

    assert link.headers["location"] == "/verein"
    assert unseen is None
    assert "Ihre Engagierten" in page.text
    assert "Geöffnet:" in shown.text


async def test_the_code_of_a_letter_opens_the_page_with_slips_of_typing(
    browser: Visitor, pool: Pool
) -> None:
    _, found = await details(pool)

    empty = await browser.post("/verein/code", {"code": ""})
    wrong = await browser.post("/verein/code", {"code": "AAAA-AAAA-AAAA"})
    right = await browser.post(
        "/verein/code", {"code": found.letter_code.lower().replace("-", " ")}
    )
    page = await browser.get("/verein")

    assert (empty.status_code, wrong.status_code) == (422, 404)
    assert 'id="code-fehler"' in wrong.text
    assert (right.status_code, right.headers["location"]) == (303, "/verein")
    assert "Ihre Engagierten" in page.text
    assert found.letter_code not in str(right.headers)


async def test_no_secret_of_an_association_is_stored_in_the_clear(pool: Pool) -> None:
    _, found = await details(pool)

    stored = await pool.fetchval("select string_agg(link::text, ' ') from capability_link as link")

    assert found.link_token not in stored
    assert found.letter_code not in stored
