"""Makes up what broken programs and attackers send, the same for the same seed."""

import random
from collections.abc import Callable, Iterator
from typing import Any, Final

import msgspec

from services.events.ingest.item import Incoming
from tests.events.builders import calendar, headers, incoming, linked, plain, vevent

CALENDAR: Final = "text/calendar"
BERLIN: Final = "DTSTART;TZID=Europe/Berlin"
DAY: Final = "DTSTART;VALUE=DATE"
Make = Callable[[random.Random], Incoming]


def _raw(body: bytes, content_type: str = "application/json", **changes: str) -> Incoming:
    sent = headers(content_type, id="corpus")
    return Incoming(partner="theater", headers=sent | changes, body=body)


def _event(*lines: str, **changes: str) -> Incoming:
    return incoming(calendar(vevent(*lines, **changes)), CALENDAR)


def _changed(original: str, **changes: str) -> Incoming:
    """Return a weekly series with a date of its own."""
    one = vevent(**{"RECURRENCE-ID": original, **changes})
    return incoming(calendar(vevent("RRULE:FREQ=WEEKLY"), one), CALENDAR)


def _without(name: str) -> Incoming:
    sent = headers()
    del sent[name]
    return Incoming(partner="theater", headers=sent, body=msgspec.json.encode(plain()))


_RULE: Final = "FREQ=MONTHLY;BYDAY=SA;BYSETPOS=31"
ONE_OF_EACH: Final[dict[str, Incoming]] = {
    "envelope_missing": _without("ce-id"),
    "specversion_unknown": incoming(plain(), specversion="0.3"),
    "source_mismatch": incoming(plain(), source="school"),
    "content_type_unknown": incoming(b"%PDF", "application/pdf"),
    "message_empty": incoming(b" \r\n ", CALENDAR),
    "message_too_large": incoming(calendar(vevent("DESCRIPTION:" + "a" * 70_000)), CALENDAR),
    "not_utf8": incoming(calendar(vevent()).replace(b"Sommer", b"S\xf6mmer"), CALENDAR),
    "control_character": incoming(calendar(vevent(SUMMARY="a\x00b")), CALENDAR),
    "json_malformed": incoming(b'{"id": NaN}'),
    "json_too_deep": incoming(b'{"a":' * 60_0 + b"1" + b"}" * 60_0),
    "calendar_malformed": incoming(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", CALENDAR),
    "calendar_too_deep": incoming(calendar(*["BEGIN:X"] * 9, *["END:X"] * 9), CALENDAR),
    "too_many_items": incoming([{"id": str(number)} for number in range(201)]),
    "too_many_dates": _event(
        *[f"EXDATE:2027{n % 12 + 1:02}01T{n % 24:02}0000" for n in range(600)]
    ),
    "took_too_long": incoming(
        [plain(id=str(number), starts="2026-01-03", recurrence=_RULE) for number in range(20)]
    ),
    "not_an_event": incoming({"@type": "Person", "identifier": "1"}),
    "id_missing": _event(UID=""),
    "id_too_long": incoming(plain(id="x" * 201)),
    "title_missing": incoming(plain(title=" \t ")),
    "text_expected": incoming(plain(organiser=["a"])),
    "text_too_long": incoming(plain(description="a" * 8_001)),
    "text_not_allowed": incoming(plain(title="Konzert \u202egniroB")),
    "too_many_links": incoming(plain(description="https://example.org/ " * 6)),
    "number_expected": incoming(plain(version=2**31)),
    "place_malformed": incoming(plain(place={"latitude": 91, "longitude": 0})),
    "start_missing": incoming(plain(starts=None)),
    "date_malformed": incoming(plain(starts="infinity")),
    "date_out_of_range": incoming(plain(starts="9999-12-31T23:59")),
    "end_before_start": incoming(plain(ends="2026-09-12T18:00")),
    "end_kind_differs": incoming(plain(ends="2026-09-13")),
    "too_long": incoming(plain(ends="2028-09-12T19:30")),
    "zone_unknown": incoming(plain(zone="Mars/Phobos")),
    "link_not_allowed": incoming(plain(website="javascript:alert(1)")),
    "status_unknown": _event("STATUS:PERHAPS"),
    "recurrence_malformed": incoming(plain(recurrence="FREQ=DAILY;COUNT=2;UNTIL=20270101")),
    "recurrence_frequency": _event("RRULE:FREQ=SECONDLY"),
    "recurrence_interval": incoming(plain(recurrence="FREQ=DAILY;INTERVAL=0")),
    "recurrence_count": incoming(plain(recurrence="FREQ=DAILY;COUNT=1001")),
    "recurrence_until": incoming(plain(recurrence="FREQ=DAILY;UNTIL=tomorrow")),
    "recurrence_part_not_allowed": incoming(plain(recurrence="FREQ=DAILY;BYSECOND=1")),
    "recurrence_too_many_values": incoming(
        plain(recurrence="FREQ=YEARLY;BYMONTHDAY=" + ",".join(map(str, range(1, 32))))
    ),
    "recurrence_start_not_in_rule": incoming(plain(recurrence="FREQ=WEEKLY;BYDAY=MO")),
    "recurrence_zone": incoming(plain(zone="Africa/Casablanca", recurrence="FREQ=DAILY")),
    "recurrence_not_supported": incoming(linked(eventSchedule=[{}, {}])),
    "changed_malformed": incoming(plain(recurrence="FREQ=WEEKLY", changed={"original": "x"})),
    "changed_date_unknown": _changed("20260920T193000"),
    "changed_kind_differs": _changed("20260919T193000", **{BERLIN: "", DAY: "20260919"}),
    "changed_place_not_supported": _changed("20260919T193000", LOCATION="Anderswo"),
    "range_not_supported": _changed("", **{"RECURRENCE-ID;RANGE=THISANDFUTURE": "20260919T193000"}),
}
"""For each reason that a message can be refused for when it is read, one message."""

_JUNK: Final = ("", "\x00", "\u202e", "\ud7ff", "🎭" * 50, "a" * 9_000, "]]>", "\r\nEND:VEVENT\r\n")
_VALUES: Final[tuple[Any, ...]] = (
    *(None, True, -1, 2**63, 1e308, [], {}, [[]], {"@value": None}, "9999-99-99T99:99"),
    *(
        "2026-02-30",
        "2026-03-29T02:30",
        "-0001-01-01",
        "P1D",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    ),
    *("https://", "//", "javascript:", "Europe/../Berlin", "\ufeff", "null"),
)


def corpus(seed: int, count: int) -> Iterator[Incoming]:
    """Yield messages: those above, then ever others, cut, doubled, mixed and filled with junk."""
    chance = random.Random(seed)  # noqa: S311 - test data
    yield from ONE_OF_EACH.values()
    for _ in range(count - len(ONE_OF_EACH)):
        yield chance.choice(_WAYS)(chance)


def _cut(chance: random.Random) -> Incoming:
    """Break off a good message, or lose a piece of it."""
    body = chance.choice([calendar(vevent(), vevent(UID="2")), msgspec.json.encode([linked()])])
    kind = CALENDAR if body.startswith(b"BEGIN") else "application/ld+json"
    first, last = sorted(chance.randrange(len(body)) for _ in range(2))
    return _raw(body[:first] + body[last:] if chance.random() < 0.5 else body[:last], kind)


def _flip(chance: random.Random) -> Incoming:
    """Change a few bytes of a good calendar."""
    body = bytearray(calendar(vevent("RRULE:FREQ=WEEKLY;COUNT=5", "GEO:51;13")))
    for _ in range(chance.randrange(1, 6)):
        body[chance.randrange(len(body))] = chance.randrange(256)
    return _raw(bytes(body), CALENDAR)


def _junk_value(chance: random.Random) -> Incoming:
    """Put a value that nobody expects into a field."""
    thing = chance.choice([plain, linked])()
    fields = [
        *thing,
        "ends",
        "place",
        "location",
        "eventSchedule",
        "subEvent",
        "status",
        "recurrence",
    ]
    thing[chance.choice(fields)] = chance.choice([*_VALUES, *_JUNK])
    return incoming(thing, chance.choice(["application/json", "application/ld+json"]))


def _junk_property(chance: random.Random) -> Incoming:
    """Put junk into a property of a calendar."""
    name = chance.choice(
        ["DTSTART", "DTEND", "RRULE", "EXDATE", "UID", "SUMMARY", "GEO", "DURATION"]
    )
    parameter = chance.choice(["", ";VALUE=DATE", ";TZID=Nowhere", ';TZID="', ";X=" + "y" * 500])
    value = chance.choice([*_JUNK, *(str(value) for value in _VALUES)])
    return _event(f"{name}{parameter}:{value}")


def _override(chance: random.Random) -> Incoming:
    """Change dates of a series that has them or not, often the same one, with junk in between."""
    ones = []
    for number in range(chance.choice([1, 3, 60, 600])):
        day = chance.choice([5, 12, 13, 19, 26, 40])
        ones.append(
            vevent(
                f"SEQUENCE:{number % 7}",
                chance.choice(["", "STATUS:CANCELLED", "RRULE:FREQ=DAILY", "LOCATION:Saal"]),
                **{
                    chance.choice(["RECURRENCE-ID", "RECURRENCE-ID;TZID=Nowhere"]): (
                        f"202609{day:02}T{chance.choice(['193000', '173000Z', ''])}"
                    )
                },
            )
        )
    series = vevent(chance.choice(["RRULE:FREQ=WEEKLY", "", "RRULE:FREQ=DAILY;COUNT=1000"]))
    parts = [series, *ones] if chance.random() < 0.7 else ones
    chance.shuffle(parts)
    return incoming(calendar(*parts), CALENDAR)


def _many(chance: random.Random) -> Incoming:
    """Send much of something."""
    number = chance.randrange(2, 400)
    ways: tuple[Callable[[], Incoming], ...] = (
        lambda: _event(*["X-JUNK:1"] * number * 5),
        lambda: _event(*["ATTENDEE:mailto:a@example.org"] * number),
        lambda: incoming([plain(id=str(n), title=f"Nr. {n}") for n in range(number)]),
        lambda: incoming(linked(subEvent=[linked()] * number)),
        lambda: incoming(calendar(*(vevent(UID="same") for _ in range(number))), CALENDAR),
        lambda: _raw(b"[" * number * 50),
    )
    return chance.choice(ways)()


_WAYS: Final[tuple[Make, ...]] = (_cut, _flip, _junk_value, _junk_property, _override, _many)
