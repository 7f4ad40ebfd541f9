"""Real calendar programs read the running feeds and see every event when it is."""

import subprocess
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
import recurring_ical_events
import vobject
from icalendar import Calendar, Event

from deploy.local.clients import program
from services.events.recurrence import dates
from shared.ical.timezone import instant
from tests.clients.conftest import Served
from tests.events.calendars import in_days


class Checked(NamedTuple):
    """What libical has to say about a feed."""

    code: int
    complaints: set[str]
    missed: set[tuple[str, int]]
    """Instants that are ours and not libical's."""


NEWER = ("LINK", "CONCEPT", "PARTICIPANT-TYPE", "STYLED-DESCRIPTION", "IMAGE")
"""Properties of RFC 7986, 9073 and 9253, of which libical 3 knows some."""
QUERIES = ["", "?cancelled=hide", "?profile=rich"]
SINCE, UNTIL = in_days(-1, 0), in_days(365, 0)


def instants(served: Served, *, shows_cancelled: bool) -> Counter[tuple[str, int]]:
    """Return when everything with a time of day is, by our own reckoning."""
    return Counter(
        (event.uid, int(instant(date.starts, event.zone).timestamp()))
        for event in served.events
        if not event.all_day
        for date in dates(event, SINCE, UNTIL, 1_000)
        if shows_cancelled or not (date.is_cancelled or event.state == "cancelled")
    )


@pytest.fixture(params=["", "?profile=rich"])
def synced(served: Served, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """What vdirsyncer has brought: a folder with a file for each event."""
    items = tmp_path / "items"
    items.mkdir()
    config = tmp_path / "vdirsyncer.conf"
    config.write_text(
        f"""
[general]
status_path = "{tmp_path}/status"
[pair feed]
a = "remote"
b = "local"
collections = null
conflict_resolution = "a wins"
[storage remote]
type = "http"
url = "{served.url(request.param)}"
[storage local]
type = "filesystem"
path = "{items}"
fileext = ".ics"
"""
    )
    for arguments in (["discover", "feed"], ["sync"]):
        ran = run("vdirsyncer", "--config", str(config), *arguments)
        assert ran.returncode == 0, ran.stderr
    return items


def run(name: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [str(program(name)), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, input="y\n")


def test_vdirsyncer_brings_every_event(served: Served, synced: Path) -> None:
    """Source: ical.md 0.4, it loses feeds with a UID of their own and splits lines at U+2028."""
    assert len(list(synced.glob("*.ics"))) == len(served.events)


def test_khal_lists_every_date_at_its_hour(served: Served, synced: Path, tmp_path: Path) -> None:
    config = tmp_path / "khal.conf"
    config.write_text(
        f"""
[calendars]
[[feed]]
path = {synced}
type = calendar
[locale]
local_timezone = Europe/Berlin
default_timezone = Europe/Berlin
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {tmp_path}/khal.db
"""
    )
    span = f"{SINCE:%Y-%m-%d}", f"{UNTIL:%Y-%m-%d}"
    form = "{start-long}|{title}"

    ran = run("khal", "-c", str(config), "list", "--day-format", "", "--format", form, *span)

    assert ran.returncode == 0, ran.stderr
    assert "broken" not in ran.stderr
    listed = [line.split("|", 1) for line in ran.stdout.splitlines() if "|" in line]
    series = [when for when, title in listed if title in {"Serie", "Abgesagt: Serie"}]
    ours = dates(served.series, SINCE, UNTIL, 1_000)
    assert sorted(series) == sorted(f"{date.starts:%Y-%m-%d %H:%M}" for date in ours)
    titles = {title for _, title in listed}
    assert "Chor im Park" in titles
    assert {"Abgesagt: Sommerfest", "Abgesagt: Serie", 'Saal "Eins": ^ ^^', "Ganztags"} <= titles
    assert "Ende; Komma, Strich \\ C:\\New" in titles


def check(served: Served, checker: Path, file: Path, query: str) -> Checked:
    """Let libical read a feed."""
    file.write_bytes(httpx.get(served.url(query)).content)
    span = [f"{at:%Y%m%dT%H%M%SZ}" for at in (SINCE, UNTIL)]
    command = [str(checker), str(file), *span]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    told = Counter((uid, int(at)) for uid, at in map(str.split, ran.stdout.splitlines()))
    expected = instants(served, shows_cancelled=query != "?cancelled=hide")
    return Checked(ran.returncode, set(ran.stderr.splitlines()), set(expected) - set(told))


@pytest.mark.parametrize("query", ["", "?cancelled=hide"])
def test_libical_takes_all_of_it_and_sees_the_same_instants(
    served: Served, checker: Path, tmp_path: Path, query: str
) -> None:
    """Source: libical is what Evolution, KDE and many others read with."""
    assert check(served, checker, tmp_path / "feed.ics", query) == Checked(0, set(), set())


def test_libical_passes_over_properties_that_are_newer_than_itself_and_reads_on(
    served: Served, checker: Path, tmp_path: Path
) -> None:
    """Source: RFC 5545 8.3, properties that a program does not know are ignored."""
    _, complaints, missed = check(served, checker, tmp_path / "feed.ics", "?profile=rich")

    assert missed == set()
    assert complaints <= {f"error: Parse error in property name: {name}" for name in NEWER}


def test_the_checker_finds_what_is_wrong(checker: Path, served: Served, tmp_path: Path) -> None:
    good = httpx.get(served.url()).content
    wrong = {
        "property": good.replace(b"DTSTAMP:2", b"DTSTAMP:x", 1),
        "method": good.replace(b"VERSION:2.0\r\n", b"VERSION:2.0\r\nMETHOD:PUBLISH\r\n", 1),
        "nothing": b"<html></html>",
    }
    codes = {}
    for name, body in wrong.items():
        file = tmp_path / f"{name}.ics"
        file.write_bytes(body)
        command = [str(checker), str(file), "20260101T000000Z", "20270101T000000Z"]
        codes[name] = subprocess.run(command, capture_output=True, check=False).returncode

    assert codes == {"property": 1, "method": 1, "nothing": 1}


@pytest.mark.parametrize("query", QUERIES)
def test_python_readers_see_the_same_instants(served: Served, query: str) -> None:
    body = httpx.get(served.url(query)).content

    read = Calendar.from_ical(body)
    found = recurring_ical_events.of(read).between(
        SINCE.replace(tzinfo=UTC), UNTIL.replace(tzinfo=UTC)
    )
    seen = Counter(
        (str(each["UID"]), int(each.start.timestamp())) for each in found if _has_hour(each)
    )

    assert [part.errors for part in read.walk() if part.errors] == []
    assert seen == instants(served, shows_cancelled=query != "?cancelled=hide")
    assert vobject.readOne(body.decode()).validate(raiseException=True)


def test_a_python_reader_finds_picture_and_html_of_the_rich_profile(served: Served) -> None:
    read = Calendar.from_ical(httpx.get(served.url("?profile=rich")).content)

    event = next(one for one in read.walk("VEVENT") if one["UID"] == served.pictured.uid)
    assert isinstance(event, Event)
    [image] = event.images
    assert image.fmttype == "image/webp"
    assert event["IMAGE"].params["LABEL"].startswith('Ein "Chor"; alle singen')
    assert "<strong>Musik</strong>" in event["STYLED-DESCRIPTION"]
    assert '<a href="https://example.de/a?b=c&amp;d=e"' in event["STYLED-DESCRIPTION"]


def test_vdirsyncer_leaves_picture_and_html_as_they_are(served: Served, synced: Path) -> None:
    kept = [file.read_text().replace("\n ", "") for file in synced.glob("*.ics")]
    [event] = [text for text in kept if f"\nSUMMARY:{served.pictured.title}\n" in text]

    is_rich = "STYLED-DESCRIPTION;VALUE=TEXT;FMTTYPE=text/html:" in event
    assert is_rich == ("IMAGE;VALUE=URI" in event)
    assert is_rich == ("DERIVED=TRUE" in event)


def test_a_change_reaches_a_client_that_asks_whether_there_is_one(served: Served) -> None:
    first = httpx.get(served.url())
    tag = first.headers["etag"]

    again = httpx.get(served.url(), headers={"if-none-match": tag, "accept-encoding": "br"})

    assert again.status_code == 304
    assert first.headers["content-length"] == str(len(first.content)) or first.headers.get(
        "content-encoding"
    )
    assert served.cancelled.uid in first.text


def _has_hour(found: Any) -> bool:
    return isinstance(found.start, datetime) and found.end - found.start <= timedelta(days=1)
