"""Journey 8: people made of words that occur nowhere else leave no trace where none belongs."""

import mmap
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pytest

from deploy.postgres.roles import SERVICES
from tests.journeys import guests, partner
from tests.journeys.browser import Browser, browsing
from tests.journeys.concerts import Cast, Concert, invite
from tests.journeys.courses import announce, participant
from tests.journeys.ledger import settled
from tests.journeys.lists import Association, Lists, Person
from tests.journeys.mailbox import Mailbox, pdf_text
from tests.journeys.staff import Clerk, Doorkeeper, Plan
from tests.journeys.system import System
from tests.journeys.test_letter import LETTER_CODE
from tests.journeys.test_partner import play
from tests.journeys.test_submission import DAY
from tests.journeys.waiting import eventually

PLAN: Final = Plan(title="Konzert der Namenlosen")
COMPANION: Final = "Begleituta Karminrot"
GONE_TO: Final = "Siegellackweg 99"
PUBLIC: Final = "Veilchenblaues Gastspiel"
"""What a partner publishes is public: it proves that the search finds what stands in a file."""
LISTS: Final = Lists(
    Association(number="V-NN", name="Verein der Namenlosen e. V.", email="nn@namenlos.example"),
    (
        Person(
            number="P-NN-1",
            given_name="Xaveria",
            family_name="Quastenmark",
            email="quastenpost@post.example",
            street="Zinnoberpfad 77",
            town="Pigmentingen",
        ),
        Person(
            number="P-NN-2",
            given_name="Letterio",
            family_name="Umbrabote",
            salutation="Herr",
            email="",
            street="Ockergang 13",
        ),
        Person(
            number="P-NN-3",
            given_name="Refusia",
            family_name="Sepiadorf",
            email="sepiapost@unbekannt.example",
        ),
    ),
)
MARKERS: Final = (
    *("Xaveria", "Quastenmark", "quastenpost", "Zinnoberpfad", "Pigmentingen"),
    *("Letterio", "Umbrabote", "Ockergang", "Refusia", "Sepiadorf", "sepiapost"),
    *("Begleituta", "Karminrot", "Siegellackweg", "sign_language", "needs_wheelchair"),
)
COURSE: Final = "Kurs der Namenlosen"
CLUB_EMAIL: Final = "indigopost@verein.example"
MEMBER: Final = "Safflora Smaragdin"
OTHERS: Final = (
    *("Kobaltine", "Fuchsienrot", "Umbria", "Lasurblau", "lasurpost"),
    *("indigopost", "Safflora", "Smaragdin", "smaragdpost"),
)
"""Of a participant and a substitute, an association's contact, and a committee's member."""
PROCESSES: Final = [f"{service}-{kind}" for service in SERVICES for kind in ("api", "worker")]


async def test_no_word_about_a_person_reaches_bus_logs_facts_or_metrics(
    cast: Cast, clerk: Clerk, doorkeeper: Doorkeeper
) -> None:
    concert = await invite_all(cast, clerk)
    secrets = [
        *await _answer_by_mail(cast, concert, doorkeeper),
        *await _answer_by_letter(cast),
    ]
    await _look_at_people(clerk.browser, cast.planner.browser, concert)
    await _send_again_as_letter(cast.planner.browser, concert)
    async with partner.taken_in(cast.system, "gastspiel", "Gastspiele") as theatre:
        await theatre.publish(play(identifier="veilchen", name=PUBLIC))
    await settled(cast.system)
    words = [*MARKERS, *secrets]

    assert await _written_down(cast.system, words) == []
    assert "quota" in await _text(cast.system, "recognition.audit_entry")
    assert found_in(_files(cast.system.bus_files), [PUBLIC])
    assert {word for word, _ in found_in(_files(cast.system.root / "data/mails"), words)} >= {
        "Quastenmark",
        "Karminrot",
    }


@pytest.mark.usefixtures("planner")
async def test_no_word_about_those_around_the_calendar_reaches_them_either(
    system: System, mailbox: Mailbox, editor: Browser
) -> None:
    secrets = [
        *await _take_part(system, mailbox, editor),
        await _submit(system, mailbox, editor),
        await _belong_to_a_committee(system, editor),
    ]
    await settled(system)
    words = [*OTHERS, *secrets]

    assert len(set(secrets)) == 4
    assert await _written_down(system, words) == []
    assert "admit_member" in await _text(system, "events.audit_entry")
    assert {word for word, _ in found_in(_files(system.root / "data/mails"), words)} >= {
        *("Fuchsienrot", "Lasurblau", "indigopost"),
        *secrets[:2],
    }


async def _take_part(system: System, mailbox: Mailbox, editor: Browser) -> list[str]:
    """Register for a course and pass the place on; the editor looks at both. Returns the links."""
    run = await announce(editor, COURSE, maximum=3)
    async with participant(system, mailbox, "Kobaltine Fuchsienrot") as one:
        await one.register(COURSE)
        mine = await mailbox.expect(one.email, "Sie haben einen Platz")
        await one.browser.open(f"{mine.link}{one.name.split()[0]}", expect=404)
        await one.browser.open(mine.link)
        await one.browser.follow("Ersatzperson nennen")
        given = {"name": "Umbria Lasurblau", "email": "lasurpost@kurse.example"}
        await one.browser.press("Platz weitergeben", given)
    theirs = await mailbox.expect("lasurpost@kurse.example", COURSE)
    await editor.open(f"{run}/teilnehmende")
    await editor.press("Als Tabelle herunterladen")
    await editor.open("/konsole/nachrichten?suche=Fuchsienrot")
    return [mail.link.rpartition("/")[2] for mail in (mine, theirs)]


async def _submit(system: System, mailbox: Mailbox, editor: Browser) -> str:
    """Have an association submit an event through its link, which is returned."""
    await editor.open("/konsole/termine/vereine")
    given = {"name": "Verein der Ungenannten", "contact_email": CLUB_EMAIL}
    issued = await editor.press("Aufnehmen und Link ausgeben", given)
    link = next(issued.root.all("p", css_class="address")).text
    event = {"title": "Fest der Namenlosen", "starts_on": f"{DAY:%d.%m.%Y}", "starts_at": "11:00"}
    async with browsing(system.notes.gateway) as club:
        await club.open(link)
        await club.follow("Neue Veranstaltung")
        await club.press("Speichern und einreichen", {**event, "place_name": "Vereinsheim"})
    await mailbox.expect(CLUB_EMAIL, "Eingereicht")
    return link.rpartition("/")[2]


async def _belong_to_a_committee(system: System, editor: Browser) -> str:
    """Enter a member of a committee, who follows its calendar by a link, which is returned."""
    await editor.open("/konsole/gremien")
    await editor.press("Eintragen", {"name": "Kreis der Namenlosen", "kind": "steering"})
    await editor.press("Eintragen", {"name": MEMBER, "email": "smaragdpost@kreis.example"})
    issued = await editor.press("Link ausgeben")
    link = next(issued.root.all("p", css_class="address")).text
    async with browsing(system.notes.gateway) as member:
        await member.open(link)
        await member.open(f"{link}.ics")
    return link.rpartition("/")[2]


async def invite_all(cast: Cast, clerk: Clerk) -> Concert:
    """Import the people, correct the address of one by hand, and invite all of them."""
    await clerk.bring(LISTS)
    await clerk.browser.open("/konsole/personen?suche=Quastenmark")
    await clerk.browser.follow("Quastenmark, Xaveria")
    await clerk.browser.follow("Bearbeiten")
    await clerk.browser.press("Änderung speichern", {"street": GONE_TO})
    return await invite(cast, PLAN, LISTS)


async def _answer_by_mail(cast: Cast, concert: Concert, doorkeeper: Doorkeeper) -> list[str]:
    """Accept with everything there is to say, decline, accept again, come to the door.

    Returns:
        The secrets that were seen on the way.
    """
    person = LISTS.people[0]
    invitation = await concert.invitation(person)
    async with guests.guest(cast.system.notes.gateway) as guest:
        await guest.browser.open(f"{invitation.link}{person.family_name}", expect=404)
        await guest.open_link(invitation.link)
        await guest.accept(companion=COMPANION, needs=("sign_language",))
        await guest.decline()
        await guest.browser.follow("Antwort ändern")
        needs = {"needs_wheelchair": "on", "with_access_companion": "on"}
        answer = {"coming": "ja", "seats": "2", "companion_name": COMPANION, **needs}
        await guest.browser.press("Antwort senden", answer)
        await guest.browser.open("/einladung/termin.ics")
        optout = re.search(r"https?://\S+/opt-out/\S+", invitation.text)
        assert optout is not None
        await guest.browser.open(optout[0])
        await guest.browser.press("Ja, bitte als Brief")
    codes = await eventually(lambda: _codes(cast, person.email), "no mail has three codes")
    await cast.planner.open_admission(concert.path)
    await doorkeeper.stand(PLAN.title, "Nordportal")
    await doorkeeper.browser.open(f"{doorkeeper.browser.page.path}?suche={person.family_name}")
    await doorkeeper.browser.press("Einlassen")
    return [invitation.link.rpartition("/")[2], optout[0].rpartition("/")[2], *codes]


async def _codes(cast: Cast, email: str) -> list[str]:
    """Return the codes of the newest confirmation, once it is that for a guest and two more."""
    mails = await cast.mailbox.all(email, "Zusage")
    tickets = (await cast.mailbox.opened(mails[-1])).pdf if mails else ""
    codes = re.findall(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", tickets)
    return codes if len(codes) == 3 else []


async def _answer_by_letter(cast: Cast) -> list[str]:
    """Mistype the code from the letter, then type it and accept; returns the code."""
    letters = pdf_text(await cast.planner.print_letters(PLAN.title))
    found = LETTER_CODE.search(letters)
    assert found is not None
    async with guests.guest(cast.system.notes.gateway) as guest:
        await guest.browser.open("/einladung/code")
        await guest.browser.press("Einladung öffnen", {"code": "Umbrabote"}, expect=404)
        await guest.type_code(found[0])
        await guest.accept(companion=COMPANION)
    return [found[0], found[0].replace("-", "")]


async def _look_at_people(clerk: Browser, planner: Browser, concert: Concert) -> None:
    """Search for them and take tables away, as staff do."""
    await clerk.open("/konsole/personen?suche=quastenpost&sortierung=town")
    await clerk.press("Als Tabelle herunterladen")
    await clerk.open("/konsole/konzerte/antworten?suche=Umbrabote")
    await planner.open(f"{concert.path}/gaeste?suche=Quastenmark")
    await planner.press("Als Tabelle herunterladen")


async def _send_again_as_letter(planner: Browser, concert: Concert) -> None:
    """See that a mail was refused, and send a letter instead."""

    async def refused() -> bool:
        page = await planner.open("/konsole/nachrichten?zustand=fehler")
        return concert.plan.title in page.text

    await eventually(refused, "the refused mail is not listed")
    await planner.press("Als Brief schicken")


async def _written_down(system: System, words: list[str]) -> list[tuple[str, str]]:
    """Return which of the words stand where none of them may."""
    files = [*_files(system.bus_files), *system.logs]
    found = [(word, path.name) for word, path in found_in(files, words)]
    texts = {process: await system.metrics(process) for process in PROCESSES}
    texts["exporter"] = await system.exported()
    for service in SERVICES:
        for table in ("outbox", "inbox", "dead_letter", "audit_entry"):
            texts[f"{service}.{table}"] = await _text(system, f"{service}.{table}")
    assert all(texts[process] for process in PROCESSES)
    assert 'ehrensache_letters_waiting{service="notifier"}' in texts["exporter"]
    return found + [
        (word, place)
        for place, text in texts.items()
        for word in words
        if word.lower() in text.lower()
    ]


async def _text(system: System, table: str) -> str:
    """Return all rows of a table as text, with bodies as they were written."""
    rows = await system.rows(f"select row.* from {table} as row")  # noqa: S608 - names of ours
    return "\n".join(
        value.decode() if isinstance(value, bytes) and key == "body" else str(value)
        for row in rows
        for key, value in row.items()
    )


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def found_in(files: Iterable[Path], words: list[str]) -> list[tuple[str, Path]]:
    """Return which words stand in which of the files, whatever their case."""
    return [(word, path) for path in files for word in _words_in(path, words)]


def _words_in(path: Path, words: list[str]) -> Iterator[str]:
    if path.stat().st_size == 0:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        for word in words:
            if re.search(re.escape(word.encode()), content, re.IGNORECASE):
                yield word
