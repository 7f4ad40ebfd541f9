"""Says what a process does: JSON log lines, Prometheus metrics and the trace of a click."""

import logging
import secrets
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from re import compile as pattern
from typing import cast

import structlog
from prometheus_client import Counter, Gauge, Histogram

_TRACEPARENT = pattern(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_traceparent: ContextVar[str] = ContextVar("traceparent", default="")

RELAYED = Counter("ehrensache_relay_facts", "Facts published, by how it went", ["outcome"])
CONSUMED = Counter("ehrensache_facts_consumed", "Facts consumed, by how it went", ["outcome"])
CONSUME_SECONDS = Histogram("ehrensache_consume_batch_seconds", "One batch, fetched to acked")
LAST_PROGRESS = Gauge("ehrensache_consumer_last_progress", "Unix time of the last acked batch")
TIMER_RUNS = Counter("ehrensache_timer_runs", "Runs of a timer", ["timer", "outcome"])
AUDIT_BROKEN = Gauge(
    "ehrensache_audit_broken_at",
    "Position of the first audit entry that does not fit the chain; 0 if all of them do",
)
POOL = Gauge("ehrensache_pool_connections", "Connections to the database", ["state"])
LOOP_LAG = Histogram(
    "ehrensache_loop_lag_seconds",
    "How late the event loop comes to what is due",
    buckets=(0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
)


def log() -> structlog.typing.FilteringBoundLogger:
    """Return the process's logger: one JSON line an event, no personal data in any field."""
    return cast("structlog.typing.FilteringBoundLogger", structlog.get_logger())


def start_logging(service: str, process: str) -> None:
    """Send all log lines of this process to standard error as JSON with its name on them."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _name_trace,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _describe_exception,
            structlog.processors.JSONRenderer(sort_keys=False, ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service, process=process)
    logging.basicConfig(level=logging.WARNING, handlers=[_ToStructlog()], force=True)


def new_traceparent() -> str:
    """Begin a trace. Source: W3C Trace Context, version 00, sampled."""
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def current_traceparent() -> str:
    """Return the trace that this task works in, or begin one."""
    return _traceparent.get() or new_traceparent()


@contextmanager
def tracing(traceparent: str | None) -> Iterator[str]:
    """Work in the given trace, or in a new one if it is missing or not well formed."""
    wanted = traceparent or ""
    traced = wanted if _TRACEPARENT.fullmatch(wanted) else new_traceparent()
    token = _traceparent.set(traced)
    try:
        yield traced
    finally:
        _traceparent.reset(token)


def trace_id(traceparent: str) -> str:
    """Return the part of a traceparent that stays the same through all services."""
    return traceparent[3:35]


def describe(error: BaseException) -> str:
    """Return what went wrong without the values it went wrong with.

    An exception's own text may quote a row, and with it a person.
    """
    constraint = getattr(error, "constraint_name", None)
    return f"{type(error).__name__} ({constraint})" if constraint else type(error).__name__


def _describe_exception(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    error = event.pop("exc_info", None)
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["error"] = describe(error)
        event["stack"] = [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        ]
    return event


def _name_trace(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    if traceparent := _traceparent.get():
        event.setdefault("trace_id", trace_id(traceparent))
    return event


class _ToStructlog(logging.Handler):
    """Carries what libraries log into the same stream, without their arguments' reprs."""

    def emit(self, record: logging.LogRecord) -> None:
        log().log(record.levelno, record.getMessage(), logger=record.name, exc_info=record.exc_info)
