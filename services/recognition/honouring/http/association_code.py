"""Opens an association's page by the code from its letter."""

from datetime import timedelta
from typing import Final

from litestar import Response, get, post

from services.recognition.honouring.http.association import CODE, HERE, KIND
from services.recognition.honouring.http.guest_forms import CodeForm
from services.recognition.honouring.links import letter_code_hash, mint_token, token_hash
from services.recognition.honouring.nomination import AssociationPass
from services.recognition.honouring.store import events, quotas, requests
from services.recognition.honouring.store.requests import LinkSecret
from shared.database import Connection, transaction
from shared.errors import NotFound
from shared.web.access import PUBLIC
from shared.web.capability import check_misses, enter, missed
from shared.web.forms import empty_form, read_form
from shared.web.pages import Page, page
from shared.web.request import Request

UNPROCESSABLE: Final = 422
CODE_HOURS: Final = 2
"""How long a typed code opens the page, at most."""


@get(CODE, opt=PUBLIC)
async def get_association_code(request: Request) -> Page:
    """Show the form for the code from the letter."""
    return page(request, "verein_code.html", form=empty_form(CodeForm))


@post(CODE, opt=PUBLIC)
async def post_association_code(request: Request) -> Response[str]:
    """Open an association's page by the code from its letter."""
    form = await read_form(request, CodeForm)
    if not form.is_valid:
        return page(request, "verein_code.html", status=UNPROCESSABLE, form=form)
    check_misses(request)
    try:
        hashed = letter_code_hash(form.value.code)
        async with transaction(request.pool) as opened:
            token = await _token_for_the_browser(opened, hashed)
    except NotFound:
        form.errors["code"] = missed(request).sentence
        return page(request, "verein_code.html", status=404, form=form)
    return enter(request, KIND, token, HERE)


async def _token_for_the_browser(opened: Connection, hashed: bytes) -> str:
    """Make a short-lived link, so that the code itself is kept nowhere."""
    own: AssociationPass | None = await quotas.find_by_link(opened, hashed)
    if own is None:
        raise CodeUnknown
    token = mint_token()
    until = await events.clock(opened) + timedelta(hours=CODE_HOURS)
    secret = LinkSecret(own.honouring_event_id, own.organisation_id, token_hash(token), until)
    await requests.keep_links(opened, [secret])
    return token


class CodeUnknown(NotFound):
    """No association's page is opened by this code, or not any more."""

    def __init__(self) -> None:
        super().__init__("Zu diesem Code finden wir keinen Verein.")


ROUTES = [get_association_code, post_association_code]
