"""How far a partner is trusted."""

import pytest

from services.events.ingest.trust import Brake, Trust, TrustRules


@pytest.mark.parametrize(
    ("categories", "expected"),
    [
        ([], "publish_and_review"),
        (["culture"], "publish"),
        (["sport"], "review"),
        (["nature"], "publish_and_review"),
        (["culture", "nature"], "publish_and_review"),
        (["culture", "sport"], "review"),
    ],
)
def test_the_strictest_rule_of_an_events_categories_counts(
    categories: list[str], expected: Trust
) -> None:
    rules = TrustRules("publish_and_review", {"culture": "publish", "sport": "review"})

    assert rules.of(categories) == expected


@pytest.mark.parametrize(
    ("coming", "cancelled", "pulled"),
    [(10, 5, False), (10, 6, True), (30, 6, False), (30, 7, True), (0, 5, False), (0, 6, True)],
)
def test_the_brake_is_pulled_above_five_and_a_fifth(
    coming: int, cancelled: int, *, pulled: bool
) -> None:
    assert Brake(coming, cancelled).is_pulled is pulled
