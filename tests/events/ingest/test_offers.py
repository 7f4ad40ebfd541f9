"""What an event costs, where one signs up and whom it is for, as partners say it."""

from typing import Any

import pytest

from services.events.ingest.item import Item
from services.events.ingest.reading import read
from services.events.ingest.reasons import Refusal
from tests.events.builders import incoming, linked, plain

TICKETS = "https://karten.example.de/17"


def only(thing: dict[str, Any]) -> Item:
    [item] = read(incoming(thing))
    assert isinstance(item, Item), item
    return item


def why(thing: dict[str, Any]) -> tuple[str, str]:
    [refused] = read(incoming(thing))
    assert isinstance(refused, Refusal)
    return refused.reason, refused.field


@pytest.mark.parametrize(
    ("offers", "price"),
    [
        ({"price": 12, "priceCurrency": "EUR"}, "12 Euro"),
        ({"price": "9.50"}, "9,50 Euro"),
        ({"price": "9,5"}, "9,50 Euro"),
        ({"price": 9.0}, "9 Euro"),
        ({"price": 0, "priceCurrency": "EUR"}, "kostenlos"),
        ([{"price": "24"}, {"price": "9.50"}], "9,50 Euro bis 24 Euro"),
        ([{"price": "0"}, {"price": "5"}], "kostenlos bis 5 Euro"),
        ({"@type": "AggregateOffer", "lowPrice": 8, "highPrice": 20}, "8 Euro bis 20 Euro"),
        ({"price": 12, "priceCurrency": "CHF"}, "12 CHF"),
        ({"price": "5 Euro, ermäßigt 3 Euro"}, "5 Euro, ermäßigt 3 Euro"),
        ({"price": float(10**9)}, "1000000000.0"),
        ({"price": None}, ""),
        ({"price": True}, ""),
        ([None, "frei", {}], ""),
    ],
)
def test_offers_become_a_price_in_words(offers: object, price: str) -> None:
    assert only(linked(offers=offers)).content.price == price


def test_what_is_free_for_all_says_so_unless_an_offer_has_a_price() -> None:
    free = only(linked(isAccessibleForFree=True))
    priced = only(linked(isAccessibleForFree=True, offers={"price": 5}))
    unknown = only(linked(isAccessibleForFree=False))

    assert free.content.price == "Eintritt frei"
    assert priced.content.price == "5 Euro"
    assert unknown.content.price == ""


def test_the_first_offer_with_an_address_is_where_one_signs_up() -> None:
    item = only(linked(offers=[{"price": 5}, {"url": TICKETS}, {"url": "https://other.example"}]))

    assert item.content.registration_url == TICKETS


def test_plain_json_says_it_in_words() -> None:
    item = only(
        plain(price="5 Euro, ermäßigt 3 Euro", registration=TICKETS, audiences=["Familien"])
    )

    assert item.content.price == "5 Euro, ermäßigt 3 Euro"
    assert item.content.registration_url == TICKETS
    assert item.content.audiences == ["Familien"]


@pytest.mark.parametrize(
    "audience",
    [
        {"@type": "Audience", "audienceType": "Familien"},
        [{"audienceType": "Familien"}, {"audienceType": 5}, None],
        "Familien",
    ],
)
def test_audiences_are_called_by_their_type(audience: object) -> None:
    assert only(linked(audience=audience)).content.audiences == ["Familien"]


def test_parts_of_a_festival_cost_what_it_costs() -> None:
    evening = {"name": "Abend", "startDate": "2026-09-12T19:30"}
    whole = linked(**{"@type": "EventSeries", "startDate": None, "subEvent": [evening]},
                   offers={"price": 5, "url": TICKETS}, audience="Familien")  # fmt: skip

    content = only(whole).content

    assert (content.price, content.registration_url) == ("5 Euro", TICKETS)
    assert content.audiences == ["Familien"]


@pytest.mark.parametrize(
    ("thing", "reason"),
    [
        (plain(price=5), ("text_expected", "price")),
        (plain(price="x" * 301), ("text_too_long", "price")),
        (plain(registration="javascript:x()"), ("link_not_allowed", "registration")),
        (plain(audiences="Familien"), ("text_expected", "audiences")),
        (linked(offers={"url": "ftp://a.example"}), ("link_not_allowed", "offers.url")),
        (linked(offers={"url": ["x"]}), ("text_expected", "offers.url")),
        (linked(offers={"price": "x" * 301}), ("text_too_long", "offers.price")),
    ],
)
def test_what_is_wrong_is_named(thing: dict[str, Any], reason: tuple[str, str]) -> None:
    assert why(thing) == reason
