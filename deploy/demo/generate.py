"""Makes up a whole city from a seed: the same seed and day give the same city."""

import random
from datetime import date

import msgspec

from deploy.demo.concert import Concert, Quota, plan_concert, set_quotas
from deploy.demo.people import (
    Engagement,
    Organisation,
    Person,
    engage,
    found_organisations,
    invent_people,
)
from deploy.demo.programme import Occasion, courses, gatherings, plays

ORGANISATIONS = 400
PEOPLE = 2_500
SEED = 2018
"""The year of the concert that started it all."""


class City(msgspec.Struct, frozen=True, kw_only=True):
    """A city of invented people, ready to be written down as files."""

    organisations: list[Organisation]
    people: list[Person]
    engagements: list[Engagement]
    concert: Concert
    quotas: list[Quota]
    occasions: dict[str, list[Occasion]]
    """What is on, by the partner that publishes it."""


def generate_city(today: date, seed: int = SEED, people: int = PEOPLE) -> City:
    """Make up a city with 400 associations.

    Args:
        today: everything coming lies after it; the concert in February of the next year.
        seed: another one gives other people.
        people: at least 2,500, so that enough associations are large.
    """
    dice = random.Random(seed)  # noqa: S311 - the same people every time are the point
    organisations = found_organisations(dice, ORGANISATIONS)
    invented = invent_people(dice, people, today)
    engagements = engage(dice, invented, organisations, today)
    return City(
        organisations=organisations,
        people=invented,
        engagements=engagements,
        concert=plan_concert(today),
        quotas=set_quotas(dice, organisations, engagements),
        occasions={
            "stadttheater": plays(dice, today),
            "volkshochschule": courses(dice, today),
            "stadtteil": gatherings(dice, today),
        },
    )
