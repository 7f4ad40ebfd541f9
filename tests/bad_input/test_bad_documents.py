"""A document that is right but for one value is refused by name, and nothing is kept."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any, Final

import msgspec
import pytest

from tests.bad_input.caller import Answered, Sent, call
from tests.bad_input.town import Town
from tests.recognition.honouring import builders as a

API: Final = b"/api/recognition/v1/"
VALUES: Final[tuple[Any, ...]] = (
    None, True, -1, 0, 10**40, 1.5, "", " ", "unfug", "a\x00b", "\u202eEvil", "A" * 10_000,
    [], {}, [[[[]]]], "0001-01-01", "9999-12-31", "0001-01-01T00:00:00", "9999-12-31T23:59:59",
    "9999-12-31T23:59:59-12:00", "2027-02-31", "2027-02-31T25:61:00", "America/Los_Angeles",
)  # fmt: skip


def documents(town: Town) -> dict[str, dict[str, Any]]:
    """What each route takes, and right."""
    return {
        "honouring-events": msgspec.to_builtins(a.plan()),
        "answers": {
            "token": town.inside["token"],
            "code": "",
            "coming": True,
            "seats": 1,
            "companion_name": "",
            "needs_wheelchair": False,
            "with_access_companion": False,
            "access_needs": [],
        },
        "check-ins": {
            "scan_id": "01900000-0000-7000-8000-000000000001",
            "honouring_event_id": town.inside["event_id"],
            "door": "A",
            "device": "",
            "shown": "7KQM-4T2X",
        },
    }


def spoilt(right: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the document with each value replaced by each that is wrong, or missing."""
    for path in places(right):
        for bad in VALUES:
            yield f"{path}={bad!r:.40}", replaced(right, path, bad)
    yield "unknown", {**right, "unknown": 1}
    yield "far", everywhere(right, "9999-12-31T23:59:5")


def places(value: Any) -> Iterator[tuple[str, ...]]:
    for name, inner in value.items() if isinstance(value, dict) else ():
        yield (name,)
        yield from ((name, *rest) for rest in places(inner))


def replaced(right: dict[str, Any], path: tuple[str, ...], bad: Any) -> dict[str, Any]:
    copied: dict[str, Any] = deepcopy(right)
    inside = copied
    for name in path[:-1]:
        inside = inside[name]
    inside[path[-1]] = bad
    return copied


def everywhere(right: dict[str, Any], moment: str) -> dict[str, Any]:
    """The document with all its times at the end of all days, in their order."""
    copied: dict[str, Any] = deepcopy(right)
    if "schedule" in copied:
        last = {"doors_open_at": f"{moment}0", "starts_at": f"{moment}1", "ends_at": f"{moment}2"}
        copied["schedule"] = {**last, "zone": "America/Los_Angeles"}
    return copied


@pytest.mark.parametrize("route", ["honouring-events", "answers", "check-ins"])
async def test_no_value_in_a_document_can_cause_a_fault(town: Town, route: str) -> None:
    held = (*await town.headers("recognition"), (b"content-type", b"application/json"))
    requests = [
        Sent(
            method="POST",
            target=API + route.encode(),
            headers=held,
            body=msgspec.json.encode(document),
            note=note,
        )
        for note, document in spoilt(documents(town)[route])
    ]

    assert not await town.faults("recognition", requests)


async def test_a_refused_value_is_named(town: Town) -> None:
    plan = replaced(documents(town)["honouring-events"], ("capacities", "volunteer"), -1)

    answer = await planned(town, plan)

    assert answer.status == 400
    assert answer.kind == "application/problem+json"
    assert b"volunteer" in answer.body


async def test_a_concert_at_the_end_of_all_days_is_refused(town: Town) -> None:
    plan = everywhere(documents(town)["honouring-events"], "9999-12-31T23:59:5")

    answer = await planned(town, plan)

    assert answer.status in (400, 409, 422)
    assert b"starts_at" in answer.body


async def planned(town: Town, plan: dict[str, Any]) -> Answered:
    held = (*await town.headers("recognition"), (b"content-type", b"application/json"))
    sent = Sent(
        method="POST",
        target=API + b"honouring-events",
        headers=held,
        body=msgspec.json.encode(plan),
    )
    return await call(town.apps["recognition"], sent)
