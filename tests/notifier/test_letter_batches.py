"""Guests without e-mail get letters: collected, drawn as one PDF, entered as posted."""

import asyncio
from io import BytesIO
from typing import Any
from uuid import UUID

import msgspec
import pytest
from pypdf import PdfReader

from services.notifier.commands.post_letters import (
    AlreadyPosted,
    NotPrinted,
    PostLetters,
    post_letters,
)
from services.notifier.commands.print_letters import (
    BatchUnknown,
    NothingToPrint,
    PrintLetters,
    print_letters,
)
from services.notifier.commands.send_by_letter import NotGivenUp, SendByLetter, send_by_letter
from services.notifier.commands.stop_printing import AlreadyEnded, StopPrinting, stop_printing
from services.notifier.model import Purpose
from services.notifier.printing import Printing
from services.notifier.store import batches, known, prints
from services.notifier.store.batches import LetterBatch
from shared.asks import Asks
from shared.contracts.notifier import LetterBatchPrinted
from shared.contracts.recognition import GuestDetails
from shared.database import transaction
from tests.notifier.builders import accepted, guest, settings
from tests.notifier.conftest import Office
from tests.notifier.queued import row, rows
from tests.waiting import until


def printing(office: Office) -> Printing:
    """Return a worker's printing."""
    return Printing(settings(), office.pool, office.neighbours.asks)


async def stacks(office: Office) -> list[LetterBatch]:
    """Return all batches."""
    async with office.pool.acquire() as connection:
        return await batches.listed(connection)


async def ask_for_pdf(office: Office, batch: LetterBatch) -> UUID:
    """Have a batch printed."""
    command = PrintLetters(letter_batch_id=batch.letter_batch_id, requested_by="openid:erika")
    async with transaction(office.pool) as opened:
        return await print_letters(opened, command)


async def drawn(office: Office, batch: LetterBatch) -> list[str]:
    """Have a batch printed and return the text of each page."""
    print_id = await ask_for_pdf(office, batch)
    assert await printing(office).print_next() == 1
    async with office.pool.acquire() as connection:
        pdf = await prints.file(connection, print_id)
    assert pdf is not None
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


async def post(office: Office, batch: LetterBatch) -> int:
    """Enter a batch as posted."""
    command = PostLetters(
        letter_batch_id=batch.letter_batch_id, posted_by="Erika Beispiel", actor="openid:erika"
    )
    async with transaction(office.pool) as opened:
        return await post_letters(opened, command)


def by_post(office: Office, about: GuestDetails, **person: Any) -> GuestDetails:
    """Know a guest without e-mail."""
    return office.neighbours.know(about, email=None, **person)


async def test_who_has_no_address_gets_a_letter_and_the_others_mails(office: Office) -> None:
    mailed = [office.neighbours.know(guest()) for _ in range(3)]
    lettered = [by_post(office, guest()) for _ in range(2)]

    await office.hear(*mailed, *lettered)
    await office.send_all()

    assert len(office.server.taken) == 3
    (batch,) = await stacks(office)
    assert (batch.purpose, batch.letters, batch.state) == ("invitation", 2, "open")


async def test_a_whole_wave_is_sorted_before_any_mail_is_sent(office: Office) -> None:
    guests = [
        office.neighbours.know(guest(), email=None if number % 4 == 0 else f"{number}@example.org")
        for number in range(1_200)
    ]

    await office.hear(*guests)

    (batch,) = await stacks(office)
    assert batch.letters == 300
    assert not office.server.taken


async def test_every_wave_and_every_purpose_has_a_batch_of_its_own(office: Office) -> None:
    wave = guest().invitation_wave_id
    other = UUID(int=wave.int + 1)
    await office.hear(
        by_post(office, guest()),
        by_post(office, guest(invitation_wave_id=other)),
        by_post(office, accepted()),
        by_post(office, accepted(version=5)),
    )

    sizes = sorted((batch.purpose, batch.letters) for batch in await stacks(office))

    assert sizes == [("acceptance", 2), ("invitation", 1), ("invitation", 1)]


async def test_one_pdf_holds_all_letters_by_postal_code(office: Office) -> None:
    places = (("01307", "Zander"), ("01067", "Möwe"), ("01067", "Amsel"))
    await office.hear(
        *(by_post(office, guest(), family_name=name, postal_code=code) for code, name in places)
    )
    (batch,) = await stacks(office)

    pages = await drawn(office, batch)

    names = [name for page in pages[::2] for _, name in places if f"Änne {name}" in page]
    assert names == ["Amsel", "Möwe", "Zander"]
    assert all("Ich kann leider nicht kommen." in page for page in pages[1::2])


async def test_letters_with_tickets_hold_the_tickets(office: Office) -> None:
    await office.hear(by_post(office, accepted()))
    (batch,) = await stacks(office)

    pages = await drawn(office, batch)

    assert len(pages) == 3
    assert "Karte 2 von 2" in pages[2]


async def test_printing_again_gives_the_same_letters_with_what_is_true_now(office: Office) -> None:
    invited = by_post(office, guest(letter_code="AAAA-AAAA-AAAA"))
    await office.hear(invited)
    (batch,) = await stacks(office)
    first = await drawn(office, batch)
    office.neighbours.change(invited, letter_code="BBBB-BBBB-BBBB")

    second = await drawn(office, batch)

    assert "AAAA-AAAA-AAAA" in first[0]
    assert "BBBB-BBBB-BBBB" in second[0]
    assert len(first) == len(second)


async def test_a_letter_that_is_overtaken_is_left_out_and_counted(office: Office) -> None:
    thinks, called = by_post(office, guest()), by_post(office, guest())
    await office.hear(thinks, called)
    office.neighbours.change(called, state="declined", version=2)
    (batch,) = await stacks(office)

    pages = await drawn(office, batch)
    posted = await post(office, batch)

    assert len(pages) == 2
    assert posted == 1
    states = {one.state: one.reason for one in await rows(office.pool)}
    assert states == {"posted": "", "withheld": "overtaken"}


async def test_a_batch_of_which_nothing_is_true_any_more_gives_no_file(office: Office) -> None:
    invited = by_post(office, guest())
    await office.hear(invited)
    (batch,) = await stacks(office)
    office.neighbours.change(invited, is_cancelled=True)
    print_id = await ask_for_pdf(office, batch)

    await printing(office).print_next()

    async with office.pool.acquire() as connection:
        made = await prints.find(connection, print_id)
    assert made is not None
    assert (made.state, made.left_out, made.has_file) == ("done", 1, False)


async def test_letters_that_come_after_printing_join_a_new_batch(office: Office) -> None:
    await office.hear(by_post(office, guest()))
    (batch,) = await stacks(office)
    await drawn(office, batch)

    await office.hear(by_post(office, guest()))

    assert sorted(one.state for one in await stacks(office)) == ["closed", "open"]


async def test_posted_letters_are_told_once_and_their_file_is_forgotten(office: Office) -> None:
    await office.hear(by_post(office, guest()), by_post(office, guest()))
    (batch,) = await stacks(office)
    await drawn(office, batch)

    await post(office, batch)
    with pytest.raises(AlreadyPosted):
        await post(office, batch)

    bodies = await office.pool.fetch(
        "select body from outbox where subject = $1", LetterBatchPrinted.subject
    )
    (fact,) = [msgspec.json.decode(one["body"], type=LetterBatchPrinted) for one in bodies]
    assert (fact.letter_batch_id, fact.letters) == (batch.letter_batch_id, 2)
    assert await office.pool.fetchval("select count(*) from letter_file") == 0


async def test_what_nobody_has_printed_cannot_be_posted(office: Office) -> None:
    await office.hear(by_post(office, guest()))
    (batch,) = await stacks(office)

    with pytest.raises(NotPrinted):
        await post(office, batch)


async def test_an_unknown_or_empty_batch_is_not_printed(office: Office) -> None:
    invited = by_post(office, guest())
    await office.hear(invited)
    (batch,) = await stacks(office)
    await office.hear(office.neighbours.change(invited, state="declined", version=2))

    with pytest.raises(NothingToPrint):
        await ask_for_pdf(office, batch)
    with pytest.raises(BatchUnknown):
        await ask_for_pdf(office, msgspec.structs.replace(batch, letter_batch_id=UUID(int=1)))


async def test_printing_waits_while_recognition_does_not_answer(office: Office) -> None:
    await office.hear(by_post(office, guest()))
    (batch,) = await stacks(office)
    await ask_for_pdf(office, batch)

    assert await Printing(settings(), office.pool, Asks(None)).print_next() == 0
    assert await printing(office).print_next() == 1


async def test_a_print_of_a_dead_worker_is_begun_anew(office: Office) -> None:
    await office.hear(by_post(office, guest()))
    (batch,) = await stacks(office)
    await ask_for_pdf(office, batch)
    async with transaction(office.pool) as opened:
        await prints.claim(opened, 60)

    assert await printing(office).print_next() == 0
    await office.pool.execute("update letter_print set lease_until = now() - interval '1 second'")
    assert await printing(office).print_next() == 1


async def test_a_print_can_be_stopped_while_it_runs(office: Office) -> None:
    await office.hear(*(by_post(office, guest()) for _ in range(300)))
    (batch,) = await stacks(office)
    print_id = await ask_for_pdf(office, batch)
    working = asyncio.create_task(printing(office).print_next())
    await until(
        lambda: office.pool.fetchval("select drawn > 0 from letter_print where state = 'running'")
    )

    async with transaction(office.pool) as opened:
        await stop_printing(opened, StopPrinting(letter_print_id=print_id))
    await working

    async with transaction(office.pool) as opened:
        stopped = await prints.find(opened, print_id)
        assert stopped is not None
        assert (stopped.state, stopped.has_file) == ("cancelled", False)
        with pytest.raises(AlreadyEnded):
            await stop_printing(opened, StopPrinting(letter_print_id=print_id))


async def test_a_finished_file_is_kept_for_an_hour(office: Office) -> None:
    await office.hear(by_post(office, guest()))
    (batch,) = await stacks(office)
    await drawn(office, batch)

    async with transaction(office.pool) as opened:
        assert await prints.forget_files(opened) == 0
        await opened.execute("update letter_file set made_at = now() - interval '61 minutes'")
        assert await prints.forget_files(opened) == 1


async def test_a_failed_mail_can_become_a_letter(office: Office) -> None:
    office.server.script("recipients", "550 5.1.1 unknown")
    await office.hear(office.neighbours.know(guest()))
    await office.send_all()
    failed = await row(office.pool)

    command = SendByLetter(message_id=failed.message_id, actor="openid:erika")
    async with transaction(office.pool) as opened:
        await send_by_letter(opened, command)

    (batch,) = await stacks(office)
    assert (await row(office.pool)).state == "in_batch"
    assert len(await drawn(office, batch)) == 2
    with pytest.raises(NotGivenUp):
        async with transaction(office.pool) as opened:
            await send_by_letter(opened, command)


@pytest.mark.parametrize(("purpose", "channel"), [("invitation", "letter"), ("acceptance", "mail")])
async def test_who_wants_letters_gets_invitations_by_post_and_confirmations_by_mail(
    office: Office, purpose: Purpose, channel: str
) -> None:
    about = office.neighbours.know(guest() if purpose == "invitation" else accepted())
    async with transaction(office.pool) as opened:
        await known.opt_out(opened, about.person_id)
    if purpose == "acceptance":
        invited = msgspec.structs.replace(about, state="invited", version=1)
        await office.hear(invited)

    await office.hear(about)

    channels = {one.purpose: one.channel for one in await rows(office.pool)}
    assert channels[purpose] == channel


async def test_an_answer_of_somebody_never_heard_of_reaches_its_person(office: Office) -> None:
    await office.hear(office.neighbours.know(accepted()))

    await office.send_all()

    assert len(office.server.taken) == 1
    assert await office.pool.fetchval("select person_id from known_invitation") is not None
