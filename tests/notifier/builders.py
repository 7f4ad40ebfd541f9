"""Builds guests, people and drafts with valid defaults."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.notifier.nomination_occasion import NominationOccasion
from services.notifier.occasion import Occasion, Sender
from services.notifier.settings import FONTS, Settings
from services.notifier.writing import Draft
from shared.contracts.recognition import GuestDetails
from shared.contracts.recognition_reads import NominationDetails, TicketDetails
from shared.contracts.registry import OrganisationDetails, PersonDetails
from tests.visitor import PUBLIC_URL, STAFF_PUBLIC_KEY

CONCERT_ID = UUID("0197b000-0000-7000-8000-000000000001")
WAVE_ID = UUID("0197b000-0000-7000-8000-000000000002")
SENDER = Sender(
    organisation="Bürgerstiftung Elbstadt",
    street="Rathausplatz 1",
    town="01067 Elbstadt",
    phone="0351 555-0123",
    email="ehrung@buergerstiftung.example",
    signatory="Dr. Ines Beispiel, Vorstand",
)


def ticket(**changes: Any) -> TicketDetails:
    """Return a ticket for a standard place."""
    values: dict[str, Any] = {
        "ticket_id": uuid4(),
        "holder_name": "Änne Müßig",
        "admission": "standard",
        "code": "EH1." + "aB3dE5" * 18,
        "short_code": "7KQM-4T2X",
    }
    return TicketDetails(**values | changes)


def guest(**changes: Any) -> GuestDetails:
    """Return an invited guest of a concert in ninety days, at 19:00 on the hall's clock."""
    concert = datetime(2027, 2, 13, 18, tzinfo=UTC)
    values: dict[str, Any] = {
        "invitation_id": uuid4(),
        "version": 1,
        "person_id": uuid4(),
        "state": "invited",
        "invitation_wave_id": WAVE_ID,
        "honouring_event_id": CONCERT_ID,
        "title": "Danke-Konzert 2027",
        "programme": "Grußwort der Oberbürgermeisterin\nDvořák: Sinfonie „Aus der Neuen Welt“",
        "venue_name": "Kulturhaus, Großer Saal",
        "venue_address": "Schloßstraße 2, 01067 Elbstadt",
        "starts_at": concert,
        "ends_at": concert + timedelta(hours=2, minutes=30),
        "doors_open_at": concert - timedelta(hours=1),
        "zone": "Europe/Berlin",
        "is_cancelled": False,
        "most_seats": 2,
        "answer_by": datetime(2027, 1, 16, 22, 59, 59, tzinfo=UTC),
        "offered_until": None,
        "seats": 0,
        "companion_name": "",
        "tickets": (),
        "link_token": "x" * 32,
        "letter_code": "7KQM-4T2X-9HRD",
    }
    return GuestDetails(**values | changes)


def accepted(**changes: Any) -> GuestDetails:
    """Return a guest who comes with somebody."""
    values: dict[str, Any] = {
        "version": 2,
        "state": "accepted",
        "seats": 2,
        "companion_name": "Łukasz Żółć",
        "tickets": (ticket(), ticket(holder_name="Łukasz Żółć", short_code="8MNP-5U3Y")),
    }
    return guest(**values | changes)


def person(**changes: Any) -> PersonDetails:
    """Return a person with an e-mail address."""
    values: dict[str, Any] = {
        "person_id": uuid4(),
        "version": 1,
        "salutation": "Frau",
        "given_name": "Änne",
        "family_name": "Müßig",
        "email": "aenne.muessig@example.org",
        "street": "Äußere Weberstraße 17 b",
        "postal_code": "01099",
        "town": "Elbstadt",
    }
    return PersonDetails(**values | changes)


def occasion(**changes: Any) -> Occasion:
    """Return an invitation's occasion."""
    values: dict[str, Any] = {
        "guest": guest(),
        "person": person(),
        "sender": SENDER,
        "public_url": PUBLIC_URL,
        "written_at": datetime(2026, 12, 1, 9, 1, tzinfo=UTC),
    }
    return Occasion(**values | changes)


def draft(**changes: Any) -> Draft:
    """Return what an invitation is written from."""
    values: dict[str, Any] = {
        "message_id": uuid4(),
        "purpose": "invitation",
        "occasion": occasion(),
        "sequence": 1,
        "changed_at": datetime(2026, 12, 1, 9, tzinfo=UTC),
        "sent_at": datetime(2026, 12, 1, 9, 1, tzinfo=UTC),
        "mail_from": "ehrung@ehrenamt.example.de",
        "fonts": FONTS,
    }
    return Draft(**values | changes)


def association(**changes: Any) -> OrganisationDetails:
    """Return an association with an e-mail address."""
    values: dict[str, Any] = {
        "organisation_id": uuid4(),
        "version": 1,
        "name": "Chor der Neustadt e. V.",
        "field": "culture",
        "district": "Neustadt",
        "email": "chor@vereine.example.org",
        "contact_name": "Kim Muster",
        "street": "Sängergasse 4",
        "postal_code": "01099",
        "town": "Elbstadt",
    }
    return OrganisationDetails(**values | changes)


def nomination(**changes: Any) -> NominationDetails:
    """Return a request for four guests that its association has not used yet."""
    concert = datetime(2027, 2, 13, 18, tzinfo=UTC)
    values: dict[str, Any] = {
        "nomination_request_id": uuid4(),
        "version": 1,
        "organisation_id": uuid4(),
        "state": "open",
        "places": 4,
        "proposed": 0,
        "nominate_by": datetime(2027, 1, 2, 22, 59, 59, tzinfo=UTC),
        "honouring_event_id": CONCERT_ID,
        "title": "Danke-Konzert 2027",
        "venue_name": "Kulturhaus, Großer Saal",
        "venue_address": "Schloßstraße 2, 01067 Elbstadt",
        "starts_at": concert,
        "ends_at": concert + timedelta(hours=2, minutes=30),
        "previous_starts_at": None,
        "zone": "Europe/Berlin",
        "link_token": "y" * 32,
        "letter_code": "8MNP-5U3Y-9HRD",
    }
    return NominationDetails(**values | changes)


def nomination_occasion(**changes: Any) -> NominationOccasion:
    """Return a request's occasion."""
    values: dict[str, Any] = {
        "nomination": nomination(),
        "organisation": association(),
        "sender": SENDER,
        "public_url": PUBLIC_URL,
        "written_at": datetime(2026, 12, 1, 9, 1, tzinfo=UTC),
    }
    return NominationOccasion(**values | changes)


def settings(**changes: Any) -> Settings:
    """Return notifier's settings with servers where nobody answers."""
    values: dict[str, Any] = {
        "database_url": "",
        "nats_url": "nats://127.0.0.1:9",
        "public_url": PUBLIC_URL,
        "staff_token_public_key": STAFF_PUBLIC_KEY,
        "pool_size": 4,
        "smtp_host": "127.0.0.1",
        "smtp_port": 9,
        "smtp_tls": "none",
        "mail_from": "ehrung@ehrenamt.example.de",
        "sender_organisation": SENDER.organisation,
        "sender_street": SENDER.street,
        "sender_town": SENDER.town,
        "sender_phone": SENDER.phone,
        "sender_email": SENDER.email,
        "sender_signatory": SENDER.signatory,
        "opt_out_key": "a secret for tests only",
    }
    return Settings(**values | changes)
