"""Descriptions keep their shape and carry nothing but text, emphasis, lists and links."""

import re
from typing import Final

import icalendar
import pytest

from services.events.ical.calendar import single
from services.events.ical.event import vevents
from services.events.json_ld import described
from services.events.rich_text import plain, rendered
from services.events.site import Site
from tests.events.builders import event

TAGS: Final = {"p", "br", "ul", "ol", "li", "strong", "em", "a"}
TEXT: Final = """Musik **für alle** und *jeden*:
bei jedem Wetter.

- Chor
- Band
  - laut
- [Programm](https://example.de/p?a=1&b=2)

3. Einlass
4. Beginn"""
LONG: Final = 8_000


def tags_of(html: str) -> set[str]:
    return set(re.findall(r"</?([a-zA-Z0-9]+)", html))


def test_paragraphs_lists_emphasis_and_links_are_shown() -> None:
    html = rendered(TEXT)

    assert "<p>Musik <strong>für alle</strong> und <em>jeden</em>:<br>" in html
    assert "<li>Band\n<ul>\n<li>laut</li>" in html
    assert '<ol start="3">' in html
    assert 'href="https://example.de/p?a=1&amp;b=2"' in html
    assert 'rel="noopener nofollow"' in html


def test_calendars_get_the_text_without_its_marks() -> None:
    assert plain(TEXT) == (
        "Musik für alle und jeden:\nbei jedem Wetter.\n\n"
        "– Chor\n– Band\n  – laut\n– Programm (https://example.de/p?a=1&b=2)\n\n"
        "3. Einlass\n4. Beginn"
    )


@pytest.mark.parametrize(
    "text",
    [
        "Ein Abend\n\nmit Musik",
        "Preis: 5 € (3 € ermäßigt)",
        "# Titel",
        "> Zitat",
        "a <b> & c",
        "x_y",
    ],
)
def test_what_is_no_mark_stays_as_it_was_typed(text: str) -> None:
    assert plain(f"  {text} \n") == text


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[Klick](javascript:alert(1))",
        "[Klick](JaVaScRiPt:alert(1))",
        "[Klick](&#106;avascript:alert(1))",
        "[Klick](data:text/html;base64,PHNjcmlwdD4=)",
        "[Klick](//example.de)",
        "[Klick](/abmelden)",
        "[Klick](https:///x)",
        "[Klick](vbscript:x)",
        "[a]: javascript:alert(1)\n\n[a]",
        "<javascript:alert(1)>",
        '[a](https://example.de "x\\" onclick=\\"y")',
        "**<b onmouseover=x>**",
        "![Bild](https://example.de/spur.png)",
        "```\n<script>\n```",
        "&lt;script&gt;",
    ],
)
def test_nothing_but_our_own_tags_is_made(text: str) -> None:
    html = rendered(text)

    assert tags_of(html) <= TAGS
    assert not re.search(r"<[^>]*\son[a-z]+=", re.sub(r'"[^"]*"', '""', html))
    links = re.findall(r'href="([^"]*)"', html)
    assert all(link.startswith("https://example.de") for link in links)


@pytest.mark.parametrize(
    "text",
    [
        "[" * LONG, "[a](" * (LONG // 4), "*a_" * (LONG // 3), "**a *b " * (LONG // 7),
        "- " * (LONG // 2), "1. " * (LONG // 3), "\\" * LONG, "![](" * (LONG // 4),
        "\n".join("  " * depth + "- tief" for depth in range(70)),
    ],
    ids=["brackets", "links", "stars", "bold", "dashes", "numbers", "escapes", "images", "lists"],
)  # fmt: skip
def test_the_longest_and_deepest_text_is_taken(text: str) -> None:
    html = rendered(text)

    assert tags_of(html) <= TAGS
    assert isinstance(plain(text), str)


def test_lists_in_lists_are_shown_to_a_bound() -> None:
    html = rendered("\n".join("  " * depth + f"- Ebene{depth}" for depth in range(60)))

    assert "Ebene9<" in html or "Ebene9\n" in html
    assert html.count("<ul>") <= 20


def test_feeds_and_search_engines_carry_plain_text() -> None:
    concert = event(description="**Musik** im [Park](https://example.de)")

    body = single("Europe/Berlin", vevents(concert, "https://example.de/1", []))
    [told] = icalendar.Calendar.from_ical(body).walk("VEVENT")
    linked = described(concert, Site("https://ehrenamt.example.de"))

    assert str(told["DESCRIPTION"]).startswith("Musik im Park (https://example.de)\n")
    assert linked["description"] == "Musik im Park (https://example.de)"
