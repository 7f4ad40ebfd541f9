"""What was once published stays readable: a contract may grow, and only by what has a default."""

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_binary
from cloudevents.core.formats.json import JSONFormat
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.envelope import Envelope, Unreadable, decode, from_headers, to_headers
from shared.contracts.fact import Fact, catalogue

PUBLISHED = Path(__file__).parent / "published"
"""The JSON Schema of every version of every fact. EHRENSACHE_PUBLISH=1 adds what is new."""


def schema_of(kind: type[Fact]) -> dict[str, Any]:
    _, components = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
    schema: dict[str, Any] = components[kind.__name__]
    return {key: schema[key] for key in ("properties", "required", "type")}


def file_of(subject: str) -> Path:
    file = PUBLISHED / f"{subject}.json"
    if not file.exists() and os.environ.get("EHRENSACHE_PUBLISH"):
        text = json.dumps(schema_of(catalogue()[subject]), indent=1, sort_keys=True)
        file.write_text(text + "\n", encoding="utf-8")
    return file


EXAMPLES: dict[str, Any] = {
    "uuid": "019ac0de-0000-7000-8000-000000000001",
    "date-time": "2027-02-13T18:00:00Z",
    "date": "2027-02-13",
    "string": "Dankeskonzert",
    "integer": 3,
    "boolean": True,
    "null": None,
}
"""A value of each format or type that a field of a published fact may have."""


def example_of(field: Mapping[str, Any]) -> Any:
    """Return a value that an older version may have published in a field."""
    kind = field["anyOf"][0] if "anyOf" in field else field
    return EXAMPLES[kind.get("format") or kind["type"]]


def breaks(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Return how a schema would break consumers or stored facts of an older one."""
    types = {
        name: field.get("type") or field.get("anyOf") for name, field in new["properties"].items()
    }
    return [
        *(f"{name} is gone" for name in old["properties"] if name not in types),
        *(
            f"{name} has changed its type"
            for name, field in old["properties"].items()
            if name in types and types[name] != (field.get("type") or field.get("anyOf"))
        ),
        *(f"{name} is newly required" for name in set(new["required"]) - set(old["required"])),
    ]


@pytest.mark.parametrize("subject", catalogue())
def test_a_published_fact_is_never_broken(subject: str) -> None:
    published = json.loads(file_of(subject).read_text())

    assert breaks(published, schema_of(catalogue()[subject])) == []


@pytest.mark.parametrize("is_whole", [True, False])
@pytest.mark.parametrize("file", sorted(PUBLISHED.glob("*.json")), ids=lambda file: file.stem)
def test_what_an_older_version_has_published_is_read(file: Path, *, is_whole: bool) -> None:
    kind, schema = catalogue()[file.stem], json.loads(file.read_text())
    published = {
        name: example_of(field)
        for name, field in schema["properties"].items()
        if is_whole or name in schema["required"]
    }

    fact = decode(kind, json.dumps(published).encode())

    written = json.loads(msgspec.json.encode(fact))
    assert {name: written[name] for name in published} == published


def test_what_a_newer_version_adds_is_skipped() -> None:
    kind = catalogue()["facts.registry.person_registered.v1"]
    schema = json.loads((PUBLISHED / f"{kind.subject}.json").read_text())
    published = {name: example_of(field) for name, field in schema["properties"].items()}

    newer = decode(kind, json.dumps({**published, "added_later": [{"a": 1}]}).encode())

    assert newer == decode(kind, json.dumps(published).encode())


def test_every_published_fact_is_still_in_the_catalogue() -> None:
    assert {file.name.removesuffix(".json") for file in PUBLISHED.glob("*.json")} == set(
        catalogue()
    )


@pytest.mark.parametrize(
    ("properties", "required", "complaint"),
    [
        ({}, [], "a is gone"),
        ({"a": {"type": "integer"}}, [], "a has changed its type"),
        ({"a": {"type": "string"}, "b": {"type": "string"}}, ["b"], "b is newly required"),
    ],
)
def test_a_breaking_change_is_found(
    properties: dict[str, Any], required: list[str], complaint: str
) -> None:
    old = {"properties": {"a": {"type": "string"}}, "required": []}

    assert breaks(old, {"properties": properties, "required": required}) == [complaint]


@pytest.mark.parametrize(("subject", "kind"), catalogue().items())
def test_a_fact_is_named_after_its_publisher_and_itself(subject: str, kind: type[Fact]) -> None:
    publisher = kind.__module__.rsplit(".", 1)[-1]
    words = "".join(
        f"_{letter.lower()}" if letter.isupper() else letter for letter in kind.__name__
    )

    assert subject == f"facts.{publisher}.{words.strip('_')}.v1"
    assert kind.about in {field.name for field in msgspec.structs.fields(kind)}


def test_the_headers_are_a_cloud_event() -> None:
    fact_id, aggregate_id = uuid4(), uuid4()
    envelope = Envelope(
        fact_id=fact_id,
        subject="facts.registry.person_registered.v1",
        aggregate_id=aggregate_id,
        recorded_at=datetime(2027, 2, 13, 18, 0, tzinfo=UTC),
        traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    )

    headers = to_headers(envelope)

    assert from_headers(envelope.subject, headers) == envelope
    event = from_binary(HTTPMessage(headers=headers, body=b"{}"), JSONFormat())
    assert event.get_id() == str(fact_id)
    assert event.get_subject() == str(aggregate_id)
    assert event.get_time() == envelope.recorded_at
    assert event.get_type() == "registry.person_registered.v1"


@given(st.dictionaries(st.sampled_from(["ce-id", "ce-subject", "ce-time", "x"]), st.text()))
def test_foreign_headers_are_read_or_refused_and_never_worse(headers: dict[str, str]) -> None:
    refusal = None
    try:
        from_headers("facts.registry.person_registered.v1", headers)
    except Unreadable as error:
        refusal = str(error)

    assert refusal is None or refusal.startswith("header")
