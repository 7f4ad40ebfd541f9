"""Turns descriptions, written in a small part of Markdown, into safe HTML and into plain text."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup

MOST_NESTING: Final = 40
"""Half as many lists in lists; what lies deeper is left out."""
KEPT: Final = 500
"""Rendered descriptions that a process keeps: a hostile one takes it up to 0.3 s."""
_LINK: Final = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_MARKED: Final = re.compile(r"[*_\[\\]|^\s*(?:[-+]|\d{1,9}[.)])\s", re.MULTILINE)
"""Text without any of these means itself."""


@lru_cache(maxsize=KEPT)
def rendered(text: str) -> Markup:
    """Return a description as HTML: paragraphs, lists, bold, italic, links to http(s).

    Everything else, HTML included, is shown as it was typed.
    """
    return Markup(_MARKDOWN.render(text))  # noqa: S704 - markdown-it escapes what it does not make


def is_marked(text: str) -> bool:
    """Tell whether a description may say more than its plain text."""
    return _MARKED.search(text) is not None


def plain(text: str) -> str:
    """Return a description without its marks, for calendars and search engines.

    Paragraphs have an empty line between them, items of a list a dash or their number, links their
    address in parentheses.
    """
    if not is_marked(text):
        return text.strip()
    return _Plain().written(_MARKDOWN.parse(text))


class _Plain:
    """Writes the blocks of one description, line by line."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._numbers: list[int | None] = []
        """The next number of each list that is open; None for one with dashes."""
        self._mark = ""

    def written(self, tokens: Sequence[Token]) -> str:
        for token in tokens:
            self._take(token)
        return "\n".join(self._lines).strip()

    def _take(self, token: Token) -> None:
        if token.type.endswith("list_open"):
            start = int(token.attrGet("start") or 1)
            self._numbers.append(start if token.type.startswith("ordered") else None)
        elif token.type.endswith("list_close"):
            self._numbers.pop()
            self._space()
        elif token.type == "list_item_open":
            self._mark = self._next_mark()
        elif token.type == "inline":
            indent = "  " * max(0, len(self._numbers) - 1)
            self._lines.append(indent + self._mark + _inline(token.children or []))
            self._mark = ""
        elif token.type == "paragraph_close" and not token.hidden:
            self._space()

    def _next_mark(self) -> str:
        number = self._numbers[-1]
        if number is None:
            return "– "
        self._numbers[-1] = number + 1
        return f"{number}. "

    def _space(self) -> None:
        if self._lines and self._lines[-1] and not self._numbers:
            self._lines.append("")


def _inline(tokens: Sequence[Token]) -> str:
    parts: list[str] = []
    links: list[tuple[int, str]] = []
    for token in tokens:
        if token.type in {"softbreak", "hardbreak"}:
            parts.append("\n")
        elif token.type == "link_open":
            links.append((len(parts), str(token.attrGet("href") or "")))
        elif token.type == "link_close":
            start, address = links.pop()
            if "".join(parts[start:]).strip() != address:
                parts.append(f" ({address})")
        else:
            parts.append(token.content)
    return "".join(parts)


def _open_link(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    _env: EnvType,
) -> str:
    tokens[index].attrSet("class", "kern-link")
    tokens[index].attrSet("rel", "noopener nofollow")
    return renderer.renderToken(tokens, index, options, _env)


def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("zero", {"html": False, "breaks": True, "maxNesting": MOST_NESTING})
    markdown.enable(["list", "emphasis", "link", "newline", "escape"])
    markdown.validateLink = lambda url: bool(_LINK.match(url))  # type: ignore[method-assign]
    markdown.add_render_rule("link_open", _open_link)
    return markdown


_MARKDOWN: Final = _markdown()
