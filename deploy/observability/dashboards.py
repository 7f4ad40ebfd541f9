"""Says what the dashboards show: "Is the city OK?", and one for each service."""

from collections.abc import Mapping, Sequence
from typing import Final

from grafana_foundation_sdk.builders.dashboard import Dashboard, Row
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Panel

from deploy.cli.figures import OWN
from deploy.observability.panels import (
    BYTES,
    HALF,
    PART,
    PER_SECOND,
    SECONDS,
    WIDE,
    lines,
    listing,
    number,
)
from deploy.postgres.roles import SERVICES

E: Final = "ehrensache_"
CITY: Final = "city"
HOUR: Final = 3_600
DAY: Final = 24 * HOUR
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
    board = _dashboard(CITY, "Is the city OK?")
    board = board.with_row(Row("At a glance"))
    for title, expression, limits, unit in (
        ("Problems that `ehrensache status` names", f"{E}problems", (1, 3), ""),
        ("Alerts that page", _alerts("page"), (1, 1), ""),
        ("Alerts that warn", _alerts("warn"), (1, 5), ""),
        ("Processes not ready", f"count({E}process_ready == 0) or vector(0)", (1, 2), ""),
        ("Oldest fact not published", f"max({E}outbox_oldest_seconds)", (60, 300), SECONDS),
        ("Oldest fact not taken", f"max({E}facts_oldest_seconds)", (120, 600), SECONDS),
        ("Dead letters", f"sum({E}dead_letters_open)", (1, 5), ""),
        ("Timers overdue", _overdue(), (1, 2), ""),
        ("Mail to a person due for", _personal(), (900, 3_600), SECONDS),
        ("Places counted wrongly", f"sum({E}place_drift) + sum({E}course_place_drift)", (1, 1), ""),
        ("Answers that are errors of ours", _errors(), (0.01, 0.1), PART),
        ("Least room on a disk", f"min({E}volume_free_part)", (0.2, 0.1), PART),
        ("Fullest stream", _fullest(), (0.8, 0.95), PART),
        ("Connections to PostgreSQL", _connections(), (0.8, 0.95), PART),
        ("Certificate good for", f"{E}certificate_seconds", (21 * DAY, 7 * DAY), SECONDS),
        ("Age of the newest backup", f"{E}backup_seconds", (DAY, 26 * HOUR), SECONDS),
        ("Since a backup was tried", f"{E}restore_test_seconds", (30 * DAY, 35 * DAY), SECONDS),
        ("Partner's item not taken for", f"max({E}partner_oldest_seconds)", (60, 600), SECONDS),
        ("Rows not deleted in time", f"sum({E}overdue_rows)", (1, 1_000), ""),
        ("Broken audits", f"count({E}audit_broken_at > 0) or vector(0)", (1, 1), ""),
    ):
        board = board.with_panel(number(title, expression, limits, unit))
    board = board.with_panel(listing("What fires", 'ALERTS{alertstate="firing"}'))
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


def _alerts(severity: str) -> str:
    return f'count(ALERTS{{alertstate="firing", severity="{severity}"}}) or vector(0)'


def _overdue() -> str:
    late = f"{E}timer_age_seconds > 2 * {E}timer_interval_seconds + 300"
    return f"count({late}) or vector(0)"


def _personal() -> str:
    return f'max({E}mail_oldest_seconds{{kind="personal"}}) or vector(0)'


def _errors() -> str:
    count = f"{E}http_request_seconds_count"
    wrong = f'sum(rate({count}{{status=~"5.."}}[5m])) or vector(0)'
    return f"({wrong}) / sum(rate({count}[5m]))"


def _fullest() -> str:
    return f"max({E}stream_bytes / ({E}stream_most_bytes > 0))"


def _connections() -> str:
    return f"{E}postgres_connections / {E}postgres_most_connections"
