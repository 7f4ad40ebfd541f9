"""Gives purposes, states and reasons their German names on pages."""

from typing import Final, get_args

from services.notifier.model import (
    CoursePurpose,
    InvitationPurpose,
    MessageState,
    NominationPurpose,
    Purpose,
    SubmissionPurpose,
)

TITLES: Final[dict[Purpose, str]] = {
    "invitation": "Einladung",
    "reminder": "Erinnerung",
    "acceptance": "Zusage mit Eintrittskarten",
    "changed_acceptance": "Geänderte Zusage",
    "decline": "Absage des Gastes",
    "waiting_list": "Warteliste",
    "offer": "Platzangebot",
    "lapsed_offer": "Abgelaufenes Angebot",
    "rescheduled": "Neuer Termin",
    "new_venue": "Neuer Ort",
    "cancelled": "Absage der Veranstaltung",
    "nomination_request": "Bitte um Vorschläge",
    "nomination_reminder": "Erinnerung an Vorschläge",
    "nomination_change": "Geänderte Bitte um Vorschläge",
    "nomination_withdrawal": "Absage an vorschlagende Vereine",
    "course_link": "Kurs: Link zur Anmeldung",
    "course_place": "Kurs: Anmeldung bestätigt",
    "course_waiting_list": "Kurs: Warteliste",
    "course_offer": "Kurs: Platzangebot",
    "course_lapsed_offer": "Kurs: abgelaufenes Angebot",
    "course_withdrawal": "Kurs: Abmeldung",
    "course_moved": "Kurs: verlegt",
    "course_cancelled": "Kurs: abgesagt",
    "course_confirmed": "Kurs: findet statt",
    "course_proof": "Kurs: Bitte um Nachweis",
    "course_refused": "Kurs: Nachweis nicht anerkannt",
    "submission_receipt": "Gemeldete Veranstaltung: eingegangen",
    "submission_returned": "Gemeldete Veranstaltung: zurückgegeben",
    "submission_refused": "Gemeldete Veranstaltung: abgelehnt",
    "submission_published": "Gemeldete Veranstaltung: veröffentlicht",
}
RECIPIENTS: Final[dict[Purpose, str]] = {
    **dict.fromkeys(get_args(InvitationPurpose), "Gast"),
    **dict.fromkeys(get_args(NominationPurpose), "Verein"),
    **dict.fromkeys(get_args(CoursePurpose), "Kursteilnahme"),
    **dict.fromkeys(get_args(SubmissionPurpose), "Verein"),
}
"""What kind of recipient a message has, never who it is."""
STATES: Final[dict[MessageState, str]] = {
    "queued": "wartet",
    "claimed": "wird verschickt",
    "data_started": "wird verschickt",
    "retry": "neuer Versuch folgt",
    "accepted": "verschickt",
    "failed": "nicht zustellbar",
    "withheld": "zurückgehalten",
    "cancelled": "entfallen",
    "in_batch": "als Brief zu drucken",
    "posted": "als Brief verschickt",
}
COLOURS: Final[dict[MessageState, str]] = {
    "retry": "warning",
    "accepted": "success",
    "posted": "success",
    "failed": "danger",
}
"""Kinds of badges; all other states are only information."""
REASONS: Final = {
    "overtaken": "Die Antwort oder Anmeldung hat sich vorher geändert.",
    "event_cancelled": "Die Veranstaltung wurde vorher abgesagt.",
    "event_over": "Die Veranstaltung war schon vorbei.",
    "course_cancelled": "Der Kurs wurde vorher abgesagt.",
    "course_over": "Der Kurs war schon vorbei.",
    "participant_unknown": "Die Anmeldung ist nicht mehr vorhanden.",
    "submission_unknown": "Die Veranstaltung ist nicht mehr vorhanden.",
    "no_email": "Die Person hat keine E-Mail-Adresse und wird angerufen.",
    "no_contact": "Für den Verein ist keine E-Mail-Adresse hinterlegt; er liest die Antwort unter "
    "seinem Link.",
    "decided_otherwise": "Über die Veranstaltung wurde vorher anders entschieden.",
    "too_late": "Die Frist war schon abgelaufen.",
    "fault_of_ours": "Ein Fehler im Programm verhindert die Nachricht. Bitte melden Sie das.",
    "recipient_unknown": "Die Person oder der Verein ist im Register nicht (mehr) vorhanden.",
    "no_address": "Für den Verein ist weder eine E-Mail-Adresse noch eine Anschrift erfasst.",
    "nomination_closed": "Es werden keine Vorschläge mehr angenommen.",
    "proposed_meanwhile": "Der Verein hat vorher jemanden vorgeschlagen.",
    "not a single e-mail address": "Die E-Mail-Adresse ist ungültig.",
    "the domain is malformed": "Die E-Mail-Adresse ist ungültig.",
    "connection closed": "Der Mailserver hat die Verbindung abgebrochen.",
}
"""Our own reasons, by their code."""
CODES: Final = {
    421: "Der Mailserver ist überlastet.",
    450: "Das Postfach nimmt zurzeit nichts an.",
    451: "Der Mailserver bittet um einen späteren Versuch.",
    452: "Das Postfach oder der Mailserver ist voll.",
    535: "Die Anmeldung am Mailserver ist fehlgeschlagen.",
    550: "Das Postfach gibt es nicht, oder es nimmt nichts von uns an.",
    551: "Das Postfach ist umgezogen.",
    552: "Das Postfach ist voll, oder die Nachricht ist zu groß.",
    553: "Die E-Mail-Adresse ist ungültig.",
    554: "Der Mailserver hat die Nachricht abgelehnt.",
}
"""What a mail server's answer usually means."""


def in_doubt(state: MessageState) -> str:
    """Say what is not known of a mail whose content was on its way when the connection broke.

    Only one that was sent again can have arrived twice; one that was withheld since may have
    arrived once (RFC 1047).
    """
    return "möglicherweise doppelt" if state == "accepted" else "möglicherweise schon zugestellt"


def in_words(reason: str, smtp_code: int | None) -> str:
    """Return why a message did not go out, in a German sentence; empty if nothing is wrong."""
    if reason in REASONS:
        return REASONS[reason]
    if smtp_code in CODES:
        return CODES[smtp_code]
    if smtp_code and smtp_code >= 500:  # noqa: PLR2004 - RFC 5321 4.2.1, a permanent refusal
        return "Der Mailserver hat die Nachricht endgültig abgelehnt."
    return "Der Mailserver hat die Nachricht noch nicht angenommen." if reason else ""
