"""What is known about a running system at one moment."""

import msgspec

from deploy.cli.figures import Database, Figure

UNKNOWN = -1
"""Where a server could not be asked."""


class ProcessState(msgspec.Struct, frozen=True):
    """How one process answers."""

    name: str
    is_ready: bool
    detail: str


class ServiceState(msgspec.Struct, frozen=True):
    """What one service has before it; -1 where a server could not be asked."""

    name: str
    unpublished: int
    """Facts in the outbox that are not in the stream yet."""
    oldest_seconds: float
    """How long the oldest of them has waited."""
    dead_letters: int
    pending: int
    """Facts in the stream that the service has not fetched yet."""
    unacknowledged: int
    redelivered: int
    pending_seconds: float
    """How long the oldest fact has waited that is pending or not acknowledged."""
    dismissed: int = 0
    """Dead letters that a person has closed without replaying them, in the last year."""
    figures: list[Figure] = []
    """All that PostgreSQL knows of it."""

    def figure(self, name: str, label: str = "") -> float:
        """Return one of its figures; 0 if there is none."""
        wanted = (name, label)
        return sum(one.value for one in self.figures if (one.name, one.label) == wanted)

    def labelled(self, name: str) -> dict[str, float]:
        """Return the figures of one name by their label."""
        return {one.label: one.value for one in self.figures if one.name == name}


class PartnerState(msgspec.Struct, frozen=True):
    """What a partner has published that events has not worked on."""

    stream: str
    pending: int
    pending_seconds: float


class MailState(msgspec.Struct, frozen=True):
    """How sending goes."""

    waiting: int
    failed: int
    """Mails that were given up on; the console names them, and they can become letters."""
    trouble: str
    """Why no mail goes out at all; empty if they do."""
    is_paused: bool


class StreamState(msgspec.Struct, frozen=True):
    """How full a stream is; a full one refuses what comes."""

    name: str
    messages: int
    bytes: int
    most_bytes: int


class HostState(msgspec.Struct, frozen=True, kw_only=True):
    """The servers and the host around them."""

    database: Database | None = None
    """None where PostgreSQL could not be asked."""
    nats_answers: bool = False
    nats_detail: str | None = None
    """What NATS says is wrong with it; empty if nothing is, None where it was not asked."""
    volumes: dict[str, float] = {}
    """By name, which part of it is free, 0 to 1."""
    certificate_seconds: float | None = None
    """How long the website's certificate is still good; None without TLS."""
    inner_certificate_seconds: dict[str, float] = {}
    """By server, how long the one is still good that it shows the services; empty without TLS."""
    backup_seconds: float | None = None
    """How old the newest backup is, infinite without any; None where nobody says where they lie."""
    restore_test_seconds: float | None = None
    """How long ago a backup last came back whole; likewise."""


class State(msgspec.Struct, frozen=True):
    """How everything is."""

    problems: list[str]
    processes: list[ProcessState]
    services: list[ServiceState]
    partners: list[PartnerState]
    mails: MailState | None
    """None where the database could not be asked."""
    streams: list[StreamState] = []
    host: HostState = HostState()
