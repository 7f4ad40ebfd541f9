"""Prometheus in its container sees everything, and its rules and the dashboards can be answered."""

import json
import math
from typing import Any

import httpx
import pytest

from deploy.observability.__main__ import FOLDER
from deploy.postgres.roles import SERVICES
from tests.containers.observability.conftest import Prometheus
from tests.containers.system import PROCESSES, ComposedSystem
from tests.deploy.observability.queries import alerts, drawn
from tests.waiting import until

SECONDS = 120
"""Of patience: everything is asked four times a minute."""
WITHOUT_ANSWER = {"Certificate good for", "Partner's item not taken for"}
"""Nobody says here where the website's certificate is, and there is no partner."""
COUNTED = "Answers that are errors of ours"


@pytest.fixture(scope="module")
async def seen(prometheus: Prometheus) -> Prometheus:
    """Prometheus, after it has seen everybody and judged once."""

    async def has_seen_everybody() -> bool:
        found = await prometheus.tells("query", query="count(up == 1)")
        rules = await prometheus.tells("query", query="count(ehrensache_problems)")
        return bool(found and rules and _number(found) == len(PROCESSES) + 1 and _number(rules))

    await until(has_seen_everybody, SECONDS)
    await until(lambda: _all_judged(prometheus), SECONDS)
    return prometheus


async def test_every_process_and_the_exporter_are_reached(seen: Prometheus) -> None:
    targets = (await seen.tells("targets"))["activeTargets"]

    up = {one["discoveredLabels"]["__address__"]: one["health"] for one in targets}
    assert up == dict.fromkeys([f"{name}:8000" for name in (*PROCESSES, "exporter")], "up")
    assert {one["lastError"] for one in targets} == {""}


async def test_every_rule_is_loaded_and_can_be_judged(seen: Prometheus) -> None:
    rules = await _rules(seen)

    assert sorted(one["name"] for one in rules) == sorted(rule["alert"] for rule in alerts())
    assert {(one["health"], one.get("lastError", "")) for one in rules} == {("ok", "")}


async def test_nothing_pages_in_a_city_that_is_well(seen: Prometheus) -> None:
    told = (await seen.tells("alerts"))["alerts"]

    firing = [one["labels"]["alertname"] for one in told if one["state"] == "firing"]
    assert [name for name in firing if name not in {"BackupIsOld", "RestoreNotTried"}] == []


async def test_whether_the_city_is_ok_is_answered_in_numbers(
    system: ComposedSystem, seen: Prometheus
) -> None:
    panels = json.loads((FOLDER / "city.json").read_text())["panels"]
    glance = {
        panel["title"]: panel["targets"][0]["expr"] for panel in panels if panel["type"] == "stat"
    }

    async def answered() -> dict[str, float]:
        """Look at a page, and what is told once that has been counted."""
        async with httpx.AsyncClient(trust_env=False) as visitor:
            await visitor.get(f"{system.composition.gateway}/termine")
        told = {title: await seen.tells("query", query=query) for title, query in glance.items()}
        numbers = {title: _number(one) for title, one in told.items() if one["result"]}
        return numbers if COUNTED in numbers else {}

    numbers = await until(answered, SECONDS)

    assert glance.keys() - numbers.keys() == WITHOUT_ANSWER
    assert (numbers["Processes not ready"], numbers["Alerts that page"], numbers[COUNTED]) == (
        0,
        0,
        0,
    )
    assert math.isinf(numbers["Age of the newest backup"])


async def test_every_query_of_every_dashboard_is_understood(seen: Prometheus) -> None:
    answered = {where: await seen.tells("query", query=query) for where, query in drawn()}

    assert {told["resultType"] for told in answered.values()} <= {"vector", "scalar"}
    assert {where.partition(":")[0] for where, told in answered.items() if told["result"]} == {
        "city",
        *SERVICES,
    }


async def test_a_worker_that_ends_is_seen(system: ComposedSystem, seen: Prometheus) -> None:
    system.composition.run("stop", "notifier-worker")

    async def is_noticed() -> bool:
        told = (await seen.tells("alerts"))["alerts"]
        gone = {"ProcessNotMeasured", "ProcessNotReady"}
        return gone <= {one["labels"]["alertname"] for one in told if "notifier" in str(one)}

    await until(is_noticed, SECONDS)
    down = await seen.tells("query", query='up{service="notifier", process="worker"}')
    system.composition.run("start", "notifier-worker")

    assert _number(down) == 0


async def _rules(prometheus: Prometheus) -> list[dict[str, Any]]:
    groups = (await prometheus.tells("rules"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


async def _all_judged(prometheus: Prometheus) -> bool:
    return all(one["health"] != "unknown" for one in await _rules(prometheus))


def _number(told: Any) -> float:
    """Return the first value of an instant query; 0 if there is none."""
    return float(told["result"][0]["value"][1]) if told["result"] else 0.0
