"""How editors work off what was submitted, with their browser."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote_plus
from uuid import uuid4

import pytest
from markupsafe import escape

from services.events.model import CalendarEvent
from shared.auth import Role
from shared.database import Pool
from tests.events.calendars import draft, in_days, publish
from tests.events.submissions import CLUB, as_it_stands, submitted
from tests.visitor import Visitor

INBOX = "/konsole/termine/pruefen"


@pytest.fixture
def editor(visitor: Visitor) -> Visitor:
    visitor.sign_in(Role.EDITOR)
    return visitor


def seen(*events: CalendarEvent) -> list[str]:
    return [f"{event.calendar_event_id}:{event.version}" for event in events]


async def test_the_inbox_is_for_editors_only(visitor: Visitor) -> None:
    visitor.sign_in(Role.CLERK)

    assert (await visitor.get(INBOX)).status_code == 403


async def test_what_waits_longest_comes_first_and_is_marked(editor: Visitor, pool: Pool) -> None:
    word = uuid4().hex
    late = await submitted(pool, title=f"Alt {word}", waits=timedelta(days=9))
    await submitted(pool, title=f"Neu {word}")
    await draft(pool, title=f"Entwurf {word}")

    shown = await editor.get(INBOX)

    assert shown.text.index(f"Alt {word}") < shown.text.index(f"Neu {word}")
    assert f"Entwurf {word}" not in shown.text
    assert "überfällig" in shown.text
    assert CLUB in shown.text
    assert f"/konsole/termine/{late.calendar_event_id}/pruefen" in shown.text


async def test_an_event_is_shown_with_what_can_be_decided(editor: Visitor, pool: Pool) -> None:
    event = await submitted(pool, title="Chorprobe")

    shown = await editor.get(f"/konsole/termine/{event.calendar_event_id}/pruefen")
    own = await editor.get(f"/konsole/termine/{(await draft(pool)).calendar_event_id}/pruefen")
    public = await publish(pool)
    gone = await editor.get(f"/konsole/termine/{public.calendar_event_id}/pruefen")

    assert "Zur Überarbeitung zurückgeben" in shown.text
    assert seen(event)[0] in shown.text
    assert "Zu einem Zeitpunkt veröffentlichen" in own.text
    assert "zurückgeben" not in own.text
    assert gone.status_code == 409


async def test_nothing_happens_before_the_preview_is_confirmed(editor: Visitor, pool: Pool) -> None:
    event = await submitted(pool, title=f"Basar {uuid4()}")
    facts = await pool.fetchval("select count(*) from outbox")
    notes = await pool.fetchval("select count(*) from audit_entry")

    preview = await editor.post(INBOX, {"chosen": seen(event), "decision": "publish"})

    assert "Geändert ist noch nichts" in preview.text
    assert "Eine Veranstaltung wird veröffentlicht." in preview.text
    assert event.title in preview.text
    assert await as_it_stands(pool, event) == event
    assert await pool.fetchval("select count(*) from outbox") == facts
    assert await pool.fetchval("select count(*) from audit_entry") == notes


async def test_the_confirmed_decision_is_carried_out_and_written_down(
    editor: Visitor, pool: Pool
) -> None:
    events = [await submitted(pool), await submitted(pool)]

    answer = await editor.post(
        INBOX, {"chosen": seen(*events), "decision": "publish", "step": "save"}
    )

    assert answer.status_code == 303
    assert {(await as_it_stands(pool, event)).state for event in events} == {"published"}
    noted = await pool.fetch(
        "select concerns from audit_entry where action = 'publish_event' and concerns = any($1)",
        [f"calendar_event:{event.calendar_event_id}" for event in events],
    )
    assert len(noted) == 2


async def test_what_cannot_be_done_is_told_and_stops_nothing_else(
    editor: Visitor, pool: Pool
) -> None:
    good, stale, decided = [await submitted(pool, title=f"E{n} {uuid4()}") for n in range(3)]
    await editor.post(INBOX, {"chosen": seen(decided), "decision": "publish", "step": "save"})
    chosen = [*seen(good), f"{stale.calendar_event_id}:7", *seen(decided), f"{uuid4()}:1"]
    fields = {"chosen": chosen, "decision": "publish"}

    preview = await editor.post(INBOX, fields)
    result = await editor.post(INBOX, {**fields, "step": "save"})

    assert "Eine Veranstaltung wird veröffentlicht, 3 nicht." in preview.text
    assert "Eine Veranstaltung ist veröffentlicht" in result.text
    possible, impossible = preview.text.split("Das ist nicht möglich")
    assert good.title in possible
    assert stale.title in impossible
    assert "inzwischen von jemand anderem" in impossible
    assert decided.title in impossible
    assert "gibt es nicht mehr" in impossible
    assert re.findall(r'name="chosen" value="([^"]*)"', preview.text) == seen(good)
    assert "Nicht alles war möglich" in result.text
    assert (await as_it_stands(pool, good)).state == "published"
    assert (await as_it_stands(pool, stale)).state == "submitted"


async def test_an_event_is_returned_with_a_reason(editor: Visitor, pool: Pool) -> None:
    event = await submitted(pool)
    fields = {"chosen": seen(event), "decision": "return", "step": "save"}

    silent = await editor.post(INBOX, fields)
    answer = await editor.post(INBOX, {**fields, "note": "Bitte den Eingang nennen."})

    after = await as_it_stands(pool, event)
    assert silent.status_code == 422
    assert "Bitte begründen Sie es." in silent.text
    assert answer.status_code == 303
    assert (after.state, after.review_note) == ("returned", "Bitte den Eingang nennen.")


async def test_an_event_is_published_from_an_hour_on(editor: Visitor, pool: Pool) -> None:
    event = await submitted(pool)
    fields = {"chosen": seen(event), "decision": "schedule", "step": "save"}

    without = await editor.post(INBOX, fields)
    past = await editor.post(INBOX, {**fields, "public_from": "2020-01-01T10:00"})
    answer = await editor.post(INBOX, {**fields, "public_from": f"{in_days(2):%Y-%m-%dT%H:%M}"})

    after = await as_it_stands(pool, event)
    assert without.status_code == 422
    assert "der noch kommt" in past.text
    assert answer.status_code == 303
    assert after.state == "scheduled"
    assert after.public_from is not None
    assert after.public_from > datetime.now(UTC) + timedelta(days=1)


@pytest.mark.parametrize("chosen", [[], ["quatsch"], [f"{'0' * 32}:x"], ["x:1"]])
async def test_a_choice_that_makes_no_sense_is_told(editor: Visitor, chosen: list[str]) -> None:
    answer = await editor.post(INBOX, {"chosen": chosen, "decision": "publish"})

    assert answer.status_code == 422
    assert "Bitte" in answer.text


async def test_an_editors_draft_is_published_later_and_the_approval_is_taken_back(
    editor: Visitor, pool: Pool
) -> None:
    event = await draft(pool)
    base = f"/konsole/termine/{event.calendar_event_id}"
    hour = f"{in_days(2):%Y-%m-%dT%H:%M}"
    fields = {"chosen": seen(event), "decision": "schedule", "public_from": hour, "step": "save"}

    await editor.post(INBOX, fields)
    scheduled = await as_it_stands(pool, event)
    shown = await editor.get(base)
    question = await editor.get(f"{base}/freigabe-zuruecknehmen")
    answer = await editor.post(
        f"{base}/freigabe-zuruecknehmen", {"version": str(scheduled.version)}
    )

    after = await as_it_stands(pool, event)
    assert "Öffentlich ab" in shown.text
    assert "nicht von selbst veröffentlicht" in question.text
    assert (scheduled.state, answer.status_code) == ("scheduled", 303)
    assert (after.state, after.public_from) == ("submitted", None)
    assert event.title in (await editor.get(INBOX)).text


async def test_all_rows_of_a_page_are_chosen_without_a_script_too(
    editor: Visitor, pool: Pool
) -> None:
    for _ in range(2):
        await submitted(pool)

    usual = (await editor.get(INBOX)).text.partition("Vorgemerkt")[0]
    everything = (await editor.get(f"{INBOX}?auswahl=alle")).text.partition("Vorgemerkt")[0]

    row = r'name="chosen" value="[^"]*"( checked)?'
    assert '<a class="kern-link" href="?auswahl=alle">Alle auf dieser Seite auswählen' in usual
    assert "choosing.js" in usual
    assert set(re.findall(row, usual)) == {""}
    assert len(re.findall(row, everything)) > 1
    assert set(re.findall(row, everything)) == {" checked"}


async def test_the_inbox_is_narrowed_to_one_association_and_stays_so(
    editor: Visitor, pool: Pool
) -> None:
    club = f"Turnverein & Söhne {uuid4().hex}"
    theirs = [await submitted(pool, submitted_by=club) for _ in range(2)]
    other = await submitted(pool)
    way = f"{INBOX}?von={quote_plus(club)}"

    everything = await editor.get(INBOX)
    narrowed = await editor.get(f"{way}&auswahl=alle")
    nobody = await editor.get(f"{INBOX}?von=Niemand")
    unread = await editor.get(f"{INBOX}?von=%00")
    fields = {"chosen": seen(*theirs), "decision": "publish"}
    preview = await editor.post(way, fields)
    mistaken = await editor.post(way, {**fields, "decision": "return"})

    assert f'href="?von={quote_plus(club)}">{escape(club)} (2)</a>' in everything.text
    for page in (narrowed, mistaken):
        boxes = re.findall(r'name="chosen" value="([^"]*)" checked', page.text)
        assert sorted(boxes) == sorted(seen(*theirs))
        assert str(other.calendar_event_id) not in page.text
    assert f'action="{INBOX}?von={quote_plus(club)}"' in narrowed.text
    assert f'action="{INBOX}?von={quote_plus(club)}"' in preview.text
    assert "Zurzeit wartet nichts auf eine Prüfung" in nobody.text
    assert unread.status_code == 400


async def test_approvals_of_many_are_taken_back_before_their_hour(
    editor: Visitor, pool: Pool
) -> None:
    events = [await submitted(pool, title=f"Vorgemerkt {n} {uuid4()}") for n in range(2)]
    hour = f"{in_days(2):%Y-%m-%dT%H:%M}"
    schedule = {"chosen": seen(*events), "decision": "schedule", "public_from": hour}
    await editor.post(INBOX, {**schedule, "step": "save"})
    scheduled = [await as_it_stands(pool, event) for event in events]
    withdraw = {"chosen": seen(*scheduled), "decision": "withdraw"}

    listed = await editor.get(f"{INBOX}?vorgemerkt=alle")
    preview = await editor.post(INBOX, withdraw)
    answer = await editor.post(INBOX, {**withdraw, "step": "save"})
    again = await editor.post(INBOX, {**withdraw, "step": "save"})

    assert all(f'value="{one}" checked' in listed.text for one in seen(*scheduled))
    assert "2 Veranstaltungen werden wieder zur Prüfung gestellt." in preview.text
    assert answer.status_code == 303
    assert {(await as_it_stands(pool, event)).state for event in events} == {"submitted"}
    assert "Keine Veranstaltung ist wieder zur Prüfung gestellt, 2 nicht." in again.text


async def test_a_draft_is_given_back_to_nobody(editor: Visitor, pool: Pool) -> None:
    event = await draft(pool)
    fields = {"chosen": seen(event), "decision": "refuse", "note": "Nein", "step": "save"}

    answer = await editor.post(INBOX, fields)

    assert "wartet nicht (mehr) auf eine Prüfung" in answer.text
    assert (await as_it_stands(pool, event)).state == "draft"
