"""A partner that alone sends takes much at once, and little while others send too."""

from uuid import UUID

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


def test_half_of_the_time_is_left_to_others_who_send_too() -> None:
    sharing = Sharing(Clock())
    sharing.hear(THEATER)
    alone = sharing.rest(THEATER, 0.3)

    sharing.hear(ZOO)

    assert alone == 0
    assert sharing.rest(THEATER, 0.3) == 0.3
    assert sharing.rest(THEATER, 600) == MOST_REST_SECONDS
