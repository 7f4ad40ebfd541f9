"""The consumer, with the servers of the images."""

from tests.shared.conftest import pool, transaction
from tests.shared.test_consumer import (
    client,
    effects,
    test_a_batch_reaches_its_handler_together_and_in_order,
    test_a_fact_that_comes_twice_has_its_effect_once,
    test_one_poisonous_fact_holds_up_no_other,
    test_what_is_no_fact_becomes_a_dead_letter_with_its_reason,
)

__all__ = [
    "client",
    "effects",
    "pool",
    "test_a_batch_reaches_its_handler_together_and_in_order",
    "test_a_fact_that_comes_twice_has_its_effect_once",
    "test_one_poisonous_fact_holds_up_no_other",
    "test_what_is_no_fact_becomes_a_dead_letter_with_its_reason",
    "transaction",
]
