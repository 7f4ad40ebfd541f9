"""Mails are built so that servers take them and programs show them as they were meant."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast

import pytest

from services.notifier import mail
from services.notifier.mail import Unmailable
from services.notifier.writing import write_mail
from tests.notifier.builders import accepted, draft, occasion, person


def read(content: bytes) -> EmailMessage:
    """Read a mail as a recipient's program does."""
    return message_from_bytes(content, policy=default)


def raw_header(content: bytes, name: str) -> str:
    """Return a header as it goes over the wire."""
    head = content.partition(b"\r\n\r\n")[0].decode("ascii")
    lines = [line for line in head.split("\r\n") if line.startswith(f"{name}: ")]
    assert len(lines) == 1
    return lines[0].removeprefix(f"{name}: ")


def test_a_mail_says_who_writes_to_whom_and_that_nobody_should_answer_it_automatically() -> None:
    one = draft()

    message = read(write_mail(one))

    assert message["From"] == "Bürgerstiftung Elbstadt <ehrung@ehrenamt.example.de>"
    assert message["To"] == "Änne Müßig <aenne.muessig@example.org>"
    assert message["Message-ID"] == f"<l.{one.message_id}@ehrenamt.example.de>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Subject"] == "Einladung: Danke-Konzert 2027 am Samstag, 13. Februar 2027"


def test_the_message_id_stays_the_same_however_often_a_mail_is_written() -> None:
    one = draft()

    first, second = read(write_mail(one)), read(write_mail(one))

    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.parametrize("length", [40, 76, 96, 200, 500])
def test_a_long_address_for_unsubscribing_stays_a_plain_line(length: int) -> None:
    url = "https://ehrenamt.example.de/".ljust(length, "x")
    content = write_mail(draft(occasion=occasion(opt_out_url=url)))

    assert raw_header(content, "List-Unsubscribe") == f"<{url}>"
    assert raw_header(content, "List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"


def test_a_confirmation_cannot_be_unsubscribed_from() -> None:
    message = read(write_mail(draft(purpose="acceptance", occasion=occasion(guest=accepted()))))

    assert "List-Unsubscribe" not in message


def test_text_comes_first_html_beside_it_and_attachments_last() -> None:
    about = occasion(guest=accepted())

    message = read(write_mail(draft(purpose="acceptance", occasion=about)))

    alternative, tickets, calendar = message.iter_parts()
    assert [part.get_content_type() for part in alternative.iter_parts()] == [
        "text/plain",
        "text/html",
    ]
    assert (tickets.get_content_type(), tickets.get_filename()) == (
        "application/pdf",
        "Eintrittskarten.pdf",
    )
    assert (calendar.get_content_type(), calendar.get_filename()) == ("text/calendar", "Termin.ics")


def test_every_line_ends_with_crlf_also_inside_the_calendar() -> None:
    content = write_mail(draft(purpose="acceptance", occasion=occasion(guest=accepted())))
    *_, calendar = read(content).iter_parts()
    inside = cast("bytes", calendar.get_payload(decode=True))

    assert content.count(b"\n") == content.count(b"\r\n")
    assert inside.count(b"\n") == inside.count(b"\r\n") > 20


def test_no_line_is_longer_than_servers_accept() -> None:
    about = occasion(guest=accepted(), person=person(given_name="Ä" * 100, family_name="Ü" * 100))

    content = write_mail(draft(purpose="acceptance", occasion=about))

    assert max(len(line) for line in content.split(b"\r\n")) <= 998


def test_names_and_subjects_with_umlauts_are_not_torn_apart() -> None:
    long_name = "Prof. Dr. Jürgen-Björn Müller-Lüdenscheidt, Ehrenvorsitzender für Übungsleiter"
    one = mail.Mail(
        message_id=draft().message_id,
        sender_name="Bürgerstiftung",
        sender_address="a@example.org",
        recipient_name=long_name,
        recipient_address="b@example.org",
        subject="Würdigung, " * 20 + "Ende",
        text="Text",
        html="<p>Text</p>",
        sent_at=draft().sent_at,
    )

    message = read(mail.compose(one))

    assert message["To"].addresses[0].display_name == long_name
    assert message["Subject"] == one.subject


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a@b.de, boese@example.org",
        "a@b.de\r\nBcc: boese@example.org",
        "<a@b.de>",
        "a b@c.de",
        "a..b@c.de",
        "ä@b.de",
        "a@b..de",
        "a@-b.de",
        "a@" + "x" * 64 + ".de",
        "a" * 65 + "@b.de",
        "a@" + ".".join(["abcdefghi"] * 26),
        "@b.de",
        "a@",
        "a@b@c.de",
    ],
)
def test_what_is_not_one_address_is_not_written_to(address: str) -> None:
    with pytest.raises(Unmailable):
        mail.address("Änne", address)


def test_a_domain_with_umlauts_is_written_in_ascii() -> None:
    assert mail.address("Änne", "aenne@bücher.example").domain == "xn--bcher-kva.example"


@pytest.mark.parametrize("name", ["A\r\nBcc: b@c.de", "A\x00", "A\x85B", "A\u2028B"])
def test_a_line_break_never_gets_into_a_header(name: str) -> None:
    with pytest.raises(Unmailable):
        mail.address(name, "a@b.de")
