"""The concert's and the partner's journeys, through the containers."""

from tests.journeys.test_concert import (
    test_a_list_is_checked_before_it_is_taken_over_and_taken_over_once,
    test_the_concert_goes_from_the_plan_to_the_admitted_guest,
)
from tests.journeys.test_partner import (
    rival,
    test_a_broken_item_is_answered_to_its_partner_and_listed_in_the_console,
    test_a_partners_item_reaches_the_feed_and_changes_with_it,
    theatre,
)

__all__ = [
    "rival",
    "test_a_broken_item_is_answered_to_its_partner_and_listed_in_the_console",
    "test_a_list_is_checked_before_it_is_taken_over_and_taken_over_once",
    "test_a_partners_item_reaches_the_feed_and_changes_with_it",
    "test_the_concert_goes_from_the_plan_to_the_admitted_guest",
    "theatre",
]
