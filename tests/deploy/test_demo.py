"""The demo city has the promised size, is the same every time, and is taken by the importer."""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import msgspec
import pytest

from deploy.demo import files
from deploy.demo.concert import plan_concert
from deploy.demo.generate import City, generate_city
from deploy.demo.partner_loading import ROOT, TITLES
from services.events.ingest.item import Incoming, Item
from services.events.ingest.reading import read
from services.recognition.honouring.commands.plan_honouring_event import PlanHonouringEvent
from services.recognition.honouring.planning import check_capacities, check_deadlines
from services.registry.columns import Kind
from services.registry.imports.reading import Reading
from services.registry.imports.tables import TABLES

TODAY = date(2026, 11, 22)
RESERVED = ("example.org", "example.net", "example.com")
"""Domains that nobody can own. Source: RFC 2606."""


@pytest.fixture(scope="module")
def city() -> City:
    return generate_city(TODAY)


@pytest.fixture(scope="module")
def written(city: City, servers_directory: Path) -> Path:
    files.write_city(city, servers_directory / "city")
    return servers_directory / "city"


def test_the_same_seed_and_day_give_the_same_city(city: City) -> None:
    assert generate_city(TODAY) == city
    assert generate_city(TODAY, seed=1).people != city.people


def test_the_city_is_as_large_as_promised(city: City) -> None:
    assert len(city.organisations) == 400
    assert len(city.people) == 2_500
    assert sum(not person.email for person in city.people) == 625
    assert len({organisation.name for organisation in city.organisations}) == 400
    assert sum(map(len, city.occasions.values())) == 36


def test_everybody_is_engaged_and_no_association_is_empty(city: City) -> None:
    people = {engagement.person_number for engagement in city.engagements}
    organisations = {engagement.organisation_number for engagement in city.engagements}

    assert people == {person.number for person in city.people}
    assert organisations == {organisation.number for organisation in city.organisations}


def test_nobody_could_be_written_to_by_mistake(city: City) -> None:
    people = [person.email for person in city.people if person.email]
    addresses = people + [club.email for club in city.organisations if club.email]

    assert len(set(addresses)) == len(addresses)
    assert all(address.endswith(RESERVED) for address in addresses)


def test_the_concert_is_on_a_saturday_in_february_of_next_year(city: City) -> None:
    held_on = city.concert.schedule.starts_at

    assert (held_on.year, held_on.month, held_on.strftime("%A")) == (2027, 2, "Saturday")
    assert city.concert.capacities.standard == 1757
    assert city.concert.capacities.wheelchair == city.concert.capacities.companion == 18


def test_twelve_associations_propose_three_to_seven_of_their_own(city: City) -> None:
    belongs = Counter(
        (engagement.organisation_number, engagement.person_number)
        for engagement in city.engagements
        if engagement.until_on is None
    )
    proposed = [number for quota in city.quotas for number in quota.person_numbers]

    assert len({quota.organisation_number for quota in city.quotas}) == 12
    assert all(3 <= quota.places <= 7 for quota in city.quotas)
    assert all(len(quota.person_numbers) == quota.places for quota in city.quotas)
    assert all(
        (quota.organisation_number, number) in belongs
        for quota in city.quotas
        for number in quota.person_numbers
    )
    assert len(set(proposed)) == len(proposed)


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 12, 31), date(2028, 2, 29)])
def test_the_concert_can_be_planned_on_any_day(day: date) -> None:
    concert = plan_concert(day)

    assert concert.terms.nominate_by_on > day
    assert not check_deadlines(
        concert.terms.nominate_by_on, concert.terms.answer_by_on, concert.schedule.starts_at
    )


@pytest.mark.parametrize(
    ("kind", "name", "count"),
    [("organisations", files.ORGANISATIONS, 400), ("people", files.PEOPLE, 2_500)],
)
def test_the_importer_takes_every_line_without_a_hint(
    written: Path, kind: Kind, name: str, count: int
) -> None:
    reading = Reading((written / name).read_bytes(), TABLES[kind], TODAY)

    lines = list(reading)

    assert len(lines) == count
    assert [finding for line in lines for finding in line.findings] == []
    assert reading.ignored == ()


def test_the_importer_takes_every_engagement(written: Path, city: City) -> None:
    data = (written / files.ENGAGEMENTS).read_bytes()

    rows = [line.row for line in Reading(data, TABLES["engagements"], TODAY)]

    assert len(rows) == len(city.engagements)
    assert rows[0].since_on == city.engagements[0].since_on
    assert rows[0].hours_per_week * 2 == city.engagements[0].half_hours_per_week


def test_the_plan_is_in_the_words_of_the_service_that_keeps_it(written: Path) -> None:
    plan = json.loads((written / files.CONCERT).read_bytes())["plan"]

    command = msgspec.convert(plan, PlanHonouringEvent)

    assert check_capacities(command.capacities) == {}
    assert command.programme.venue_name == "Kulturhaus am Elbufer"


@pytest.mark.parametrize(
    ("partner", "name", "content_type"),
    [
        ("stadttheater", "stadttheater.json", "application/ld+json"),
        ("volkshochschule", "volkshochschule.ics", "text/calendar"),
        ("stadtteil", "stadtteil.json", "application/json"),
    ],
)
def test_every_partner_event_is_readable(
    written: Path, city: City, partner: str, name: str, content_type: str
) -> None:
    headers = {
        "ce-specversion": "1.0",
        "ce-id": "1",
        "ce-type": "event",
        "ce-source": partner,
        "ce-datacontenttype": content_type,
    }
    body = (written / "partner" / name).read_bytes()

    items = read(Incoming(partner=partner, headers=headers, body=body))

    assert [
        (item.content.title, item.content.starts) for item in items if isinstance(item, Item)
    ] == [(occasion.title, occasion.starts_at) for occasion in city.occasions[partner]]


def test_the_guides_take_in_partners_that_the_city_does_not_have_yet() -> None:
    """Whoever follows a guide on the demo city must not be told that the partner is there."""
    guides = [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *ROOT.glob("*/README.md")]
    named = {
        name
        for guide in guides
        for name in re.findall(r"partner add ([a-z][a-z0-9-]*)", guide.read_text(encoding="utf-8"))
    }

    assert {"theater", "kulturhaus"} <= named
    assert not named & TITLES.keys()


def test_a_list_opens_in_german_excel(written: Path) -> None:
    data = (written / files.PEOPLE).read_bytes()

    assert data.startswith(b"\xef\xbb\xbfPersonennummer;Anrede;Vorname;")
    assert data.count(b"\r\n") == data.count(b"\n") == 2_501


def rows_of(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines, delimiter=";")


def test_days_are_written_the_german_way(written: Path) -> None:
    days = [row["Geburtsdatum"] for row in rows_of(written / files.PEOPLE)]

    assert all(datetime.strptime(day, "%d.%m.%Y").date() < TODAY for day in days)  # noqa: DTZ007
