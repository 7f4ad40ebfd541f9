"""Editors give events pictures, and citizens see them with what must be said beside them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from services.events.model import CalendarEvent
from services.events.store.pictures import forget_unused
from shared.auth import Role
from shared.database import Pool, transaction
from tests.events.calendars import draft, publish
from tests.events.http.test_event_form import now_is
from tests.events.images.files import opened, picture
from tests.visitor import Visitor

LIST = "/konsole/termine"
WORDS = {"alt": "Ein Chor singt", "licence": "cc-by-4.0", "credit": "Kim Muster"}


@pytest.fixture
def editor(visitor: Visitor) -> Visitor:
    visitor.sign_in(Role.EDITOR)
    return visitor


async def send(
    editor: Visitor, event: CalendarEvent, body: bytes | None = None, **changes: Any
) -> httpx.Response:
    name, sent = ("chor.jpg", picture() if body is None else body)
    fields = {"version": str(event.version), **WORDS, **changes}
    files = {"file": (name, sent, "image/jpeg")}
    return await editor.post(f"{LIST}/{event.calendar_event_id}/bild", fields, files=files)


async def pictured(editor: Visitor, pool: Pool, event: CalendarEvent) -> tuple[CalendarEvent, UUID]:
    assert (await send(editor, event)).status_code == 303
    after = await now_is(pool, event)
    assert after.event_image_id is not None
    return after, after.event_image_id


async def test_citizens_see_the_picture_with_its_licence(editor: Visitor, pool: Pool) -> None:
    event, image_id = await pictured(editor, pool, await publish(pool))
    editor.client.cookies.clear()

    page = await editor.get(f"/termine/{event.calendar_event_id}")
    image = await editor.get(f"/bilder/{image_id}")

    assert f'src="/bilder/{image_id}" alt="Ein Chor singt"' in page.text
    assert "Bild: Kim Muster" in page.text
    assert "creativecommons.org/licenses/by/4.0" in page.text
    assert f'"image":"https://ehrenamt.example.de/bilder/{image_id}"' in page.text
    assert image.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert image.headers["x-content-type-options"] == "nosniff"
    assert image.headers["content-type"] == "image/webp"
    assert opened(image.content).size == (640, 480)


async def test_feeds_do_not_carry_the_picture(editor: Visitor, pool: Pool) -> None:
    event, image_id = await pictured(editor, pool, await publish(pool))

    written = await editor.get(f"/termine/{event.calendar_event_id}/termin.ics")

    assert str(image_id) not in written.text.replace("\r\n ", "")


async def test_a_draft_is_shown_its_picture_to_editors_only(editor: Visitor, pool: Pool) -> None:
    _, image_id = await pictured(editor, pool, await draft(pool))

    seen = await editor.get(f"/bilder/{image_id}")
    editor.client.cookies.clear()
    hidden = await editor.get(f"/bilder/{image_id}")

    assert (seen.status_code, seen.headers["cache-control"]) == (200, "private, no-store")
    assert hidden.status_code == 404
    assert (await editor.get(f"/bilder/{uuid4()}")).status_code == 404


@pytest.mark.parametrize(
    ("body", "changes", "sentence"),
    [
        (b"kein Bild", {}, "lässt sich nicht als Bild lesen"),
        (b"x" * (5 * 1024 * 1024 + 1), {}, "höchstens 5 MB"),
        (None, {"alt": ""}, "Bitte füllen Sie dieses Feld aus."),
        (None, {"licence": ""}, "Bitte füllen Sie dieses Feld aus."),
        (None, {"licence": "gpl"}, "Diese Lizenz gibt es nicht."),
        (None, {"credit": ""}, "muss die Urheberin oder der Urheber stehen"),
        (None, {"version": "0"}, "inzwischen von jemand anderem"),
    ],
    ids=["no picture", "heavy", "alt", "no licence", "licence", "credit", "stale"],
)
async def test_what_is_wrong_is_said_and_nothing_is_kept(
    editor: Visitor, pool: Pool, body: bytes | None, changes: dict[str, str], sentence: str
) -> None:
    event = await publish(pool)

    answer = await send(editor, event, body, **changes)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert await now_is(pool, event) == event


async def test_words_are_corrected_without_sending_the_picture_again(
    editor: Visitor, pool: Pool
) -> None:
    event, image_id = await pictured(editor, pool, await publish(pool))
    path = f"{LIST}/{event.calendar_event_id}/bild"

    shown = await editor.get(path)
    fields = {"version": str(event.version), **WORDS, "alt": "Zwei Chöre"}
    answer = await editor.post(path, fields)

    page = await editor.get(f"/termine/{event.calendar_event_id}")
    assert 'value="Ein Chor singt"' in shown.text
    assert answer.status_code == 303
    assert 'alt="Zwei Chöre"' in page.text
    assert (await now_is(pool, event)).event_image_id == image_id


async def test_without_a_picture_there_is_nothing_to_describe(editor: Visitor, pool: Pool) -> None:
    event = await publish(pool)

    answer = await editor.post(
        f"{LIST}/{event.calendar_event_id}/bild", {"version": str(event.version), **WORDS}
    )
    removed = await editor.post(
        f"{LIST}/{event.calendar_event_id}/bild/entfernen", {"version": str(event.version)}
    )

    assert answer.status_code == 422
    assert removed.status_code == 404


async def test_a_removed_picture_is_not_shown_any_more(editor: Visitor, pool: Pool) -> None:
    event, image_id = await pictured(editor, pool, await publish(pool))

    await editor.post(
        f"{LIST}/{event.calendar_event_id}/bild/entfernen", {"version": str(event.version)}
    )
    editor.client.cookies.clear()

    assert (await now_is(pool, event)).event_image_id is None
    assert (await editor.get(f"/bilder/{image_id}")).status_code == 404


async def test_only_pictures_that_nothing_names_are_forgotten(editor: Visitor, pool: Pool) -> None:
    _, shown = await pictured(editor, pool, await publish(pool))
    old, in_history = await pictured(editor, pool, await publish(pool))
    _, replaced = await pictured(editor, pool, old)
    unused = await pool.fetchval(
        "insert into event_image (media_type, width, height, body, alt, licence, credit)"
        " values ('image/webp', 1, 1, '', 'x', 'own', '') returning event_image_id"
    )
    now = datetime.now(UTC)

    async with transaction(pool) as opened_transaction:
        young = await forget_unused(opened_transaction, now - timedelta(hours=1), 10)
        gone = await forget_unused(opened_transaction, now + timedelta(hours=1), 10)

    left = await pool.fetch("select event_image_id from event_image")
    ids = {row["event_image_id"] for row in left}
    assert (young, gone) == (0, 1)
    assert {shown, in_history, replaced} <= ids
    assert unused not in ids


async def test_the_rich_feed_names_the_picture_in_the_words_that_hold(
    editor: Visitor, pool: Pool
) -> None:
    """Source: RFC 7986 5.10."""
    event, image_id = await pictured(editor, pool, await publish(pool))
    fields = {"version": str(event.version), **WORDS, "alt": "Zwei Chöre"}

    await editor.post(f"{LIST}/{event.calendar_event_id}/bild", fields)

    written = await pool.fetchrow(
        "select vevent, rich from event_ical where calendar_event_id = $1", event.calendar_event_id
    )
    assert written is not None
    rich = written["rich"].replace(b"\r\n ", b"").decode()
    assert 'LABEL="Zwei Chöre (Bild: Kim Muster, CC BY 4.0)"' in rich
    assert f"/bilder/{image_id}\r\n" in rich
    assert b"IMAGE" not in written["vevent"]
