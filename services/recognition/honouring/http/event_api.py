"""Honouring events as JSON, for programs of the foundation and the protocol office."""

from datetime import date
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from services.recognition.honouring.balance import PlaceBalance
from services.recognition.honouring.commands.plan_honouring_event import (
    PlanHonouringEvent,
    plan_honouring_event,
)
from services.recognition.honouring.http.acting import PLANS, SEES, note
from services.recognition.honouring.model import HonouringEvent
from services.recognition.honouring.planning import Programme
from services.recognition.honouring.store import events, figures, places
from services.recognition.honouring.store.events import ListedEvent
from services.recognition.honouring.store.figures import Figures
from shared.database import transaction
from shared.text import clean
from shared.web.request import Request

EVENTS = "/api/recognition/v1/honouring-events"


class EventReport(msgspec.Struct, frozen=True, kw_only=True):
    """One honouring event with its figures and places."""

    event: HonouringEvent
    figures: Figures
    places: PlaceBalance


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """The id of a new honouring event."""

    honouring_event_id: UUID


@get(EVENTS, opt=SEES, include_in_schema=True)
async def get_event_list(request: Request) -> list[ListedEvent]:
    """List all honouring events, the latest first."""
    async with request.pool.acquire() as connection:
        return await events.listed(connection, since=date.min)


@get(f"{EVENTS}/{{event_id:uuid}}", opt=SEES, include_in_schema=True)
async def get_event_report(request: Request, event_id: FromPath[UUID]) -> EventReport:
    """Say how one honouring event stands."""
    async with request.pool.acquire() as connection:
        return EventReport(
            event=await events.get(connection, event_id),
            figures=await figures.figures(connection, event_id),
            places=await places.balance(connection, event_id),
        )


@post(EVENTS, opt=PLANS, include_in_schema=True)
async def post_event_plan(request: Request, data: JSONBody[PlanHonouringEvent]) -> Planned:
    """Plan an honouring event."""
    command = msgspec.structs.replace(data, programme=_cleaned(data.programme))
    async with transaction(request.pool) as opened:
        event_id = await plan_honouring_event(opened, command)
        await note(opened, request, "plan_honouring_event", event_id)
    return Planned(honouring_event_id=event_id)


def _cleaned(programme: Programme) -> Programme:
    fields = msgspec.structs.asdict(programme)
    return Programme(**{name: clean(text, name).strip() for name, text in fields.items()})


ROUTES = [get_event_list, get_event_report, post_event_plan]
