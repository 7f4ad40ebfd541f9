"""Says which columns a list of engagements has."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from services.registry import values
from services.registry.columns import Column, Problem, Table
from services.registry.engagements.model import EngagementRow


def _check(row: EngagementRow, _today: date) -> Sequence[Problem]:
    if row.since_on and row.until_on and row.until_on < row.since_on:
        return [("until_on", "Das Ende liegt vor dem Beginn.")]
    return ()


ENGAGEMENTS: Final = Table(
    kind="engagements",
    title="Engagements",
    row=EngagementRow,
    check=_check,
    columns=(
        Column(
            field="source_number",
            title="Nummer",
            other_names="Nr,Engagementnummer,Engagementnr,number,id",
            read=values.read_source_number,
            most=40,
            is_required=True,
            example="E-00001",
            note="Bleibt in jeder Liste gleich.",
        ),
        Column(
            field="person_number",
            title="Personennummer",
            other_names="Person,Personennr,Mitgliedsnummer,person_id",
            read=values.read_source_number,
            most=40,
            is_required=True,
            example="P-00001",
        ),
        Column(
            field="organisation_number",
            title="Vereinsnummer",
            other_names="Verein,Vereinsnr,Organisation,Organisationsnummer,organisation_id",
            read=values.read_source_number,
            most=40,
            is_required=True,
            example="V-0001",
        ),
        Column(
            field="activity",
            title="Tätigkeit",
            other_names="Aufgabe,Funktion,Rolle,Engagement",
            example="Jugendtrainerin",
        ),
        Column(
            field="hours_per_week",
            title="Stunden pro Woche",
            other_names="Wochenstunden,Stunden,Std pro Woche,Std/Woche,hours",
            read=values.read_hours,
            most=20,
            example="3,5",
        ),
        Column(
            field="since_on",
            title="Seit",
            other_names="Beginn,von,aktiv seit,engagiert seit,since,start",
            read=values.read_date,
            most=30,
            example="01.03.2015",
        ),
        Column(
            field="until_on",
            title="Bis",
            other_names="Ende,until,end",
            read=values.read_date,
            most=30,
            note="Leer: dauert an.",
        ),
    ),
)
