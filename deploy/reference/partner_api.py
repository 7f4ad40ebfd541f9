"""Generates the AsyncAPI document of what partners publish and hear."""

from typing import Any, Final

import msgspec

from services.events.ingest import limits
from services.events.ingest.reasons import HINTS
from services.events.ingest.receipts import Told

_TEXT: Final = {"type": "string", "maxLength": limits.LINE_LENGTH}
_WHEN: Final = {
    "type": "string",
    "description": "ISO 8601; with an offset that instant, without one the clock of `zone`; a date "
    "without a time is a whole day.",
    "examples": ["2027-03-05T19:30", "2027-03-05T19:30:00+01:00", "2027-03-05"],
}
PLAIN: Final[dict[str, Any]] = {
    "type": "object",
    "description": "Our plain JSON, one object or an array of up to 200.",
    "required": ["id"],
    "properties": {
        "id": {"type": ["string", "integer"], "maxLength": limits.KEY_LENGTH},
        "title": {"type": "string", "maxLength": limits.TITLE_LENGTH},
        "starts": _WHEN,
        "ends": _WHEN,
        "zone": {"type": "string", "default": "Europe/Berlin"},
        "place": {
            "type": ["string", "object"],
            "properties": {
                "name": _TEXT,
                "address": _TEXT,
                "latitude": {"type": "number", "minimum": -90, "maximum": 90},
                "longitude": {"type": "number", "minimum": -180, "maximum": 180},
            },
        },
        "organiser": _TEXT,
        "description": {"type": "string", "maxLength": limits.DESCRIPTION_LENGTH},
        "website": {"type": "string", "format": "uri", "maxLength": limits.LINK_LENGTH},
        "categories": {"type": "array", "items": {"type": "string"}},
        "audiences": {"type": "array", "items": {"type": "string"}},
        "price": {**_TEXT, "description": "In words: `5 Euro, ermäßigt 3 Euro`."},
        "registration": {"type": "string", "format": "uri", "maxLength": limits.LINK_LENGTH},
        "recurrence": {"type": "string", "description": "RRULE of RFC 5545, within limits."},
        "except": {"type": "array", "maxItems": limits.LISTED_DATES, "items": _WHEN},
        "changed": {
            "type": "array",
            "maxItems": limits.LISTED_DATES,
            "description": "Single dates of the series that are moved (`starts`, `ends`) or "
            "cancelled.",
            "items": {
                "type": "object",
                "required": ["original"],
                "properties": {
                    "original": {**_WHEN, "description": "When `recurrence` has the date."},
                    "starts": _WHEN,
                    "ends": _WHEN,
                    "cancelled": {"type": "boolean", "default": False},
                },
            },
        },
        "status": {"enum": ["scheduled", "cancelled", "postponed", "deleted"]},
        "version": {"type": "integer", "minimum": 0},
        "modified": _WHEN,
    },
    "if": {"properties": {"status": {"const": "deleted"}}, "required": ["status"]},
    "else": {"required": ["title", "starts"]},
}
_HEADERS: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["ce-specversion", "ce-id", "ce-type", "ce-source", "ce-datacontenttype"],
    "properties": {
        "ce-specversion": {"const": "1.0"},
        "ce-id": {"type": "string", "description": "Yours; it comes back in the receipt."},
        "ce-type": {"type": "string"},
        "ce-source": {"type": "string", "description": "Your name here, or …/your-name."},
        "ce-datacontenttype": {
            "enum": ["application/json", "application/ld+json", "text/calendar"]
        },
        "Nats-Msg-Id": {"type": "string", "description": "Stored once within ten minutes."},
    },
}


def asyncapi() -> dict[str, Any]:
    """Return the AsyncAPI 3.0 document, as a partner's account sees the subjects."""
    _, schemas = msgspec.json.schema_components([Told], ref_template="#/components/schemas/{name}")
    receipt = schemas.pop("Told")
    receipt["properties"]["outcome"] = {"enum": ["accepted", "unchanged", "held", "quarantined"]}
    receipt["properties"]["reason"] = {"enum": sorted(HINTS)}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Ehrensache: publishing events as a partner",
            "version": "1.0.0",
            "description": "CloudEvents 1.0 over NATS JetStream, in binary mode, or whole with "
            "`Content-Type: application/cloudevents+json`. The acknowledgement of JetStream says "
            f"that the message is on disk. A message holds up to {limits.MESSAGE_BYTES} bytes and "
            f"{limits.ITEMS} events. docs/partner.md is the guide.",
        },
        "defaultContentType": "application/json",
        "channels": {
            "publish": {
                "address": "publish.event",
                "messages": {
                    name: {"$ref": f"#/components/messages/{name}"}
                    for name in ("Plain", "SchemaOrg", "Calendar")
                },
            },
            "receipts": {
                "address": "receipts.{item}",
                "parameters": {"item": {"description": "Id of the item; subscribe to receipts.>"}},
                "messages": {"Receipt": {"$ref": "#/components/messages/Receipt"}},
            },
        },
        "operations": {
            "publishEvents": {"action": "send", "channel": {"$ref": "#/channels/publish"}},
            "hearReceipts": {"action": "receive", "channel": {"$ref": "#/channels/receipts"}},
        },
        "components": {"schemas": schemas, "messages": _messages(receipt)},
    }


def _messages(receipt: dict[str, Any]) -> dict[str, Any]:
    linked = {
        "type": ["object", "array"],
        "description": "schema.org/Event and its kinds, EventSeries with eventSchedule, subEvent, "
        "DeleteAction.",
    }
    kinds = {
        "Plain": ("application/json", PLAIN),
        "SchemaOrg": ("application/ld+json", linked),
        "Calendar": (
            "text/calendar",
            {
                "type": "string",
                "description": "RFC 5545: VEVENTs, with a RECURRENCE-ID for single dates.",
            },
        ),
    }
    return {
        name: {"contentType": content_type, "headers": _HEADERS, "payload": payload}
        for name, (content_type, payload) in kinds.items()
    } | {"Receipt": {"contentType": "application/json", "payload": receipt}}
