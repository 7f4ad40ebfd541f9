"""Invents the city's associations, its people and what they do there."""

import itertools
import random
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta

import msgspec

from deploy.demo import words

WITHOUT_MAIL_SHARE = 0.25
EVERY_BY_LETTER = 16
"""One association in so many has no e-mail address."""
COUPLE_SHARE = 0.12
WOMEN_SHARE = 0.52
WITHOUT_SALUTATION_SHARE = 0.02
ENDED_SHARE = 0.06
YOUNGEST, OLDEST = 16, 88
GENERATIONS = (35, 60)
"""Up to which age people bear young names, and up to which middle-aged ones."""

_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ł": "l", "ı": "i"})


class Organisation(msgspec.Struct, frozen=True, kw_only=True):
    """An association that people volunteer in."""

    number: str
    name: str
    field: str
    district: str
    contact_name: str
    email: str
    """Empty for one association in sixteen."""
    street: str
    postal_code: str


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who volunteers, invented."""

    number: str
    salutation: str
    given_name: str
    family_name: str
    email: str
    """Empty for a quarter of the people, rather the older ones."""
    street: str
    postal_code: str
    born_on: date


class Engagement(msgspec.Struct, frozen=True, kw_only=True):
    """What a person does in an association."""

    number: str
    person_number: str
    organisation_number: str
    activity: str
    half_hours_per_week: int
    since_on: date
    until_on: date | None


def found_organisations(dice: random.Random, count: int) -> list[Organisation]:
    """Invent associations, each with a name of its own, spread over fields and districts."""
    kinds = [
        (field, kind)
        for field, (share, names, _) in words.FIELDS.items()
        for kind in (names[index % len(names)] for index in range(share))
    ]
    districts = list(words.DISTRICTS)
    taken: set[str] = set()
    organisations = []
    for index in range(count):
        field, kind = kinds[index * len(kinds) // count]
        district = dice.choice(districts)
        name = _organisation_name(dice, kind, district, taken)
        organisations.append(
            Organisation(
                number=f"V-{index + 1:04}",
                name=name,
                field=field,
                district=district,
                contact_name=f"{_given_name(dice, 1)[1]} {dice.choice(words.FAMILIES)}",
                email=""
                if index % EVERY_BY_LETTER == 0
                else f"{_mailbox(name.removesuffix(' e. V.'))}@vereine.example.org",
                street=_address(dice),
                postal_code=words.DISTRICTS[district],
            )
        )
    return organisations


def invent_people(dice: random.Random, count: int, today: date) -> list[Person]:
    """Invent people; some share house and family name with the one before them."""
    people: list[Person] = []
    for index in range(count):
        born_on = today - timedelta(days=round(dice.triangular(YOUNGEST, OLDEST, 58) * 365.25))
        salutation, given_name = _given_name(dice, _generation(born_on, today))
        family_name, street = dice.choice(words.FAMILIES), _address(dice)
        postal_code = dice.choice(list(words.DISTRICTS.values()))
        if people and dice.random() < COUPLE_SHARE:
            partner = people[-1]
            family_name, street, postal_code = (
                partner.family_name,
                partner.street,
                partner.postal_code,
            )
        people.append(
            Person(
                number=f"P-{index + 1:05}",
                salutation=salutation,
                given_name=given_name,
                family_name=family_name,
                email="",
                street=street,
                postal_code=postal_code,
                born_on=born_on,
            )
        )
    return _with_mail(dice, people)


def engage(
    dice: random.Random,
    people: Sequence[Person],
    organisations: Sequence[Organisation],
    today: date,
) -> list[Engagement]:
    """Give everybody one to three activities, and every association somebody."""
    popularity = [dice.paretovariate(1.3) for _ in organisations]
    engagements: list[Engagement] = []
    for index, person in enumerate(people):
        chosen = dice.choices(organisations, popularity, k=dice.choices((1, 2, 3), (68, 25, 7))[0])
        if index < len(organisations):
            chosen[0] = organisations[index]
        for organisation in dict.fromkeys(chosen):
            number = f"E-{len(engagements) + 1:05}"
            engagements.append(_engagement(dice, number, (person, organisation), today))
    return engagements


def _engagement(
    dice: random.Random, number: str, between: tuple[Person, Organisation], today: date
) -> Engagement:
    person, organisation = between
    earliest = person.born_on + timedelta(days=14 * 366)
    since_on = earliest + (today - earliest) * dice.triangular(0, 1, 0.9)
    is_over = dice.random() < ENDED_SHARE
    return Engagement(
        number=number,
        person_number=person.number,
        organisation_number=organisation.number,
        activity=dice.choice(words.FIELDS[organisation.field][2]),
        half_hours_per_week=dice.randint(2, 20),
        since_on=since_on,
        until_on=since_on + (today - since_on) * dice.random() if is_over else None,
    )


def _with_mail(dice: random.Random, people: Sequence[Person]) -> list[Person]:
    """Give all but a quarter an address of their own; the older, the likelier without."""
    by_age = sorted(people, key=lambda person: person.born_on.toordinal() * dice.uniform(0.98, 1))
    without = {person.number for person in by_age[: round(len(people) * WITHOUT_MAIL_SHARE)]}
    taken: set[str] = set()
    return [
        person
        if person.number in without
        else msgspec.structs.replace(person, email=_mail_address(dice, person, taken))
        for person in people
    ]


def _mail_address(dice: random.Random, person: Person, taken: set[str]) -> str:
    """Return an address that nobody has; a namesake's is numbered."""
    mailbox = _mailbox(f"{person.given_name} {person.family_name}")
    domain = dice.choice(words.MAIL_DOMAINS)
    address = f"{mailbox}@{domain}"
    for number in itertools.count(2):
        if address not in taken:
            break
        address = f"{mailbox}{number}@{domain}"
    taken.add(address)
    return address


def _organisation_name(dice: random.Random, kind: str, district: str, taken: set[str]) -> str:
    for candidate in (
        f"{kind} {district} e. V.",
        *(f"{kind} „{dice.choice(words.STREETS)}“ {district} e. V." for _ in range(50)),
    ):
        if candidate not in taken:
            taken.add(candidate)
            return candidate
    raise RuntimeError(f"no name left for a {kind} in {district}")


def _given_name(dice: random.Random, generation: int) -> tuple[str, str]:
    """Return salutation and given name; a few people want no salutation."""
    is_woman = dice.random() < WOMEN_SHARE
    names = words.WOMEN if is_woman else words.MEN
    salutation = "Frau" if is_woman else "Herr"
    has_none = dice.random() < WITHOUT_SALUTATION_SHARE
    return "" if has_none else salutation, dice.choice(names[generation])


def _generation(born_on: date, today: date) -> int:
    age = (today - born_on).days // 365
    return sum(age > limit for limit in GENERATIONS)


def _address(dice: random.Random) -> str:
    return f"{dice.choice(words.STREETS)} {dice.randint(1, 148)}{dice.choice(('', '', '', ' a'))}"


def _mailbox(name: str) -> str:
    """Return the name as it can stand before the @: Käthe Übel → kaethe.uebel."""
    spelt_out = name.lower().translate(_SPELT_OUT)
    plain = unicodedata.normalize("NFKD", spelt_out).encode("ascii", "ignore").decode()
    parts = "".join(sign if sign.isalnum() else " " for sign in plain).split()
    return ".".join(parts)[:60].rstrip(".")
