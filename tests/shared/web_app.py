"""A small real application with one route for each thing that the frame guards."""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Litestar, Response, get, post
from litestar.params import FromPath, JSONBody

from shared.auth import Role
from shared.errors import Malformed, NotFound, Refused
from shared.settings import ServiceSettings
from shared.web.access import PUBLIC, capability, staff
from shared.web.app import create_app
from shared.web.capability import check_misses, enter, missed
from shared.web.forms import Email, read_form
from shared.web.pages import Page, page, see_other
from shared.web.request import Request
from tests.conftest import Database
from tests.visitor import PUBLIC_URL, STAFF_PUBLIC_KEY


class DeadlinePassed(Refused):
    """A refusal like those of the services."""

    def __init__(self) -> None:
        super().__init__("Die Antwortfrist ist abgelaufen.")


class Note(msgspec.Struct):
    """What the JSON route takes."""

    text: str


@get("/offen", opt=PUBLIC)
async def get_public(request: Request) -> dict[str, str | None]:
    """Say who is asking."""
    return {"member": request.staff.name if request.staff else None, "from": request.client_address}


@get("/konsole", opt=staff())
async def get_console(request: Request) -> dict[str, str]:
    """Need any member of staff."""
    return {"member": request.signed_in.name}


@get("/konsole/konzerte", opt=staff(Role.FOUNDATION, Role.PROTOCOL))
async def get_concerts() -> dict[str, bool]:
    """Need one of two roles."""
    return {"seen": True}


@post("/konsole/notizen", opt=staff(), status_code=200)
async def post_note(request: Request) -> dict[str, str]:
    """Change something as staff."""
    return {"text": str((await request.form()).get("text", ""))}


@post("/konsole/weiter", opt=staff())
async def post_and_go_on(request: Request) -> Page:
    """Change something and show another page."""
    return see_other(request, "/konsole/seite", "Die Person ist gespeichert.")


@get("/konsole/seite", opt=staff())
async def get_page(request: Request) -> Page:
    """Show a page in the frame."""
    return page(
        request,
        "problem.html",
        problem={"title": "Seite", "detail": "", "status": 200, "errors": []},
    )


@get("/e/{token:str}", opt=PUBLIC)
async def get_link(request: Request, token: FromPath[str]) -> Response[str]:
    """Open a personal link."""
    check_misses(request)
    if not token.startswith("valid"):
        raise missed(request)
    return enter(request, "invitation", token, "/einladung")


@get("/einladung", opt=capability("invitation"))
async def get_invitation(request: Request) -> dict[str, str]:
    """Need an opened link."""
    return {"hash": request.capability("invitation").hex()}


@post("/einladung", opt=capability("invitation"), status_code=200)
async def post_invitation() -> dict[str, bool]:
    """Change something as a guest."""
    return {"answered": True}


@post("/api/test/v1/notes", opt=PUBLIC, include_in_schema=True, status_code=200)
async def post_json(request: Request, data: JSONBody[Note]) -> dict[str, int]:
    """Take JSON and store its text."""
    await request.pool.execute("select $1::text", data.text)
    return {"length": len(data.text)}


@get("/api/test/v1/people/{person_id:uuid}", opt=PUBLIC, include_in_schema=True)
async def get_person(person_id: FromPath[UUID]) -> None:
    """Find nobody."""
    raise NotFound(f"Es gibt keine Person {person_id}.")


@get("/fehler/{kind:str}", opt=PUBLIC)
async def get_failure(kind: FromPath[str]) -> None:
    """Fail as asked."""
    raise {
        "refused": DeadlinePassed(),
        "malformed": Malformed("Der Tag liegt zurück.", "held_on"),
        "bug": KeyError("boom"),
        "away": ConnectionRefusedError(),
        "slow": TimeoutError(),
    }[kind]


class Size(StrEnum):
    """A choice."""

    SMALL = "klein"
    LARGE = "groß"


class Registration(msgspec.Struct, kw_only=True):
    """A form with a field of each kind."""

    name: Annotated[str, msgspec.Meta(max_length=20)]
    email: Email | None = None
    seats: Annotated[int, msgspec.Meta(ge=1, le=50)]
    held_on: date
    size: Size
    days: tuple[str, ...] = ()
    is_public: bool = False


@post("/formular", opt=PUBLIC, status_code=200)
async def post_form(request: Request) -> dict[str, object]:
    """Read the form and say what was understood."""
    form = await read_form(request, Registration)
    if not form.is_valid:
        return {"errors": form.errors, "raw": {name: form.text(name) for name in form.raw}}
    return {"value": msgspec.to_builtins(form.value)}


ROUTES = [
    get_public, get_console, get_concerts, post_note, post_and_go_on, get_page, get_link,
    get_invitation, post_invitation, post_json, get_person, get_failure, post_form,
]  # fmt: skip


def settings_for(database: Database, **changes: object) -> ServiceSettings:
    """Return settings for a database; NATS is where nobody answers."""
    return msgspec.structs.replace(
        ServiceSettings(
            database_url=database.url("registry"),
            nats_url="nats://127.0.0.1:9",
            public_url=PUBLIC_URL,
            staff_token_public_key=STAFF_PUBLIC_KEY,
            pool_size=2,
        ),
        **changes,
    )


def app_for(database: Database, **changes: object) -> Litestar:
    """Return the application."""
    return create_app(
        service="registry",
        settings=settings_for(database, **changes),
        routes=ROUTES,
        pages=Path(__file__).parent,
    )
