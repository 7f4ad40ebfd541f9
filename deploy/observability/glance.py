"""Says which numbers answer at a glance whether the city is OK."""

from typing import Final

from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models.dashboard import Panel

from deploy.observability.panels import PART, SECONDS, E, listing, number

HOUR: Final = 3_600
DAY: Final = 24 * HOUR


def at_a_glance() -> list[Builder[Panel]]:
    """Return the numbers, four to a line, and what fires below them."""
    numbers = (
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
    )
    return [
        *(number(*one) for one in numbers),
        listing("What fires", 'ALERTS{alertstate="firing"}'),
    ]


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
