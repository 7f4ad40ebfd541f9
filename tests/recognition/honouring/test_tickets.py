"""A ticket's code is genuine or refused, whatever somebody holds in front of the camera."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import example, given
from hypothesis import strategies as st

from services.recognition.honouring.codes import ALPHABET, as_printed, grouped, mint_code
from services.recognition.honouring.model import Party, Ticket
from services.recognition.honouring.tickets import (
    Holder,
    TicketForged,
    TicketUnreadable,
    holders_of,
    mint_short_code,
    read_ticket,
    reissue,
    sign_ticket,
    ticket_keys,
)
from tests.recognition.honouring.keys import KEYS, pem, public_pem

GENUINE = sign_ticket(KEYS, UUID(int=1), UUID(int=2))


@given(st.uuids(), st.uuids())
def test_a_signed_ticket_says_what_was_signed(event_id: UUID, ticket_id: UUID) -> None:
    claim = read_ticket(sign_ticket(KEYS, event_id, ticket_id), KEYS)

    assert (claim.honouring_event_id, claim.ticket_id) == (event_id, ticket_id)


def test_the_same_ticket_has_the_same_code_each_time_it_is_printed() -> None:
    assert sign_ticket(KEYS, UUID(int=1), UUID(int=2)) == GENUINE


def test_a_code_fits_the_dense_mode_of_a_small_qr_code() -> None:
    alphanumeric = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")

    assert set(GENUINE) <= alphanumeric
    assert len(GENUINE) <= 178


@given(st.text())
@example("")
@example("EHS1:")
@example("EHS1:" + "A" * 160)
@example("EHS1:" + "İ" * 160)
@example("\ud800")
def test_reading_any_text_is_refused_and_never_fails(text: str) -> None:
    with pytest.raises((TicketUnreadable, TicketForged)):
        read_ticket(text, KEYS)


@given(st.integers(0, 159), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
def test_changing_any_character_makes_a_forgery(position: int, other: str) -> None:
    start = len("EHS1:") + position
    changed = GENUINE[:start] + other + GENUINE[start + 1 :]

    if changed == GENUINE:
        assert read_ticket(changed, KEYS).ticket_id == UUID(int=2)
    else:
        with pytest.raises(TicketForged):
            read_ticket(changed, KEYS)


def test_a_ticket_signed_with_somebody_elses_key_is_a_forgery() -> None:
    foreign = sign_ticket(ticket_keys(pem(Ed25519PrivateKey.generate())), uuid4(), uuid4())

    with pytest.raises(TicketForged):
        read_ticket(foreign, KEYS)


def test_tickets_of_a_retired_key_still_open_the_door() -> None:
    retired = Ed25519PrivateKey.generate()
    printed = sign_ticket(ticket_keys(pem(retired)), UUID(int=1), UUID(int=2))
    rotated = ticket_keys(pem(Ed25519PrivateKey.generate()), public_pem(retired))

    assert read_ticket(printed, rotated).ticket_id == UUID(int=2)


def test_a_key_of_another_kind_is_refused_at_start() -> None:
    exchange = X25519PrivateKey.generate()
    text = exchange.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    public = exchange.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    with pytest.raises(ValueError, match="Ed25519"):
        ticket_keys(text)
    with pytest.raises(ValueError, match="Ed25519"):
        ticket_keys(pem(Ed25519PrivateKey.generate()), public.decode())


@given(st.text(ALPHABET, min_size=8, max_size=8))
def test_a_printed_code_is_read_however_it_is_typed(code: str) -> None:
    slips = str.maketrans("01V", "OLU")

    assert as_printed(grouped(code), 8) == grouped(code)
    assert as_printed(f" {code.lower()} ", 8) == grouped(code)
    assert as_printed(code.translate(slips), 8) == grouped(code)


@given(st.text())
@example("ß" * 4)
@example("\ud800" * 8)
def test_typing_anything_gives_a_code_or_none(text: str) -> None:
    code = as_printed(text, 8)

    assert code is None or as_printed(code, 8) == code


def test_a_short_code_is_two_groups_of_four() -> None:
    assert as_printed(mint_short_code(), 8) is not None
    assert len(mint_short_code()) == len("7KQM-4T2X")
    assert mint_code(12).count("-") == 2


def test_every_person_of_a_party_has_a_ticket() -> None:
    party = Party(
        seats=2, needs_wheelchair=True, with_access_companion=True, companion_name="Ute Muster"
    )

    assert holders_of(party, "Grit Beispiel") == (
        Holder("Grit Beispiel", "wheelchair"),
        Holder("Ute Muster", "standard"),
        Holder("Begleitperson von Grit Beispiel", "companion"),
    )


def test_a_companion_without_a_name_is_called_the_guests_companion() -> None:
    named = [holder.name for holder in holders_of(Party(seats=2), "Grit Beispiel")]

    assert named == ["Grit Beispiel", "Begleitung von Grit Beispiel"]


def test_nobody_has_no_ticket() -> None:
    assert holders_of(Party(seats=0), "Grit Beispiel") == ()


def test_a_change_keeps_the_tickets_that_still_fit() -> None:
    own, companions = a_ticket("Grit Beispiel"), a_ticket("Ute Muster")

    change = reissue([own, companions], [Holder("Grit Beispiel", "standard")])

    assert change.cancelled == (companions,)
    assert change.holders == ()


def test_another_kind_of_place_needs_another_ticket() -> None:
    own = a_ticket("Grit Beispiel")

    change = reissue([own], [Holder("Grit Beispiel", "wheelchair")])

    assert change.cancelled == (own,)
    assert change.holders == (Holder("Grit Beispiel", "wheelchair"),)


def a_ticket(holder_name: str) -> Ticket:

    return Ticket(
        ticket_id=uuid4(),
        version=1,
        invitation_id=UUID(int=3),
        honouring_event_id=UUID(int=1),
        holder_name=holder_name,
        admission="standard",
        short_code="7KQM-4T2X",
        issued_at=datetime(2031, 1, 1, tzinfo=UTC),
        cancelled_at=None,
    )
