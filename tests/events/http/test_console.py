"""What editors see and do, with their browser."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from services.events.commands.register_partner import RegisterPartner, register_partner
from services.events.commands.take_partner_items import TakePartnerItems, take_partner_items
from services.events.ingest.batch import Arrival
from services.events.ingest.model import Partner
from services.events.ingest.reading import read
from services.events.model import CalendarEvent
from services.events.store.events import find_event
from shared.auth import Role
from shared.database import Pool, transaction
from shared.german import short_day
from tests.events.builders import incoming, plain
from tests.events.calendars import SITE, draft, in_days, publish
from tests.visitor import Visitor

LIST = "/konsole/termine"
FIELDS = {
    "title": "Herbstbasar",
    "description": "Mit Kuchen",
    "place_name": "Gemeindesaal",
    "categories": ["festivity", "family"],
    "starts_on": f"{in_days(12):%d.%m.%Y}",
    "starts_at": "14:00",
    "ends_at": "18:00",
}


@pytest.fixture
def editor(visitor: Visitor) -> Visitor:
    visitor.sign_in(Role.EDITOR)
    return visitor


async def stored(pool: Pool, answer: httpx.Response) -> CalendarEvent:
    async with pool.acquire() as connection:
        event = await find_event(connection, UUID(answer.headers["location"].rsplit("/", 1)[1]))
    assert event is not None
    return event


async def again(pool: Pool, event: CalendarEvent) -> CalendarEvent:
    async with pool.acquire() as connection:
        found = await find_event(connection, event.calendar_event_id)
    assert found is not None
    return found


@pytest.mark.parametrize("path", [LIST, f"{LIST}/neu", "/konsole/partner"])
async def test_the_console_is_for_editors_only(visitor: Visitor, path: str) -> None:
    stranger = await visitor.get(path)
    visitor.sign_in(Role.CLERK)
    other = await visitor.get(path)

    assert stranger.status_code == 303
    assert other.status_code == 403


async def test_a_new_event_is_shown_before_it_is_kept(editor: Visitor, pool: Pool) -> None:
    before = await pool.fetchval("select count(*) from calendar_event")

    preview = await editor.post(LIST, {**FIELDS, "step": "preview"})

    assert preview.status_code == 200
    assert "Gespeichert ist noch nichts" in preview.text
    assert "14:00 bis 18:00 Uhr" in preview.text
    assert 'name="title" value="Herbstbasar"' in preview.text
    assert await pool.fetchval("select count(*) from calendar_event") == before


async def test_an_event_can_be_published_from_its_preview(editor: Visitor, pool: Pool) -> None:
    answer = await editor.post(LIST, {**FIELDS, "step": "publish"})

    event = await stored(pool, answer)
    assert answer.status_code == 303
    assert event.state == "published"
    assert event.categories == ["festivity", "family"]
    assert (event.starts.hour, event.ends and event.ends.hour) == (14, 18)


async def test_a_draft_is_kept_for_later_and_published_with_a_confirmation(
    editor: Visitor, pool: Pool
) -> None:
    event = await stored(pool, await editor.post(LIST, {**FIELDS, "step": "save"}))
    path = f"{LIST}/{event.calendar_event_id}/veroeffentlichen"

    question = await editor.get(path)
    answer = await editor.post(path, {"version": str(event.version)})

    assert event.state == "draft"
    assert "Abonnements" in question.text
    assert answer.status_code == 303
    assert (await again(pool, event)).state == "published"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "Bitte füllen Sie dieses Feld aus."),
        ({"starts_on": "32.13.2026"}, "gibt es nicht"),
        ({"starts_at": ""}, "ganztägig"),
        ({"ends_on": "01.01.2001", "ends_at": "10:00"}, "nach dem Beginn"),
        ({"starts_at": "18:00", "ends_at": "17:00"}, "Das Ende liegt vor dem Beginn."),
        ({"website": "javascript:x"}, "https://"),
        ({"starts_on": "01.01.1950"}, "zwischen 1970 und 2099"),
    ],
)
async def test_a_field_that_is_wrong_is_named_beside_it(
    editor: Visitor, changes: dict[str, str], sentence: str
) -> None:
    answer = await editor.post(LIST, {**FIELDS, **changes, "step": "preview"})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Mit Kuchen" in answer.text


async def test_an_end_after_midnight_is_on_the_next_day(editor: Visitor, pool: Pool) -> None:
    late = {**FIELDS, "starts_at": "22:00", "ends_at": "2:00", "step": "save"}

    event = await stored(pool, await editor.post(LIST, late))

    assert event.ends is not None
    assert (event.ends - event.starts).total_seconds() == 4 * 3600


async def test_an_all_day_event_ends_after_its_last_day(editor: Visitor, pool: Pool) -> None:
    days = {**FIELDS, "all_day": "on", "ends_on": f"{in_days(13):%d.%m.%Y}", "step": "save"}

    event = await stored(pool, await editor.post(LIST, days))

    assert event.all_day
    assert event.ends is not None
    assert (event.ends - event.starts).days == 2


async def test_texts_are_changed_after_a_preview(editor: Visitor, pool: Pool) -> None:
    event = await publish(pool)
    path = f"{LIST}/{event.calendar_event_id}/aendern"
    fields = {"version": str(event.version), "title": "Neuer Titel", "place_name": "Anderswo"}

    shown = await editor.get(path)
    preview = await editor.post(path, {**fields, "step": "preview"})
    answer = await editor.post(path, {**fields, "step": "save"})

    assert 'value="Sommerkonzert"' in shown.text
    assert "beim nächsten Abruf" in preview.text
    assert answer.status_code == 303
    after = await again(pool, event)
    assert (after.title, after.sequence) == ("Neuer Titel", event.sequence + 1)
    assert after.starts == event.starts


async def test_an_event_is_moved_after_a_preview(editor: Visitor, pool: Pool) -> None:
    event = await publish(pool)
    path = f"{LIST}/{event.calendar_event_id}/verlegen"
    fields = {
        "version": str(event.version), "starts_on": f"{in_days(20):%d.%m.%Y}",
        "starts_at": "18:30", "ends_at": "20:00",
    }  # fmt: skip

    preview = await editor.post(path, {**fields, "step": "preview"})
    answer = await editor.post(path, {**fields, "step": "save"})

    after = await again(pool, event)
    assert "Bisher:" in preview.text
    assert answer.status_code == 303
    assert after.starts == in_days(20, 18).replace(minute=30)
    assert after.previous_starts_at == event.starts_at


async def test_an_event_is_cancelled_after_a_question(editor: Visitor, pool: Pool) -> None:
    event = await publish(pool)
    path = f"{LIST}/{event.calendar_event_id}/absagen"

    question = await editor.get(path)
    answer = await editor.post(path, {"version": str(event.version)})

    assert "bleibt sichtbar" in question.text
    assert answer.status_code == 303
    assert (await again(pool, event)).state == "cancelled"


async def test_an_event_is_put_off_after_a_question_and_has_a_date_again(
    editor: Visitor, pool: Pool
) -> None:
    event = await publish(pool)
    base = f"{LIST}/{event.calendar_event_id}"

    question = await editor.get(f"{base}/verschieben")
    answer = await editor.post(f"{base}/verschieben", {"version": str(event.version)})
    off, twice = (
        await again(pool, event),
        await editor.post(f"{base}/verschieben", {"version": "3"}),
    )
    shown, history = await editor.get(base), await editor.get(f"{base}/verlauf")
    seen = await editor.get(f"/termine/{event.calendar_event_id}")
    fields = {"version": str(off.version), "starts_on": f"{in_days(20):%d.%m.%Y}",
              "starts_at": "18:30", "ends_at": "20:00", "step": "save"}  # fmt: skip
    await editor.post(f"{base}/verlegen", fields)

    assert "als verschoben" in question.text
    assert (answer.status_code, off.state, off.starts) == (303, "postponed", event.starts)
    assert twice.status_code == 409
    assert f"{base}/verschieben" not in shown.text
    assert "Auf unbestimmte Zeit verschoben" in history.text
    assert "Ein neuer Termin steht noch nicht fest." in seen.text
    back = await again(pool, event)
    assert (back.state, back.previous_starts_at) == ("published", event.starts_at)


async def test_an_event_is_taken_out_of_the_lists_and_put_back(editor: Visitor, pool: Pool) -> None:
    event = await publish(pool)
    base, page = f"{LIST}/{event.calendar_event_id}", f"/termine/{event.calendar_event_id}"

    question = await editor.get(f"{base}/sichtbarkeit")
    answer = await editor.post(
        f"{base}/sichtbarkeit", {"version": str(event.version), "visibility": "unlisted"}
    )
    hidden, shown = await again(pool, event), await editor.get(base)
    found, seen = await editor.get(f"/termine?suche={event.title}"), await editor.get(page)
    back = await editor.post(f"{base}/sichtbarkeit", {"version": str(hidden.version)})

    assert "sagen Sie sie bitte stattdessen ab" in question.text
    assert (answer.status_code, back.status_code, hidden.visibility) == (303, 303, "unlisted")
    assert "In den Listen zeigen" in shown.text
    assert str(event.calendar_event_id) not in found.text
    assert (seen.status_code, 'name="robots" content="noindex"' in seen.text) == (200, True)
    assert (await again(pool, event)).visibility == "public"
    assert 'content="noindex"' not in (await editor.get(page)).text


async def test_who_saw_an_older_version_is_told_so(editor: Visitor, pool: Pool) -> None:
    event = await publish(pool)
    base = f"{LIST}/{event.calendar_event_id}"

    changed = await editor.post(f"{base}/aendern", {"version": "1", "title": "x", "step": "save"})
    cancelled = await editor.post(f"{base}/absagen", {"version": "1"})
    garbled = await editor.post(f"{base}/absagen", {"version": "eins"})

    assert changed.status_code == 422
    assert "inzwischen von jemand anderem" in changed.text
    assert (cancelled.status_code, garbled.status_code) == (409, 400)


async def test_the_list_can_be_searched_by_state_and_word(editor: Visitor, pool: Pool) -> None:
    word = uuid4().hex
    await draft(pool, title=f"Entwurf {word}")

    found = await editor.get(f"{LIST}?suche={word}&zustand=draft")
    missed = await editor.get(f"{LIST}?suche={word}&zustand=cancelled")
    wrong = await editor.get(f"{LIST}?zustand=quatsch")

    assert f"Entwurf {word}" in found.text
    assert f"Entwurf {word}" not in missed.text
    assert wrong.status_code == 400


async def test_deeds_are_written_down(editor: Visitor, pool: Pool) -> None:
    event = await stored(pool, await editor.post(LIST, {**FIELDS, "step": "publish"}))

    rows = await pool.fetch(
        "select action from audit_entry where concerns = $1 order by position",
        f"calendar_event:{event.calendar_event_id}",
    )

    assert [row["action"] for row in rows] == ["draft_event", "publish_event"]


@pytest.fixture
async def partner(pool: Pool) -> Partner:
    name = f"theater-{uuid4().hex[:8]}"
    async with transaction(pool) as opened:
        command = RegisterPartner(name, "Stadttheater", "A" + uuid4().hex.upper())
        return await register_partner(opened, command)


async def send(pool: Pool, partner: Partner, **changes: Any) -> None:
    message = incoming(plain(**{"starts": f"{in_days(5):%Y-%m-%dT19:30}", **changes}))
    arrival = Arrival(
        stream_sequence=1,
        message_id="m",
        content_type="application/json",
        body=message.body,
        outcomes=read(message),
    )
    async with transaction(pool) as opened:
        await take_partner_items(
            opened, TakePartnerItems(partner, [arrival]), SITE, datetime.now(UTC)
        )


async def test_partners_are_listed_with_what_they_send(
    editor: Visitor, pool: Pool, partner: Partner
) -> None:
    await send(pool, partner, id="good")
    await send(pool, partner, id="bad", starts="gestern")

    listed = await editor.get("/konsole/partner")
    shown = await editor.get(f"/konsole/partner/{partner.name}")

    assert f"/konsole/partner/{partner.name}" in listed.text
    assert "date_malformed" in shown.text
    assert f"{short_day(in_days(5).date())}, 19:30 Uhr" in shown.text
    assert "<code>starts</code>" in shown.text
    assert "Bitte schreiben Sie Zeitpunkte wie" in shown.text


async def test_an_operator_is_not_led_to_events_that_only_editors_may_change(
    visitor: Visitor, pool: Pool, partner: Partner
) -> None:
    await send(pool, partner, id="good")
    visitor.sign_in(Role.ADMIN)

    shown = await visitor.get(f"/konsole/partner/{partner.name}")

    assert "übernommen" in shown.text
    assert "/konsole/termine" not in shown.text


async def test_the_message_of_a_refused_item_can_be_downloaded(
    editor: Visitor, pool: Pool, partner: Partner
) -> None:
    await send(pool, partner, id="bad", starts="<script>")
    item_id = await pool.fetchval(
        "select partner_item_id from partner_item where partner_id = $1", partner.partner_id
    )

    file = await editor.get(f"/konsole/partner/{partner.name}/{item_id}/rohdaten")
    other = await editor.get(f"/konsole/partner/{partner.name}/{uuid4()}/rohdaten")

    assert b"<script>" in file.content
    assert file.headers["content-type"] == "application/octet-stream"
    assert file.headers["content-disposition"].startswith("attachment")
    assert other.status_code == 404


async def test_a_partner_that_is_not_trusted_waits_for_an_editor(
    editor: Visitor, pool: Pool, partner: Partner
) -> None:
    answer = await editor.post(f"/konsole/partner/{partner.name}/vertrauen", {"trust": "review"})

    trust = await pool.fetchval(
        "select trust from partner where partner_id = $1", partner.partner_id
    )
    assert answer.status_code == 303
    assert trust == "review"


async def test_an_editors_change_is_shown_beside_what_the_partner_says(
    editor: Visitor, pool: Pool, partner: Partner
) -> None:
    await send(pool, partner, title="Premiere")
    event_id = await pool.fetchval(
        "select calendar_event_id from partner_item where partner_id = $1", partner.partner_id
    )
    base = f"{LIST}/{event_id}"

    fields = {"version": "1", "title": "Große Premiere", "step": "save"}
    changed = await editor.post(f"{base}/aendern", fields)
    await send(pool, partner, title="Premiere!")
    shown = await editor.get(base)

    assert changed.status_code == 303
    assert "Große Premiere" in shown.text
    assert "Quelle sagt: Premiere!" in shown.text


async def test_a_partner_that_is_not_there_is_a_404(editor: Visitor) -> None:
    assert (await editor.get("/konsole/partner/niemand")).status_code == 404
