"""Guests answer on the pages, with a link or a code, and nothing happens by accident."""

import re
from collections.abc import AsyncIterator

import pytest

from services.recognition.honouring.store import links
from services.recognition.honouring.tickets import read_ticket
from shared.contracts.recognition import GuestDetails
from shared.database import Pool, transaction
from shared.web.limits import MISSES_PER_MINUTE
from tests.conftest import Database
from tests.recognition.honouring.guests import past_deadline, read
from tests.recognition.honouring.keys import KEYS
from tests.recognition.honouring.pages import browsing, invited, open_link
from tests.visitor import Visitor

COMES_ALONE = {"coming": "ja", "seats": "1"}
DECLINES = {"coming": "nein"}


@pytest.fixture
async def browser(database: Database) -> AsyncIterator[Visitor]:
    """A guest's browser."""
    async with browsing(database) as visitor:
        yield visitor


async def test_a_link_opens_the_invitation_without_its_secret_in_the_address(
    browser: Visitor, pool: Pool
) -> None:
    (guest,) = (await invited(pool)).letters

    opened = await browser.get(f"/e/{guest.link_token}")
    shown = await browser.get("/einladung")

    assert (opened.status_code, opened.headers["location"]) == (303, "/einladung")
    assert opened.headers["cache-control"] == "no-store"
    assert "Ehrenamtskonzert" in shown.text
    assert "Freitag, 10. Januar 2031" in shown.text
    assert guest.link_token not in shown.text


async def test_neither_answer_is_ticked_beforehand(browser: Visitor, pool: Pool) -> None:
    (guest,) = (await invited(pool)).letters
    await open_link(browser, guest)

    shown = await browser.get("/einladung")

    assert re.findall(r'type="radio"[^>]*name="coming"', shown.text)
    assert " checked" not in shown.text


async def test_following_a_link_a_hundred_times_changes_nothing(
    browser: Visitor, pool: Pool
) -> None:
    (guest,) = (await invited(pool)).letters
    await open_link(browser, guest)
    before = await state(pool, guest)

    for path in (f"/e/{guest.link_token}", "/einladung", "/einladung/antwort"):
        for _ in range(10):
            await browser.get(path)
            await browser.client.head(path)

    assert await state(pool, guest) == before


async def test_an_answer_is_kept_and_the_tickets_are_shown(browser: Visitor, pool: Pool) -> None:
    (guest,) = (await invited(pool)).letters
    await open_link(browser, guest)

    answer = await browser.post(
        "/einladung/antwort", {"coming": "ja", "seats": "2", "companion_name": "Ute Muster"}
    )

    shown = await browser.get("/einladung")
    cards = await browser.get("/einladung/karten")
    assert (answer.status_code, answer.headers["location"]) == (303, "/einladung")
    assert "Vielen Dank, Ihre Zusage ist gespeichert." in shown.text
    assert "2 Plätze" in shown.text
    assert "Ute Muster" in cards.text
    assert cards.text.count('class="qr"') == 2
    assert "style=" not in cards.text


async def test_an_empty_answer_is_sent_back_with_the_reason_beside_the_field(
    browser: Visitor, pool: Pool
) -> None:
    (guest,) = (await invited(pool)).letters
    await open_link(browser, guest)

    nothing = await browser.post("/einladung/antwort")
    no_number = await browser.post("/einladung/antwort", {"coming": "ja"})

    assert (nothing.status_code, no_number.status_code) == (422, 422)
    assert "Bitte wählen Sie etwas aus." in nothing.text
    assert "ob Sie allein oder zu zweit kommen" in no_number.text
    assert 'id="seats-fehler"' in no_number.text
    assert (await state(pool, guest))[0] == "invited"


async def test_bad_input_is_told_in_german_and_never_fails(browser: Visitor, pool: Pool) -> None:
    (guest,) = (await invited(pool)).letters
    await open_link(browser, guest)
    for wrong in (
        {"coming": "vielleicht"},
        {"coming": "ja", "seats": "3"},
        {"coming": "ja", "seats": "zwei"},
        {"coming": "ja", "seats": "2", "companion_name": "x" * 101},
        {"coming": "ja", "seats": "2", "companion_name": "Ute\x00Muster"},
        {"coming": "ja", "seats": "1", "access_needs": "Diagnose"},
    ):
        answer = await browser.post("/einladung/antwort", wrong)

        assert answer.status_code in {400, 422}, wrong
        assert (await state(pool, guest))[0] == "invited"


async def test_a_double_click_is_one_answer(browser: Visitor, pool: Pool) -> None:
    (guest,) = (await invited(pool)).letters
    await open_link(browser, guest)
    fields = {**COMES_ALONE, "request_key": "0123456789"}
    for _ in range(2):
        assert (await browser.post("/einladung/antwort", fields)).status_code == 303
    await browser.post("/einladung/antwort", DECLINES)

    late = await browser.post("/einladung/antwort", fields)

    assert late.status_code == 303
    assert (await state(pool, guest))[0] == "declined"


async def test_a_form_without_its_token_is_refused(browser: Visitor, pool: Pool) -> None:
    (guest,) = (await invited(pool)).letters
    await open_link(browser, guest)

    answer = await browser.client.post("/einladung/antwort", data=COMES_ALONE)

    assert answer.status_code == 403
    assert (await state(pool, guest))[0] == "invited"


async def test_the_code_from_the_letter_opens_the_same_page(browser: Visitor, pool: Pool) -> None:
    (guest,) = (await invited(pool)).letters

    opened = await browser.post("/einladung/code", {"code": guest.letter_code.lower()})
    await browser.post("/einladung/antwort", COMES_ALONE)

    assert (opened.status_code, opened.headers["location"]) == (303, "/einladung")
    assert await state(pool, guest) == ("accepted", "code")


async def test_without_a_link_the_code_is_asked_for(browser: Visitor) -> None:
    answer = await browser.get("/einladung")

    assert (answer.status_code, answer.headers["location"]) == (303, "/einladung/code")
    assert "Code aus dem Brief" in (await browser.get("/einladung/code")).text


async def test_a_mistyped_code_is_told_beside_the_field(browser: Visitor) -> None:
    empty = await browser.post("/einladung/code")
    wrong = await browser.post("/einladung/code", {"code": "7KQM-4T2X-9HRD"})
    short = await browser.post("/einladung/code", {"code": "7KQM"})

    assert [empty.status_code, wrong.status_code, short.status_code] == [422, 404, 404]
    assert 'id="code-fehler"' in wrong.text


async def test_who_guesses_codes_has_to_pause(browser: Visitor) -> None:
    for _ in range(MISSES_PER_MINUTE):
        await browser.client.post("/einladung/code", data={"code": "7KQM-4T2X-9HRD"})

    answer = await browser.client.post("/einladung/code", data={"code": "7KQM-4T2X-9HRD"})

    assert answer.status_code == 429
    assert "retry-after" in answer.headers


@pytest.mark.parametrize("path", ["/einladung", "/verein"])
async def test_who_guesses_in_a_cookie_has_to_pause_too(browser: Visitor, path: str) -> None:
    kind = "invitation" if path == "/einladung" else "organisation"
    for number in range(MISSES_PER_MINUTE):
        browser.client.cookies.set(f"__Host-{kind}", f"guess-{number}")
        await browser.get(path)

    assert (await browser.get(path)).status_code == 429


async def test_unknown_ended_and_revoked_links_get_the_same_page(
    browser: Visitor, pool: Pool
) -> None:
    ended, revoked = (await invited(pool, 2)).letters
    async with transaction(pool) as opened:
        await past_deadline(opened, ended.honouring_event_id)
        await opened.execute("update invitation_wave set answer_by = answer_by - interval '2 days'")
        await links.revoke(opened, revoked.invitation_id)

    pages = [
        await browser.get(f"/e/{token}")
        for token in ("unknown", "A" * 32, ended.link_token, revoked.link_token)
    ]

    assert [shown.status_code for shown in pages] == [404] * 4
    assert len({shown.text for shown in pages}) == 1
    assert "Telefon" in pages[0].text


async def test_a_link_that_ends_while_the_page_is_open_leads_to_the_same_page(
    browser: Visitor, pool: Pool
) -> None:
    (guest,) = (await invited(pool)).letters
    await open_link(browser, guest)
    async with transaction(pool) as opened:
        await links.revoke(opened, guest.invitation_id)

    shown = await browser.get("/einladung")
    answer = await browser.post("/einladung/antwort", COMES_ALONE)

    assert (shown.status_code, answer.status_code) == (404, 403)


async def test_a_guest_who_comes_can_see_the_ticket_long_after_the_deadline(
    browser: Visitor, pool: Pool
) -> None:
    (guest,) = (await invited(pool)).letters
    await open_link(browser, guest)
    await browser.post("/einladung/antwort", COMES_ALONE)
    async with transaction(pool) as opened:
        await opened.execute("update invitation_wave set answer_by = now() - interval '9 days'")

    await open_link(browser, guest)

    assert 'class="qr"' in (await browser.get("/einladung/karten")).text


async def test_the_printed_code_is_the_signed_ticket(pool: Pool, browser: Visitor) -> None:
    (guest,) = (await invited(pool)).letters
    await open_link(browser, guest)
    await browser.post("/einladung/antwort", COMES_ALONE)

    seen = await browser.get(
        "/api/recognition/v1/invitation",
        headers={"authorization": f"Bearer {guest.link_token}"},
    )

    (ticket,) = seen.json()["tickets"]
    assert str(read_ticket(ticket["code"], KEYS).ticket_id) == ticket["ticket_id"]


async def test_the_waiting_list_tells_its_guest_where_they_stand(
    browser: Visitor, pool: Pool
) -> None:
    guests = (await invited(pool, 3, seats=1)).letters
    for guest in guests:
        await open_link(browser, guest)
        await browser.post("/einladung/antwort", COMES_ALONE)

    shown = await browser.get("/einladung")

    assert "Sie stehen auf der Warteliste." in shown.text
    assert "Vor Ihnen wartet noch eine andere Einladung." in shown.text
    assert "Wer am längsten wartet" in shown.text


async def test_an_offer_is_shown_with_its_deadline_and_can_be_taken(
    browser: Visitor, pool: Pool
) -> None:
    first, second = (await invited(pool, 2, seats=1)).letters
    for guest in (first, second):
        await open_link(browser, guest)
        await browser.post("/einladung/antwort", COMES_ALONE)
    await open_link(browser, first)
    await browser.post("/einladung/antwort", DECLINES)

    await open_link(browser, second)
    shown = await browser.get("/einladung")
    await browser.post("/einladung/antwort", COMES_ALONE)

    assert "Für Sie ist ein Platz frei geworden." in shown.text
    assert "Ich nehme den Platz an" in shown.text
    assert (await state(pool, second))[0] == "accepted"


async def test_a_refusal_of_the_rules_stands_above_the_form(browser: Visitor, pool: Pool) -> None:
    first, second = (await invited(pool, 2, seats=2)).letters
    for guest in (first, second):
        await open_link(browser, guest)
        await browser.post("/einladung/antwort", COMES_ALONE)

    answer = await browser.post("/einladung/antwort", {"coming": "ja", "seats": "2"})

    assert answer.status_code == 422
    assert "Ihre bisherige Zusage bleibt unverändert." in answer.text


async def test_the_calendar_entry_is_one_that_calendars_read(browser: Visitor, pool: Pool) -> None:
    (guest,) = (await invited(pool)).letters
    await open_link(browser, guest)
    await browser.post("/einladung/antwort", COMES_ALONE)

    entry = await browser.get("/einladung/termin.ics")

    assert entry.headers["content-type"] == "text/calendar; charset=utf-8"
    assert f"UID:{guest.invitation_id}@ehrenamt.example.de\r\n" in entry.text
    assert "DTSTART;TZID=Europe/Berlin:20310208T190000\r\n" in entry.text
    assert "METHOD" not in entry.text


async def test_closing_the_invitation_leaves_nothing_on_the_device(
    browser: Visitor, pool: Pool
) -> None:
    (guest,) = (await invited(pool)).letters
    await open_link(browser, guest)

    await browser.post("/einladung/verlassen")

    assert (await browser.get("/einladung")).headers["location"] == "/einladung/code"


async def state(pool: Pool, guest: GuestDetails) -> tuple[str, str | None]:
    async with pool.acquire() as connection:
        invitation = (await read(connection, guest.invitation_id)).invitation
    return invitation.state, invitation.answered_via
