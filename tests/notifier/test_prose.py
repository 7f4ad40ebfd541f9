"""Every message says the right thing in each of its forms."""

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import get_args

import pytest

from services.notifier import prose
from services.notifier.model import InvitationPurpose, NominationPurpose
from tests.notifier.builders import (
    accepted,
    association,
    guest,
    nomination,
    nomination_occasion,
    occasion,
)

OFFERED_UNTIL = datetime(2027, 2, 1, 11, tzinfo=UTC)


class Tags(HTMLParser):
    """Collects the tags of a page, their attributes and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("by_letter", [False, True])
@pytest.mark.parametrize("purpose", get_args(InvitationPurpose))
def test_every_message_is_complete_german_in_every_form(
    purpose: InvitationPurpose, *, by_letter: bool
) -> None:
    about = occasion(guest=accepted(offered_until=OFFERED_UNTIL))

    written = prose.write(purpose, about.words(by_letter=by_letter))
    text = prose.as_text(written)

    assert "Danke-Konzert 2027" in written.subject + text
    assert text.startswith("Sehr geehrte Frau Müßig,\n")
    assert "Mit freundlichen Grüßen\n\nDr. Ines Beispiel, Vorstand\nBürgerstiftung Elbstadt" in text
    assert "None" not in text
    assert "  " not in written.subject
    assert max(len(line) for line in text.splitlines() if "https://" not in line) <= prose.LINE


@pytest.mark.parametrize("by_letter", [False, True])
@pytest.mark.parametrize("purpose", get_args(NominationPurpose))
def test_every_message_to_an_association_is_complete_german_in_every_form(
    purpose: NominationPurpose, *, by_letter: bool
) -> None:
    moved = nomination(proposed=2, previous_starts_at=OFFERED_UNTIL)
    about = nomination_occasion(nomination=moved)

    written = prose.write(purpose, about.words(by_letter=by_letter))
    text = prose.as_text(written)

    assert "Danke-Konzert 2027" in written.subject
    assert text.startswith("Guten Tag Kim Muster,\n")
    assert "Chor der Neustadt e. V." in " ".join(text.split())
    assert "Mit freundlichen Grüßen\n\nDr. Ines Beispiel, Vorstand\nBürgerstiftung Elbstadt" in text
    assert "None" not in text
    assert "  " not in written.subject
    assert max(len(line) for line in text.splitlines() if "https://" not in line) <= prose.LINE


def test_an_association_without_a_contact_is_addressed_as_one_addresses_a_board() -> None:
    about = nomination_occasion(organisation=association(contact_name=""))

    text = prose.as_text(prose.write("nomination_request", about.words(by_letter=False)))

    assert text.startswith("Sehr geehrte Damen und Herren,\n")


def test_a_request_by_mail_has_link_quota_and_deadline_and_no_code() -> None:
    text = prose.as_text(
        prose.write("nomination_request", nomination_occasion().words(by_letter=False))
    )

    assert f"https://ehrenamt.example.de/v/{'y' * 32}\n" in text
    assert "4 Gäste" in text
    assert "Samstag, 2. Januar 2027" in text
    assert "Samstag, 13. Februar 2027, 19:00 Uhr" in text
    assert "8MNP-5U3Y-9HRD" not in text


def test_a_request_by_letter_names_the_code_and_never_the_long_link() -> None:
    text = prose.as_text(
        prose.write("nomination_request", nomination_occasion().words(by_letter=True))
    )

    assert "ehrenamt.example.de/verein mit dem Code 8MNP-5U3Y-9HRD" in " ".join(text.split())
    assert "/v/" not in text


def test_a_programme_keeps_its_lines_in_text_and_page() -> None:
    about = occasion(guest=guest(programme="19:00 Grußwort\n19:10 Konzert\n\nEintritt frei"))

    written = prose.write("invitation", about.words(by_letter=False))

    assert "\n19:00 Grußwort\n19:10 Konzert\n\nEintritt frei\n" in prose.as_text(written)
    assert "19:00 Grußwort<br>19:10 Konzert<br><br>Eintritt frei" in prose.as_html(written)


def test_an_invitation_by_mail_leads_to_the_guests_own_page() -> None:
    text = prose.as_text(prose.write("invitation", occasion().words(by_letter=False)))

    assert f"https://ehrenamt.example.de/e/{'x' * 32}\n" in text
    assert "Samstag, 13. Februar 2027, 19:00 Uhr" in text
    assert "bis Samstag, 16. Januar 2027" in text
    assert "7KQM-4T2X-9HRD" not in text


def test_an_invitation_by_letter_names_the_code_and_never_the_long_link() -> None:
    text = prose.as_text(prose.write("invitation", occasion().words(by_letter=True)))

    assert "ehrenamt.example.de/einladung" in text
    assert "7KQM-4T2X-9HRD" in text
    assert "x" * 32 not in text


def test_only_guests_who_may_bring_somebody_are_told_so() -> None:
    alone = prose.write("invitation", occasion(guest=guest(most_seats=1)).words(by_letter=False))
    pair = prose.write("invitation", occasion(guest=guest(most_seats=2)).words(by_letter=False))

    assert "eine Person mitbringen" not in prose.as_text(alone)
    assert "eine Person mitbringen" in prose.as_text(pair)


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("invited", "Ihre Einladung gilt weiter."),
        ("accepted", "Ihre Zusage bleibt bestehen."),
        ("waitlisted", "Ihr Platz auf der Warteliste bleibt Ihnen erhalten."),
        ("offered", "Unser Angebot an Sie gilt weiter"),
    ],
)
@pytest.mark.parametrize("purpose", ["rescheduled", "new_venue"])
def test_a_move_is_told_to_each_guest_as_it_concerns_them(
    purpose: InvitationPurpose, state: str, sentence: str
) -> None:
    about = occasion(
        guest=guest(state=state, seats=1, offered_until=OFFERED_UNTIL),
        previous_starts_at=datetime(2027, 1, 9, 18, tzinfo=UTC),
    )

    text = " ".join(prose.as_text(prose.write(purpose, about.words(by_letter=False))).split())

    assert sentence in text
    assert ("vom Samstag, 9. Januar 2027, 19:00 Uhr" in text) == (purpose == "rescheduled")


@pytest.mark.parametrize(("days", "is_offered"), [(-1, True), (1, False)])
def test_a_late_decline_is_not_told_of_a_deadline_that_is_past(
    days: int, *, is_offered: bool
) -> None:
    declined = guest(state="declined")
    about = occasion(guest=declined, written_at=declined.answer_by + timedelta(days=days))

    text = prose.as_text(prose.write("decline", about.words(by_letter=False)))

    assert ("Haben Sie sich geirrt" in text) == is_offered


def test_the_html_of_a_mail_fetches_nothing_and_tracks_nobody() -> None:
    written = prose.write("acceptance", occasion(guest=accepted()).words(by_letter=False))

    html = Tags(prose.as_html(written))

    assert not {"img", "link", "script", "iframe", "object", "video"} & set(html.tags)
    assert not [value for name, value in html.attributes if name in {"src", "background"}]
    assert {value for name, value in html.attributes if name == "href"} == {
        f"https://ehrenamt.example.de/e/{'x' * 32}"
    }


def test_what_a_person_has_typed_is_never_markup() -> None:
    nasty = guest(
        title='<b onclick="x">Konzert</b> {{ 7*7 }}',
        programme="## Klick\n[hier](https://boese.example)",
    )
    written = prose.write("invitation", occasion(guest=nasty).words(by_letter=False))

    html = Tags(prose.as_html(written))

    assert "b" not in html.tags
    assert '<b onclick="x">Konzert</b> {{ 7*7 }}' in html.text
    assert "https://boese.example" not in [value for _, value in html.attributes]
