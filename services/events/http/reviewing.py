"""The editors' inbox: what was submitted, how long it waits, and what they decide about it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath

from services.events.associations.store import mails, submissions
from services.events.commands.publish_event import AlreadyPublished
from services.events.commands.withdraw_approval import WithdrawApproval, withdraw_approval
from services.events.http.acting import EDITS, LIST, UNPROCESSABLE, Deed, acting
from services.events.http.deciding import (
    DECISIONS,
    MOST_CHOSEN,
    OF_DRAFTS,
    TITLES,
    Decided,
    Decision,
    DecisionForm,
    decide,
    done,
    left,
    rehearsing,
)
from services.events.http.seen import known_event, seen_event, seen_version
from services.events.review import is_overdue, working_days_since
from services.events.rule_words import how_often
from services.events.settings import Settings
from services.events.store import events, review
from services.events.telling import all_texts
from services.events.wording import ORIGINS, when_is
from shared.german import german_number
from shared.text import clean
from shared.web.forms import Form, empty_form, read_form
from shared.web.listing import read_listing
from shared.web.pages import Page, page, see_other
from shared.web.request import Request

INBOX: Final = f"{LIST}/pruefen"
ROWS: Final = 50
LABELS: Final = {
    "chosen": "Veranstaltungen",
    "decision": "Entscheidung",
    "public_from": "Öffentlich ab",
    "note": "Begründung",
}
_DONE: Final[dict[Decision, str]] = {
    "publish": "veröffentlicht",
    "schedule": "vorgemerkt",
    "return": "zurückgegeben",
    "refuse": "abgelehnt",
    "withdraw": "wieder zur Prüfung gestellt",
}
_UNDO: Final[dict[Decision, str]] = {
    "publish": "Zurücknehmen lässt sich das nicht; was nicht stattfindet, sagen Sie ab.",
    "schedule": "Bis dahin können Sie die Freigabe zurücknehmen.",
    "return": "Wer sie eingereicht hat, liest die Begründung sofort. Veröffentlichen können Sie "
    "danach immer noch, auf der Seite der Veranstaltung.",
    "refuse": "Wer sie eingereicht hat, liest die Begründung sofort. Veröffentlichen können Sie "
    "danach immer noch, auf der Seite der Veranstaltung.",
    "withdraw": "Danach können Sie neu entscheiden.",
}
"""By which way back there is from a decision, if any."""


@get(INBOX, opt=EDITS)
async def get_inbox(request: Request) -> Page:
    """List what waits for a review, those that wait longest first."""
    return await _inbox(request, empty_form(DecisionForm))


@get(f"{LIST}/{{calendar_event_id:uuid}}/pruefen", opt=EDITS)
async def get_review(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Show what an event that nobody sees yet says, with the decision beside it.

    What nobody has submitted can be published, now or later; there is nobody to give it back to.

    Raises:
        AlreadyPublished: everybody sees it already.
    """
    async with request.pool.acquire() as connection:
        event = await known_event(connection, calendar_event_id)
        terms = await events.terms(connection)
        written = (await mails.addressees(connection, [calendar_event_id])).get(calendar_event_id)
    if event.is_public:
        raise AlreadyPublished
    texts = all_texts(event, terms)
    series = [("Serie", how_often(event.recurrence, event.zone))] if event.recurrence else []
    submitted_at, now = event.submitted_at or event.created_at, datetime.now(UTC)
    return page(
        request,
        "konsole_pruefen_einzeln.html",
        event=event,
        association=written.name if written else "",
        contact=written.email if written else "",
        facts=[("Wann", when_is(event)), *series, *texts],
        form=empty_form(DecisionForm, {"decision": "publish"}),
        labels=LABELS,
        decisions=DECISIONS if event.state == "submitted" else OF_DRAFTS,
        submitted_at=submitted_at,
        days=working_days_since(submitted_at, now),
        overdue=is_overdue(submitted_at, now),
    )


@post(INBOX, opt=EDITS)
async def post_decision(request: Request) -> Page:
    """Show what a decision would do to each of the chosen events, then carry it out."""
    form = await read_form(request, DecisionForm)
    if not form.is_valid or form.value.step == "edit":
        return await _inbox(request, form)
    if form.value.step == "preview":
        settings: Settings = request.app.state.settings
        async with rehearsing(request.pool) as rehearsal:
            deed = Deed(rehearsal, settings.site, datetime.now(UTC))
            return _outcome(request, form, await decide(request, deed, form.value))
    async with acting(request) as deed:
        decided = await decide(request, deed, form.value)
    if left(decided):
        return _outcome(request, form, decided, is_done=True)
    return see_other(request, INBOX, _in_sum(form.value.decision, decided, is_done=True))


@get(f"{LIST}/{{calendar_event_id:uuid}}/freigabe-zuruecknehmen", opt=EDITS)
async def get_withdrawal_question(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Ask whether an approval is to be taken back."""
    event = await seen_event(request, calendar_event_id)
    return page(
        request,
        "confirm.html",
        question=f"Freigabe von „{event.title}“ zurücknehmen?",
        consequences=[
            "Die Veranstaltung wird nicht von selbst veröffentlicht.",
            "Sie steht wieder unter den eingereichten Veranstaltungen.",
        ],
        action=f"{LIST}/{calendar_event_id}/freigabe-zuruecknehmen",
        yes="Freigabe zurücknehmen",
        back=f"{LIST}/{calendar_event_id}",
        fields={"version": event.version},
    )


@post(f"{LIST}/{{calendar_event_id:uuid}}/freigabe-zuruecknehmen", opt=EDITS)
async def post_withdrawal(request: Request, calendar_event_id: FromPath[UUID]) -> Page:
    """Take an approval back before its hour."""
    version, by = await seen_version(request), request.signed_in.name
    async with acting(request) as deed:
        command = WithdrawApproval(calendar_event_id, version, by)
        await withdraw_approval(deed.transaction, command, deed.site, deed.now)
        await deed.note(request, "withdraw_approval", calendar_event_id)
    return see_other(request, INBOX, "Die Freigabe ist zurückgenommen.")


def _outcome(
    request: Request, form: Form[DecisionForm], decided: list[Decided], *, is_done: bool = False
) -> Page:
    """Show event by event what happens, or what has happened, and what cannot and why."""
    gone = len(form.value.seen()) - len(decided)
    possible = [f"{one.event.calendar_event_id}:{one.event.version}" for one in done(decided)]
    sent = {**form.raw, "chosen": possible or form.raw["chosen"], "step": []}
    return page(
        request,
        "konsole_pruefen_vorschau.html",
        decision=form.value.decision,
        decided_as=_DONE[form.value.decision],
        in_sum=_in_sum(form.value.decision, decided, gone, is_done=is_done),
        way_back=_UNDO[form.value.decision],
        decisions=TITLES,
        note=form.value.note,
        public_from=form.value.public_from,
        done=done(decided),
        left=left(decided),
        gone=gone,
        hidden=[(name, value) for name, values in sent.items() for value in values],
        is_done=is_done,
        when_is=when_is,
    )


def _in_sum(decision: Decision, decided: Sequence[Decided], gone: int = 0, *, is_done: bool) -> str:
    """Return what happens or has happened to how many, in a sentence."""
    count, others = len(done(decided)), len(left(decided)) + gone
    verbs = ("ist", "sind") if is_done else ("wird", "werden")
    one = "Eine Veranstaltung" if count else "Keine Veranstaltung"
    subject = f"{german_number(count)} Veranstaltungen" if count > 1 else one
    rest = f", {german_number(others)} nicht" if others else ""
    return f"{subject} {verbs[count > 1]} {_DONE[decision]}{rest}."


async def _inbox(request: Request, form: Form[DecisionForm]) -> Page:
    listing = read_listing(request, ["submitted"], ROWS)
    whose = clean(request.query_params.get("von") or "", "von") or None
    now = datetime.now(UTC)
    async with request.pool.acquire() as connection:
        submitters = await review.submitters(connection)
        found = await review.submitted(connection, whose, listing.offset, listing.rows)
        scheduled = await review.scheduled(connection, MOST_CHOSEN)
        cancellations = await submissions.asked_cancellations(connection)
    return page(
        request,
        "konsole_pruefen.html",
        status=UNPROCESSABLE if form.errors else 200,
        waiting=[
            (one, working_days_since(one.submitted_at, now), is_overdue(one.submitted_at, now))
            for one in found
        ],
        total=sum(submitters.values()) if whose is None else submitters.get(whose, 0),
        submitters=submitters,
        whose=whose,
        cancellations=cancellations,
        scheduled=scheduled,
        listing=listing,
        form=form,
        labels=LABELS,
        decisions=DECISIONS,
        origins=ORIGINS,
    )
