"""A link or a code opens one invitation, or nothing, and is never stored."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.recognition.honouring.links import (
    LinkUnknown,
    ends_at,
    letter_code_hash,
    mint_letter_code,
    mint_token,
    token_hash,
)

DEADLINE = datetime(2031, 1, 10, 22, 59, 59, tzinfo=UTC)
EVENT_ENDS = datetime(2031, 2, 8, 20, 0, tzinfo=UTC)


def test_a_token_has_192_bits_and_needs_no_escaping() -> None:
    tokens = {mint_token() for _ in range(100)}

    assert len(tokens) == 100
    assert all(len(token) == 32 and len(token_hash(token)) == 32 for token in tokens)


def test_a_letter_code_has_60_bits_in_groups_of_four() -> None:
    codes = {mint_letter_code() for _ in range(100)}

    assert len(codes) == 100
    assert all([len(group) for group in code.split("-")] == [4, 4, 4] for code in codes)


def test_a_letter_code_is_found_however_it_is_typed() -> None:
    code = mint_letter_code()
    ways = [code, code.lower(), code.replace("-", ""), code.replace("-", " "), f"{code} "]

    assert len({letter_code_hash(way) for way in ways}) == 1


@given(st.text())
@example("\ud800" * 32)
@example("a" * 33)
def test_any_text_as_a_token_is_hashed_or_refused(text: str) -> None:
    try:
        hashed = token_hash(text)
    except LinkUnknown:
        return
    assert len(hashed) == 32


@given(st.text())
@example("\x00" * 12)
@example("７KQM4T2X9HRD")
def test_any_text_as_a_letter_code_is_hashed_or_refused(text: str) -> None:
    try:
        hashed = letter_code_hash(text)
    except LinkUnknown:
        return
    assert len(hashed) == 32


def test_what_is_no_token_is_refused_before_anything_is_looked_up() -> None:
    with pytest.raises(LinkUnknown):
        token_hash("../../etc/passwd")
    with pytest.raises(LinkUnknown):
        letter_code_hash("7KQM-4T2X")


@pytest.mark.parametrize("state", ["accepted", "waitlisted", "offered"])
def test_links_of_guests_who_come_or_wait_hold_until_a_day_after_the_event(state: str) -> None:
    assert ends_at(state, DEADLINE, EVENT_ENDS) == EVENT_ENDS + timedelta(days=1)


@pytest.mark.parametrize("state", ["invited", "declined", "expired"])
def test_other_links_hold_until_a_day_after_the_deadline(state: str) -> None:
    assert ends_at(state, DEADLINE, EVENT_ENDS) == DEADLINE + timedelta(days=1)
