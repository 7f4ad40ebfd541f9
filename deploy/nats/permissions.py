"""What each user of the bus may publish and hear: its own and nothing else."""

from typing import Any

import msgspec

from deploy.postgres.roles import SERVICES

PROVISIONER = "provisioner"
OBSERVER = "observer"
RESPONSE_SECONDS = 5
NANOSECONDS = 1_000_000_000


class Permissions(msgspec.Struct, frozen=True, kw_only=True):
    """The subjects that a user may publish to and subscribe to; all others are refused."""

    publish: tuple[str, ...]
    subscribe: tuple[str, ...]
    may_answer: bool = False
    """Whether it may answer a request on the asker's reply subject, once, within 5 seconds."""

    def claims(self) -> dict[str, Any]:
        """Return them as they stand in a user's claims."""
        claims: dict[str, Any] = {
            "pub": {"allow": list(self.publish)},
            "sub": {"allow": list(self.subscribe)},
        }
        if self.may_answer:
            claims["resp"] = {"max": 1, "ttl": RESPONSE_SECONDS * NANOSECONDS}
        return claims


def inbox_prefix(user: str) -> str:
    """Return the inbox prefix that a user must connect with; nobody else hears these subjects."""
    return f"_INBOX_{user}"


def of_service(service: str) -> Permissions:
    """Return what a service may: say its own facts, pull its own durable, ask, and answer."""
    return Permissions(
        publish=(
            f"facts.{service}.>",
            "ask.>",
            *_pull_from("FACTS", service),
            *(_INGEST if service == "events" else ()),
        ),
        subscribe=(f"{inbox_prefix(service)}.>", f"ask.{service}.>"),
        may_answer=True,
    )


def of_provisioner() -> Permissions:
    """Return what the job that makes streams and durables may."""
    return Permissions(
        publish=("$JS.API.>",),
        subscribe=(f"{inbox_prefix(PROVISIONER)}.>",),
    )


def of_observer() -> Permissions:
    """Return what the exporter and `ehrensache status` may: look at streams, change nothing."""
    return Permissions(
        publish=(
            "$JS.API.STREAM.LIST",
            "$JS.API.STREAM.MSG.GET.*",
            "$JS.API.CONSUMER.INFO.*.*",
        ),
        subscribe=(f"{inbox_prefix(OBSERVER)}.>",),
    )


def of_partner() -> Permissions:
    """Return what a partner may within its own account: publish items, read its receipts."""
    return Permissions(publish=("publish.>",), subscribe=("receipts.>", "_INBOX.>"))


def of_everybody() -> dict[str, Permissions]:
    """Return the users of the platform's account with their permissions."""
    return {service: of_service(service) for service in SERVICES} | {
        PROVISIONER: of_provisioner(),
        OBSERVER: of_observer(),
    }


def _pull_from(stream: str, durable: str) -> tuple[str, ...]:
    return (
        f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}",
        f"$JS.API.CONSUMER.INFO.{stream}.{durable}",
        f"$JS.ACK.{stream}.{durable}.>",
    )


_INGEST = (*_pull_from("*", "events"), "receipt.>")
"""Partners' streams each have a durable `events`; receipts go back to the partner's account."""
