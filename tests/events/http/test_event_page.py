"""The page of one event: what people can do with it, and what machines learn from it."""

import json
import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest

from services.events.adding import google_url, map_of, outlook_url
from services.events.content import ChangedDate
from services.events.json_ld import described
from services.events.site import Site
from shared.database import Pool
from tests.events.builders import at, event
from tests.events.calendars import cancel, in_days, publish
from tests.events.cityplaces import organiser, place
from tests.visitor import Visitor

SITE = Site("https://ehrenamt.example.de")
PAGE = "https://ehrenamt.example.de/termine/1"


def asked(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


async def linked(visitor: Visitor, event_id: object) -> dict[str, Any]:
    shown = (await visitor.get(f"/termine/{event_id}")).text
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', shown, re.DOTALL)
    assert found is not None
    read: dict[str, Any] = json.loads(found[1])
    return read


def test_google_gets_the_date_on_its_own_clock() -> None:
    told = asked(google_url(event(), at("2026-09-12T19:30"), PAGE))

    assert told["dates"] == "20260912T193000/20260912T213000"
    assert told["ctz"] == "Europe/Berlin"
    assert told["text"] == "Sommerkonzert"
    assert told["location"] == "Kulturhaus, Hauptstraße 1, 01067 Dresden"
    assert told["details"].endswith(PAGE)
    assert "recur" not in told


def test_google_gets_a_series_as_its_rule_and_whole_days_as_days() -> None:
    series = event(recurrence="FREQ=WEEKLY;COUNT=5")
    days = event(all_day=True, starts=at("2026-09-12"), ends=at("2026-09-14"))

    assert asked(google_url(series, at("2026-09-19T19:30"), PAGE))["recur"] == (
        "RRULE:FREQ=WEEKLY;COUNT=5"
    )
    assert asked(google_url(series, at("2026-09-19T19:30"), PAGE))["dates"].startswith("20260912")
    assert asked(google_url(days, days.starts, PAGE))["dates"] == "20260912/20260914"


def test_outlook_gets_the_next_date_with_its_offset() -> None:
    told = asked(outlook_url(event(), at("2026-11-12T19:30"), PAGE))
    days = event(all_day=True, starts=at("2026-09-12"), ends=at("2026-09-14"))
    whole = asked(outlook_url(days, days.starts, PAGE))

    assert told["startdt"] == "2026-11-12T19:30:00+01:00"
    assert told["enddt"] == "2026-11-12T21:30:00+01:00"
    assert (whole["startdt"], whole["enddt"], whole["allday"]) == (
        "2026-09-12",
        "2026-09-13",
        "true",
    )


def test_a_long_description_does_not_make_an_endless_address() -> None:
    long = event(description="Wort " * 1_500)

    assert len(asked(google_url(long, long.starts, PAGE))["details"]) < 1_100


def test_a_map_is_a_link_and_no_request() -> None:
    exact = map_of(event(latitude=51.05, longitude=13.74))
    vague = map_of(event())

    assert exact is not None
    assert exact.web == (
        "https://www.openstreetmap.org/?mlat=51.050000&mlon=13.740000#map=18/51.050000/13.740000"
    )
    assert exact.app.startswith("geo:51.050000,13.740000?q=")
    assert vague is not None
    assert asked(vague.web)["query"] == "Hauptstraße 1, 01067 Dresden"
    assert vague.app == ""
    assert map_of(event(place_address="")) is None


async def test_the_page_offers_every_way_to_take_the_event(visitor: Visitor, pool: Pool) -> None:
    hall = await place(pool, f"Halle {uuid4()}")
    choir = await organiser(pool, f"Chor {uuid4()}")
    taken = await publish(pool, place_id=hall, organiser_id=choir)

    shown = (await visitor.get(f"/termine/{taken.calendar_event_id}")).text

    for link in (
        f"/termine/{taken.calendar_event_id}/termin.ics",
        "https://calendar.google.com/calendar/render?action=TEMPLATE",
        "https://outlook.live.com/calendar/0/deeplink/compose?",
        "https://www.openstreetmap.org/?mlat=51.05",
        "geo:51.05",
        f"/termine?ort={hall}",
        f"/termine/abonnieren/ort-{hall}",
        f"/termine/abonnieren/veranstalter-{choir}",
    ):
        assert f'href="{link}' in shown, link
    assert "openstreetmap.org" not in re.sub(r'<a [^>]*href="[^"]*"', "", shown).replace(
        "OpenStreetMap", ""
    )


async def test_what_is_cancelled_is_not_offered(visitor: Visitor, pool: Pool) -> None:
    gone = await cancel(pool, await publish(pool))

    shown = (await visitor.get(f"/termine/{gone.calendar_event_id}")).text

    assert "calendar.google.com" not in shown
    assert "termin.ics" not in shown


async def test_search_engines_learn_all_that_is_known(visitor: Visitor, pool: Pool) -> None:
    hall = await place(pool, f"Saal {uuid4()}", is_step_free=True)
    choir = await organiser(pool, f"Verein {uuid4()}")
    known = await publish(
        pool, place_id=hall, organiser_id=choir, price="5 Euro, ermäßigt 3,50 Euro",
        registration_url="https://karten.example.de/7", audiences=["children", "families"],
    )  # fmt: skip

    told = await linked(visitor, known.calendar_event_id)

    assert told["offers"] == {
        "@type": "Offer", "url": "https://karten.example.de/7", "price": "5.00",
        "description": "5 Euro, ermäßigt 3,50 Euro", "priceCurrency": "EUR",
    }  # fmt: skip
    assert told["isAccessibleForFree"] is False
    assert told["organizer"]["url"] == "https://verein.example.de"
    assert [each["audienceType"] for each in told["audience"]] == ["Kinder", "Familien"]
    assert told["keywords"] == ["Kultur, Theater und Musik"]
    assert told["location"]["geo"] == {
        "@type": "GeoCoordinates", "latitude": 51.05, "longitude": 13.74,
    }  # fmt: skip
    assert told["location"]["amenityFeature"] == [
        {"@type": "LocationFeatureSpecification", "name": "Stufenloser Zugang", "value": True}
    ]


async def test_search_engines_learn_every_date_of_a_series(visitor: Visitor, pool: Pool) -> None:
    monday = in_days(7)
    later = monday + timedelta(days=7)
    series = await publish(
        pool, starts=monday, recurrence="FREQ=WEEKLY;COUNT=3",
        changed=[ChangedDate(original=later, starts=later, is_cancelled=True)],
    )  # fmt: skip

    told = (await linked(visitor, series.calendar_event_id))["subEvent"]

    assert [date["startDate"][:16] for date in told] == [
        f"{monday + timedelta(days=7 * week):%Y-%m-%dT%H:%M}" for week in range(3)
    ]
    assert [date["eventStatus"].rpartition("/")[2] for date in told] == [
        "EventScheduled",
        "EventCancelled",
        "EventScheduled",
    ]


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        ("Eintritt frei, Spenden willkommen", ("0.00", True)), ("12,50 €", ("12.50", False)),
        ("kostenlos", ("0.00", True)), ("auf Anfrage", (None, None)), ("", (None, None)),
        ("Kinder kostenlos, sonst 4 Euro", ("4.00", False)),
    ],
)  # fmt: skip
def test_a_price_in_words_is_told_as_far_as_it_is_plain(
    price: str, expected: tuple[str | None, bool | None]
) -> None:
    told = described(event(price=price), SITE)

    assert (told.get("offers", {}).get("price"), told.get("isAccessibleForFree")) == expected


def test_an_address_is_told_in_its_parts_where_it_has_them() -> None:
    parts = described(event(), SITE)["location"]["address"]
    whole = described(event(place_address="Marktplatz"), SITE)["location"]["address"]

    assert (parts["streetAddress"], parts["postalCode"], parts["addressLocality"]) == (
        "Hauptstraße 1",
        "01067",
        "Dresden",
    )
    assert whole == "Marktplatz"
