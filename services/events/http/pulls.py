"""The console's form for calendars that are fetched from partners who cannot publish."""

from litestar import post
from litestar.params import FromPath

from services.events.commands.register_pull import RegisterPull, register_pull
from services.events.http.acting import EDITS, acting
from services.events.http.partners import LIST, known_partner, partner_page
from services.events.http.pull_form import PullForm
from services.events.store import pulls
from shared import audit
from shared.errors import Refused
from shared.web.forms import Form, read_form
from shared.web.pages import Page, see_other
from shared.web.request import Request


@post(f"{LIST}/{{name:str}}/abholung", opt=EDITS)
async def post_pull(request: Request, name: FromPath[str]) -> Page:
    """Have a partner's calendar fetched, at once and then again and again."""
    form: Form[PullForm] = await read_form(request, PullForm)
    if not form.is_valid:
        return await partner_page(request, name, form)
    wish = form.value
    try:
        async with acting(request) as deed:
            partner = await known_partner(deed.transaction, name)
            command = RegisterPull(partner, wish.url, int(wish.every_minutes))
            await register_pull(deed.transaction, command)
            await audit.note(
                deed.transaction,
                actor=request.signed_in.subject,
                action="register_pull",
                concerns=f"partner:{partner.partner_id}",
                details={"every_minutes": wish.every_minutes},
            )
    except Refused as refusal:
        form.refuse(refusal)
        return await partner_page(request, name, form)
    return see_other(request, f"{LIST}/{name}", "Gespeichert. Der Kalender wird jetzt abgeholt.")


@post(f"{LIST}/{{name:str}}/abholung/jetzt", opt=EDITS)
async def post_pull_now(request: Request, name: FromPath[str]) -> Page:
    """Have the calendar fetched without waiting."""
    async with acting(request) as deed:
        partner = await known_partner(deed.transaction, name)
        await pulls.hasten_pull(deed.transaction, partner.partner_id)
    return see_other(request, f"{LIST}/{name}", "Der Kalender wird in wenigen Sekunden abgeholt.")


@post(f"{LIST}/{{name:str}}/abholung/beenden", opt=EDITS)
async def post_pull_end(request: Request, name: FromPath[str]) -> Page:
    """Fetch a partner's calendar no more; what has come of it stays."""
    async with acting(request) as deed:
        partner = await known_partner(deed.transaction, name)
        await pulls.forget_pull(deed.transaction, partner.partner_id)
        await audit.note(
            deed.transaction,
            actor=request.signed_in.subject,
            action="end_pull",
            concerns=f"partner:{partner.partner_id}",
        )
    return see_other(request, f"{LIST}/{name}", "Der Kalender wird nicht mehr abgeholt.")
