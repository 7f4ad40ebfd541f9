"""The draw can be worked out again, prefers whom the rules prefer, and keeps to quotas."""

from random import Random
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from services.recognition.honouring.draw import (
    Candidate,
    Minutes,
    draw,
    lot,
    rehearse,
)

SPORT, MUSEUM = UUID(int=1), UUID(int=2)


def candidate(
    number: int | None = None,
    *,
    organisation_id: UUID | None = None,
    was_carried_over: bool = False,
    was_invited: bool = False,
) -> Candidate:
    person_id = uuid4() if number is None else UUID(int=number)
    return Candidate(
        guest_proposal_id=person_id,
        person_id=person_id,
        organisation_id=organisation_id,
        was_carried_over=was_carried_over,
        was_invited=was_invited,
    )


candidates_strategy = st.lists(
    st.builds(
        candidate,
        st.integers(min_value=1, max_value=10_000),
        organisation_id=st.sampled_from([None, SPORT, MUSEUM]),
        was_carried_over=st.booleans(),
        was_invited=st.booleans(),
    ),
    unique_by=lambda one: one.person_id,
    max_size=40,
)


def drawn(minutes: Minutes) -> set[UUID]:
    return set(minutes.drawn)


def test_first_time_guests_come_before_those_invited_earlier() -> None:
    first_timers = [candidate() for _ in range(3)]
    regulars = [candidate(was_invited=True) for _ in range(3)]

    minutes = draw([*regulars, *first_timers], places=3, seed="s", quotas={})

    assert drawn(minutes) == {one.guest_proposal_id for one in first_timers}


def test_who_was_not_drawn_last_year_comes_first_of_all() -> None:
    noted = candidate(was_carried_over=True, was_invited=True)

    minutes = draw([candidate(), candidate(), noted], places=1, seed="s", quotas={})

    assert drawn(minutes) == {noted.guest_proposal_id}


def test_a_lot_can_be_checked_with_sha256sum() -> None:
    # printf '%s' 'Elbe 7:00000000-0000-0000-0000-000000000001' | sha256sum
    assert lot("Elbe 7", UUID(int=1)) == (
        "16a828231bfd050cb5f3c1bd47f35c78e62f9fc82a68e232c225ec685e75582d"
    )


def test_another_seed_draws_other_guests() -> None:
    candidates = [candidate(number) for number in range(1, 200)]

    one, other = (draw(candidates, places=20, seed=seed, quotas={}) for seed in ("a", "b"))

    assert drawn(one) != drawn(other)


def test_an_association_gets_no_more_than_its_quota() -> None:
    crowd = [candidate(organisation_id=SPORT) for _ in range(9)]

    minutes = draw(
        [*crowd, candidate(organisation_id=MUSEUM)], places=9, seed="s", quotas={SPORT: 4}
    )

    assert len(minutes.drawn) == 5
    assert [lot.verdict for step in minutes.steps for lot in step.lots].count("quota_used_up") == 5


def test_the_minutes_name_every_candidate_once() -> None:
    candidates = [candidate(was_invited=number % 3 == 0) for number in range(30)]

    minutes = draw(candidates, places=7, seed="s", quotas={})

    assert sorted([*minutes.drawn, *minutes.left_over]) == sorted(
        one.guest_proposal_id for one in candidates
    )


@given(candidates_strategy, st.integers(0, 50), st.text(), st.randoms())
def test_the_same_seed_gives_the_same_result_in_any_order(
    candidates: list[Candidate], places: int, seed: str, random: Random
) -> None:
    shuffled = sorted(candidates, key=lambda _: random.random())

    first = draw(candidates, places=places, seed=seed, quotas={SPORT: 3})
    second = draw(shuffled, places=places, seed=seed, quotas={SPORT: 3})

    assert first == second
    assert len(first.drawn) <= places


@given(candidates_strategy, st.integers(0, 50), st.text(), st.integers(0, 5), st.integers(0, 5))
def test_a_rehearsal_tells_the_numbers_of_every_draw(
    candidates: list[Candidate], places: int, seed: str, sport: int, museum: int
) -> None:
    quotas = {SPORT: sport, MUSEUM: museum}

    rehearsal = rehearse(candidates, places=places, quotas=quotas)
    minutes = draw(candidates, places=places, seed=seed, quotas=quotas)

    assert [part.drawn for part in rehearsal] == [step.drawn for step in minutes.steps]
