"""The waves of invitations: who would be invited, sending them, and what came back."""

from datetime import date
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath

from services.recognition.honouring import labels
from services.recognition.honouring.commands.send_wave import Audience, SendWave, send_wave
from services.recognition.honouring.http.acting import PLANS, SEES, acting, put_beside, trying
from services.recognition.honouring.http.frame import LIST, event_page
from services.recognition.honouring.model import HonouringEvent
from services.recognition.honouring.store import events, waves
from services.recognition.honouring.store.waves import Channel
from shared.errors import Refused
from shared.german import counted, long_day
from shared.web.forms import Form, empty_form, read_form
from shared.web.pages import Page, page, see_other
from shared.web.request import Request

UNPROCESSABLE = 422
WAVES = f"{LIST}/{{event_id:uuid}}/einladungen"


class WaveForm(msgspec.Struct, kw_only=True):
    """Whom to invite until when; `expected` is what the confirmation has said."""

    audience: Audience
    answer_by_on: date
    expected: int | None = None


@get(WAVES, opt=SEES)
async def get_waves(request: Request, event_id: FromPath[UUID]) -> Page:
    """Show the waves that went out and who waits for the next one."""
    return await _show(request, event_id)


@post(WAVES, opt=PLANS)
async def post_wave(request: Request, event_id: FromPath[UUID]) -> Page:
    """Send a wave once that is confirmed; before, say whom it reaches and how."""
    form = await read_form(request, WaveForm)
    if form.is_valid:
        try:
            if form.value.expected is None:
                return await _confirm(request, event_id, form)
            async with acting(request, "send_wave", event_id) as opened:
                await send_wave(opened, _command(request, event_id, form.value))
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            sentence = counted(
                form.value.expected,
                "Einladung ist erstellt und wird jetzt verschickt.",
                "Einladungen sind erstellt und werden jetzt verschickt.",
            )
            return see_other(request, f"{LIST}/{event_id}/einladungen", sentence)
    return await _show(request, event_id, form)


async def _confirm(request: Request, event_id: UUID, form: Form[WaveForm]) -> Page:
    """Ask for a confirmation, unless the wave would be refused."""
    wanted = form.value
    async with trying(request) as attempt:
        event = await events.get(attempt, event_id)
        channels = _reached(await waves.channels(attempt, event_id), wanted.audience)
        people = sum(channel.people for channel in channels)
        confirmed = msgspec.structs.replace(wanted, expected=people)
        await send_wave(attempt, _command(request, event_id, confirmed))
    return page(
        request,
        "confirm.html",
        question=counted(people, "Person einladen?", "Personen einladen?"),
        consequences=_consequences(event, channels, wanted.answer_by_on),
        action=f"{LIST}/{event_id}/einladungen",
        yes="Ja, jetzt einladen",
        back=f"{LIST}/{event_id}/einladungen",
        fields={
            "audience": wanted.audience,
            "answer_by_on": wanted.answer_by_on.isoformat(),
            "expected": people,
        },
    )


def _command(request: Request, event_id: UUID, wanted: WaveForm) -> SendWave:
    return SendWave(
        honouring_event_id=event_id,
        audience=wanted.audience,
        answer_by_on=wanted.answer_by_on,
        expected=wanted.expected or 0,
        sent_by=request.signed_in.name,
    )


def _reached(channels: list[Channel], audience: Audience) -> list[Channel]:
    return [channel for channel in channels if audience in {"all", channel.category}]


def _consequences(event: HonouringEvent, channels: list[Channel], answer_by_on: date) -> list[str]:
    by_email = sum(one.by_email for one in channels)
    by_letter = sum(one.by_letter for one in channels)
    return [
        counted(by_email, "Einladung geht", "Einladungen gehen") + " per E-Mail sofort hinaus.",
        labels.letters_to_print(by_letter),
        f"Geantwortet werden kann bis {long_day(answer_by_on)}.",
        f"Eine Einladung gilt für {_party(event)}.",
    ]


def _party(event: HonouringEvent) -> str:
    return "zwei Personen" if event.most_seats == 2 else "eine Person"  # noqa: PLR2004 - one or two


async def _show(request: Request, event_id: UUID, form: Form[WaveForm] | None = None) -> Page:
    async with request.pool.acquire() as connection:
        event = await events.get(connection, event_id)
        channels = await waves.channels(connection, event_id)
        sent = await waves.listed(connection, event_id)
    usual = empty_form(WaveForm, {"audience": "all", "answer_by_on": event.answer_by_on})
    return event_page(
        request,
        "einladungen.html",
        event,
        tab="einladungen",
        status=UNPROCESSABLE if form is not None and form.errors else 200,
        form=form or usual,
        channels=channels,
        waves=sent,
        people=sum(channel.people for channel in channels),
    )


ROUTES = [get_waves, post_wave]
