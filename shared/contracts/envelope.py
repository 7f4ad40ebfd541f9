"""Writes and reads the headers that a fact travels with: CloudEvents 1.0, binary mode."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from uuid import UUID

import msgspec

from shared.contracts.fact import Fact

CONTENT_TYPE = "application/json"


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about a fact besides its content."""

    fact_id: UUID
    subject: str
    aggregate_id: UUID
    recorded_at: datetime
    traceparent: str


class Unreadable(Exception):
    """A message is not a fact: says which header or what in the body is wrong."""


def to_headers(envelope: Envelope) -> dict[str, str]:
    """Return the NATS headers of a fact.

    Source: CloudEvents NATS protocol binding, binary content mode: each attribute is a header
    `ce-<name>`. `Nats-Msg-Id` lets the stream leave out what it has already stored.
    """
    fact_id = str(envelope.fact_id)
    return {
        **_constant_headers(envelope.subject),
        "Nats-Msg-Id": fact_id,
        "ce-id": fact_id,
        "ce-time": envelope.recorded_at.isoformat(),
        "ce-subject": str(envelope.aggregate_id),
        "traceparent": envelope.traceparent,
    }


@cache
def _constant_headers(subject: str) -> dict[str, str]:
    return {
        "ce-specversion": "1.0",
        "ce-type": subject.removeprefix("facts."),
        "ce-source": f"/ehrensache/{subject.split('.')[1]}",
        "ce-datacontenttype": CONTENT_TYPE,
        "content-type": CONTENT_TYPE,
    }


def from_headers(subject: str, headers: Mapping[str, str] | None) -> Envelope:
    """Read the headers of a fact that came on `subject`.

    Raises:
        Unreadable: names the header that is missing or malformed.
    """
    given = headers or {}
    try:
        return Envelope(
            fact_id=UUID(_header(given, "ce-id")),
            subject=subject,
            aggregate_id=UUID(_header(given, "ce-subject")),
            recorded_at=datetime.fromisoformat(_header(given, "ce-time")),
            traceparent=given.get("traceparent", ""),
        )
    except ValueError as error:
        raise Unreadable(f"header: {error}") from error


def decode(kind: type[Fact], body: bytes) -> Fact:
    """Decode a fact's body; fields that a newer publisher has added are skipped.

    Raises:
        Unreadable: says what in the body is wrong.
    """
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise Unreadable(f"body: {error}") from error


def _header(headers: Mapping[str, str], name: str) -> str:
    if name not in headers:
        raise Unreadable(f"header {name} is missing")
    return headers[name]
