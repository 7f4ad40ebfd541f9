"""The waiting list is fair, and nobody is told that it is full while it is not."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.recognition.honouring.model import Party, Places
from services.recognition.honouring.waitlist import (
    Turns,
    Waiting,
    fits,
    offered_until,
    total,
    turns,
)

NOON = datetime(2031, 1, 20, 12, tzinfo=UTC)
PARTIES = st.builds(
    Party,
    seats=st.integers(1, 2),
    needs_wheelchair=st.booleans(),
    with_access_companion=st.booleans(),
)
SOME_PLACES = st.builds(
    Places,
    volunteer=st.integers(0, 8),
    protocol=st.integers(0, 4),
    standard=st.integers(0, 8),
    wheelchair=st.integers(0, 2),
    companion=st.integers(0, 2),
)


@st.composite
def queues(draw: st.DrawFn) -> list[Waiting]:
    parties = draw(st.lists(PARTIES, max_size=12))
    return [
        Waiting(
            invitation_id=UUID(int=number),
            waits_since=NOON + timedelta(minutes=draw(st.integers(0, 5))),
            places=party.places(draw(st.sampled_from(["volunteer", "protocol"]))),
        )
        for number, party in enumerate(parties)
    ]


def waiting(number: int, seats: int) -> Waiting:
    return Waiting(
        invitation_id=UUID(int=number),
        waits_since=NOON + timedelta(minutes=number),
        places=Party(seats=seats).places("volunteer"),
    )


def left(number: int) -> Places:
    return Places(volunteer=number, standard=number)


def numbers(parties: tuple[Waiting, ...]) -> list[int]:
    return [party.invitation_id.int for party in parties]


@given(queues(), SOME_PLACES)
def test_never_more_is_offered_than_is_left(queue: list[Waiting], free: Places) -> None:
    offered = total(turns(queue, free).offered)

    assert fits(offered, free)


@given(queues(), SOME_PLACES)
def test_it_is_full_only_if_nobody_who_waits_would_fit(queue: list[Waiting], free: Places) -> None:
    turn = turns(queue, free)
    still_free = free - total(turn.offered)

    assert not [
        party for party in queue if party not in turn.offered and fits(party.places, still_free)
    ]


@given(queues(), SOME_PLACES)
def test_nobody_is_overtaken_who_would_have_fitted(queue: list[Waiting], free: Places) -> None:
    turn = turns(queue, free)
    order = sorted(queue, key=lambda party: (party.waits_since, party.invitation_id))

    for position, party in enumerate(order):
        if party not in turn.offered:
            before = total(one for one in order[:position] if one in turn.offered)
            assert not fits(party.places, free - before)


@given(queues(), SOME_PLACES, st.randoms())
def test_the_order_does_not_depend_on_how_the_list_was_read(
    queue: list[Waiting], free: Places, chance: object
) -> None:
    shuffled = list(queue)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    assert turns(shuffled, free) == turns(queue, free)


def test_the_longest_wait_comes_first() -> None:
    assert numbers(turns([waiting(2, 1), waiting(1, 1)], left(1)).offered) == [1]


def test_a_pair_gets_both_places_or_none() -> None:
    assert turns([waiting(1, 2)], left(1)) == Turns()


def test_a_single_place_goes_to_the_next_who_comes_alone_and_the_pair_is_noted() -> None:
    turn = turns([waiting(1, 2), waiting(2, 1)], left(1))

    assert numbers(turn.offered) == [2]
    assert numbers(turn.passed_over) == [1]


def test_who_waits_behind_the_last_offer_was_not_passed_over() -> None:
    turn = turns([waiting(1, 1), waiting(2, 2)], left(1))

    assert turn.passed_over == ()


def test_an_offer_ends_when_the_doors_open() -> None:
    doors_open = NOON + timedelta(hours=6)

    assert offered_until(NOON, 48, doors_open) == doors_open
    assert offered_until(NOON, 2, doors_open) == NOON + timedelta(hours=2)
    assert offered_until(doors_open, 48, doors_open) is None
