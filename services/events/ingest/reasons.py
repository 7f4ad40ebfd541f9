"""Why an item is not taken: stable codes for programs, a hint in plain words for people."""

from types import MappingProxyType
from typing import Final

import msgspec

HINTS: Final = MappingProxyType(
    {
        "envelope_missing": "Bitte senden Sie ein CloudEvent: die Kopfzeilen ce-specversion, "
        "ce-id, ce-type und ce-source, oder den Inhalt als application/cloudevents+json.",
        "specversion_unknown": "Bitte geben Sie als ce-specversion 1.0 an.",
        "source_mismatch": "Bitte geben Sie in ce-source den Namen an, unter dem Sie angemeldet "
        "sind.",
        "content_type_unknown": "Bitte senden Sie application/ld+json, application/json oder "
        "text/calendar und nennen Sie das in ce-datacontenttype oder content-type.",
        "message_empty": "Die Nachricht hat keinen Inhalt.",
        "message_too_large": "Bitte senden Sie höchstens 64 KiB in einer Nachricht; teilen Sie "
        "größere Mengen auf mehrere auf.",
        "not_utf8": "Bitte senden Sie den Text als UTF-8.",
        "control_character": "Bitte entfernen Sie das Nullzeichen aus dem Inhalt.",
        "json_malformed": "Der Inhalt ist kein gültiges JSON.",
        "json_too_deep": "Bitte verschachteln Sie das JSON höchstens 20 Ebenen tief.",
        "calendar_malformed": "Der Inhalt ist kein lesbarer iCalendar (RFC 5545); häufig fehlt ein "
        "BEGIN oder END, oder ein Wert ist falsch geschrieben.",
        "calendar_too_deep": "Bitte verschachteln Sie den Kalender höchstens drei Ebenen tief.",
        "too_many_items": "Bitte senden Sie höchstens 200 Veranstaltungen in einer Nachricht.",
        "too_many_dates": "Bitte zählen Sie höchstens 500 einzelne Termine auf.",
        "took_too_long": "Der Inhalt ließ sich nicht in vertretbarer Zeit lesen; bitte teilen Sie "
        "ihn auf.",
        "took_too_much_memory": "Der Inhalt brauchte beim Lesen zu viel Speicher; bitte teilen Sie "
        "ihn auf.",
        "not_read": "Beim Lesen ist bei uns ein Fehler aufgetreten; wir sehen ihn und melden uns.",
        "not_an_event": "Bitte senden Sie ein Objekt vom Typ Event (schema.org), unser einfaches "
        "JSON oder einen VEVENT.",
        "id_missing": "Bitte geben Sie Ihrer Veranstaltung eine Kennung, die gleich bleibt: "
        "identifier oder @id (schema.org), id (einfaches JSON), UID (iCalendar).",
        "id_too_long": "Bitte kürzen Sie die Kennung auf höchstens 200 Zeichen.",
        "title_missing": "Bitte geben Sie einen Titel an.",
        "text_expected": "Hier wird ein Text erwartet.",
        "text_too_long": "Bitte kürzen Sie den Text: Titel 200, Zeilen 300, Beschreibung 8.000 "
        "Zeichen.",
        "text_not_allowed": "Der Text enthält Steuerzeichen oder Zeichen, die die Schreibrichtung "
        "ändern; bitte entfernen Sie sie.",
        "too_many_links": "Bitte nennen Sie in der Beschreibung höchstens fünf Internetadressen.",
        "number_expected": "Hier wird eine Zahl erwartet.",
        "place_malformed": "Der Ort ist nicht lesbar; Breite liegt zwischen -90 und 90, Länge "
        "zwischen -180 und 180.",
        "start_missing": "Bitte geben Sie an, wann die Veranstaltung beginnt.",
        "date_malformed": "Bitte schreiben Sie Zeitpunkte wie 2026-09-12T19:30, ganze Tage wie "
        "2026-09-12.",
        "date_out_of_range": "Das Datum muss zwischen 1970 und 2099 liegen.",
        "end_before_start": "Das Ende liegt vor dem Beginn.",
        "end_kind_differs": "Bitte geben Sie Beginn und Ende beide mit oder beide ohne Uhrzeit an.",
        "too_long": "Eine Veranstaltung dauert höchstens 366 Tage; teilen Sie sie sonst auf.",
        "zone_unknown": "Bitte nennen Sie die Zeitzone mit ihrem IANA-Namen, etwa Europe/Berlin, "
        "oder liefern Sie einen VTIMEZONE mit.",
        "link_not_allowed": "Internetadressen müssen mit https:// oder http:// beginnen.",
        "status_unknown": "Der Zustand ist unbekannt; möglich sind geplant, abgesagt, verschoben.",
        "recurrence_malformed": "Die Wiederholungsregel ist nicht lesbar (RRULE, RFC 5545).",
        "recurrence_frequency": "Wiederholt wird täglich, wöchentlich, monatlich oder jährlich.",
        "recurrence_interval": "Der Abstand einer Wiederholung liegt zwischen 1 und 366.",
        "recurrence_count": "Die Anzahl der Wiederholungen liegt zwischen 1 und 1.000.",
        "recurrence_until": "Das Ende der Wiederholung ist nicht lesbar.",
        "recurrence_part_not_allowed": "Die Wiederholung darf nur FREQ, INTERVAL, COUNT, UNTIL, "
        "BYDAY, BYMONTHDAY, BYMONTH, WKST und (monatlich, jährlich) BYSETPOS enthalten.",
        "recurrence_too_many_values": "Bitte zählen Sie je BY-Teil höchstens 12 Werte auf.",
        "recurrence_start_not_in_rule": "Der Beginn muss der erste Termin der Wiederholung sein.",
        "recurrence_zone": "Wiederholungen brauchen eine Zeitzone mit festen Regeln, etwa "
        "Europe/Berlin.",
        "recurrence_not_supported": "Diese Art von Serie wird noch nicht gelesen; bitte senden Sie "
        "die Termine einzeln oder als RRULE.",
        "changed_malformed": "Bitte schreiben Sie geänderte Termine als Liste von Objekten mit "
        "original und starts oder cancelled.",
        "changed_date_unknown": "Diesen Termin hat die Serie nicht: RECURRENCE-ID oder original "
        "muss der Beginn eines Termins sein, wie ihn die Wiederholungsregel (RRULE) vorsieht.",
        "changed_kind_differs": "Ein geänderter Termin hat eine Uhrzeit, wenn seine Serie eine "
        "hat, und sonst keine; senden Sie ihn andernfalls als eigene Veranstaltung.",
        "changed_place_not_supported": "Ein einzelner Termin einer Serie kann nicht an einem "
        "anderen Ort sein; bitte senden Sie ihn als eigene Veranstaltung und nehmen Sie ihn mit "
        "EXDATE aus der Serie.",
        "changed_texts_left_out": "Titel, Beschreibung und Internetadresse gelten für die ganze "
        "Serie; von geänderten Terminen wurden nur die Zeiten übernommen.",
        "range_not_supported": "Ein geänderter Termin gilt nur für sich; bitte beenden Sie statt "
        "RANGE=THISANDFUTURE die Serie mit UNTIL und senden Sie eine neue.",
        "series_not_known": "Die Serie zu diesem Termin kennen wir nicht; bitte senden Sie sie "
        "zusammen mit ihren geänderten Terminen.",
        "older_version": "Wir haben schon einen neueren Stand dieser Veranstaltung; bitte erhöhen "
        "Sie die Version (version, SEQUENCE) oder den Änderungszeitpunkt.",
        "not_known": "Diese Veranstaltung haben Sie uns nie gemeldet; es gibt nichts zu löschen.",
        "many_cancellations": "In kurzer Zeit wurden sehr viele Ihrer Veranstaltungen abgesagt "
        "oder gelöscht. Bevor weitere Absagen gelten, sieht die Redaktion nach.",
        "held_for_review": "Die Veranstaltung wartet auf die Freigabe durch die Redaktion.",
        "kept_by_editors": "Die Redaktion hat entschieden, dass die Veranstaltung stattfindet; "
        "bitte sprechen Sie mit ihr.",
        "refused_by_editors": "Die Redaktion nimmt diese Veranstaltung nicht in den Kalender auf; "
        "bitte sprechen Sie mit ihr.",
        "merged": "Die Veranstaltung ist mit derselben aus einer anderen Quelle zusammengelegt; "
        "es gilt, was die andere Quelle sagt.",
        "duplicate_suspected": "Ort und Zeit stimmen mit einer anderen Veranstaltung überein; die "
        "Redaktion prüft, ob es dieselbe ist.",
        "not_stored": "Beim Speichern ist bei uns ein Fehler aufgetreten; wir sehen ihn und melden "
        "uns.",
    }
)


class ItemRefused(Exception):
    """An item is not taken; `reason` is a code of HINTS, `field` names the place in the item."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(HINTS[reason])
        self.reason = reason
        self.field = field


class Refusal(msgspec.Struct, frozen=True, kw_only=True, tag="refused"):
    """An item that was read and not taken, as the partner learns of it."""

    key: str
    """The partner's own id of the item; empty where it could not be read."""
    reason: str
    field: str

    @property
    def hint(self) -> str:
        """Return what the partner can do about it."""
        return HINTS[self.reason]


def refusal(key: str, error: ItemRefused) -> Refusal:
    """Return the refusal that tells the partner about `error`."""
    return Refusal(key=key, reason=error.reason, field=error.field)
