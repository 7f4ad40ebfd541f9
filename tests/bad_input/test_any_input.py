"""Whatever a machine makes up is answered as well as what people have thought of."""

import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.bad_input.caller import Sent, call
from tests.bad_input.corpus import encoded, form
from tests.bad_input.routes import SERVICES, Route, routes
from tests.bad_input.town import Town

FORM = (b"content-type", b"application/x-www-form-urlencoded")
TEXT = st.one_of(
    st.text(max_size=60).map(lambda text: text.encode("utf-8")), st.binary(max_size=60)
)


@st.composite
def requests(draw: st.DrawFn, town: Town, service: str) -> Sent:
    """A request to one of a service's routes with something made up in it."""
    route: Route = draw(st.sampled_from(routes(service)))
    made_up = encoded(draw(TEXT)) or b"x"
    name = draw(st.sampled_from(["", *route.variables]))
    query = encoded(draw(st.sampled_from(route.questions)).encode()) + b"=" + encoded(draw(TEXT))
    field = draw(st.sampled_from(["", *route.fields]))
    return Sent(
        method=route.method,
        target=town.target(route, name, made_up) + b"?" + query,
        headers=(FORM,),
        body=form(route.fields, field, draw(TEXT)),
    )


@pytest.mark.parametrize("service", SERVICES)
async def test_nothing_that_is_made_up_causes_a_fault(town: Town, service: str) -> None:
    held = await town.headers(service)
    loop = asyncio.get_running_loop()

    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(sent=requests(town, service))
    def answered(sent: Sent) -> None:
        whole = Sent(
            method=sent.method,
            target=sent.target,
            headers=(*held, *sent.headers),
            body=sent.body,
        )
        told: Any = asyncio.run_coroutine_threadsafe(call(town.apps[service], whole), loop)
        status = told.result().status
        assert 200 <= status < 500 or status == 503

    await asyncio.to_thread(answered)
    assert await town.written(service)
