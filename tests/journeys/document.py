"""Reads a page as somebody in front of it does: its words, figures, tables, links and forms."""

from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser
from typing import Final, TypeAlias

import msgspec

VOID: Final = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
UNSEEN: Final = frozenset({"head", "script", "style", "template", "noscript"})


class Element:
    """One element of a page."""

    def __init__(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.tag = tag
        self.attributes = dict(attributes)
        self.parts: list[Element | str] = []

    def all(self, *tags: str, css_class: str = "") -> "Iterator[Element]":
        """Yield the elements inside with one of these tags, and with this class if it is named."""
        for part in self.parts:
            if isinstance(part, str):
                continue
            is_of_class = not css_class or css_class in part.get("class").split()
            if part.tag in tags and is_of_class:
                yield part
            yield from part.all(*tags, css_class=css_class)

    def get(self, attribute: str) -> str:
        """Return an attribute; empty if it is not there."""
        return self.attributes.get(attribute, "")

    def has(self, attribute: str) -> bool:
        """Tell whether the attribute is there, such as `checked`."""
        return attribute in self.attributes

    @property
    def raw(self) -> str:
        """Return the text inside, as it stands."""
        return "".join(part if isinstance(part, str) else part.raw for part in self.parts)

    @property
    def text(self) -> str:
        """Return the text inside as it is read: one blank between words."""
        return " ".join(" ".join(self._words()).split())

    def _words(self) -> Iterator[str]:
        for part in self.parts:
            if isinstance(part, str):
                yield part
            elif part.tag not in UNSEEN:
                yield part.text


class _Reader(HTMLParser):
    """Builds the tree; our pages close what they open, the provider's list items too."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].parts.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if any(element.tag == tag for element in self._open[1:]):
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._open[-1].parts.append(data)


def read(html: str) -> Element:
    """Return the root of a page."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.root


def figures(root: Element) -> dict[str, str]:
    """Return the figures of a page by label."""
    return {
        one.text: next(figure.all("dd", css_class="figure__value")).text
        for figure in root.all("div", css_class="figure")
        for one in figure.all("dt")
    }


def facts(root: Element) -> dict[str, str]:
    """Return the labelled particulars of a page."""
    return {
        next(row.all("dt")).text: next(row.all("dd")).text
        for listed in root.all("dl", css_class="facts")
        for row in listed.all("div")
    }


def rows(root: Element) -> list[list[str]]:
    """Return the rows of all tables of a page, heads left out."""
    return [
        [cell.text for cell in row.all("th", "td")]
        for body in root.all("tbody")
        for row in body.all("tr")
    ]


Filled: TypeAlias = Mapping[str, str | Sequence[str] | tuple[str, bytes]]
"""What somebody does to a form, by field: types, ticks one or several, picks a file."""


class Submission(msgspec.Struct, frozen=True):
    """What a browser sends."""

    path: str
    method: str
    fields: dict[str, list[str]]
    files: dict[str, tuple[str, bytes]]
    is_multipart: bool


class FormMismatch(AssertionError):
    """Somebody wants to do what the form does not offer."""


class Form:
    """A form of a page, which can be filled in and sent."""

    def __init__(self, element: Element, page_path: str) -> None:
        self.element = element
        self.path = element.get("action") or page_path
        self.method = element.get("method").upper() or "GET"

    @property
    def names(self) -> list[str]:
        """Return the names of the fields that can be filled in, each once."""
        found = (field.get("name") for field in self._fields() if field.get("type") != "hidden")
        return list(dict.fromkeys(filter(None, found)))

    @property
    def buttons(self) -> list[Element]:
        """Return the buttons that send it."""
        return [one for one in self.element.all("button") if one.get("type") in {"", "submit"}]

    def filled(self, given: Filled, button: str = "") -> Submission:
        """Return what is sent once the form is filled in and the button of this label is pressed.

        Raises:
            FormMismatch: a field, a choice or the button is not there, or a text is too long.
        """
        pressed = self._button(button)
        if unknown := set(given) - set(self.names):
            raise FormMismatch(f"{unknown} cannot be filled in; there are {self.names}")
        fields: dict[str, list[str]] = {}
        files: dict[str, tuple[str, bytes]] = {}
        for field in self._fields():
            name = field.get("name")
            value = given.get(name)
            if isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], bytes):
                files[name] = (str(value[0]), value[1])
            elif (sent := _sent(field, value)) is not None:
                fields.setdefault(name, []).extend(sent)
        _demand_taken(given, fields, files)
        if pressed.get("name"):
            fields[pressed.get("name")] = [pressed.get("value")]
        return Submission(
            path=pressed.get("formaction") or self.path,
            method=self.method,
            fields=fields,
            files=files,
            is_multipart=self.element.get("enctype") == "multipart/form-data",
        )

    def _button(self, label: str) -> Element:
        for button in self.buttons:
            if label in button.text or label == button.get("value"):
                return button
        raise FormMismatch(f"no button {label!r} in {[one.text for one in self.buttons]}")

    def _fields(self) -> Iterator[Element]:
        for field in self.element.all("input", "textarea", "select"):
            if field.get("name") and not field.has("disabled"):
                yield field


def _sent(field: Element, value: object) -> list[str] | None:
    """Return what one field adds; None if nothing, such as a box that is not ticked."""
    if field.tag == "select":
        return [_chosen(field, value)]
    if field.get("type") in {"radio", "checkbox"}:
        wanted = [value] if isinstance(value, str) else value
        own = field.get("value") or "on"
        is_ticked = field.has("checked") if value is None else own in (wanted or ())
        return [own] if is_ticked else None
    if field.get("type") == "file":
        return None
    shown = field.raw.removeprefix("\n") if field.tag == "textarea" else field.get("value")
    typed = shown if value is None else str(value)
    most = field.get("maxlength")
    if most and len(typed) > int(most):
        raise FormMismatch(f"{field.get('name')} takes {most} characters")
    return [typed]


def _chosen(select: Element, value: object) -> str:
    offered = [(one.get("value"), one.has("selected")) for one in select.all("option")]
    if value is None:
        return next((own for own, is_selected in offered if is_selected), offered[0][0])
    return str(value)


def _demand_taken(
    given: Filled, fields: Mapping[str, list[str]], files: Mapping[str, tuple[str, bytes]]
) -> None:
    """Demand that every choice somebody makes is one that the form offers."""
    for name, value in given.items():
        wanted = [value] if isinstance(value, str) else list(value)
        if name not in files and any(one not in fields.get(name, ()) for one in wanted):
            raise FormMismatch(f"{name} does not offer {value!r}")
