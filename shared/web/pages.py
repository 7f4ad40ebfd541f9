"""Renders German pages in the one frame that all services share."""

from typing import Any, Final
from urllib.parse import urlsplit

from jinja2 import Environment
from litestar import Response
from markupsafe import Markup

from shared.web.csrf import FIELD, new_csrf_token
from shared.web.messages import leave_message, take_message
from shared.web.navigation import current_entry, entries_for
from shared.web.request import Request

UNPROCESSABLE: Final = 422
"""A form is shown again with what is wrong; the title says so first, for who hears the page."""
Page = Response[str]
"""What a handler of a page returns."""


def page(request: Request, template: str, *, status: int = 200, **context: Any) -> Page:
    """Return the rendered template, which extends `frame.html` or is a part that htmx asked for.

    Besides the context the template knows: `request`, `member` (signed-in staff or None),
    `navigation`, `message`, `csrf()` (a hidden field for forms), `csrf_token`, `static(name)`.
    """
    token = new_csrf_token(request)
    hidden = Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, token)
    entries = entries_for(request.staff)
    current = current_entry(entries, request.url.path)
    templates: Environment = request.app.state.templates
    html = templates.get_template(template).render(
        request=request,
        path=request.url.path,
        params=dict(request.query_params.items()),
        member=request.staff,
        navigation=[(entry, entry is current) for entry in entries],
        message="" if request.is_htmx else take_message(request),
        csrf=lambda: hidden,
        csrf_token=token,
        is_refused=status == UNPROCESSABLE,
        **context,
    )
    return Response(html, status_code=status, media_type="text/html")


def see_other(request: Request, path: str, message: str = "") -> Page:
    """Send the browser to a page of ours with GET, where the message is shown once.

    htmx is told to load the whole page instead of putting it into a part of this one.

    Raises:
        ValueError: the path leads to another site.
    """
    if not is_local(path):
        raise ValueError(f"not a path of ours: {path}")
    if message:
        leave_message(request, message)
    if request.is_htmx:
        return Response("", status_code=200, headers={"hx-redirect": path})
    return Response("", status_code=303, headers={"location": path})


def is_local(path: str) -> bool:
    """Whether an address stays on this site, however a browser reads it."""
    if not path.startswith("/") or path.startswith(("//", "/\\")) or not path.isprintable():
        return False
    parts = urlsplit(path)
    return not parts.scheme and not parts.netloc and "\\" not in parts.path
