"""Fetched calendars are cut into messages that the pipeline takes."""

import random
from uuid import UUID

import pytest

from services.events.ingest.item import Item
from services.events.ingest.model import Partner
from services.events.ingest.reading import read
from services.events.pulling.model import PullFailed
from services.events.pulling.splitting import messages_of
from tests.events.builders import calendar, vevent

PARTNER = Partner(UUID(int=1), "theater", "Theater", "A", "publish")
ZONE = "\r\n".join(
    [
        *("BEGIN:VTIMEZONE", "TZID:Haus", "BEGIN:STANDARD", "DTSTART:19700101T000000"),
        *("TZOFFSETFROM:+0100", "TZOFFSETTO:+0100", "END:STANDARD", "END:VTIMEZONE"),
    ]
)


def keys(document: bytes) -> list[list[str]]:
    """Return what is read in each message of a calendar."""
    return [
        [item.key for item in read(message)] for message in messages_of(PARTNER, "pull", document)
    ]


def test_many_events_become_messages_of_a_size_that_is_taken() -> None:
    chance = random.Random(20_26)  # noqa: S311 - test data
    events = [
        vevent(f"DESCRIPTION:{'Wort ' * chance.randrange(900)}", UID=f"{number}@theater")
        for number in range(700)
    ]

    messages = messages_of(PARTNER, "pull", calendar(*events))

    outcomes = [outcome for message in messages for outcome in read(message)]
    assert max(len(message.body) for message in messages) <= 64 * 1024
    assert [outcome.key for outcome in outcomes] == [f"{number}@theater" for number in range(700)]
    assert all(isinstance(outcome, Item) for outcome in outcomes)
    assert [message.headers["ce-id"] for message in messages[:2]] == ["pull-1", "pull-2"]


def test_changed_dates_stay_with_their_series() -> None:
    first, *others = [vevent("RRULE:FREQ=WEEKLY", UID=f"s-{number}") for number in range(250)]
    changed = vevent("STATUS:CANCELLED", "RECURRENCE-ID:20260919T193000", UID="s-0")

    one, two = messages_of(PARTNER, "pull", calendar(first, *others, changed))

    item = read(one)[0]
    assert isinstance(item, Item)
    assert (item.key, len(item.content.changed)) == ("s-0", 1)
    assert (len(read(one)), len(read(two))) == (199, 51)


def test_a_zone_goes_where_it_is_used() -> None:
    local = vevent(UID="a", **{"DTSTART;TZID=Europe/Berlin": ""}).replace(
        "SUMMARY", "DTSTART;TZID=Haus:20260912T193000\r\nSUMMARY"
    )
    others = [vevent(UID=f"o-{number}") for number in range(250)]

    messages = messages_of(PARTNER, "pull", calendar(ZONE, local, *others))

    assert [b"TZID:Haus" in message.body for message in messages] == [True, False]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (b"", "not_a_calendar"),
        (b"<html></html>", "not_a_calendar"),
        (calendar(vevent()).decode().encode("utf-16"), "not_a_calendar"),
        (calendar(vevent()).replace(b"END:VEVENT", b""), "not_a_calendar"),
        (calendar(vevent(SUMMARY="\x00")), "not_a_calendar"),
        (calendar(*(vevent(UID=str(number)) for number in range(2_001))), "too_many_items"),
    ],
)
def test_what_is_no_calendar_of_a_fair_size_is_not_taken(document: bytes, expected: str) -> None:
    with pytest.raises(PullFailed) as refused:
        messages_of(PARTNER, "pull", document)

    assert refused.value.reason == expected


def test_a_mark_at_the_beginning_and_folded_lines_do_no_harm() -> None:
    document = b"\xef\xbb\xbf" + calendar(vevent("DESCRIPTION:eins\r\n  zwei"))

    [[item]] = [read(message) for message in messages_of(PARTNER, "pull", document)]

    assert isinstance(item, Item)
    assert item.content.description == "eins zwei"
    assert keys(calendar()) == []
