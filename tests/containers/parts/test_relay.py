"""The relay, with the servers of the images."""

from tests.shared.conftest import pool, transaction
from tests.shared.test_relay import (
    client,
    empty,
    test_a_batch_that_is_partly_stored_is_completed_without_a_second_copy,
    test_a_lost_stream_is_published_again,
    test_a_relay_that_is_killed_loses_and_doubles_nothing,
    test_facts_reach_the_stream_in_the_order_of_their_recording,
    test_more_than_a_batch_goes_out_in_several,
    test_only_one_relay_leads_and_another_takes_over,
)

__all__ = [
    "client",
    "empty",
    "pool",
    "test_a_batch_that_is_partly_stored_is_completed_without_a_second_copy",
    "test_a_lost_stream_is_published_again",
    "test_a_relay_that_is_killed_loses_and_doubles_nothing",
    "test_facts_reach_the_stream_in_the_order_of_their_recording",
    "test_more_than_a_batch_goes_out_in_several",
    "test_only_one_relay_leads_and_another_takes_over",
    "transaction",
]
