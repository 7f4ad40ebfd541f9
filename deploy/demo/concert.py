"""Plans the made-up city's honouring concert, and who proposes how many guests for it."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import msgspec

from deploy.demo.people import Engagement, Organisation

QUOTAS = 12
SMALLEST_QUOTA, LARGEST_QUOTA = 3, 7
SATURDAY = 5
PROTOCOL_GUESTS = 500

PROGRAMME = """\
17:30 Einlass und Empfang im Foyer
19:00 Grußwort der Oberbürgermeisterin
19:10 Grußwort der Bürgerstiftung
19:20 Konzert der Elbstädter Philharmonie: Mendelssohn, „Die Hebriden“; \
Clara Schumann, Klavierkonzert a-Moll; Dvořák, Sinfonie „Aus der Neuen Welt“
21:30 Ausklang

Der Saal ist stufenlos erreichbar und hat eine Induktionsanlage. \
Das Grußwort wird in Gebärdensprache übersetzt."""


class Programme(msgspec.Struct, frozen=True, kw_only=True):
    """What is on and where."""

    title: str
    programme: str
    venue_name: str
    venue_address: str


class Schedule(msgspec.Struct, frozen=True, kw_only=True):
    """When it is, by the hall's clock."""

    starts_at: datetime
    ends_at: datetime
    doors_open_at: datetime
    zone: str = "Europe/Berlin"


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """Deadlines, and how many seats one invitation may take."""

    nominate_by_on: date
    answer_by_on: date
    offer_hours: int = 48
    most_seats: int = 2


class Capacities(msgspec.Struct, frozen=True, kw_only=True):
    """How many people fit, by group of guests and by kind of place."""

    volunteer: int
    protocol: int
    standard: int
    wheelchair: int
    companion: int


class Concert(msgspec.Struct, frozen=True, kw_only=True):
    """The plan of the concert, in the words of the service that keeps it."""

    programme: Programme
    schedule: Schedule
    terms: Terms
    capacities: Capacities


class Quota(msgspec.Struct, frozen=True, kw_only=True):
    """How many guests an association may propose, and whom it does propose."""

    organisation_number: str
    places: int
    person_numbers: tuple[str, ...]
    """As many as there are places."""


def plan_concert(today: date) -> Concert:
    """Plan it for the second Saturday in February of next year, or the one after if that is near.

    The hall has 1,757 seats, 18 places for wheelchairs and 18 beside them for companions.
    """
    year = today.year + 1
    held_on = _second_saturday_in_february(year)
    if held_on - today < timedelta(weeks=8):
        held_on = _second_saturday_in_february(year + 1)
    return Concert(
        programme=Programme(
            title="Dankeskonzert für das Ehrenamt",
            programme=PROGRAMME,
            venue_name="Kulturhaus am Elbufer",
            venue_address="Uferpromenade 1, 01067 Elbstadt",
        ),
        schedule=Schedule(
            starts_at=datetime.combine(held_on, time(19, 0)),
            ends_at=datetime.combine(held_on, time(21, 30)),
            doors_open_at=datetime.combine(held_on, time(17, 30)),
        ),
        terms=Terms(
            nominate_by_on=held_on - timedelta(weeks=6),
            answer_by_on=held_on - timedelta(weeks=2),
        ),
        capacities=Capacities(
            volunteer=1757 + 18 + 18 - PROTOCOL_GUESTS,
            protocol=PROTOCOL_GUESTS,
            standard=1757,
            wheelchair=18,
            companion=18,
        ),
    )


def set_quotas(
    dice: random.Random,
    organisations: Sequence[Organisation],
    engagements: Sequence[Engagement],
) -> list[Quota]:
    """Give twelve of the larger associations 3 to 7 places each, and people to propose for them."""
    active = [engagement for engagement in engagements if engagement.until_on is None]
    sizes = Counter(engagement.organisation_number for engagement in active)
    large = [each.number for each in organisations if sizes[each.number] >= 2 * LARGEST_QUOTA]
    proposed: set[str] = set()
    quotas = []
    for number in sorted(dice.sample(large, QUOTAS)):
        places = dice.randint(SMALLEST_QUOTA, LARGEST_QUOTA)
        free = [
            engagement.person_number
            for engagement in active
            if engagement.organisation_number == number and engagement.person_number not in proposed
        ]
        chosen = tuple(sorted(dice.sample(free, places)))
        proposed.update(chosen)
        quotas.append(Quota(organisation_number=number, places=places, person_numbers=chosen))
    return quotas


def _second_saturday_in_february(year: int) -> date:
    first = date(year, 2, 1)
    return first + timedelta(days=(SATURDAY - first.weekday()) % 7 + 7)
