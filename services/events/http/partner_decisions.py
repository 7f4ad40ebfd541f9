"""What editors decide about a partner: how far it is trusted, and what becomes of what waits."""

from collections.abc import Mapping
from typing import Final, Literal, cast, get_args
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath

from services.events.commands.decide_held_items import DecideHeldItems, decide_held_items
from services.events.commands.trust_partner import TrustPartner, trust_partner
from services.events.http.acting import EDITS, acting
from services.events.http.partners import LIST, known_partner
from services.events.ingest.model import Partner
from services.events.ingest.trust import Trust, TrustRules
from services.events.store import events, trust
from shared import audit
from shared.database import Connection
from shared.errors import Malformed
from shared.web.forms import read_form
from shared.web.pages import Page, page, see_other
from shared.web.request import Request

Verdict = Literal["release", "reject"]
_DONE: Final[dict[Verdict, str]] = {
    "release": "So viele Veranstaltungen sind abgesagt oder gelöscht: {}.",
    "reject": "Diese Veranstaltungen finden statt, was die Quelle auch sagt: {}.",
}


class VerdictForm(msgspec.Struct, kw_only=True):
    """What becomes of one item that waits."""

    verdict: Verdict
    partner_key: str


@post(f"{LIST}/{{name:str}}/vertrauen", opt=EDITS)
async def post_trust(request: Request, name: FromPath[str]) -> Page:
    """Say whether a partner's items stand in the calendar at once, in all and by category."""
    sent = await request.form()
    async with acting(request) as deed:
        partner = await known_partner(deed.transaction, name)
        categories = await events.categories(deed.transaction)
        own = {each.code: str(sent.get(f"trust_{each.code}", "")) for each in categories}
        rules = TrustRules(
            _trust(str(sent.get("trust", ""))),
            {code: _trust(chosen) for code, chosen in own.items() if chosen},
        )
        await trust_partner(deed.transaction, TrustPartner(partner, rules))
        details = {"trust": rules.otherwise, **rules.by_category}
        await _note(deed.transaction, request, "trust_partner", partner, details)
    return see_other(request, f"{LIST}/{name}", "Gespeichert; es gilt für alles, was neu kommt.")


@post(f"{LIST}/{{name:str}}/zurueckgehalten", opt=EDITS)
async def post_verdict(request: Request, name: FromPath[str]) -> Page:
    """Release or reject one cancellation that waits."""
    form = await read_form(request, VerdictForm)
    return await _decide(request, name, form.value.verdict, [form.value.partner_key])


@get(f"{LIST}/{{name:str}}/zurueckgehalten/{{verdict:str}}", opt=EDITS)
async def get_verdict_question(
    request: Request, name: FromPath[str], verdict: FromPath[str]
) -> Page:
    """Ask whether all cancellations that wait are to count, or none."""
    wanted = _verdict(verdict)
    async with request.pool.acquire() as connection:
        partner = await known_partner(connection, name)
        held = await trust.held_back(connection, partner.partner_id)
    count, is_release = len(held), wanted == "release"
    return page(
        request,
        "confirm.html",
        question=f"Alle {count} Absagen {'freigeben' if is_release else 'zurückweisen'}?",
        consequences=[
            "Die Veranstaltungen werden abgesagt oder gelöscht; das lässt sich nicht zurücknehmen."
            if is_release
            else "Die Veranstaltungen bleiben im Kalender, was die Quelle auch sagt.",
            *(each.title for each in held),
        ],
        action=f"{LIST}/{name}/zurueckgehalten/{verdict}",
        yes="Alle freigeben" if is_release else "Alle zurückweisen",
        back=f"{LIST}/{name}",
        fields={"count": count},
    )


@post(f"{LIST}/{{name:str}}/zurueckgehalten/{{verdict:str}}", opt=EDITS)
async def post_verdict_on_all(
    request: Request, name: FromPath[str], verdict: FromPath[str]
) -> Page:
    """Release or reject all cancellations that wait, if they are as many as the editor has seen.

    Raises:
        Malformed: more or fewer wait than were shown.
    """
    wanted = _verdict(verdict)
    seen = str((await request.form()).get("count", ""))
    async with request.pool.acquire() as connection:
        partner = await known_partner(connection, name)
        held = await trust.held_back(connection, partner.partner_id)
    if seen != str(len(held)):
        raise Malformed("Inzwischen hat sich geändert, was wartet. Bitte laden Sie die Seite neu.")
    return await _decide(request, name, wanted, [each.partner_key for each in held])


@post(f"{LIST}/{{name:str}}/geprueft", opt=EDITS)
async def post_reviewed(request: Request, name: FromPath[str]) -> Page:
    """Note that an editor has looked at events that stood in the calendar at once."""
    try:
        looked_at = [UUID(str(sent)) for sent in (await request.form()).getall("item", [])]
    except ValueError as error:
        raise Malformed("Bitte laden Sie die Seite neu.", "item") from error
    async with acting(request) as deed:
        partner = await known_partner(deed.transaction, name)
        count = await trust.note_reviewed(deed.transaction, partner.partner_id, looked_at)
        details = {"items": str(count)}
        await _note(deed.transaction, request, "review_partner_items", partner, details)
    return see_other(request, f"{LIST}/{name}", f"Geprüft: {count}.")


async def _decide(request: Request, name: str, verdict: Verdict, keys: list[str]) -> Page:
    async with acting(request) as deed:
        partner = await known_partner(deed.transaction, name)
        command = DecideHeldItems(partner.partner_id, keys, verdict, request.signed_in.name)
        count = await decide_held_items(deed.transaction, command, deed.site, deed.now)
        details = {"verdict": verdict, "items": str(count)}
        await _note(deed.transaction, request, "decide_held_items", partner, details)
    return see_other(request, f"{LIST}/{name}", _DONE[verdict].format(count))


async def _note(
    transaction: Connection,
    request: Request,
    action: str,
    partner: Partner,
    details: Mapping[str, str],
) -> None:
    await audit.note(
        transaction,
        actor=request.signed_in.subject,
        action=action,
        concerns=f"partner:{partner.partner_id}",
        details=dict(details),
    )


def _trust(chosen: str) -> Trust:
    if chosen not in get_args(Trust):
        raise Malformed("Bitte wählen Sie, was mit neuen Veranstaltungen geschieht.", "trust")
    return cast("Trust", chosen)


def _verdict(word: str) -> Verdict:
    verdicts: dict[str, Verdict] = {"freigeben": "release", "zurueckweisen": "reject"}
    if word not in verdicts:
        raise Malformed("Das lässt sich hier nicht entscheiden.")
    return verdicts[word]
