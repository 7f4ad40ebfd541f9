"""Puts instants, names and addresses into the German that mails and letters use."""

from datetime import datetime
from zoneinfo import ZoneInfo

from shared.contracts.registry import OrganisationDetails, PersonDetails

WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
MONTHS = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)
SALUTATIONS = {"Frau": ("Sehr geehrte Frau", "Frau"), "Herr": ("Sehr geehrter Herr", "Herrn")}
"""How a letter begins, and the form of address above the name on the envelope."""
ACADEMIC = ("Prof.", "Dr.", "Dipl.-Ing.", "Dr.-Ing.", "h.c.", "h. c.", "PD")
"""What may stand before a given name and is kept in the salutation."""


def day(instant: datetime, zone: str) -> str:
    """Return the day on a clock of this zone, such as `Samstag, 13. Februar 2027`."""
    local = instant.astimezone(ZoneInfo(zone))
    return f"{WEEKDAYS[local.weekday()]}, {local.day}. {MONTHS[local.month - 1]} {local.year}"


def clock(instant: datetime, zone: str) -> str:
    """Return the time on a clock of this zone, such as `19:00 Uhr`."""
    return f"{instant.astimezone(ZoneInfo(zone)):%H:%M} Uhr"


def moment(instant: datetime, zone: str) -> str:
    """Return day and time, such as `Samstag, 13. Februar 2027, 19:00 Uhr`."""
    return f"{day(instant, zone)}, {clock(instant, zone)}"


def full_name(person: PersonDetails) -> str:
    """Return given and family name, as far as they are known."""
    return f"{person.given_name} {person.family_name}".strip()


def salutation(person: PersonDetails) -> str:
    """Return how a mail or letter to this person begins, without the comma.

    With a form of address: `Sehr geehrte Frau Dr. Beispiel`; titles may stand behind it or before
    the given name. Without one nobody's gender is guessed: `Guten Tag Kim Beispiel`.
    """
    form, _, rest = person.salutation.strip().partition(" ")
    if form not in SALUTATIONS or not person.family_name:
        return f"Guten Tag {full_name(person)}".strip()
    title = rest.strip() or _titles(person.given_name)
    return " ".join(filter(None, [SALUTATIONS[form][0], title, person.family_name]))


def address_lines(person: PersonDetails) -> tuple[str, ...]:
    """Return the lines of the address window, from the form of address to the town.

    Source: DIN 5008, address zone of at most six lines.
    """
    form, _, title = person.salutation.strip().partition(" ")
    _, form_in_address = SALUTATIONS.get(form, ("", ""))
    name = full_name(person)
    if title and not name.startswith(title):
        name = f"{title} {name}"
    town = f"{person.postal_code} {person.town}".strip()
    return tuple(filter(None, [form_in_address, name, *person.street.splitlines()[:2], town]))


def salutation_of_association(organisation: OrganisationDetails) -> str:
    """Return how a mail or letter to an association begins, without the comma."""
    contact = organisation.contact_name.strip()
    return f"Guten Tag {contact}" if contact else "Sehr geehrte Damen und Herren"


def address_of_association(organisation: OrganisationDetails) -> tuple[str, ...]:
    """Return the lines of the address window: the association, who reads its post, street, town."""
    town = f"{organisation.postal_code} {organisation.town}".strip()
    street = organisation.street.splitlines()[:2]
    return tuple(
        filter(None, [organisation.name, organisation.contact_name.strip(), *street, town])
    )


def has_address(organisation: OrganisationDetails) -> bool:
    """Tell whether a letter to the association would arrive."""
    return bool(organisation.street and organisation.postal_code and organisation.town)


def _titles(given_name: str) -> str:
    words = given_name.split()
    count = 0
    while count < len(words) and words[count] in ACADEMIC:
        count += 1
    return " ".join(words[:count])
