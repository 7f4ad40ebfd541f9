"""Forms become values, or a German sentence beside the field, and nothing typed is lost."""

from collections.abc import AsyncIterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
import pytest
from litestar import post

from shared.errors import Malformed, Refused
from shared.web.access import PUBLIC
from shared.web.app import create_app
from shared.web.forms import Email, Form, FormIncomplete, Upload, empty_form, read_form
from shared.web.request import Request
from tests.conftest import Database
from tests.shared.web_app import Registration, Size, settings_for
from tests.visitor import Visitor, visiting


class Everything(msgspec.Struct, kw_only=True):
    """A form with every kind of field, none of them needed."""

    name: Annotated[str, msgspec.Meta(min_length=2, max_length=20)] = ""
    email: Email | None = None
    seats: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 1
    count: int = 0
    hours: Decimal | None = None
    held_on: date | None = None
    starts: time | None = None
    wall: datetime | None = None
    instant: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    size: Size | None = None
    kind: Literal["a", "b"] | None = None
    person_id: UUID | None = None
    days: tuple[str, ...] = ()
    sizes: frozenset[Size] = frozenset()
    postal_code: Annotated[str, msgspec.Meta(pattern="^[0-9]{5}$")] = "01099"
    is_public: bool = True


class LetterBox(msgspec.Struct):
    """A form with a file."""

    document: Upload


class Period(msgspec.Struct):
    """A form that makes sense only as a whole."""

    begins_on: date
    ends_on: date

    def __post_init__(self) -> None:
        """Refuse an end before the beginning."""
        if self.ends_on < self.begins_on:
            raise Malformed("Das Ende liegt vor dem Beginn.", "ends_on")


seen: list[Form[Any]] = []


@post("/alles", opt=PUBLIC)
async def post_everything(request: Request) -> None:
    """Read the form."""
    seen.append(await read_form(request, Everything))


@post("/noetig", opt=PUBLIC)
async def post_required(request: Request) -> None:
    """Read a form whose fields are needed."""
    seen.append(await read_form(request, Registration))


@post("/zeitraum", opt=PUBLIC)
async def post_period(request: Request) -> None:
    """Read a form with a rule of its own."""
    seen.append(await read_form(request, Period))


@post("/datei", opt=PUBLIC)
async def post_file(request: Request) -> dict[str, str]:
    """Read a form with a file, which is there as long as the request lasts."""
    form = await read_form(request, LetterBox)
    seen.append(form)
    return {"text": (await form.value.document.read()).decode()} if form.is_valid else {}


@pytest.fixture(scope="module")
async def visitor(database: Database) -> AsyncIterator[Visitor]:
    """A browser at an application with the forms of this module."""
    app = create_app(
        service="registry",
        settings=settings_for(database),
        routes=[post_everything, post_required, post_period, post_file],
        pages=(),
    )
    async with visiting(app) as opened:
        yield opened


async def sent(visitor: Visitor, path: str = "/alles", **fields: Any) -> Form[Any]:
    seen.clear()
    await visitor.client.post(path, data=fields)
    return seen[0]


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("name", "  Mu\u0308ller\u00a0", "Müller"),
        ("email", "name@example.de", "name@example.de"),
        ("email", " ", None),
        ("seats", "12", 12),
        ("seats", "1.000", 1_000),
        ("hours", "12,5", Decimal("12.5")),
        ("hours", "1.234,56", Decimal("1234.56")),
        ("held_on", "07.02.2026", date(2026, 2, 7)),
        ("held_on", "7. 2. 2026", date(2026, 2, 7)),
        ("held_on", "2026-02-07", date(2026, 2, 7)),
        ("starts", "19:30", time(19, 30)),
        ("starts", "9.05 Uhr", time(9, 5)),
        ("wall", "2026-02-07T19:30", datetime(2026, 2, 7, 19, 30)),  # noqa: DTZ001 - wall clock
        ("size", "groß", Size.LARGE),
        ("kind", "b", "b"),
        ("days", ["fr", "so", ""], ("fr", "so")),
        ("sizes", ["klein", "groß"], frozenset(Size)),
        ("is_public", "on", True),
        ("is_public", "nein", False),
    ],
)
async def test_what_people_type_is_understood(
    visitor: Visitor, field: str, typed: Any, value: Any
) -> None:
    form = await sent(visitor, **{field: typed})

    assert form.errors == {}
    assert getattr(form.value, field) == value


async def test_an_instant_is_meant_on_the_citys_clock(visitor: Visitor) -> None:
    form = await sent(visitor, instant="07.07.2026 19:30")

    assert form.value.instant.isoformat() == "2026-07-07T19:30:00+02:00"


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "x", "mindestens 2"),
        ("name", "x" * 21, "höchstens 20 Zeichen; es sind 21"),
        ("name", "a\x00b", "nicht erlaubtes Zeichen"),
        ("name", "a\u202eb", "nicht erlaubtes Zeichen"),
        ("email", "name@", "E-Mail-Adresse"),
        ("email", "a@b.de\nBcc: c@d.de", "E-Mail-Adresse"),
        ("email", "a@b.de,c@d.de", "E-Mail-Adresse"),
        ("email", "a@" + "b" * 254 + ".de", "E-Mail-Adresse"),
        ("seats", "0", "von 1 bis 1.000"),
        ("seats", "1001", "von 1 bis 1.000"),
        ("seats", "zwei", "ganze Zahl"),
        ("seats", "1,5", "ganze Zahl"),
        ("seats", "1" + ".999" * 2_000, "ganze Zahl"),
        ("seats", "1e3", "ganze Zahl"),
        ("seats", "٣", "ganze Zahl"),
        ("count", "99999999999", "höchstens 2.147.483.647"),
        ("hours", "12.5", "Bitte eine Zahl"),
        ("hours", "NaN", "Bitte eine Zahl"),
        ("held_on", "31.02.2026", "31.02.2026 gibt es nicht"),
        ("held_on", "2026-13-01", "gibt es nicht"),
        ("held_on", "31.12.9999", "zwischen 1900 und 2199"),
        ("held_on", "01.01.0001", "zwischen 1900 und 2199"),
        ("held_on", "morgen", "TT.MM.JJJJ"),
        ("held_on", "07.02.26", "TT.MM.JJJJ"),
        ("starts", "25:00", "Uhrzeit wie 19:30"),
        ("starts", "abends", "Uhrzeit wie 19:30"),
        ("wall", "07.02.2026", "Uhrzeit wie 19:30"),
        ("instant", "29.03.2026 02:30", "Sommerzeit"),
        ("size", "riesig", "Diese Auswahl gibt es nicht"),
        ("kind", "c", "Diese Auswahl gibt es nicht"),
        ("sizes", ["klein", "riesig"], "Diese Auswahl gibt es nicht"),
        ("person_id", "1", "Diese Auswahl gibt es nicht"),
        ("postal_code", "0109", "Schreibweise"),
    ],
)
async def test_what_cannot_be_meant_is_said_beside_the_field(
    visitor: Visitor, field: str, typed: Any, sentence: str
) -> None:
    form = await sent(visitor, **{field: typed})

    assert list(form.errors) == [field]
    assert sentence in form.errors[field]
    assert form.raw[field] == (typed if isinstance(typed, list) else [typed])


async def test_every_needed_field_is_named_at_once(visitor: Visitor) -> None:
    form = await sent(visitor, "/noetig", name=" ", seats="x")

    assert form.errors["name"] == "Bitte füllen Sie dieses Feld aus."
    assert form.errors["size"] == "Bitte wählen Sie etwas aus."
    assert set(form.errors) == {"name", "seats", "held_on", "size"}
    assert not form.is_valid
    with pytest.raises(FormIncomplete):
        _ = form.value


async def test_an_unticked_box_means_no_even_if_yes_is_usual(visitor: Visitor) -> None:
    assert (await sent(visitor)).value.is_public is False


async def test_a_rule_of_the_whole_form_is_said_beside_its_field(visitor: Visitor) -> None:
    form = await sent(visitor, "/zeitraum", begins_on="07.02.2026", ends_on="06.02.2026")

    assert form.errors == {"ends_on": "Das Ende liegt vor dem Beginn."}
    assert form.day("ends_on") == "2026-02-06"


async def test_a_file_is_read_and_a_missing_one_is_said(visitor: Visitor) -> None:
    seen.clear()
    document = {"document": ("liste.csv", "Grüße".encode(), "text/csv")}

    answer = await visitor.client.post("/datei", files=document)
    await visitor.client.post("/datei", files={"document": ("", b"")})
    await visitor.client.post("/datei", data={"document": "no file"})

    assert answer.json() == {"text": "Grüße"}
    assert [form.errors.get("document") for form in seen[1:]] == [
        "Bitte füllen Sie dieses Feld aus.",
        "Bitte wählen Sie eine Datei aus.",
    ]


def test_a_form_begins_with_what_is_known() -> None:
    known = Everything(
        name="Chor",
        held_on=date(2026, 2, 7),
        starts=time(19, 30),
        size=Size.LARGE,
        days=("fr", "sa"),
        is_public=True,
    )

    form = empty_form(Everything, known)

    assert form.text("name") == "Chor"
    assert form.day("held_on") == "2026-02-07"
    assert form.text("starts") == "19:30"
    assert form.has("size", Size.LARGE)
    assert form.has("days", "sa")
    assert not form.has("days", "so")
    assert form.has("is_public")
    assert form.text("email") == ""


def test_a_form_begins_with_defaults_where_nothing_is_known() -> None:
    form = empty_form(Everything, {"name": "Chor"})

    assert form.text("seats") == "1"
    assert form.text("name") == "Chor"
    assert form.errors == {}


def test_a_refusal_without_a_field_stands_above_the_form() -> None:
    form = empty_form(Everything)

    form.refuse(Refused("Die Frist ist abgelaufen."))

    assert form.errors == {"": "Die Frist ist abgelaufen."}
