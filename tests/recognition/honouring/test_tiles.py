"""The start page's tiles say what waits in the concerts."""

from services.recognition.app import create
from shared.auth import Role
from shared.database import Pool, transaction
from shared.web.navigation import CONCERTS_WAIT
from tests.conftest import Database
from tests.recognition.honouring import builders as a
from tests.recognition.honouring.settings import settings_for
from tests.visitor import visiting


async def test_tiles_say_what_waits_in_the_concerts_that_are_on(
    database: Database, pool: Pool
) -> None:
    await pool.execute("update honouring_event set phase = 'held' where phase <> 'cancelled'")
    async with visiting(create(settings_for(database))) as browser:
        browser.sign_in(Role.FOUNDATION)
        nothing = (await browser.get(CONCERTS_WAIT)).text
        async with transaction(pool) as opened:
            event_id = await a.opened(opened)
            await a.proposed(opened, event_id, await a.people(opened, 1))
            await a.invited(opened, 1)
        shown = (await browser.get(CONCERTS_WAIT)).text
        browser.sign_in(Role.CLERK)
        clerk = (await browser.get(CONCERTS_WAIT)).text

    assert nothing.count("Nichts wartet.") == 2
    assert "1 Vorschlag offen" in shown
    assert "1 Antwort steht aus" in shown
    assert "Vorschlag" not in clerk
    assert "1 Antwort steht aus" in clerk
