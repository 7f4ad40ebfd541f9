"""Says in Prometheus's terms how a system is: the same that `ehrensache status` shows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.openmetrics.exposition import generate_latest
from prometheus_client.registry import Collector

from deploy.cli.figures import KIT, OWN, Explained
from deploy.cli.state import UNKNOWN, ServiceState, State

PREFIX: Final = "ehrensache_"
FIGURES: Final[Mapping[str, Explained]] = {
    **KIT,
    **{name: explained for own in OWN.values() for name, explained in own.items()},
}

Value = tuple[Sequence[str], float]
"""What the labels say, and the number."""


def exposed(state: State) -> bytes:
    """Return the metrics' text, in OpenMetrics; a part that could not be asked has none."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collected(state))
    text: bytes = generate_latest(registry)  # type: ignore[no-untyped-call]
    return text


class _Collected(Collector):
    """Hands one state to the exposition."""

    def __init__(self, state: State) -> None:
        self._state = state

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield each metric with all its values."""
        yield _gauge("problems", "What `ehrensache status` names", (), [((), len(self._problems))])
        yield from self._reached()
        yield from self._bus()
        yield from self._host()
        yield from _figures(self._state.services)

    @property
    def _problems(self) -> list[str]:
        return self._state.problems

    def _reached(self) -> Iterator[GaugeMetricFamily]:
        state = self._state
        yield _gauge(
            "process_ready",
            "Whether a process answers that it is ready",
            ("process",),
            [((each.name,), each.is_ready) for each in state.processes],
        )
        yield _up("postgres_up", "PostgreSQL", is_up=state.host.database is not None)
        yield _up("nats_up", "NATS", is_up=state.host.nats_answers)

    def _bus(self) -> Iterator[GaugeMetricFamily]:
        heard = [one for one in self._state.services if one.pending != UNKNOWN]
        for name, meaning, value in (
            ("facts_pending", "Facts in the stream that a service has not fetched", "pending"),
            ("facts_unacknowledged", "Facts that it has in hand", "unacknowledged"),
            ("facts_redelivered", "Facts in hand for at least the second time", "redelivered"),
            ("facts_oldest_seconds", "How long the oldest has waited", "pending_seconds"),
        ):
            values = [((one.name,), float(getattr(one, value))) for one in heard]
            yield _gauge(name, meaning, ("service",), values)
        partners = [one for one in self._state.partners if one.pending != UNKNOWN]
        yield _gauge(
            "partner_pending",
            "Messages of a partner that events has not worked on",
            ("stream",),
            [((one.stream,), one.pending) for one in partners],
        )
        yield _gauge(
            "partner_oldest_seconds",
            "How long the oldest of them has waited",
            ("stream",),
            [((one.stream,), one.pending_seconds) for one in partners],
        )
        for name, meaning, value in (
            ("stream_messages", "Messages that a stream keeps", "messages"),
            ("stream_bytes", "What they weigh", "bytes"),
            ("stream_most_bytes", "What they may weigh before it takes no more", "most_bytes"),
        ):
            values = [((one.name,), float(getattr(one, value))) for one in self._state.streams]
            yield _gauge(name, meaning, ("stream",), values)

    def _host(self) -> Iterator[GaugeMetricFamily]:
        host = self._state.host
        bases = [] if host.database is None else [host.database]
        for name, meaning, value in (
            ("postgres_connections", "Connections", "connections"),
            ("postgres_most_connections", "How many there may be", "most_connections"),
            ("postgres_bytes", "Size of the database", "bytes"),
        ):
            values: list[Value] = [((), float(getattr(base, value))) for base in bases]
            yield _gauge(name, meaning, (), values)
        for name, meaning, known in (
            ("certificate_seconds", "How long it is still good", host.certificate_seconds),
            ("backup_seconds", "How old the newest backup is", host.backup_seconds),
            ("restore_test_seconds", "Since a backup came back whole", host.restore_test_seconds),
        ):
            yield _gauge(name, meaning, (), [] if known is None else [((), known)])
        yield _gauge(
            "inner_certificate_seconds",
            "How long the certificate is still good that a server shows the services",
            ("server",),
            [((server,), good) for server, good in host.inner_certificate_seconds.items()],
        )
        well = [] if host.nats_detail is None else [((), not host.nats_detail)]
        yield _gauge("nats_healthy", "Whether NATS says that it is well", (), well)
        yield _gauge(
            "volume_free_part",
            "Which part of a disk is free, 0 to 1",
            ("volume",),
            [((name,), free) for name, free in host.volumes.items()],
        )


def _figures(services: Sequence[ServiceState]) -> Iterator[GaugeMetricFamily]:
    for name, explained in FIGURES.items():
        labels = ("service", explained.label) if explained.label else ("service",)
        values: list[Value] = [
            ((service.name, figure.label)[: len(labels)], figure.value)
            for service in services
            for figure in service.figures
            if figure.name == name
        ]
        yield _gauge(name, explained.meaning, labels, values)


def _up(name: str, what: str, *, is_up: bool) -> GaugeMetricFamily:
    return _gauge(name, f"Whether {what} answers as it should", (), [((), is_up)])


def _gauge(
    name: str, meaning: str, labels: Sequence[str], values: Iterable[Value]
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(PREFIX + name, meaning, labels=labels)
    for said, value in values:
        family.add_metric(said, float(value))
    return family
