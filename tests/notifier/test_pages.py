"""Staff see what went out, print letters and stop the mails; guests turn mails into letters."""

import csv
import io
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from litestar import Litestar
from pypdf import PdfReader

from services.notifier.opt_out_links import PATH, opt_out_token
from services.notifier.printing import Printing
from services.notifier.store import control
from shared.auth import Role
from shared.database import transaction
from tests.notifier.builders import guest, settings
from tests.notifier.conftest import Office
from tests.notifier.queued import row
from tests.visitor import Visitor, visiting

MESSAGES, LETTERS = "/konsole/nachrichten", "/konsole/briefe"
NOBODY = UUID("0197b000-0000-7000-8000-00000000dead")


async def print_all(office: Office) -> None:
    """Have the worker draw what is asked for."""
    while await Printing(settings(), office.pool, office.neighbours.asks).print_next():
        pass


async def test_the_ledger_names_recipient_purpose_and_outcome(
    clerk: Visitor, office: Office
) -> None:
    await office.hear(office.neighbours.know(guest(), given_name="Änne", family_name="Müßig"))
    await office.send_all()

    shown = await clerk.get(MESSAGES)

    assert shown.status_code == 200
    assert "Änne Müßig" in shown.text
    assert "Einladung" in shown.text
    assert "verschickt" in shown.text


async def test_a_failed_mail_says_why_in_words_and_can_be_sent_again(
    clerk: Visitor, office: Office
) -> None:
    office.server.script("recipients", "550 5.1.1 unknown")
    await office.hear(office.neighbours.know(guest()))
    await office.send_all()
    failed = await row(office.pool)

    shown = await clerk.get(f"{MESSAGES}?zustand=fehler")
    answer = await clerk.post(f"{MESSAGES}/{failed.message_id}/erneut")
    await office.hear()
    await office.send_all()

    assert "Das Postfach gibt es nicht" in shown.text
    assert answer.status_code == 303
    sent = await row(office.pool)
    assert (sent.message_id, sent.state) == (failed.message_id, "accepted")
    assert len(office.server.taken) == 1


async def test_what_was_sent_cannot_be_sent_again(clerk: Visitor, office: Office) -> None:
    await office.hear(office.neighbours.know(guest()))
    await office.send_all()
    sent = await row(office.pool)

    answer = await clerk.post(f"{MESSAGES}/{sent.message_id}/erneut")
    missing = await clerk.post(f"{MESSAGES}/{uuid4()}/erneut")

    assert (answer.status_code, missing.status_code) == (409, 404)
    assert (await row(office.pool)).state == "accepted"


@pytest.mark.parametrize("query", ["zustand=x", "zweck=x", "seite=0", "seite=abc", "zweck=%00"])
async def test_a_list_that_does_not_exist_is_a_clear_refusal(clerk: Visitor, query: str) -> None:
    shown = await clerk.get(f"{MESSAGES}?{query}")

    assert shown.status_code == 400


async def test_the_operator_sees_that_mails_go_out_but_not_to_whom(
    app: Litestar, office: Office
) -> None:
    await office.hear(office.neighbours.know(guest(), given_name="Änne", family_name="Müßig"))
    await office.send_all()

    async with visiting(app) as visitor:
        visitor.sign_in(Role.ADMIN)
        shown = await visitor.get(MESSAGES)
        letters = await visitor.get(LETTERS)

    assert shown.status_code == 200
    assert "Müßig" not in shown.text
    assert f'href="{LETTERS}"' not in shown.text
    assert letters.status_code == 403


async def test_the_table_holds_the_lines_of_the_list_and_nobody_s_name(
    clerk: Visitor, office: Office
) -> None:
    office.server.script("recipients", "550 5.1.1 unknown")
    await office.hear(office.neighbours.know(guest(), given_name="Änne", family_name="Müßig"))
    await office.send_all()
    failed = await row(office.pool)

    shown = await clerk.get(f"{MESSAGES}?zustand=fehler&zweck=invitation")
    sheet = await clerk.get(f"{MESSAGES}/tabelle?zustand=fehler&zweck=invitation")
    none = await clerk.get(f"{MESSAGES}/tabelle?zustand=verschickt")
    wrong = await clerk.get(f"{MESSAGES}/tabelle?zustand=erfunden")

    header, line = csv.reader(io.StringIO(sheet.content.decode("utf-8-sig")), delimiter=";")
    assert 'href="/konsole/nachrichten/tabelle?zustand=fehler&amp;zweck=invitation"' in shown.text
    assert "Müßig" in shown.text
    told = dict(zip(header, line, strict=True))
    assert (told["Zweck"], told["Empfänger"], told["Weg"]) == ("Einladung", "Gast", "E-Mail")
    assert (told["Zustand"], told["Antwort des Mailservers"]) == ("nicht zustellbar", "550")
    assert told["Grund"].startswith("Das Postfach gibt es nicht")
    assert told["Nummer"] == str(failed.message_id)
    assert "Müßig" not in sheet.text
    assert len(none.content.decode().splitlines()) == 1
    assert wrong.status_code == 400


async def test_no_cell_of_the_table_is_a_formula(clerk: Visitor, office: Office) -> None:
    await office.hear(office.neighbours.know(guest()))
    await office.pool.execute(
        """
        insert into known_event (honouring_event_id, version, title)
        select honouring_event_id, 1, '=HYPERLINK("x")' from message
        """
    )

    sheet = await clerk.get(f"{MESSAGES}/tabelle")

    header, line = csv.reader(io.StringIO(sheet.content.decode("utf-8-sig")), delimiter=";")
    assert dict(zip(header, line, strict=True))["Veranstaltung oder Kurs"] == '\'=HYPERLINK("x")'


async def test_who_sees_the_list_takes_the_table_and_nobody_else(app: Litestar) -> None:
    async with visiting(app) as visitor:
        stranger = await visitor.get(f"{MESSAGES}/tabelle")
        visitor.sign_in(Role.DOOR)
        door = await visitor.get(f"{MESSAGES}/tabelle")
        visitor.sign_in(Role.ADMIN)
        operator = await visitor.get(f"{MESSAGES}/tabelle")

    assert (stranger.status_code, door.status_code, operator.status_code) == (303, 403, 200)
    assert operator.headers["content-type"] == "text/csv; charset=utf-8"


async def test_the_ledger_is_shown_without_names_while_registry_does_not_answer(
    clerk: Visitor, office: Office
) -> None:
    await office.hear(office.neighbours.know(guest()))
    office.neighbours.people.clear()

    shown = await clerk.get(MESSAGES)

    assert shown.status_code == 200


async def test_sending_is_paused_and_resumed_after_a_question(
    clerk: Visitor, office: Office
) -> None:
    await office.hear(office.neighbours.know(guest()))

    question = await clerk.get(f"{MESSAGES}/anhalten")
    await clerk.post(f"{MESSAGES}/anhalten")
    again = await clerk.post(f"{MESSAGES}/anhalten")
    await office.send_all()
    paused = await clerk.get(MESSAGES)

    assert "1 Nachricht wartet" in question.text
    assert again.status_code == 409
    assert "Der Versand ist angehalten" in paused.text
    assert not office.server.taken
    await clerk.post(f"{MESSAGES}/fortsetzen")
    await office.send_all()
    assert len(office.server.taken) == 1


async def test_staff_are_told_when_the_mail_server_takes_nothing(
    clerk: Visitor, office: Office
) -> None:
    async with transaction(office.pool) as opened:
        await control.note_trouble(opened, "535 Authentication failed")

    shown = await clerk.get(MESSAGES)

    assert "Der Mailserver nimmt nichts an" in shown.text


async def test_the_rate_is_set_by_hand(clerk: Visitor, office: Office) -> None:
    await clerk.post(f"{MESSAGES}/tempo", {"mails_per_second": "7"})
    wrong = await clerk.post(f"{MESSAGES}/tempo", {"mails_per_second": "schnell"})
    few = await clerk.post(f"{MESSAGES}/tempo", {"mails_per_second": "-1"})

    assert (wrong.status_code, few.status_code) == (422, 422)
    assert 'id="mails_per_second-fehler"' in wrong.text
    assert 'value="schnell"' in wrong.text
    async with transaction(office.pool) as opened:
        assert (await control.control(opened)).mails_per_second == 7


async def test_letters_are_printed_fetched_and_entered_as_posted(
    clerk: Visitor, office: Office
) -> None:
    await office.hear(*(office.neighbours.know(guest(), email=None) for _ in range(3)))
    listed = await clerk.get(LETTERS)
    batch_id = await office.pool.fetchval("select letter_batch_id from letter_batch")
    batch = f"{LETTERS}/{batch_id}"

    asked = await clerk.post(f"{batch}/pdf")
    waiting = await clerk.get(asked.headers["location"])
    await print_all(office)
    ready = await clerk.get(f"{asked.headers['location']}/fortschritt")
    pdf = await clerk.get(f"{asked.headers['location']}/briefe.pdf")
    question = await clerk.get(f"{batch}/verschickt")
    posted = await clerk.post(f"{batch}/verschickt")

    assert "Einladung" in listed.text
    assert 'hx-trigger="every 1s"' in waiting.text
    assert "Die PDF-Datei ist fertig" in ready.text
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.headers["cache-control"] == "no-store"
    assert len(PdfReader(BytesIO(pdf.content)).pages) == 6
    assert "3 Briefe als verschickt eintragen?" in question.text
    assert posted.status_code == 303
    gone = await clerk.get(f"{asked.headers['location']}/briefe.pdf")
    assert gone.status_code == 404
    assert "eingetragen von Erika Beispiel" in (await clerk.get(batch)).text


async def test_a_print_that_nobody_needs_is_stopped(clerk: Visitor, office: Office) -> None:
    await office.hear(office.neighbours.know(guest(), email=None))
    batch_id = await office.pool.fetchval("select letter_batch_id from letter_batch")
    asked = await clerk.post(f"{LETTERS}/{batch_id}/pdf")

    stopped = await clerk.post(f"{asked.headers['location']}/abbrechen")
    await print_all(office)

    assert stopped.headers["location"] == f"{LETTERS}/{batch_id}"
    assert "abgebrochen" in (await clerk.get(asked.headers["location"])).text


@pytest.mark.parametrize(
    "path", [f"{LETTERS}/{NOBODY}", f"{LETTERS}/druck/{NOBODY}", f"{LETTERS}/druck/x"]
)
async def test_what_does_not_exist_is_not_found(clerk: Visitor, path: str) -> None:
    shown = await clerk.get(path)

    assert shown.status_code == 404


async def test_what_staff_do_is_written_down(clerk: Visitor, office: Office) -> None:
    await clerk.post(f"{MESSAGES}/anhalten")
    await clerk.post(f"{MESSAGES}/fortsetzen")

    actions = await office.pool.fetch(
        "select action from audit_entry order by position desc limit 2"
    )

    assert [one["action"] for one in actions] == ["resume_sending", "pause_sending"]


async def test_one_click_turns_bulk_mails_into_letters_without_cookies(
    app: Litestar, office: Office
) -> None:
    invited = office.neighbours.know(guest())
    await office.hear(invited)
    await office.send_all()
    header = str(office.server.taken[0].message["List-Unsubscribe"]).strip("<>")
    path = header.removeprefix("https://ehrenamt.example.de")

    async with visiting(app) as visitor:
        opened = await visitor.get(path)
        before = await office.pool.fetchval("select count(*) from mail_opt_out")
        clicked = await visitor.client.post(path, data={"List-Unsubscribe": "One-Click"})

    assert (opened.status_code, before, clicked.status_code) == (200, 0, 200)
    assert await office.pool.fetchval("select person_id from mail_opt_out") == invited.person_id
    assert (await row(office.pool)).state == "accepted"


async def test_opting_out_can_be_taken_back(app: Litestar, office: Office) -> None:
    path = f"{PATH}/{opt_out_token(settings().opt_out_key, uuid4())}"

    async with visiting(app) as visitor:
        await visitor.client.post(path)
        back = await visitor.client.post(path, data={"wahl": "zurueck"})

    assert "lieber als Brief?" in back.text
    assert await office.pool.fetchval("select count(*) from mail_opt_out") == 0


@pytest.mark.parametrize("change", ["x", "", "äöü", "A" * 43, "%00", "A" * 5_000])
async def test_a_link_that_we_have_not_made_does_nothing(
    app: Litestar, office: Office, change: str
) -> None:
    genuine = opt_out_token(settings().opt_out_key, uuid4())
    forged = opt_out_token("another key", uuid4())

    async with visiting(app) as visitor:
        answers = [
            (await visitor.client.post(f"{PATH}/{token}")).status_code
            for token in (forged, change or genuine[:-1])
        ]

    assert set(answers) == {404}
    assert await office.pool.fetchval("select count(*) from mail_opt_out") == 0
