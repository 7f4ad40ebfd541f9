"""One partner's batch is cut into turns, so that the others come in between."""

from services.events.ingest.batch import Arrival
from services.events.ingest.reasons import ItemRefused, refusal
from services.events.ingest.stream import TURN_ITEMS, turns


def arrival(items: int) -> Arrival:
    return Arrival(
        stream_sequence=1,
        message_id="m",
        content_type="",
        body=b"",
        outcomes=[refusal(str(number), ItemRefused("title_missing")) for number in range(items)],
    )


def test_a_turn_holds_few_items_or_one_message() -> None:
    arrivals = [arrival(items) for items in (100, 100, 100, TURN_ITEMS + 1, 1, 0, 0)]

    assert list(turns(arrivals)) == [slice(0, 2), slice(2, 3), slice(3, 4), slice(4, 7)]
    assert list(turns([])) == []
