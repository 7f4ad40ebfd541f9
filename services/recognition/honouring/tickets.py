"""Makes tickets fit a party, and signs and reads the text in their QR codes."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from re import compile as pattern
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from services.recognition.honouring.codes import mint_code
from services.recognition.honouring.model import Party, SeatClass, Ticket
from shared.errors import Refused

VERSION = "EHS1"
"""Stands before each ticket's text, so that the form can change while old prints are out."""

SHORT_CODE_SIZE = 8
"""40 bits: enough where somebody stands at a door, next to a list with names."""

_KEY_ID_SIZE = 4
_CLAIM_SIZE = _KEY_ID_SIZE + 16 + 16
_SIGNATURE_SIZE = 64
_SIGNED_FOR = b"ehrensache ticket, version 1\0"
_TICKET_TEXT = pattern(r"EHS1:[A-Z2-7]{160}")


class TicketUnreadable(Refused):
    """The text is not one that we print on tickets."""

    def __init__(self) -> None:
        super().__init__("Das ist keine unserer Eintrittskarten.")


class TicketForged(Refused):
    """The text looks like a ticket, but none of our keys has signed it."""

    def __init__(self) -> None:
        super().__init__("Die Unterschrift dieser Eintrittskarte ist nicht echt.")


class TicketClaim(msgspec.Struct, frozen=True):
    """What a ticket's text says, once its signature has proved right; it names nobody."""

    honouring_event_id: UUID
    ticket_id: UUID
    key_id: str
    """Which key has signed: eight hexadecimal digits."""


class TicketKeys(msgspec.Struct, frozen=True):
    """The key that signs new tickets, and all keys by id whose tickets are still out."""

    signing: Ed25519PrivateKey
    verifying: Mapping[str, Ed25519PublicKey]


def ticket_keys(signing_pem: str, *retired_pem: str) -> TicketKeys:
    """Read the keys from PEM: the private one that signs, then public ones that once did.

    Raises:
        ValueError: a text is not a key, or not an Ed25519 key.
    """
    signing = load_pem_private_key(signing_pem.encode(), password=None)
    if not isinstance(signing, Ed25519PrivateKey):
        message = "the ticket signing key is not an Ed25519 private key"
        raise ValueError(message)  # noqa: TRY004 - the value in the file is wrong, not our types
    public = [signing.public_key(), *(_public_key(pem) for pem in retired_pem)]
    return TicketKeys(signing, {_key_id(key).hex(): key for key in public})


def sign_ticket(keys: TicketKeys, honouring_event_id: UUID, ticket_id: UUID) -> str:
    """Return the text of a ticket's QR code: the same for the same ticket and key.

    Capital letters, digits and a colon only, which a QR code holds in its dense alphanumeric mode.
    Source: RFC 8032 (Ed25519 is deterministic), RFC 4648 section 6 (Base 32).
    """
    claim = _key_id(keys.signing.public_key()) + honouring_event_id.bytes + ticket_id.bytes
    signature = keys.signing.sign(_SIGNED_FOR + claim)
    return f"{VERSION}:{base64.b32encode(claim + signature).decode()}"


def read_ticket(text: str, keys: TicketKeys) -> TicketClaim:
    """Return what a scanned text says, if one of our keys has signed it.

    Raises:
        TicketUnreadable: it has not the form of a ticket.
        TicketForged: it has, but its key is not ours or its signature does not fit.
    """
    if not _TICKET_TEXT.fullmatch(text.strip()):
        raise TicketUnreadable
    content = base64.b32decode(text.strip()[len(VERSION) + 1 :])
    claim, signature = content[:_CLAIM_SIZE], content[_CLAIM_SIZE:]
    key_id = claim[:_KEY_ID_SIZE].hex()
    key = keys.verifying.get(key_id)
    if key is None:
        raise TicketForged
    try:
        key.verify(signature, _SIGNED_FOR + claim)
    except InvalidSignature:
        raise TicketForged from None
    middle = _KEY_ID_SIZE + 16
    return TicketClaim(UUID(bytes=claim[_KEY_ID_SIZE:middle]), UUID(bytes=claim[middle:]), key_id)


class Holder(msgspec.Struct, frozen=True):
    """Who a ticket is for, and which kind of place."""

    name: str
    admission: SeatClass


class Reissue(msgspec.Struct, frozen=True):
    """What makes the tickets fit a party again."""

    cancelled: tuple[Ticket, ...]
    holders: tuple[Holder, ...]
    """Who needs a new ticket."""


def holders_of(party: Party, guest_name: str) -> tuple[Holder, ...]:
    """Return one holder for each person of a party: the guest, the plus-one, the companion.

    Someone who is not named yet is called the guest's companion.
    """
    if party.seats == 0:
        return ()
    names = [guest_name]
    if party.seats > 1:
        names.append(party.companion_name or f"Begleitung von {guest_name}")
    if party.with_access_companion:
        names.append(f"Begleitperson von {guest_name}")
    return tuple(Holder(*pair) for pair in zip(names, party.admissions, strict=True))


def reissue(valid: Sequence[Ticket], wanted: Sequence[Holder]) -> Reissue:
    """Keep the tickets that still fit, cancel the others, and name who lacks one."""
    missing = list(wanted)
    cancelled = []
    for ticket in valid:
        holder = Holder(ticket.holder_name, ticket.admission)
        if holder in missing:
            missing.remove(holder)
        else:
            cancelled.append(ticket)
    return Reissue(tuple(cancelled), tuple(missing))


def mint_short_code() -> str:
    """Return what door staff can type instead of scanning, such as `7KQM-4T2X`."""
    return mint_code(SHORT_CODE_SIZE)


def _public_key(pem: str) -> Ed25519PublicKey:
    key = load_pem_public_key(pem.encode())
    if not isinstance(key, Ed25519PublicKey):
        message = "a retired ticket key is not an Ed25519 public key"
        raise ValueError(message)  # noqa: TRY004 - the value in the file is wrong, not our types
    return key


def _key_id(key: Ed25519PublicKey) -> bytes:
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return hashlib.sha256(raw).digest()[:_KEY_ID_SIZE]
