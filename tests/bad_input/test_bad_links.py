"""Links, codes and tokens that nobody gave out open nothing and break nothing."""

from typing import Final

import pytest

from tests.bad_input.caller import Sent, call
from tests.bad_input.corpus import IN_PATHS, TEXTS, encoded, form
from tests.bad_input.town import HTML, Town

ORIGIN: Final = (b"origin", b"https://ehrenamt.example.de")
FORM: Final = (b"content-type", b"application/x-www-form-urlencoded")
_WORDS: Final = [text for text in TEXTS if b"/" not in text and text.strip()]
SECRETS: Final = (*IN_PATHS, *map(encoded, _WORDS))


@pytest.mark.parametrize(
    ("service", "path"),
    [
        ("recognition", b"/e/"),
        ("recognition", b"/v/"),
        ("events", b"/veranstaltung-melden/"),
        ("events", b"/kalender/geheim/"),
        ("notifier", b"/api/notifier/v1/opt-out/"),
    ],
)
async def test_a_link_that_nobody_gave_out_opens_nothing(
    town: Town, service: str, path: bytes
) -> None:
    requests = [Sent(method="GET", target=path + bad, headers=(HTML,)) for bad in SECRETS]
    answers = [await call(town.apps[service], sent) for sent in requests]

    assert not await town.faults(service, requests)
    assert {answer.status for answer in answers} <= {400, 404, 405}
    assert not [answer for answer in answers if "set-cookie" in answer.headers]


async def test_a_code_that_stands_on_no_letter_opens_nothing(town: Town) -> None:
    requests = [
        Sent(
            method="POST",
            target=b"/einladung/code",
            headers=(HTML, ORIGIN, FORM),
            body=form({"code": ""}, "code", bad),
            note=repr(bad[:40]),
        )
        for bad in TEXTS
    ]
    answers = [await call(town.apps["recognition"], sent) for sent in requests]

    assert not await town.faults("recognition", requests)
    assert {answer.status for answer in answers} <= {400, 404, 422}


async def test_a_real_link_opens_its_invitation(town: Town) -> None:
    sent = Sent(method="GET", target=b"/e/" + town.inside["token"].encode(), headers=(HTML,))

    answer = await call(town.apps["recognition"], sent)

    assert answer.status == 303
