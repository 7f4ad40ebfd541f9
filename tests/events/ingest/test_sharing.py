"""A partner that alone sends takes much at once, and little while others send too."""

from uuid import UUID

import pytest

from services.events.ingest.model import Partner
from services.events.ingest.sharing import (
    ALONE,
    ALONE_AFTER_SECONDS,
    MOST_REST_SECONDS,
    TOGETHER,
    Sharing,
)

THEATER = Partner(UUID(int=1), "theater", "Theater", "A", "publish")
ZOO = Partner(UUID(int=2), "zoo", "Zoo", "B", "publish")


class Clock:
    """Stands until it is moved."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_partner_is_alone_until_another_sends_and_again_when_that_is_over() -> None:
    clock = Clock()
    sharing = Sharing(clock)
    sharing.hear(THEATER)
    assert sharing.most(THEATER) == ALONE

    sharing.hear(ZOO)
    assert sharing.most(THEATER) == sharing.most(ZOO) == TOGETHER

    clock.now += ALONE_AFTER_SECONDS
    sharing.hear(THEATER)
    assert sharing.most(THEATER) == ALONE


def test_a_partner_that_is_read_no_longer_is_not_waited_for() -> None:
    sharing = Sharing(Clock())
    sharing.hear(ZOO)

    sharing.leave(ZOO)

    assert sharing.most(THEATER) == ALONE


def working(sharing: Sharing, clock: Clock, seconds: float, times: int) -> list[float]:
    """Return how long the theater rests after each time that it has worked."""
    rests = []
    for _ in range(times):
        clock.now += seconds
        sharing.hear(ZOO)
        rests.append(sharing.rest(THEATER, seconds))
        clock.now += rests[-1]
    return rests


def test_most_of_the_time_is_left_to_others_who_send_too() -> None:
    clock = Clock()
    sharing = Sharing(clock)
    alone = sharing.rest(THEATER, 600)

    rests = working(sharing, clock, 0.02, 20)

    assert alone == 0
    assert rests[0] == 0
    assert rests[-5:] == pytest.approx([0.06] * 5)
    assert working(sharing, clock, 600, 1) == pytest.approx([MOST_REST_SECONDS])


def test_who_works_little_never_rests() -> None:
    clock = Clock()
    sharing = Sharing(clock)
    rests = []
    for _ in range(50):
        clock.now += 0.2
        rests += working(sharing, clock, 0.03, 2)

    assert rests == [0] * 100


def test_what_was_worked_alone_is_not_made_up_for() -> None:
    sharing = Sharing(Clock())
    sharing.rest(THEATER, 600)

    sharing.hear(ZOO)

    assert sharing.rest(THEATER, 0.02) == 0
