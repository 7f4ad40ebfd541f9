"""What becomes of a partner's message: events, or a reason, and nothing else."""

import base64
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.events.ingest.item import Incoming, Item
from services.events.ingest.reading import read
from services.events.ingest.reasons import HINTS, Refusal
from tests.events.builders import at, calendar, headers, incoming, linked, plain, vevent


def only(given: Incoming) -> Item:
    [item] = read(given)
    assert isinstance(item, Item)
    return item


def why(given: Incoming) -> tuple[str, str]:
    [refused] = read(given)
    assert isinstance(refused, Refusal)
    return refused.reason, refused.field


def test_plain_json_becomes_an_event() -> None:
    item = only(
        incoming(
            plain(
                ends="2026-09-12T21:30",
                description="Ein Abend",
                place={"name": "Kulturhaus", "address": "Hauptstraße 1", "latitude": 51.0,
                       "longitude": "13.7"},
                organiser="Musikverein",
                website="https://musik.example.de",
                categories=["culture"],
                version=3,
                modified="2026-06-01T10:00:00+02:00",
            )
        )
    )  # fmt: skip

    assert item.key == "2026-17"
    assert (item.content.starts, item.content.ends) == (
        at("2026-09-12T19:30"),
        at("2026-09-12T21:30"),
    )
    assert (item.content.place_name, item.content.latitude) == ("Kulturhaus", 51.0)
    assert (item.revision, item.modified_at) == (3, datetime(2026, 6, 1, 8, tzinfo=UTC))
    assert item.status == "published"


def test_schema_org_becomes_an_event() -> None:
    item = only(
        incoming(
            linked(
                endDate="2026-09-12T21:30:00+02:00",
                description="<p>Ein <b>Abend</b></p><script>x()</script><p>mit &amp; Tanz</p>",
                location={
                    "@type": "Place",
                    "name": "Kulturhaus",
                    "address": {"streetAddress": "Hauptstraße 1", "postalCode": "01067",
                                "addressLocality": "Dresden"},
                    "geo": {"latitude": "51.05", "longitude": 13.7},
                },
                organizer=[{"@type": "Organization", "name": "Musikverein"}],
                keywords="Kultur, Musik",
                eventStatus="https://schema.org/EventCancelled",
            ),
            "application/ld+json",
        )
    )  # fmt: skip

    assert item.content.description == "Ein Abend\nmit & Tanz"
    assert item.content.place_address == "Hauptstraße 1, 01067 Dresden"
    assert item.content.organiser == "Musikverein"
    assert item.content.categories == ["Kultur", "Musik"]
    assert item.content.starts == at("2026-09-12T19:30")
    assert item.status == "cancelled"


@pytest.mark.parametrize(
    ("location", "place"),
    [
        ([{"@type": "VirtualLocation"}, {"@type": "Place", "name": "Saal"}], "Saal"),
        ([{"@type": "schema:VirtualLocation"}, "Saal"], "Saal"),
        ([{"@type": "VirtualLocation", "name": "Stream"}], "Stream"),
        ({"@type": "https://schema.org/VirtualLocation"}, "Online"),
        ([None, {"@type": "Place", "name": "Saal"}], "Saal"),
        ([], ""),
    ],
)
def test_who_may_come_or_watch_is_sent_to_the_hall(location: object, place: str) -> None:
    """Source: schema.org/MixedEventAttendanceMode."""
    item = only(incoming(linked(location=location), "application/ld+json"))

    assert item.content.place_name == place


@pytest.mark.parametrize(
    "status",
    ["EventCancelled", "schema:EventCancelled", " http://schema.org/EventCancelled",
     ["https://schema.org/EventCancelled"]],
)  # fmt: skip
def test_a_cancellation_is_heard_in_each_way_of_writing_it(status: object) -> None:
    item = only(incoming(linked(eventStatus=status), "application/ld+json"))

    assert item.status == "cancelled"


def test_a_calendar_becomes_its_events() -> None:
    body = calendar(
        vevent("DURATION:PT2H", "SEQUENCE:4", "STATUS:CANCELLED", "GEO:51.05;13.7"),
        vevent("CATEGORIES:Kultur,Musik", UID="other", SUMMARY="Kinder\\, Kunst"),
    )

    first, second = (item for item in read(incoming(body, "text/calendar")))

    assert isinstance(first, Item)
    assert isinstance(second, Item)
    assert (first.content.ends, first.revision) == (at("2026-09-12T21:30"), 4)
    assert (first.status, first.content.latitude) == ("cancelled", 51.05)
    assert (second.key, second.content.title) == ("other", "Kinder, Kunst")
    assert second.content.categories == ["Kultur", "Musik"]


def test_one_bad_event_does_not_hold_back_the_others() -> None:
    body = calendar(vevent(), vevent(UID="bad", SUMMARY=""), vevent(UID="good"))

    outcomes = [item.key for item in read(incoming(body, "text/calendar"))]

    assert outcomes == ["2026-17@theater", "bad", "good"]
    assert isinstance(read(incoming(body, "text/calendar"))[1], Refusal)


def test_an_array_holds_many_items() -> None:
    items = read(incoming([plain(), plain(id="2", title="")]))

    assert [item.key for item in items] == ["2026-17", "2"]


def test_a_graph_holds_many_items() -> None:
    graph = {"@context": "https://schema.org", "@graph": [linked(), linked(identifier="2")]}

    assert [item.key for item in read(incoming(graph))] == ["2026-17", "2"]


@pytest.mark.parametrize(
    "data",
    [
        {"data": plain()},
        {"data_base64": base64.b64encode(msgspec.json.encode(plain())).decode()},
        {"datacontenttype": "text/calendar", "data": calendar(vevent(UID="2026-17")).decode()},
    ],
)
def test_a_structured_envelope_is_opened(data: dict[str, Any]) -> None:
    """Source: CloudEvents 1.0 NATS binding, structured content mode."""
    envelope = {"specversion": "1.0", "id": "1", "type": "x", "source": "/partner/theater"}
    body = msgspec.json.encode(envelope | data)
    sent = {"Content-Type": "application/cloudevents+json; charset=utf-8"}

    assert only(Incoming(partner="theater", headers=sent, body=body)).key == "2026-17"


def test_percent_encoded_attributes_are_decoded() -> None:
    """Source: CloudEvents NATS binding, header values."""
    assert only(incoming(plain(), source="urn:x:theater")).key == "2026-17"
    assert only(incoming(plain(), source="urn%3Ax%3Atheater")).key == "2026-17"


@pytest.mark.parametrize("name", ["specversion", "id", "type", "source"])
def test_an_attribute_that_is_missing_is_named(name: str) -> None:
    assert why(incoming(plain(), **{name: ""})) == ("envelope_missing", f"ce-{name}")


def test_a_source_that_names_somebody_else_is_refused() -> None:
    """Source: reliability.md 3.4, identity comes from the stream."""
    assert why(incoming(plain(), source="school")) == ("source_mismatch", "ce-source")


def test_dates_without_a_time_are_whole_days() -> None:
    item = only(incoming(plain(starts="2026-09-12", ends="2026-09-13")))

    assert item.content.all_day
    assert item.content.ends == at("2026-09-14")


def test_an_end_that_only_names_the_day_of_the_start_says_nothing() -> None:
    assert only(incoming(linked(endDate="2026-09-12"))).content.ends is None


def test_a_recurrence_is_kept_in_our_spelling() -> None:
    item = only(
        incoming(plain(recurrence="freq=weekly;until=20261231", **{"except": ["2026-09-19T19:30"]}))
    )

    assert item.content.recurrence == "FREQ=WEEKLY;UNTIL=20261231T225959Z"
    assert item.content.excluded == [at("2026-09-19T19:30")]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"id": None}, ("id_missing", "id")),
        ({"id": "x" * 201}, ("id_too_long", "id")),
        ({"title": " "}, ("title_missing", "title")),
        ({"title": "x" * 201}, ("text_too_long", "title")),
        ({"title": 7}, ("text_expected", "title")),
        ({"title": "a\u202eb"}, ("text_not_allowed", "title")),
        ({"title": "a\u0000b"}, ("text_not_allowed", "title")),
        ({"description": "x" * 8_001}, ("text_too_long", "description")),
        ({"description": "http://a " * 6}, ("too_many_links", "description")),
        ({"starts": None}, ("start_missing", "starts")),
        ({"starts": "next week"}, ("date_malformed", "starts")),
        ({"starts": "1969-12-31T10:00"}, ("date_out_of_range", "starts")),
        ({"starts": "2100-01-01T10:00"}, ("date_out_of_range", "starts")),
        ({"starts": "9999-12-31T23:59:59-12:00"}, ("date_malformed", "starts")),
        ({"ends": "2026-09-12T19:00"}, ("end_before_start", "ends")),
        ({"ends": "2026-09-12"}, ("end_kind_differs", "ends")),
        ({"ends": "2027-12-12T19:00"}, ("too_long", "ends")),
        ({"zone": "Europe/Nowhere"}, ("zone_unknown", "zone")),
        ({"website": "javascript:alert(1)"}, ("link_not_allowed", "website")),
        ({"website": "https://a b"}, ("link_not_allowed", "website")),
        ({"place": 7}, ("place_malformed", "place")),
        ({"place": {"latitude": 91, "longitude": 0}}, ("place_malformed", "place")),
        ({"status": "maybe"}, ("status_unknown", "status")),
        ({"version": -1}, ("number_expected", "version")),
        ({"categories": "culture"}, ("text_expected", "categories")),
        ({"recurrence": "FREQ=SECONDLY"}, ("recurrence_frequency", "recurrence")),
        ({"recurrence": "FREQ=DAILY;INTERVAL=0"}, ("recurrence_interval", "recurrence")),
        ({"recurrence": "FREQ=DAILY;COUNT=1001"}, ("recurrence_count", "recurrence")),
        ({"recurrence": "FREQ=DAILY;BYSECOND=1"}, ("recurrence_part_not_allowed", "recurrence")),
        ({"recurrence": "FREQ=DAILY;BYDAY=XX"}, ("recurrence_malformed", "recurrence")),
        ({"recurrence": "FREQ=DAILY;UNTIL=soon"}, ("recurrence_until", "recurrence")),
        (
            {"recurrence": "FREQ=DAILY;BYMONTHDAY=" + ",".join(map(str, range(1, 14)))},
            ("recurrence_too_many_values", "recurrence"),
        ),
        (
            {"recurrence": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"},
            ("recurrence_start_not_in_rule", "recurrence"),
        ),
        (
            {"recurrence": "FREQ=DAILY", "zone": "Africa/Cairo"},
            ("recurrence_zone", "zone"),
        ),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named_with_its_reason(
    changes: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert why(incoming(plain(**changes))) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"@type": "Person"}, ("not_an_event", "@type")),
        ({"identifier": None}, ("id_missing", "identifier")),
        ({"name": None}, ("title_missing", "name")),
        ({"startDate": ""}, ("start_missing", "startDate")),
        ({"eventSchedule": "weekly"}, ("recurrence_not_supported", "eventSchedule")),
        ({"eventStatus": "Perhaps"}, ("status_unknown", "eventStatus")),
        ({"location": {"address": 7}}, ("place_malformed", "location.address")),
        ({"url": "ftp://x"}, ("link_not_allowed", "url")),
    ],
)
def test_a_wrong_schema_org_field_is_named(
    changes: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert why(incoming(linked(**changes))) == expected


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"", "application/json", "message_empty"),
        (b"  ", "text/calendar", "message_empty"),
        (b"{" + b" " * 70_000, "application/json", "message_too_large"),
        (b'"\xff"', "application/json", "not_utf8"),
        (b"BEGIN:VCALENDAR\xff", "text/calendar", "not_utf8"),
        (b"{\x00}", "application/json", "control_character"),
        (b"{", "application/json", "json_malformed"),
        (b"[NaN]", "application/json", "json_malformed"),
        (b"[" * 30_000, "application/json", "json_too_deep"),
        (b"[" * 21 + b"]" * 21, "application/json", "json_too_deep"),
        (b"[]", "application/json", "message_empty"),
        (b"[7]", "application/json", "not_an_event"),
        (b"7", "application/json", "not_an_event"),
        (b"[" + b"{}," * 200 + b"{}]", "application/json", "too_many_items"),
        (b"x", "application/pdf", "content_type_unknown"),
        (b"<html>", "text/calendar", "calendar_malformed"),
        (b"BEGIN:VCALENDAR\r\n", "text/calendar", "calendar_malformed"),
        (calendar(), "text/calendar", "not_an_event"),
        (calendar(*(vevent() for _ in range(201))), "text/calendar", "too_many_items"),
        (calendar(*["BEGIN:A"] * 5, *["END:A"] * 5), "text/calendar", "calendar_too_deep"),
    ],
)
def test_a_message_that_cannot_be_read_has_a_reason(
    body: bytes, content_type: str, reason: str
) -> None:
    assert why(incoming(body, content_type))[0] == reason


@settings(max_examples=200)
@given(st.binary(max_size=300), st.sampled_from(["application/json", "text/calendar"]))
def test_nothing_that_a_partner_sends_stops_the_reader(body: bytes, content_type: str) -> None:
    outcome = read(incoming(body, content_type))

    assert outcome
    assert all(isinstance(each, Item) or each.reason in HINTS for each in outcome)


NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=10,
)


@settings(max_examples=300)
@given(st.sampled_from(sorted({*plain(), "ends", "place", "zone", "version", "recurrence", "except",
                               "categories", "description", "status", "modified", "website"})),
       JSON_VALUES)  # fmt: skip
def test_no_value_of_a_plain_field_stops_the_reader(field: str, value: object) -> None:
    [outcome] = read(incoming({**plain(), field: value}))

    assert isinstance(outcome, Item) or outcome.reason in HINTS


@settings(max_examples=300)
@given(st.sampled_from(["@type", "name", "startDate", "endDate", "location", "organizer", "url",
                        "keywords", "eventStatus", "identifier", "description", "dateModified",
                        "offers", "audience", "isAccessibleForFree"]),
       JSON_VALUES)  # fmt: skip
def test_no_value_of_a_schema_org_field_stops_the_reader(field: str, value: object) -> None:
    [outcome] = read(incoming({**linked(), field: value}))

    assert isinstance(outcome, Item) or outcome.reason in HINTS


def test_the_headers_of_a_message_decide_what_it_is() -> None:
    sent = headers()
    del sent["ce-datacontenttype"]
    sent["content-type"] = "application/json; charset=utf-8"

    body = msgspec.json.encode(plain())

    assert only(Incoming(partner="theater", headers=sent, body=body)).key == "2026-17"
