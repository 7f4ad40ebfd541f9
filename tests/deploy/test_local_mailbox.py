"""The local mailbox: keeps every mail, shows it safely, and tells programs about it."""

import smtplib
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from deploy.local.ports import free_port
from deploy.local.server import Program, Server


class Mailbox(msgspec.Struct):
    """The mailbox's process, and what a test does with it."""

    folder: Path
    http_port: int
    smtp_port: int
    server: Server | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        ports = ["--http-port", str(self.http_port), "--smtp-port", str(self.smtp_port)]
        folder = ["--folder", str(self.folder / "mails")]
        self.server = Server(
            Program(
                name="mailbox",
                command=[sys.executable, "-m", "deploy.local.mailbox", *ports, *folder],
                log=self.folder / "mailbox.log",
                is_ready=lambda _pid: self._answers(),
            )
        )

    def stop(self) -> None:
        """Stop it."""
        assert self.server is not None
        self.server.stop()

    @property
    def address(self) -> str:
        """Say where its pages are."""
        return f"http://localhost:{self.http_port}"

    def send(self, to: str, *, subject: str = "Hallo", html: str = "", text: str = "Text") -> None:
        """Send a mail with a text and perhaps a page."""
        message = EmailMessage()
        message["Subject"] = subject
        message["From"] = "Stadt <stadt@ehrensache.example>"
        message["To"] = to
        message.set_content(text)
        if html:
            message.add_alternative(html, subtype="html")
        self.deliver(to, message.as_bytes())

    def deliver(self, to: str, source: bytes) -> None:
        """Hand over a mail as it is."""
        with smtplib.SMTP("127.0.0.1", self.smtp_port) as smtp:
            smtp.sendmail("stadt@ehrensache.example", [to], source)

    def newest_to(self, to: str) -> dict[str, Any]:
        """Read the newest mail to an address."""
        found = httpx.get(f"{self.address}/api/mails", params={"to": to}).json()
        whole: dict[str, Any] = httpx.get(f"{self.address}/api/mails/{found[0]['mail_id']}").json()
        return whole

    def _answers(self) -> bool:
        try:
            return httpx.get(self.address).is_success
        except httpx.TransportError:
            return False


@pytest.fixture(scope="module")
def mailbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mailbox]:
    mailbox = Mailbox(tmp_path_factory.mktemp("mailbox"), free_port(), free_port())
    mailbox.start()
    yield mailbox
    mailbox.stop()


def test_a_mail_stands_in_the_list_for_exactly_its_recipient(mailbox: Mailbox) -> None:
    mailbox.send("Anna@verein.example", subject="Größe & Grüße")
    mailbox.send("joanna@verein.example", subject="Andere")

    found = httpx.get(f"{mailbox.address}/api/mails", params={"to": "anna@verein.example"}).json()

    assert [mail["subject"] for mail in found] == ["Größe & Grüße"]
    assert found[0]["sender"] == "stadt@ehrensache.example"


def test_the_newest_mail_stands_first_and_the_page_can_be_searched(mailbox: Mailbox) -> None:
    mailbox.send("ben@verein.example", subject="Erste")
    mailbox.send("ben@verein.example", subject="Zweite")

    page = httpx.get(mailbox.address, params={"suche": "BEN@"}).text

    assert page.index("Zweite") < page.index("Erste")
    assert "Größe" not in page


def test_mails_survive_a_restart(mailbox: Mailbox) -> None:
    mailbox.send("carla@verein.example", subject="Bleibt")
    before = mailbox.newest_to("carla@verein.example")

    mailbox.stop()
    mailbox.start()

    assert mailbox.newest_to("carla@verein.example") == before


def test_a_page_in_a_mail_can_run_nothing_and_fetch_nothing(mailbox: Mailbox) -> None:
    mailbox.send("dora@verein.example", html="<html><head></head><script>alert(1)</script>")
    mail_id = mailbox.newest_to("dora@verein.example")["mail"]["mail_id"]

    answer = httpx.get(f"{mailbox.address}/mails/{mail_id}/html")
    frame = httpx.get(f"{mailbox.address}/mails/{mail_id}").text

    fence = answer.headers["content-security-policy"].split("; ")
    assert fence[0] == "sandbox allow-popups allow-popups-to-escape-sandbox"
    assert "default-src 'none'" in fence
    assert '<head><base target="_blank">' in answer.text
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in frame
    assert "alert(1)" not in frame


def test_markup_in_text_and_subject_is_shown_not_obeyed(mailbox: Mailbox) -> None:
    mailbox.send(
        "emil@verein.example",
        subject="<b>fett</b>",
        text='<script>x</script> https://ehrenamt.example/e/a?b=1&c="2.',
    )
    mail_id = mailbox.newest_to("emil@verein.example")["mail"]["mail_id"]

    page = httpx.get(f"{mailbox.address}/mails/{mail_id}").text

    assert "<script>" not in page
    assert "<b>fett" not in page
    assert '<a href="https://ehrenamt.example/e/a?b=1&amp;c="' in page


def test_pictures_that_a_mail_brings_along_are_shown(mailbox: Mailbox) -> None:
    message = EmailMessage()
    message["Subject"] = "Karte"
    message.set_content("Text")
    message.add_alternative('<img src="cid:qr@x">', subtype="html")
    page = message.get_payload(1)
    assert isinstance(page, EmailMessage)
    page.add_related(b"PNG", "image", "png", cid="<qr@x>")
    mailbox.deliver("fritz@verein.example", message.as_bytes())

    letter = mailbox.newest_to("fritz@verein.example")["letter"]

    assert '<img src="data:image/png;base64,UE5H">' in letter["html"]


def test_an_attachment_comes_back_byte_for_byte_as_a_download(mailbox: Mailbox) -> None:
    message = EmailMessage()
    message.set_content("Anbei")
    content = bytes(range(256))
    message.add_attachment(content, "application", "pdf", filename='Eintritt "Größe".pdf')
    mailbox.deliver("gerda@verein.example", message.as_bytes())
    mail = mailbox.newest_to("gerda@verein.example")
    where = f"{mailbox.address}/mails/{mail['mail']['mail_id']}/anlagen"

    answer = httpx.get(f"{where}/0")

    assert mail["letter"]["attachments"] == [
        {"number": 0, "name": 'Eintritt "Größe".pdf', "media_type": "application/pdf", "size": 256}
    ]
    assert answer.content == content
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert httpx.get(f"{where}/1").status_code == 404


def test_a_broken_mail_is_kept_and_shown(mailbox: Mailbox) -> None:
    source = (
        b"Subject: =?kaputt?B?!!?= \xff\r\nContent-Type: text/plain; charset=nix\r\n\r\n\xfe\r\n"
    )
    mailbox.deliver("hans@verein.example", source)
    mail_id = mailbox.newest_to("hans@verein.example")["mail"]["mail_id"]

    assert httpx.get(f"{mailbox.address}/").status_code == 200
    assert httpx.get(f"{mailbox.address}/mails/{mail_id}").status_code == 200
    assert httpx.get(f"{mailbox.address}/mails/{mail_id}/quelle").content.endswith(source)


@pytest.mark.parametrize(
    ("recipient", "code"), [("wer@unbekannt.example", 550), ("wer@voll.example", 452)]
)
def test_two_domains_refuse_mail_so_that_refusals_can_be_tried(
    mailbox: Mailbox, recipient: str, code: int
) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        mailbox.send(recipient)

    assert refused.value.recipients[recipient][0] == code


def test_a_foreign_page_can_neither_read_nor_empty_the_mailbox(mailbox: Mailbox) -> None:
    mailbox.send("ida@verein.example")

    read = httpx.get(mailbox.address, headers={"host": "evil.example"})
    emptied = httpx.post(f"{mailbox.address}/leeren", headers={"sec-fetch-site": "cross-site"})

    assert (read.status_code, emptied.status_code) == (400, 403)
    assert mailbox.newest_to("ida@verein.example")


def test_emptying_deletes_the_files(mailbox: Mailbox) -> None:
    mailbox.send("jan@verein.example")

    httpx.post(f"{mailbox.address}/leeren")

    assert httpx.get(f"{mailbox.address}/api/mails").json() == []
    assert list((mailbox.folder / "mails").iterdir()) == []


def test_the_log_names_nobody(mailbox: Mailbox) -> None:
    mailbox.send("kai-marker@verein.example")

    mailbox.stop()
    log = (mailbox.folder / "mailbox.log").read_text()
    mailbox.start()

    assert "kai-marker" not in log
