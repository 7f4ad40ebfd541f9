"""Says what the dashboards show: "Is the city OK?", and one for each service."""

from collections.abc import Mapping, Sequence
from typing import Final

from grafana_foundation_sdk.builders.dashboard import Dashboard, Row
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Panel

from deploy.cli.figures import OWN
from deploy.observability.glance import at_a_glance
from deploy.observability.panels import BYTES, HALF, PART, PER_SECOND, SECONDS, WIDE, E, lines
from deploy.postgres.roles import SERVICES

CITY: Final = "city"
P99: Final = "histogram_quantile(0.99, sum by ({by}, le) (rate({name}_bucket{{{of}}}[5m])))"


def dashboards() -> dict[str, str]:
    """Return each dashboard's JSON by the name of its file."""
    boards = {CITY: _city(), **{service: _of(service) for service in SERVICES}}
    return {f"{name}.json": _written(board) for name, board in boards.items()}


def _written(board: Dashboard) -> str:
    built = board.build()
    for number_of_panel, panel in enumerate(built.panels or [], start=1):
        panel.id_val = number_of_panel
    return JSONEncoder(sort_keys=True, indent=1).encode(built) + "\n"


def _dashboard(uid: str, title: str) -> Dashboard:
    board = Dashboard(title).uid(f"ehrensache-{uid}").tags(["ehrensache"]).refresh("30s")
    return board.time("now-6h", "now").timezone("browser").readonly()


def _city() -> Dashboard:
    board = _dashboard(CITY, "Is the city OK?").with_row(Row("At a glance"))
    for panel in at_a_glance():
        board = board.with_panel(panel)
    people = (
        lines("Requests", [(_rate("http_request_seconds_count", "service"), "{{service}}")], "ops"),
        lines("Slowest of a hundred answers", [(_slowest("service"), "{{service}}")], SECONDS),
        lines("Invitations", [(f"{E}invitations", "{{state}}")]),
        lines("Places", [(f"{E}places", "{{kind}}")]),
        lines("Guests let in within a day", [(f"{E}admitted_guests", "")]),
        lines("Events that wait for review", [(f"{E}reviews_waiting", "")]),
    )
    waiting = (
        lines("Facts to be published", [(f"{E}outbox_unpublished", "{{service}}")]),
        lines("Facts to be taken", [(f"{E}facts_pending", "{{service}}")]),
        lines("Partners' messages", [(f"{E}partner_pending", "{{stream}}")]),
        lines("Mails", [(f"{E}mails_open", "{{state}}")]),
        lines("Letters", [(f"{E}letters_waiting", "")]),
        lines("Streams", [(f"{E}stream_bytes", "{{stream}}")], BYTES),
    )
    return _with_rows(board, {"What people do": people, "What waits": waiting})


def _of(service: str) -> Dashboard:
    of = f'service="{service}"'
    board = _dashboard(service, f"Service {service}")
    pages = (
        lines(
            "Requests", [(_rate("http_request_seconds_count", "status", of), "{{status}}")], "ops"
        ),
        lines("Slowest of a hundred answers", [(_slowest("route", of), "{{route}}")], SECONDS),
    )
    rows = {
        "Pages": pages,
        "Facts": _facts(of),
        "Work of its own": _work(service, of),
        "Processes": _processes(of),
    }
    return _with_rows(board, rows)


def _with_rows(board: Dashboard, rows: Mapping[str, Sequence[Builder[Panel]]]) -> Dashboard:
    for title, panels in rows.items():
        board = board.with_row(Row(title))
        for panel in panels:
            board = board.with_panel(panel)
    return board


def _facts(of: str) -> list[Builder[Panel]]:
    batch = P99.format(by="process", name=f"{E}consume_batch_seconds", of=of)
    return [
        lines(
            "Waiting",
            [
                (f"{E}outbox_unpublished{{{of}}}", "to be published"),
                (f"{E}facts_pending{{{of}}}", "to be taken"),
                (f"{E}facts_unacknowledged{{{of}}}", "in hand"),
                (f"{E}facts_redelivered{{{of}}}", "tried again"),
                (f"{E}dead_letters_open{{{of}}}", "given up on"),
                (f"{E}dead_letters_dismissed{{{of}}}", "dismissed"),
            ],
        ),
        lines(
            "For how long",
            [
                (f"{E}outbox_oldest_seconds{{{of}}}", "to be published"),
                (f"{E}facts_oldest_seconds{{{of}}}", "to be taken"),
                (f"{E}dead_letters_oldest_seconds{{{of}}}", "given up on"),
                (f"{E}inbox_age_seconds{{{of}}}", "since the last new one"),
            ],
            SECONDS,
        ),
        lines(
            "Published", [(_rate("relay_facts_total", "outcome", of), "{{outcome}}")], PER_SECOND
        ),
        lines("Taken", [(_rate("facts_consumed_total", "outcome", of), "{{outcome}}")], PER_SECOND),
        lines("Slowest of a hundred batches", [(batch, "")], SECONDS),
        lines(
            "Since the last batch",
            [(f"time() - ({E}consumer_last_progress{{{of}}} > 0)", "{{instance}}")],
            SECONDS,
        ),
    ]


def _work(service: str, of: str) -> list[Builder[Panel]]:
    panels: list[Builder[Panel]] = [
        lines(
            "Since a timer last worked",
            [(f"{E}timer_age_seconds{{{of}}}", "{{timer}}")],
            SECONDS,
            WIDE,
        ),
    ]
    for name, explained in OWN[service].items():
        legend = f"{{{{{explained.label}}}}}" if explained.label else ""
        unit = SECONDS if name.endswith("_seconds") else ""
        panels.append(lines(explained.meaning, [(f"{E}{name}", legend)], unit))
    if service == "notifier":
        handed_over = _rate("mails_total", "outcome", of)
        panels.append(lines("Mails handed over", [(handed_over, "{{outcome}}")], PER_SECOND))
    if service == "events":
        rendering = P99.format(by="service", name=f"{E}feed_render_seconds", of=of)
        panels += [
            lines("Slowest of a hundred renderings of a feed", [(rendering, "")], SECONDS),
            lines(
                "Since the feeds were compared with the database",
                [(f"time() - ({E}feeds_refreshed > 0)", "{{instance}}")],
                SECONDS,
            ),
        ]
    panels += [
        lines(
            "Timers that failed",
            [(_rate("timer_runs_total", "timer", f'{of}, outcome="failed"'), "{{timer}}")],
            PER_SECOND,
        ),
        lines("Rows that should be gone", [(f"{E}overdue_rows{{{of}}}", "{{table}}")]),
    ]
    return panels


def _processes(of: str) -> list[Builder[Panel]]:
    late = P99.format(by="process", name=f"{E}loop_lag_seconds", of=of)
    return [
        lines("Answers Prometheus", [(f"up{{{of}}}", "{{process}}")]),
        lines("Event loop comes late", [(late, "{{process}}")], SECONDS),
        lines(
            "Connections to the database",
            [(f"{E}pool_connections{{{of}}}", "{{process}} {{state}}")],
        ),
        lines("Memory", [(f"process_resident_memory_bytes{{{of}}}", "{{process}}")], BYTES),
        lines(
            "Processor",
            [(f"rate(process_cpu_seconds_total{{{of}}}[5m])", "{{process}}")],
            PART,
            HALF,
        ),
        lines("Audit: first entry that does not fit", [(f"{E}audit_broken_at{{{of}}}", "")]),
    ]


def _rate(name: str, by: str, of: str = "") -> str:
    return f"sum by ({by}) (rate({E}{name}{{{of}}}[5m]))"


def _slowest(by: str, of: str = "") -> str:
    return P99.format(by=by, name=f"{E}http_request_seconds", of=of)
