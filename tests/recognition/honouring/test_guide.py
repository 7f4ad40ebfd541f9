"""The guide names one next step in every phase, and the curve and tables say what is so."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.recognition.honouring.curve import HEIGHT, WIDTH, Day, curve
from services.recognition.honouring.guide import GuideStep, Standing, guide
from services.recognition.honouring.model import HonouringEvent, Phase
from services.recognition.honouring.nomination import OrganisationQuota
from services.recognition.honouring.quota_sheet import HEADER, sheet_rows, understand
from services.recognition.honouring.spreadsheets import SheetUnreadable, read_sheet
from shared.web.sheets import write_sheet
from tests.recognition.honouring import builders as a

NOW = datetime(2030, 10, 1, tzinfo=UTC)
NOTHING = dict.fromkeys(Standing.__struct_fields__, 0)


def event(phase: Phase = "draft") -> HonouringEvent:
    schedule, terms, programme = a.schedule(), a.terms(), a.programme()
    return HonouringEvent(
        honouring_event_id=uuid4(),
        version=1,
        title=programme.title,
        programme=programme.programme,
        venue_name=programme.venue_name,
        venue_address=programme.venue_address,
        starts_at=schedule.starts_at,
        ends_at=schedule.ends_at,
        doors_open_at=schedule.doors_open_at,
        zone=schedule.zone,
        phase=phase,
        nominate_by_on=terms.nominate_by_on,
        answer_by_on=terms.answer_by_on,
        offer_hours=terms.offer_hours,
        most_seats=terms.most_seats,
        previous_starts_at=None,
        admission_hours=terms.admission_hours,
        admission_opened_at=None,
    )


def next_step(phase: Phase, now: datetime = NOW, **figures: int) -> GuideStep:
    steps = guide(event(phase), Standing(**{**NOTHING, **figures}), now)
    (step,) = [one for one in steps if one.progress == "now"]
    return step


@pytest.mark.parametrize(
    ("phase", "figures", "page"),
    [
        ("draft", {}, "kontingente"),
        ("draft", {"quotas": 3}, "kontingente"),
        ("nomination_open", {"quotas": 3, "asked": 3}, "vorschlaege"),
        ("nomination_closed", {"quotas": 3, "proposed": 9}, "auswahl"),
        ("guests_selected", {"quotas": 3, "selected": 5}, "einladungen"),
        ("inviting", {"quotas": 3, "invited": 5, "silent": 2}, "gaeste"),
        ("inviting", {"quotas": 3, "invited": 5, "selected": 2}, "einladungen"),
    ],
)
def test_each_phase_has_its_next_step(phase: Phase, figures: dict[str, Any], page: str) -> None:
    assert next_step(phase, **figures).page == page


def test_a_past_concert_is_to_be_concluded() -> None:
    step = next_step("inviting", datetime(2031, 3, 1, tzinfo=UTC), quotas=1, invited=5)

    assert (step.page, step.action) == ("abschliessen", "Abschließen")


def test_a_concert_that_goes_on_is_not_to_be_concluded_yet() -> None:
    going_on = event().doors_open + timedelta(minutes=1)

    step = next_step("inviting", going_on, quotas=1, invited=5)

    assert (step.page, step.action) == ("abschliessen", "")
    assert f"nach {event().ends_at:%H:%M} Uhr" in step.sentence


@given(
    st.sampled_from(get_args(Phase)),
    st.fixed_dictionaries({name: st.integers(0, 3) for name in NOTHING}),
)
def test_there_is_never_more_than_one_next_step(phase: Phase, figures: dict[str, int]) -> None:
    steps = guide(event(phase), Standing(**figures), NOW)

    count = [step.progress for step in steps].count("now")
    assert count == (0 if phase in {"held", "cancelled"} else 1)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=60))
def test_the_curve_stays_inside_its_picture(totals: list[tuple[int, int]]) -> None:
    days = [
        Day(day=date(2031, 1, 1 + number % 28), answers=answers, accepted=accepted)
        for number, (answers, accepted) in enumerate(totals)
    ]

    drawn = curve(days, invited=50)

    assert drawn is not None
    for point in f"{drawn.answers} {drawn.accepted}".split():
        x, y = (float(part) for part in point.split(","))
        assert 0 <= x <= WIDTH + 0.1
        assert 0 <= y <= HEIGHT


def test_without_invitations_there_is_no_curve() -> None:
    assert curve([], invited=0) is None


def quota(name: str, places: int | None = None) -> OrganisationQuota:
    return OrganisationQuota(
        organisation_id=uuid4(),
        name=name,
        district="",
        email=None,
        engaged=4,
        places=places,
        proposed=0,
        invited_at=None,
    )


def test_a_downloaded_table_says_the_same_when_it_comes_back() -> None:
    known = [quota("Chor", 3), quota("Museum; Verein", 7), quota("Ohne")]

    sheet = understand(read_sheet(write_sheet(HEADER, sheet_rows(known))), known)

    assert sheet.places == {one.organisation_id: one.places for one in known[:2]}
    assert sheet.problems == ()


def test_each_wrong_row_is_named_with_its_reason() -> None:
    known = [quota("Chor"), quota("Doppelt"), quota("Doppelt")]
    rows = read_sheet("Verein,Plätze\nChor,drei\nChor,4\nCHOR,5\nDoppelt,3\nFremd,3\n".encode())

    sheet = understand(rows, known)

    assert [problem.row for problem in sheet.problems] == [2, 4, 5, 6]
    assert sheet.places == {known[0].organisation_id: 4}


def test_a_table_without_the_needed_columns_is_refused() -> None:
    with pytest.raises(SheetUnreadable, match="Plätze"):
        understand(read_sheet(b"Name;Zahl\nChor;3\n"), [])


@given(st.binary(max_size=200))
def test_any_file_is_read_or_refused(content: bytes) -> None:
    try:
        rows = read_sheet(content)
    except SheetUnreadable:
        rows = []

    assert all(isinstance(row, dict) for row in rows)
