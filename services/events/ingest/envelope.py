"""Reads the CloudEvents envelope of a partner's message, in binary and in structured mode."""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

import msgspec

from services.events.ingest import limits
from services.events.ingest.reasons import ItemRefused

STRUCTURED: Final = "application/cloudevents"
_REQUIRED: Final = ("specversion", "id", "type", "source")
_SEPARATORS: Final = re.compile(r"[/:]")


class Letter(msgspec.Struct, frozen=True):
    """What was inside the envelope."""

    message_id: str
    content_type: str
    """Lower case, without parameters."""
    body: bytes


class _Structured(msgspec.Struct):
    specversion: str = ""
    id: str = ""
    type: str = ""
    source: str = ""
    datacontenttype: str = "application/json"
    data: msgspec.Raw = msgspec.Raw(b"")
    data_base64: str = ""


def opened(partner: str, headers: Mapping[str, str], body: bytes) -> Letter:
    """Return what `partner` sent.

    Source: CloudEvents 1.0 NATS binding: structured where Content-Type starts with
    application/cloudevents, else each attribute is a header `ce-<name>`.

    Raises:
        ItemRefused: an attribute is missing, or the source names somebody else.
    """
    given = {name.lower(): value for name, value in headers.items()}
    if len(body) > limits.MESSAGE_BYTES:
        raise ItemRefused("message_too_large")
    if given.get("content-type", "").lower().startswith(STRUCTURED):
        return _structured(partner, body)
    attributes = {name: unquote(given.get(f"ce-{name}", "")) for name in _REQUIRED}
    _check(partner, attributes)
    content_type = given.get("ce-datacontenttype") or given.get("content-type", "")
    return Letter(attributes["id"], _bare(content_type), body)


def _structured(partner: str, body: bytes) -> Letter:
    try:
        event = msgspec.json.decode(body, type=_Structured)
    except RecursionError as error:
        raise ItemRefused("json_too_deep") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ItemRefused("json_malformed") from error
    _check(partner, {name: getattr(event, name) for name in _REQUIRED})
    return Letter(event.id, _bare(event.datacontenttype), _data(event))


def _data(event: _Structured) -> bytes:
    """Return the data of a structured event: a text is the content itself, unless it is JSON."""
    if event.data_base64:
        try:
            return base64.b64decode(event.data_base64, validate=True)
        except binascii.Error as error:
            raise ItemRefused("json_malformed", "data_base64") from error
    data = bytes(event.data)
    if data.startswith(b'"') and "json" not in event.datacontenttype:
        return msgspec.json.decode(data, type=str).encode()
    return data


def _check(partner: str, attributes: Mapping[str, str]) -> None:
    for name in _REQUIRED:
        if not attributes[name]:
            raise ItemRefused("envelope_missing", f"ce-{name}")
    if attributes["specversion"] != "1.0":
        raise ItemRefused("specversion_unknown", "ce-specversion")
    # The stream says who sent it; a source that says otherwise is a mistake worth telling.
    if _SEPARATORS.split(attributes["source"].rstrip("/"))[-1] != partner:
        raise ItemRefused("source_mismatch", "ce-source")


def _bare(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()
