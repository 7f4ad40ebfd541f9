"""Pulls messages in batches, without holding back a lone one."""

from typing import Final

from nats.aio.msg import Msg
from nats.js import JetStreamContext

OTHERS_SECONDS: Final = 0.1
"""How long is waited for what the server has counted: another process may have got it."""


async def pull(
    subscription: JetStreamContext.PullSubscription, most: int, seconds: float
) -> list[Msg]:
    """Return what there is, from one to `most` messages in their order.

    The client's own `fetch` of several may leave a request behind at the server; the next message
    then goes to that one, and is kept back until another comes or the time is over. So one message
    is waited for by itself, and says how many there are beside it.
    Source: nats-io/nats.py#933, nats-io/nats.py#986.

    Raises:
        TimeoutError: none has come within `seconds`.
        nats.js.errors.Error: the durable is not there.
    """
    messages = await subscription.fetch(1, timeout=seconds)
    beside = min(messages[0].metadata.num_pending, most - 1)
    if beside:
        try:
            messages += await subscription.fetch(beside, timeout=OTHERS_SECONDS)
        except TimeoutError:
            return messages
    return messages
