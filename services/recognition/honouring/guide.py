"""Says what is to be done next for an honouring event, step by step."""

from datetime import datetime
from typing import Literal

import msgspec

from services.recognition.honouring.model import HonouringEvent
from shared.german import long_day

Progress = Literal["done", "now", "later"]


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """The figures that decide which step comes next."""

    quotas: int
    asked: int
    proposed: int
    selected: int
    invited: int
    silent: int
    waiting: int
    offered: int


class GuideStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step with the sentence that explains it and the page where it is done."""

    title: str
    sentence: str
    page: str
    """Below the event's address; empty is the event's own page."""
    action: str
    """What the link to the page says; empty as long as there is nothing to do there."""
    progress: Progress


def guide(event: HonouringEvent, standing: Standing, now: datetime) -> list[GuideStep]:
    """Return the steps from the first to the last; one of them is to be done now.

    Nothing is to be done for an event that was cancelled or is over.
    """
    steps = [
        _quotas(standing),
        _asking(event, standing),
        _collecting(event, standing, now),
        _selecting(event, standing),
        _inviting(event, standing),
        _following(event, standing, now),
        _concluding(event, now),
    ]
    return _with_progress(event, steps)


class _Draft(msgspec.Struct, frozen=True):
    title: str
    sentence: str
    page: str
    action: str
    is_done: bool


def _with_progress(event: HonouringEvent, drafts: list[_Draft]) -> list[GuideStep]:
    first_open = next((draft for draft in drafts if not draft.is_done), None)
    steps = []
    for draft in drafts:
        progress: Progress = "done" if draft.is_done else "later"
        if draft is first_open and not event.is_over:
            progress = "now"
        steps.append(
            GuideStep(
                title=draft.title,
                sentence=draft.sentence,
                page=draft.page,
                action=draft.action,
                progress=progress,
            )
        )
    return steps


def _quotas(standing: Standing) -> _Draft:
    return _Draft(
        "Kontingente festlegen",
        "Legen Sie fest, wie viele Gäste jeder Verein vorschlagen darf. Die übliche Zahl nach"
        " Größe lässt sich mit einem Klick setzen."
        if standing.quotas == 0
        else f"Vereine mit Kontingent: {standing.quotas}.",
        "kontingente",
        "Zu den Kontingenten",
        standing.quotas > 0,
    )


def _asking(event: HonouringEvent, standing: Standing) -> _Draft:
    opened = event.phase != "draft"
    return _Draft(
        "Vereine um Vorschläge bitten",
        f"Um Vorschläge gebetene Vereine: {standing.asked}."
        if standing.asked
        else "Jeder Verein mit Kontingent bekommt seinen Link per E-Mail oder Brief."
        if opened
        else "Öffnen Sie die Vorschläge. Jeder Verein mit Kontingent bekommt dann seinen Link per"
        " E-Mail oder Brief; vorher sehen Sie, wer wie erreicht wird.",
        "kontingente",
        "Vereine bitten" if opened else "Vorschläge öffnen",
        standing.asked > 0 or event.phase not in {"draft", "nomination_open"},
    )


def _collecting(event: HonouringEvent, standing: Standing, now: datetime) -> _Draft:
    is_over = now > event.nominate_by
    return _Draft(
        "Vorschläge sammeln und schließen",
        f"Die Frist ist seit {long_day(event.nominate_by_on)}, vorbei. Sehen Sie die Vorschläge"
        f" durch (offen: {standing.proposed}) und schließen Sie sie."
        if is_over
        else f"Bis {long_day(event.nominate_by_on)}, können die Vereine vorschlagen."
        f" Vorschläge bisher: {standing.proposed}.",
        "vorschlaege",
        "Zu den Vorschlägen",
        event.phase not in {"draft", "nomination_open"},
    )


def _selecting(event: HonouringEvent, standing: Standing) -> _Draft:
    return _Draft(
        "Gäste auswählen",
        "Probieren Sie die Auswahl in Zahlen aus und losen Sie dann. Erstgäste kommen zuerst, das"
        " Losprotokoll hält jeden Schritt fest.",
        "auswahl",
        "Zur Auswahl",
        event.phase in {"guests_selected", "inviting", "held"}
        or (
            event.phase == "nomination_closed" and standing.proposed == 0 and standing.selected > 0
        ),
    )


def _inviting(event: HonouringEvent, standing: Standing) -> _Draft:
    return _Draft(
        "Einladungen verschicken",
        f"Ausgewählt und noch nicht eingeladen: {standing.selected}."
        if standing.selected
        else f"Eingeladen: {standing.invited}."
        if standing.invited
        else "Wer ausgewählt ist, wird in Wellen eingeladen.",
        "einladungen",
        "Zu den Einladungen",
        event.phase in {"inviting", "held"} and standing.selected == 0,
    )


def _following(event: HonouringEvent, standing: Standing, now: datetime) -> _Draft:
    return _Draft(
        "Antworten begleiten",
        f"Ohne Antwort: {standing.silent}, auf der Warteliste: {standing.waiting}, mit Angebot:"
        f" {standing.offered}. Frei gewordene Plätze gehen von selbst an die Nächsten.",
        "gaeste",
        "Zur Gästeliste",
        event.phase == "held" or (event.phase == "inviting" and now > event.doors_open),
    )


def _concluding(event: HonouringEvent, now: datetime) -> _Draft:
    is_over = now >= event.ends
    return _Draft(
        "Konzert abschließen",
        "Das Konzert ist vorbei. Schließen Sie es ab; danach ändert sich nichts mehr."
        if is_over
        else f"Das geht, sobald das Konzert vorbei ist: {long_day(event.ends_at.date())}, nach"
        f" {event.ends_at:%H:%M} Uhr. Danach ändert sich nichts mehr.",
        "abschliessen",
        "Abschließen" if is_over else "",
        event.phase == "held",
    )
