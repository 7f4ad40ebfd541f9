"""The mailbox's pages and its JSON list."""

import re
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from litestar import Litestar, Request, Response, get, post
from litestar.config.allowed_hosts import AllowedHostsConfig
from litestar.datastructures import State
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.params import Parameter
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Redirect, Template
from litestar.template import TemplateConfig
from markupsafe import Markup, escape

from deploy.local.mailbox.reading import Letter, attachment, read
from deploy.local.mailbox.store import Mail, MailStore, matching, sent_to

PAGE = 50
LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")
OWN_PAGES = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
A_MAIL = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; "
    "style-src 'unsafe-inline'; frame-ancestors 'self'"
)


class WholeMail(msgspec.Struct, frozen=True):
    """A mail with its content, for programs."""

    mail: Mail
    letter: Letter


@get("/", sync_to_thread=False)
def get_list(
    state: State, suche: str = "", seite: Annotated[int, Parameter(ge=1, le=100_000)] = 1
) -> Template:
    """Show the mails, the newest first."""
    mails = matching(_store(state).newest_first(), suche.strip())
    shown = mails[(seite - 1) * PAGE : seite * PAGE]
    context = {
        "mails": shown,
        "total": len(mails),
        "search": suche.strip(),
        "number": seite,
        "last": max(1, -(-len(mails) // PAGE)),
    }
    return Template("list.html", context=context)


@get("/mails/{mail_id:int}", sync_to_thread=False)
def get_mail(state: State, mail_id: int) -> Template:
    """Show one mail."""
    mail, source = _find(state, mail_id)
    return Template("mail.html", context={"mail": mail, "letter": read(source)})


@get("/mails/{mail_id:int}/html", sync_to_thread=False)
def get_html(state: State, mail_id: int) -> Response[str]:
    """Answer the mail's page, fenced in: no script, nothing fetched, links open outside."""
    _, source = _find(state, mail_id)
    fence = {"Content-Security-Policy": A_MAIL}
    return Response(read(source).html, media_type="text/html; charset=utf-8", headers=fence)


@get("/mails/{mail_id:int}/quelle", sync_to_thread=False)
def get_source(state: State, mail_id: int) -> Response[bytes]:
    """Answer the mail as it came."""
    _, source = _find(state, mail_id)
    return Response(source, media_type="text/plain; charset=utf-8")


@get("/mails/{mail_id:int}/anlagen/{number:int}", sync_to_thread=False)
def get_attachment(state: State, mail_id: int, number: int) -> Response[bytes]:
    """Answer an attachment as a download, never to be shown by the browser itself."""
    _, source = _find(state, mail_id)
    content = attachment(source, number)
    if content is None:
        raise NotFoundException
    name = re.sub(r"[^\w.+-]", "_", read(source).attachments[number].name, flags=re.ASCII)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/octet-stream", headers=headers)


@post("/leeren", sync_to_thread=False)
def post_clear(request: Request[None, None, State], state: State) -> Redirect:
    """Delete all mails, if our own page or a program asks for it."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise PermissionDeniedException
    _store(state).clear()
    return Redirect("/", status_code=303)


@get("/api/mails", sync_to_thread=False)
def get_api_list(
    state: State, to: str = "", after: int = 0, limit: Annotated[int, Parameter(ge=1)] = 1_000
) -> list[Mail]:
    """List mails, the newest first: to exactly this address, with ids above `after`."""
    mails = _store(state).newest_first()
    found = sent_to(mails, to) if to else mails
    return [mail for mail in found if mail.mail_id > after][:limit]


@get("/api/mails/{mail_id:int}", sync_to_thread=False)
def get_api_mail(state: State, mail_id: int) -> WholeMail:
    """Answer one mail with its content."""
    mail, source = _find(state, mail_id)
    return WholeMail(mail, read(source))


def create_app(store: MailStore, port: int) -> Litestar:
    """Build the web application on a store; it answers only to this machine's own names."""
    return Litestar(
        [
            *(get_list, get_mail, get_html, get_source, get_attachment, post_clear),
            *(get_api_list, get_api_mail),
        ],
        state=State({"store": store}),
        openapi_config=None,
        allowed_hosts=AllowedHostsConfig([f"localhost:{port}", f"127.0.0.1:{port}"]),
        template_config=TemplateConfig(
            directory=Path(__file__).parent / "templates",
            engine=JinjaTemplateEngine,
            engine_callback=_teach,
        ),
        after_request=_fence,
    )


def _teach(engine: JinjaTemplateEngine) -> None:
    engine.engine.filters["linked"] = _linked
    engine.engine.filters["local"] = _local


def _fence(response: Response[object]) -> Response[object]:
    response.headers.setdefault("Content-Security-Policy", OWN_PAGES)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _linked(text: str) -> Markup:
    """Escape a text and make its addresses clickable."""
    parts: list[Markup] = []
    position = 0
    for found in LINK.finditer(text):
        link = escape(found[0])
        parts.append(escape(text[position : found.start()]))
        parts.append(Markup('<a href="{0}" target="_blank" rel="noreferrer">{0}</a>').format(link))
        position = found.end()
    return Markup("").join([*parts, escape(text[position:])])


def _local(instant: datetime) -> str:
    return f"{instant.astimezone(ZoneInfo('Europe/Berlin')):%d.%m.%Y, %H:%M:%S} Uhr"


def _store(state: State) -> MailStore:
    store: MailStore = state.store
    return store


def _find(state: State, mail_id: int) -> tuple[Mail, bytes]:
    store = _store(state)
    mail, source = store.find(mail_id), store.source(mail_id)
    if mail is None or source is None:
        raise NotFoundException
    return mail, source
