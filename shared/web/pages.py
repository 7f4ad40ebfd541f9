"""Renders German pages in the one frame that all services share."""

from typing import Any

from litestar import Response

from shared.web.request import Request

Page = Response[str]


def page(request: Request, template: str, *, status: int = 200, **context: Any) -> Page:
    """Return the rendered template with the frame's context: navigation, messages, csrf."""
    raise NotImplementedError


def see_other(request: Request, path: str, message: str = "") -> Page:
    """Send the browser to a page of ours with GET, where the message is shown once."""
    raise NotImplementedError
