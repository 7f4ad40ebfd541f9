"""The switch that stops all mails, and their speed."""

from typing import Final

from litestar import get, post

from services.notifier.commands.pause_sending import PauseSending, pause_sending
from services.notifier.commands.resume_sending import ResumeSending, resume_sending
from services.notifier.commands.set_sending_rate import SetSendingRate, set_sending_rate
from services.notifier.http.messages import LIST, RateForm, show_messages
from services.notifier.http.naming import EVERY_PURPOSE, OVERSEES
from services.notifier.store import overview
from services.notifier.store.overview import Figures
from shared.database import transaction
from shared.german import counted
from shared.web.access import staff
from shared.web.forms import read_form
from shared.web.pages import Page, page, see_other
from shared.web.request import Request

CONTROLS: Final = staff(*OVERSEES)


@get(f"{LIST}/anhalten", opt=CONTROLS)
async def get_pause_question(request: Request) -> Page:
    """Ask whether all mails are to be stopped, and say how many that concerns."""
    async with request.pool.acquire() as connection:
        figures = await overview.figures(connection, EVERY_PURPOSE)
    return page(
        request,
        "confirm.html",
        question="Versand anhalten?",
        consequences=[
            _waiting(
                figures, "wartet zurzeit und bleibt liegen", "warten zurzeit und bleiben liegen"
            ),
            "Auch Eintrittskarten und Platzangebote gehen bis zum Fortsetzen nicht hinaus.",
            "Briefe können weiter gedruckt werden.",
        ],
        action=f"{LIST}/anhalten",
        yes="Versand anhalten",
        back=LIST,
        fields={},
    )


@post(f"{LIST}/anhalten", opt=CONTROLS)
async def post_pause(request: Request) -> Page:
    """Stop all mails."""
    member = request.signed_in
    async with transaction(request.pool) as opened:
        await pause_sending(opened, PauseSending(paused_by=member.name, actor=member.subject))
    return see_other(request, LIST, "Der Versand ist angehalten.")


@get(f"{LIST}/fortsetzen", opt=CONTROLS)
async def get_resume_question(request: Request) -> Page:
    """Ask whether mails are to go out again, and say how many that concerns."""
    async with request.pool.acquire() as connection:
        figures = await overview.figures(connection, EVERY_PURPOSE)
    return page(
        request,
        "confirm.html",
        question="Versand fortsetzen?",
        consequences=[_waiting(figures, "geht jetzt hinaus", "gehen jetzt hinaus")],
        action=f"{LIST}/fortsetzen",
        yes="Versand fortsetzen",
        back=LIST,
        fields={},
    )


@post(f"{LIST}/fortsetzen", opt=CONTROLS)
async def post_resume(request: Request) -> Page:
    """Let mails go out again."""
    async with transaction(request.pool) as opened:
        await resume_sending(opened, ResumeSending(actor=request.signed_in.subject))
    return see_other(request, LIST, "Der Versand läuft wieder.")


@post(f"{LIST}/tempo", opt=CONTROLS)
async def post_rate(request: Request) -> Page:
    """Set how fast mails go out."""
    form = await read_form(request, RateForm)
    if not form.is_valid:
        return await show_messages(request, form)
    command = SetSendingRate(
        mails_per_second=form.value.mails_per_second, actor=request.signed_in.subject
    )
    async with transaction(request.pool) as opened:
        await set_sending_rate(opened, command)
    return see_other(request, LIST, "Das Tempo ist geändert.")


def _waiting(figures: Figures, one: str, many: str) -> str:
    """Return what becomes of the messages that wait, as a sentence."""
    count = figures.waiting + figures.unsorted
    return counted(count, f"Nachricht {one}.", f"Nachrichten {many}.")
