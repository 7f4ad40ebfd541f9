"""Journey 9: whoever watches finds a guest's click in every log, and every metric of the alerts."""

import json
import subprocess
from typing import Any, Final

from prometheus_client.openmetrics.parser import text_string_to_metric_families

from deploy.nats import streams
from deploy.nats.permissions import OBSERVER
from deploy.nats.session import sign_in
from tests.conftest import ROOT
from tests.deploy.observability.queries import matched_labels, metrics, queries
from tests.journeys import guests
from tests.journeys.concerts import Cast, invite
from tests.journeys.ledger import settled
from tests.journeys.lists import Association, Lists, Person
from tests.journeys.staff import Clerk, Plan
from tests.journeys.system import System

PLAN: Final = Plan(title="Konzert der Spurensucher")
LISTS: Final = Lists(
    Association(number="V-SP", name="Fährtenkunde e. V.", email="spur@faehrten.example"),
    (
        Person(
            number="P-SP-1",
            given_name="Ferdinanda",
            family_name="Spurlinger",
            email="spurlinger@post.example",
        ),
    ),
)
ACCEPTED: Final = "facts.recognition.invitation_accepted.v1"
SCRAPED: Final = {"service", "process", "instance", "job"}
"""Labels that Prometheus adds to what a process exports."""
PROMETHEUS_OWN: Final = {"up", "ALERTS"}
SUFFIXES: Final = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum")}


async def test_one_click_is_found_from_the_page_to_the_mail_by_one_number(
    cast: Cast, clerk: Clerk
) -> None:
    await clerk.bring(LISTS)
    concert = await invite(cast, PLAN, LISTS)
    invitation = await concert.invitation(LISTS.people[0])
    async with guests.guest(cast.system.notes.gateway) as guest:
        await guest.open_link(invitation.link)
        page = await guest.accept()
    request_id = page.response.history[0].headers["x-request-id"]
    await settled(cast.system)

    [trace] = {line["trace_id"] for line in found(cast.system, request_id)}
    lines = {
        (line["service"], line["process"], line["event"]) for line in found(cast.system, trace)
    }
    recorded = await cast.system.rows(
        """
        select subject, traceparent from recognition.outbox where traceparent like $1
        union all select subject, traceparent from notifier.outbox where traceparent like $1
        """,
        f"%{trace}%",
    )

    assert {
        ("recognition", "api", "request"),
        ("notifier", "worker", "facts_taken"),
        ("notifier", "worker", "mail_accepted"),
    } <= lines
    assert {ACCEPTED, "facts.notifier.message_sent.v1"} <= {row["subject"] for row in recorded}
    assert trace in await _header_in_the_stream(cast.system)


async def test_every_metric_that_an_alert_or_dashboard_names_is_exported(system: System) -> None:
    known: dict[str, set[str]] = {name: set() for name in PROMETHEUS_OWN}
    for text in [await system.metrics(process) for process in system.notes.health]:
        _learn(text, known)
    _learn(await system.exported(), known)
    named = set().union(*map(metrics, queries()))
    strange = [
        (name, label)
        for query in queries()
        for name, labels in matched_labels(query).items()
        for label in labels - known[name] - SCRAPED
        if known[name]
    ]

    assert "ehrensache_mails_total" in named
    assert sorted(named - set(known)) == []
    assert strange == []


def found(system: System, number: str) -> list[dict[str, Any]]:
    """Return the lines of all logs with a number, as docs/operator.md says how to find them."""
    command = "grep -h NUMBER .local/log/*.log"
    assert command in (ROOT / "docs/operator.md").read_text(encoding="utf-8")
    wanted = command.replace("NUMBER", number).replace(".local", str(system.root))
    lines = subprocess.run(wanted, shell=True, check=True, capture_output=True, text=True)  # noqa: S602 - a person types it
    return [json.loads(line) for line in lines.stdout.splitlines() if line.startswith("{")]


def _learn(text: str, known: dict[str, set[str]]) -> None:
    """Add the names that a process exports, and by which labels their values are told apart."""
    for family in text_string_to_metric_families(text):  # type: ignore[no-untyped-call]
        for suffix in SUFFIXES.get(family.type, ("",)):
            known.setdefault(family.name + suffix, set())
        for sample in family.samples:
            known.setdefault(sample.name, set()).update(sample.labels)


async def _header_in_the_stream(system: System) -> str:
    bus = await sign_in(system.notes.nats_url, system.notes.bus_keys, OBSERVER)
    try:
        message = await bus.jetstream().get_last_msg(streams.FACTS, ACCEPTED)
    finally:
        await bus.close()
    return str((message.headers or {})["traceparent"])
