"""Editors write series in plain words, see their dates, and change single ones."""

from datetime import timedelta
from typing import Any

import pytest

from services.events.model import CalendarEvent
from shared.auth import Role
from shared.database import Pool
from tests.events.calendars import in_days, publish
from tests.events.http.pages import fields_of
from tests.events.http.test_event_form import now_is
from tests.visitor import Visitor

LIST = "/konsole/termine"
FIRST = in_days(9, 18)


@pytest.fixture
def editor(visitor: Visitor) -> Visitor:
    visitor.sign_in(Role.EDITOR)
    return visitor


def fields(**changes: Any) -> dict[str, Any]:
    return {
        "title": "Chorprobe", "starts_on": f"{FIRST:%d.%m.%Y}", "starts_at": "18:00",
        "ends_at": "20:00", "repeats": "weekly", "ends_how": "count", "count": "30",
        "except_on": f"{FIRST + timedelta(days=7):%d.%m.%Y}", "step": "preview", **changes,
    }  # fmt: skip


async def weekly(pool: Pool, **changes: Any) -> CalendarEvent:
    given = {"starts": FIRST, "ends": FIRST + timedelta(hours=2), "recurrence": "FREQ=WEEKLY"}
    return await publish(pool, **{**given, **changes})


def path_of(event: CalendarEvent, days: int, deed: str) -> str:
    original = FIRST + timedelta(days=days)
    base = f"{LIST}/{event.calendar_event_id}/einzeltermine"
    return f"{base}/{original:%Y%m%dT%H%M%S}/{deed}"


async def test_a_series_is_written_in_words_and_previewed_with_its_dates(
    editor: Visitor, pool: Pool
) -> None:
    preview = await editor.post(LIST, fields())
    answer = await editor.post(LIST, {**fields_of(preview.text), "step": "publish"})

    page = await editor.get(answer.headers["location"])
    rule = await pool.fetchval("select recurrence from calendar_event where title = 'Chorprobe'")
    assert preview.text.count("18:00 bis 20:00 Uhr") == 10
    assert "Wiederholung: wöchentlich, insgesamt 30 Termine" in preview.text
    assert rule == "FREQ=WEEKLY;COUNT=30"
    assert page.text.count("Termin absagen") == 12
    assert "Spätere Termine" in page.text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ends_how": "until", "until": ""}, "den letzten Tag der Serie"),
        ({"count": ""}, "die Anzahl der Termine"),
        ({"count": "0"}, "von 1 bis 500"),
        ({"interval": "99"}, "von 1 bis 52"),
        ({"except_on": "bald"}, "Bitte ein Datum als TT.MM.JJJJ"),
        ({"except_on": f"{FIRST:%d.%m.%Y}" + ", 01.01.2026"}, "kein Termin der Serie"),
        ({"repeats": "quatsch"}, "Diese Auswahl gibt es nicht."),
    ],
    ids=["until", "count", "none", "interval", "day", "excluded", "kind"],
)
async def test_a_repetition_that_makes_no_sense_is_explained(
    editor: Visitor, changes: dict[str, str], sentence: str
) -> None:
    answer = await editor.post(LIST, fields(**changes))

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="Chorprobe"' in answer.text


async def test_the_form_shows_a_series_as_it_is(editor: Visitor, pool: Pool) -> None:
    event = await weekly(
        pool, recurrence="FREQ=WEEKLY;INTERVAL=2", excluded=[FIRST + timedelta(days=14)]
    )
    path = f"{LIST}/{event.calendar_event_id}/verlegen"

    shown = fields_of((await editor.get(path)).text)
    answer = await editor.post(path, {**shown, "step": "save"})

    assert (shown["repeats"], shown["interval"]) == (["weekly"], ["2"])
    assert shown["except_on"] == [f"{FIRST + timedelta(days=14):%d.%m.%Y}"]
    assert answer.status_code == 303
    assert await now_is(pool, event) == event


async def test_a_series_is_moved_after_a_preview_of_what_changes(
    editor: Visitor, pool: Pool
) -> None:
    event = await weekly(pool)
    await editor.post(path_of(event, 7, "absagen"), {"version": str(event.version)})
    event = await now_is(pool, event)
    path = f"{LIST}/{event.calendar_event_id}/verlegen"

    given = fields_of((await editor.get(path)).text) | {"interval": ["2"], "starts_at": ["17:00"]}
    preview = await editor.post(path, {**given, "ends_at": "19:00", "step": "preview"})
    answer = await editor.post(path, {**fields_of(preview.text), "step": "save"})

    after = await now_is(pool, event)
    assert preview.text.count("17:00 bis 19:00 Uhr") == 10
    assert "Bisher" in preview.text
    assert "gibt es dann nicht mehr" in preview.text
    assert answer.status_code == 303
    assert (after.recurrence, after.changed) == ("FREQ=WEEKLY;INTERVAL=2", [])


async def test_a_rule_from_outside_is_shown_in_words_and_kept(editor: Visitor, pool: Pool) -> None:
    event = await weekly(
        pool, recurrence=f"FREQ=YEARLY;BYMONTH={FIRST.month};BYDAY=MO,TU,WE,TH,FR,SA,SU"
    )
    path = f"{LIST}/{event.calendar_event_id}/verlegen"

    form = await editor.get(path)
    answer = await editor.post(path, {**fields_of(form.text), "starts_at": "17:00", "step": "save"})

    after = await now_is(pool, event)
    assert "lässt sich mit diesem Formular nicht nachbilden" in form.text
    assert 'name="repeats"' not in form.text
    assert answer.status_code == 303
    assert (after.recurrence, after.starts.hour) == (event.recurrence, 17)


async def test_times_without_a_repetition_leave_the_series_a_series(
    editor: Visitor, pool: Pool
) -> None:
    series = await weekly(pool)
    moved = {"version": str(series.version), "starts_on": f"{in_days(20):%d.%m.%Y}"}

    answer = await editor.post(
        f"{LIST}/{series.calendar_event_id}/verlegen",
        {**moved, "starts_at": "18:30", "step": "save"},
    )

    after = await now_is(pool, series)
    assert answer.status_code == 303
    assert (after.recurrence, after.starts) == ("FREQ=WEEKLY", in_days(20, 18).replace(minute=30))


async def test_a_single_date_is_cancelled_after_a_question_and_taken_back(
    editor: Visitor, pool: Pool
) -> None:
    event = await weekly(pool)
    base = f"{LIST}/{event.calendar_event_id}"

    question = await editor.get(path_of(event, 7, "absagen"))
    await editor.post(path_of(event, 7, "absagen"), fields_of(question.text))
    page, public = await editor.get(base), await editor.get(f"/termine/{event.calendar_event_id}")
    cancelled = await now_is(pool, event)
    await editor.post(path_of(event, 7, "wiederherstellen"), {"version": str(cancelled.version)})

    assert "Nur dieser Termin fällt aus" in question.text
    assert "fällt aus" in page.text
    assert public.text.count("fällt aus") == 1
    assert "Rückgängig" in page.text
    assert cancelled.changed[0].is_cancelled
    assert (await now_is(pool, event)).changed == []


async def test_a_single_date_is_moved(editor: Visitor, pool: Pool) -> None:
    event = await weekly(pool)
    path = path_of(event, 7, "verlegen")
    day = FIRST + timedelta(days=8)

    form = await editor.get(path)
    fields = fields_of(form.text) | {"starts_on": [f"{day:%d.%m.%Y}"], "starts_at": ["11:00"]}
    wrong = await editor.post(path, {**fields, "starts_at": "spät"})
    answer = await editor.post(path, {**fields, "ends_at": "12:30"})
    public = await editor.get(f"/termine/{event.calendar_event_id}")

    [change] = (await now_is(pool, event)).changed
    assert wrong.status_code == 422
    assert answer.status_code == 303
    assert (change.starts.day, change.starts.hour) == (day.day, 11)
    assert "verlegt, war" in public.text
    assert "Diese Veranstaltung wurde verlegt." not in public.text


@pytest.mark.parametrize("deed", ["absagen", "verlegen"])
async def test_a_date_that_is_none_is_not_found(editor: Visitor, pool: Pool, deed: str) -> None:
    event = await weekly(pool)

    other = await editor.get(path_of(event, 8, deed))
    garbled = await editor.get(f"{LIST}/{event.calendar_event_id}/einzeltermine/morgen/{deed}")

    assert (other.status_code, garbled.status_code) == (404, 404)


async def test_later_dates_are_listed_on_demand(editor: Visitor, pool: Pool) -> None:
    event = await weekly(pool)
    base = f"{LIST}/{event.calendar_event_id}"

    later = await editor.get(f"{base}?ab={FIRST + timedelta(days=700):%Y-%m-%d}")
    wrong = await editor.get(f"{base}?ab=irgendwann")

    assert path_of(event, 707, "absagen") in later.text
    assert wrong.status_code == 400
