"""How an association reports its events through its link, with its browser."""

from uuid import UUID, uuid4

import pytest

from services.events.associations.commands.revoke_link import RevokeLink, revoke_link
from services.events.associations.http.entering import HERE
from services.events.commands.publish_event import PublishEvent, publish_event
from services.events.commands.return_event import ReturnEvent, return_event
from services.events.model import CalendarEvent
from services.events.store.events import find_event
from shared.auth import Role
from shared.database import Pool, transaction
from shared.web.entry import masked
from tests.events.associations.clubs import Club, a_club
from tests.events.builders import EDITOR
from tests.events.calendars import SITE, draft, in_days, publish
from tests.events.http.pages import fields_of
from tests.visitor import Visitor

FIELDS = {
    "title": "Offene Chorprobe",
    "description": "Alle singen mit.",
    "place_name": "Gemeindehaus",
    "price": "frei",
    "categories": ["culture"],
    "audiences": ["families"],
    "starts_on": f"{in_days(12):%d.%m.%Y}",
    "starts_at": "18:00",
    "ends_at": "20:00",
}


@pytest.fixture
async def club(visitor: Visitor, pool: Pool) -> Club:
    """An association whose link this browser has opened."""
    club = await a_club(pool)
    opened = await visitor.get(f"{HERE}/{club.token}")
    if opened.status_code != 303:
        raise LookupError(opened.text)
    return club


async def stored(pool: Pool, club: Club) -> CalendarEvent:
    """Return the association's one event."""
    event_id: UUID = await pool.fetchval(
        "select calendar_event_id from submission where organiser_id = $1",
        club.association.organiser_id,
    )
    async with pool.acquire() as connection:
        event = await find_event(connection, event_id)
    if event is None:
        raise LookupError(str(event_id))
    return event


async def test_the_link_opens_the_associations_own_page(visitor: Visitor, club: Club) -> None:
    shown = await visitor.get(HERE)

    assert club.association.name in shown.text
    assert "noch keine Veranstaltung gemeldet" in shown.text


async def test_links_that_nobody_holds_open_nothing(visitor: Visitor, pool: Pool) -> None:
    club = await a_club(pool)
    async with transaction(pool) as opened:
        await revoke_link(opened, RevokeLink(club.association.organiser_id))

    revoked = await visitor.get(f"{HERE}/{club.token}")
    unknown = await visitor.get(f"{HERE}/{'x' * 32}")
    bare = await visitor.get(HERE)

    assert (revoked.status_code, unknown.status_code, bare.status_code) == (404, 404, 403)
    assert "set-cookie" not in revoked.headers
    said = [answer.text.partition("<main")[2].partition("Vorgangsnummer")[0]
            for answer in (revoked, unknown)]  # fmt: skip
    assert said[0] == said[1]


async def test_a_link_that_was_called_back_closes_open_pages(
    visitor: Visitor, pool: Pool, club: Club
) -> None:
    async with transaction(pool) as opened:
        await revoke_link(opened, RevokeLink(club.association.organiser_id))

    shown = await visitor.get(HERE)
    kept = await visitor.post(f"{HERE}/termine/neu", {**FIELDS, "step": "publish"})

    assert (shown.status_code, kept.status_code) == (404, 404)
    assert not await pool.fetchval(
        "select count(*) from submission where organiser_id = $1", club.association.organiser_id
    )


async def test_secrets_of_links_stand_in_no_log(club: Club) -> None:
    assert club.token not in masked(f"{HERE}/{club.token}")


async def test_only_the_hash_of_a_link_is_stored(pool: Pool, club: Club) -> None:
    rows = await pool.fetch("select organiser_link::text as row from organiser_link")

    assert rows
    assert not [row for row in rows if club.token in row["row"]]


async def test_guessing_is_slowed_down(visitor: Visitor) -> None:
    for number in range(25):
        answer = await visitor.get(f"{HERE}/{number:032}", headers={"x-forwarded-for": "192.0.2.7"})

    assert answer.status_code == 429


async def test_a_new_event_is_drafted_and_later_submitted(
    visitor: Visitor, pool: Pool, club: Club
) -> None:
    kept = await visitor.post(f"{HERE}/termine/neu", {**FIELDS, "step": "save"})
    draft = await stored(pool, club)
    shown = await visitor.get(kept.headers["location"])
    sent = await visitor.post(
        f"{HERE}/termine/{draft.calendar_event_id}/einreichen", {"version": str(draft.version)}
    )

    assert draft.state == "draft"
    assert "Noch nicht eingereicht" in shown.text
    assert "Familien" in shown.text
    assert sent.status_code == 303
    assert (await stored(pool, club)).state == "submitted"
    assert "Eingereicht" in (await visitor.get(HERE)).text


async def test_last_years_festival_is_the_template_of_the_next(
    visitor: Visitor, pool: Pool, club: Club
) -> None:
    await visitor.post(f"{HERE}/termine/neu", {**FIELDS, "step": "publish"})
    last = await stored(pool, club)
    page = await visitor.get(f"{HERE}/termine/{last.calendar_event_id}")
    way = f"{HERE}/termine/neu?vorlage={last.calendar_event_id}"

    shown = await visitor.get(way)
    fields = fields_of(shown.text)
    day = in_days(390).date()
    kept = await visitor.post(
        f"{HERE}/termine/neu", {**fields, "starts_on": day.isoformat(), "step": "save"}
    )

    new = await visitor.get(kept.headers["location"])
    assert way in page.text
    assert f"Nach der Vorlage „{last.title}“" in shown.text
    assert fields["starts_on"] == [""]
    assert last.title in new.text
    assert "Noch nicht eingereicht" in new.text
    async with pool.acquire() as connection:
        assert await find_event(connection, last.calendar_event_id) == last


@pytest.mark.usefixtures("club")
async def test_events_of_others_are_no_template(visitor: Visitor, pool: Pool) -> None:
    other = await publish(pool)

    answer = await visitor.get(f"{HERE}/termine/neu?vorlage={other.calendar_event_id}")

    assert answer.status_code == 404
    assert other.title not in answer.text


async def test_a_new_event_is_submitted_at_once(visitor: Visitor, pool: Pool, club: Club) -> None:
    await visitor.post(f"{HERE}/termine/neu", {**FIELDS, "step": "publish"})

    event = await stored(pool, club)
    assert (event.state, event.organiser) == ("submitted", club.association.name)
    assert (event.starts.hour, event.audiences) == (18, ["families"])


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "Bitte füllen Sie dieses Feld aus."),
        ({"starts_at": ""}, "ganztägig"),
        ({"website": "javascript:x"}, "https://"),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_is_lost(
    visitor: Visitor, pool: Pool, club: Club, changes: dict[str, str], sentence: str
) -> None:
    answer = await visitor.post(f"{HERE}/termine/neu", {**FIELDS, **changes, "step": "publish"})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Alle singen mit." in answer.text
    assert not await pool.fetchval(
        "select count(*) from submission where organiser_id = $1", club.association.organiser_id
    )


async def test_a_returned_event_is_changed_with_the_reason_beside_it(
    visitor: Visitor, pool: Pool, club: Club
) -> None:
    await visitor.post(f"{HERE}/termine/neu", {**FIELDS, "step": "publish"})
    event = await stored(pool, club)
    path = f"{HERE}/termine/{event.calendar_event_id}"
    async with transaction(pool) as opened:
        note = ReturnEvent(event.calendar_event_id, event.version, "Welcher Eingang?", EDITOR)
        returned = await return_event(opened, note, SITE, event.changed_at)

    listed, shown = await visitor.get(HERE), await visitor.get(f"{path}/aendern")
    answer = await visitor.post(
        f"{path}/aendern",
        {**FIELDS, "description": "Hof.", "version": str(returned.version), "step": "publish"},
    )

    after = await stored(pool, club)
    assert "Welcher Eingang?" in listed.text
    assert "Welcher Eingang?" in shown.text
    assert 'value="Offene Chorprobe"' in shown.text
    assert answer.status_code == 303
    assert (after.state, after.description) == ("submitted", "Hof.")


async def test_what_the_form_does_not_ask_for_stays(
    visitor: Visitor, pool: Pool, club: Club
) -> None:
    await visitor.post(f"{HERE}/termine/neu", {**FIELDS, "step": "save"})
    event = await stored(pool, club)
    await pool.execute(
        "update calendar_event set easy_summary = 'Wir singen.' where calendar_event_id = $1",
        event.calendar_event_id,
    )

    await visitor.post(
        f"{HERE}/termine/{event.calendar_event_id}/aendern",
        {**FIELDS, "title": "Chor", "version": str(event.version), "step": "save"},
    )

    after = await stored(pool, club)
    assert (after.title, after.easy_summary) == ("Chor", "Wir singen.")


async def test_the_cancellation_of_a_published_event_is_asked_for_and_can_be_declined(
    visitor: Visitor, pool: Pool, club: Club
) -> None:
    await visitor.post(f"{HERE}/termine/neu", {**FIELDS, "step": "publish"})
    event = await stored(pool, club)
    path = f"{HERE}/termine/{event.calendar_event_id}"
    async with transaction(pool) as opened:
        command = PublishEvent(event.calendar_event_id, event.version, EDITOR)
        await publish_event(opened, command, SITE, event.changed_at)

    silent = await visitor.post(f"{path}/absage", {"reason": ""})
    asked = await visitor.post(f"{path}/absage", {"reason": "Alle sind krank."})
    shown = await visitor.get(path)
    visitor.sign_in(Role.EDITOR)
    inbox = await visitor.get("/konsole/termine/pruefen")
    declined = await visitor.post(f"/konsole/termine/{event.calendar_event_id}/absage-ablehnen")
    after = await visitor.get("/konsole/termine/pruefen")

    assert (silent.status_code, asked.status_code, declined.status_code) == (422, 303, 303)
    assert "Sie haben um die Absage gebeten" in shown.text
    assert "Alle sind krank." in inbox.text
    assert "Alle sind krank." not in after.text
    assert (await stored(pool, club)).state == "published"


@pytest.mark.usefixtures("club")
async def test_an_event_of_somebody_else_is_not_there(visitor: Visitor, pool: Pool) -> None:
    theirs = await draft(pool, title=f"Fremd {uuid4()}")
    path = f"{HERE}/termine/{theirs.calendar_event_id}"

    answers = [
        await visitor.get(path),
        await visitor.get(f"{path}/aendern"),
        await visitor.post(f"{path}/aendern", {**FIELDS, "version": "1"}),
        await visitor.post(f"{path}/einreichen", {"version": "1"}),
        await visitor.post(f"{path}/absage", {"reason": "x"}),
    ]

    assert {answer.status_code for answer in answers} == {404}
