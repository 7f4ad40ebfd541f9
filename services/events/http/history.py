"""The page that says who changed what about an event, and the way back from the last change."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath

from services.events.category import Terms
from services.events.commands.undo_change import ENOUGH, UndoChange, undo_change
from services.events.history import PastVersion, can_be_undone, content_before
from services.events.http.acting import EDITS, LIST, acting
from services.events.http.seen import known_event, seen_version
from services.events.model import require_editable
from services.events.store import events, history
from services.events.telling import FieldChange, deed_in_words, differences
from services.events.wording import STATES
from shared.web.pages import Page, page, see_other
from shared.web.request import Request

MOST_VERSIONS: Final = 100


class Step(msgspec.Struct, frozen=True):
    """One line of the history."""

    version: PastVersion
    deed: str
    state: tuple[str, str] | None
    """The state that it came to, if it was in another one before."""
    changes: list[FieldChange]


@get(f"{LIST}/{{calendar_event_id:uuid}}/verlauf", opt=EDITS)
async def get_history(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Show the versions of an event, the newest first, each with what it has changed."""
    async with request.pool.acquire() as connection:
        event = await known_event(connection, calendar_event_id)
        versions = await history.versions(connection, calendar_event_id, MOST_VERSIONS + 1)
        terms = await events.terms(connection)
    return page(
        request,
        "konsole_verlauf.html",
        event=event,
        steps=_steps(versions, terms)[:MOST_VERSIONS],
        is_cut=len(versions) > MOST_VERSIONS,
        can_undo=not event.is_kept_elsewhere
        and event.state != "cancelled"
        and can_be_undone(event, versions),
    )


@get(f"{LIST}/{{calendar_event_id:uuid}}/zuruecknehmen", opt=EDITS)
async def get_undo_question(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Show what taking the last change back would change, and ask.

    Raises:
        Refused: see `undo_change`.
    """
    async with request.pool.acquire() as connection:
        event = await known_event(connection, calendar_event_id)
        versions = await history.versions(connection, calendar_event_id, ENOUGH)
        terms = await events.terms(connection)
    require_editable(event)
    earlier = msgspec.to_builtins(content_before(event, versions))
    told = [
        f"{one.label}: {one.before} → {one.after}"
        for one in differences(msgspec.to_builtins(event), earlier, terms)
    ]
    if event.is_public:
        told.append("Wer den Kalender abonniert hat, sieht es beim nächsten Abruf.")
    return page(
        request,
        "confirm.html",
        question="Die letzte Änderung zurücknehmen?",
        consequences=told,
        action=f"{LIST}/{calendar_event_id}/zuruecknehmen",
        yes="Zurücknehmen",
        back=f"{LIST}/{calendar_event_id}/verlauf",
        fields={"version": event.version},
    )


@post(f"{LIST}/{{calendar_event_id:uuid}}/zuruecknehmen", opt=EDITS)
async def post_undo(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Take the last change back."""
    version, by = await seen_version(request), request.signed_in.name
    async with acting(request) as deed:
        command = UndoChange(calendar_event_id, version, by)
        await undo_change(deed.transaction, command, deed.site, deed.now)
        await deed.note(request, "undo_change", calendar_event_id)
    path = f"{LIST}/{calendar_event_id}/verlauf"
    return see_other(request, path, "Die Änderung ist zurückgenommen.")


def _steps(versions: Sequence[PastVersion], terms: Terms) -> list[Step]:
    """Return the history's lines; the oldest version has nothing to be compared with."""
    earlier: list[PastVersion | None] = [*versions[1:], None]
    steps = []
    for version, before in zip(versions, earlier, strict=False):
        is_same = before is not None and before.state == version.state
        changes = differences(before.content, version.content, terms) if before else []
        state = None if is_same else STATES[version.state]
        steps.append(Step(version, deed_in_words(version.deed), state, changes))
    return steps
