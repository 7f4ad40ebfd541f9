"""Carries out one decision on many submitted events, or shows what it would do."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec

from services.events.commands.publish_event import PublishEvent, publish_event
from services.events.commands.refuse_event import RefuseEvent, refuse_event
from services.events.commands.return_event import ReturnEvent, return_event
from services.events.commands.schedule_event import ScheduleEvent, schedule_event
from services.events.commands.withdraw_approval import WithdrawApproval, withdraw_approval
from services.events.http.acting import Deed
from services.events.model import CalendarEvent
from services.events.store import events
from shared.database import Connection, Pool
from shared.errors import Malformed, Refused
from shared.web.request import Request

Decision = Literal["publish", "schedule", "return", "refuse", "withdraw"]
DECISIONS: Final[dict[Decision, str]] = {
    "publish": "Veröffentlichen",
    "schedule": "Zu einem Zeitpunkt veröffentlichen",
    "return": "Zur Überarbeitung zurückgeben",
    "refuse": "Ablehnen",
}
TITLES: Final[dict[Decision, str]] = {**DECISIONS, "withdraw": "Freigabe zurücknehmen"}
"""All decisions, also that on events which are approved and wait for their hour."""
OF_DRAFTS: Final[dict[Decision, str]] = {
    decision: title for decision, title in DECISIONS.items() if decision in {"publish", "schedule"}
}
"""What can be decided about an event that nobody has submitted."""
DEEDS: Final[dict[Decision, str]] = {
    "publish": "publish_event",
    "schedule": "schedule_event",
    "return": "return_event",
    "refuse": "refuse_event",
    "withdraw": "withdraw_approval",
}
MOST_CHOSEN: Final = 100
MOST_VERSION_DIGITS: Final = 9


class DecisionForm(msgspec.Struct, kw_only=True):
    """What is decided about which events."""

    step: Literal["preview", "edit", "save"] = "preview"
    chosen: Annotated[tuple[str, ...], msgspec.Meta(min_length=1, max_length=MOST_CHOSEN)]
    """Each `<id>:<version>`, the version that the editor has seen."""
    decision: Decision
    public_from: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    note: Annotated[str, msgspec.Meta(max_length=2_000)] = ""

    def __post_init__(self) -> None:
        """Refuse what does not go together."""
        if self.decision == "schedule" and self.public_from is None:
            raise Malformed("Bitte geben Sie an, ab wann.", "public_from")
        if self.decision in {"return", "refuse"} and not self.note:
            raise Malformed("Bitte begründen Sie es.", "note")
        self.seen()

    def seen(self) -> list[tuple[UUID, int]]:
        """Return the ids and the versions that the editor has seen, by id.

        Raises:
            Malformed: one of them is none of ours.
        """
        return sorted({seen_of(text) for text in self.chosen})


class Decided(msgspec.Struct, frozen=True):
    """What a decision does, or would do, about one event."""

    event: CalendarEvent
    """As it was."""
    refusal: str
    """Why not; empty where it is done."""


def seen_of(text: str) -> tuple[UUID, int]:
    """Return id and version from `<id>:<version>`.

    Raises:
        Malformed: it is something else.
    """
    written, _, version = text.partition(":")
    if version.isascii() and version.isdigit() and len(version) <= MOST_VERSION_DIGITS:
        try:
            return UUID(written), int(version)
        except ValueError:
            pass
    raise Malformed("Bitte laden Sie die Seite neu.", "chosen")


@asynccontextmanager
async def rehearsing(pool: Pool) -> AsyncIterator[Connection]:
    """Open a transaction that is rolled back: what a change would do, without doing it."""
    async with pool.acquire() as connection:
        rehearsal = connection.transaction()
        await rehearsal.start()
        try:
            yield connection
        finally:
            await rehearsal.rollback()


async def decide(request: Request, deed: Deed, form: DecisionForm) -> list[Decided]:
    """Carry out a decision in the deed's transaction, event by event, and say what came of it.

    What cannot be done is left as it is and keeps nothing else from being done. Events that there
    are not (any more) are left out.
    """
    seen = form.seen()
    known = await events.lock_events(deed.transaction, [event_id for event_id, _ in seen])
    versions = dict(seen)
    return [
        Decided(event, await _decide_one(request, deed, form, (event, versions))) for event in known
    ]


async def _decide_one(
    request: Request, deed: Deed, form: DecisionForm, seen: tuple[CalendarEvent, dict[UUID, int]]
) -> str:
    event, versions = seen
    event_id = event.calendar_event_id
    try:
        async with deed.transaction.transaction():
            await _carry_out(request, deed, form, (event_id, versions[event_id]))
            await deed.note(request, DEEDS[form.decision], event_id)
    except Refused as refusal:
        return refusal.sentence
    return ""


async def _carry_out(
    request: Request, deed: Deed, form: DecisionForm, seen: tuple[UUID, int]
) -> None:
    opened, site, now, by = deed.transaction, deed.site, deed.now, request.signed_in.name
    if form.decision == "publish":
        await publish_event(opened, PublishEvent(*seen, by), site, now)
    elif form.decision == "schedule" and form.public_from is not None:
        await schedule_event(opened, ScheduleEvent(*seen, form.public_from, by), site, now)
    elif form.decision == "return":
        await return_event(opened, ReturnEvent(*seen, form.note, by), site, now)
    elif form.decision == "refuse":
        await refuse_event(opened, RefuseEvent(*seen, form.note, by), site, now)
    else:
        await withdraw_approval(opened, WithdrawApproval(*seen, by), site, now)


def done(decided: Sequence[Decided]) -> list[Decided]:
    """Return those that were, or would be, done."""
    return [one for one in decided if not one.refusal]


def left(decided: Sequence[Decided]) -> list[Decided]:
    """Return those that cannot be done."""
    return [one for one in decided if one.refusal]
