"""Turns a template into blocks of prose, and the blocks into the text and HTML of a mail."""

import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import jinja2
import msgspec

TEMPLATES = Path(__file__).parent / "templates"
LINE = 76
"""Width of a mail's text, so that it reads well in every program."""


class Paragraph(msgspec.Struct, frozen=True):
    """Running text without line breaks of its own."""

    text: str


class Lines(msgspec.Struct, frozen=True):
    """Text whose line breaks mean something, such as a programme."""

    lines: tuple[str, ...]
    """An empty one is a gap."""


class Heading(msgspec.Struct, frozen=True):
    """A line that says what the next blocks are about."""

    text: str


class Points(msgspec.Struct, frozen=True):
    """A list whose order does not matter."""

    items: tuple[str, ...]


class Details(msgspec.Struct, frozen=True):
    """Labelled particulars, such as the date and the hall."""

    rows: tuple[tuple[str, str], ...]


class Link(msgspec.Struct, frozen=True):
    """The one thing that the reader is asked to open."""

    label: str
    url: str


class Signature(msgspec.Struct, frozen=True):
    """Who writes, under the greeting."""

    lines: tuple[str, ...]


Block: TypeAlias = Paragraph | Lines | Heading | Points | Details | Link | Signature


class Prose(msgspec.Struct, frozen=True):
    """A finished message, before it takes the form of its channel."""

    subject: str
    blocks: tuple[Block, ...]


def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=jinja2.select_autoescape(["html"], default=False),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


ENVIRONMENT = _environment()


def write(template: str, context: Mapping[str, Any]) -> Prose:
    """Fill the template of this name and return what it says, in its order.

    A template calls `paragraph`, `lines`, `heading`, `points`, `details`, `link` and `signature`;
    its block `subject` is the subject line. Values are plain text: what they hold is never read as
    markup.
    """
    blocks: list[Block] = []
    filled = ENVIRONMENT.get_template(f"{template}.jinja")
    values = {**context, **_writers(blocks)}
    subject = "".join(filled.blocks["subject"](filled.new_context(values)))
    filled.render(values)
    return Prose(subject=_flow(subject), blocks=tuple(blocks))


def _writers(blocks: list[Block]) -> dict[str, Callable[..., str]]:
    def add(block: Block) -> str:
        blocks.append(block)
        return ""

    def paragraph(text: str = "", caller: Callable[[], str] | None = None) -> str:
        flowing = _flow(caller() if caller else text)
        return add(Paragraph(flowing)) if flowing else ""

    def lines(text: str) -> str:
        kept = tuple(_flow(line) for line in text.strip().splitlines())
        return add(Lines(kept)) if kept else ""

    def details(rows: Mapping[str, str]) -> str:
        return add(Details(tuple((label, _flow(value)) for label, value in rows.items() if value)))

    def points(*items: str) -> str:
        return add(Points(tuple(_flow(item) for item in items if item)))

    return {
        "paragraph": paragraph,
        "lines": lines,
        "details": details,
        "points": points,
        "heading": lambda text: add(Heading(_flow(text))),
        "link": lambda label, url: add(Link(label, url)),
        "signature": lambda *lines: add(Signature(tuple(filter(None, lines)))),
    }


def as_text(prose: Prose) -> str:
    """Return the prose as the plain text of a mail, with line feeds."""
    return "\n\n".join(_as_text(block) for block in prose.blocks) + "\n"


def as_html(prose: Prose) -> str:
    """Return the prose as the HTML of a mail: no images, nothing fetched, nothing tracked."""
    kinds = [(type(block).__name__, block) for block in prose.blocks]
    frame = ENVIRONMENT.get_template("mail.html")
    return frame.render(subject=prose.subject, blocks=kinds)


def _as_text(block: Block) -> str:
    match block:
        case Paragraph(text):
            return _wrap(text)
        case Lines(lines) | Signature(lines):
            return "\n".join(map(_wrap, lines))
        case Heading(text):
            return f"{_wrap(text)}\n{'-' * min(len(text), LINE)}"
        case Points(items):
            return "\n".join(_wrap(item, first="- ", rest="  ") for item in items)
        case Details(rows):
            width = max((len(label) for label, _ in rows), default=0) + 2
            return "\n".join(
                _wrap(value, first=f"{label + ':':{width}}", rest=" " * width)
                for label, value in rows
            )
        case Link(label, url):
            return f"{label}:\n{url}"


def _wrap(text: str, *, first: str = "", rest: str = "") -> str:
    return textwrap.fill(
        text,
        LINE,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _flow(text: str) -> str:
    """Join what a template breaks into lines for its own sake."""
    return " ".join(text.split())
