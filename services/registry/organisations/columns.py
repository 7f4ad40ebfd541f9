"""Says which columns a list of organisations has."""

from typing import Final

from services.registry import values
from services.registry.columns import ADDRESS, Column, Table, advise_reachable
from services.registry.organisations.model import FIELDS, OTHER_FIELD, OrganisationRow
from services.registry.spelling import folded

_SHORT_NAMES: Final = {
    "sport": "sport,bewegung",
    "culture": "kultur,musik",
    "leisure": "freizeit,geselligkeit",
    "social": "soziales,sozialer bereich",
    "health": "gesundheit,gesundheitsbereich",
    "school": "schule,kindergarten,bildung",
    "youth": "jugend,jugendarbeit,erwachsenenbildung",
    "environment": "umwelt,naturschutz,tierschutz,umwelt- und naturschutz",
    "religion": "kirche,religion,kirche und religion",
    "rescue": "feuerwehr,rettungsdienst,katastrophenschutz",
    "justice": "justiz",
    "local": "buergerengagement",
    "other": "sonstiges,sonstige,andere",
}
_CODES: Final = {
    word: code for code, words in _SHORT_NAMES.items() for word in words.split(",")
} | {name: code for code, label in FIELDS.items() for name in (code, folded(label))}


def read_field(cell: str) -> str:
    """Return the code of a field of engagement, from its code, its name or a usual short name.

    Raises:
        Unreadable: no such field.
    """
    code = _CODES.get(folded(values.read_text(cell)) or OTHER_FIELD)
    if code is None:
        possible = " · ".join(FIELDS.values())
        raise values.Unreadable(f"Diesen Bereich gibt es nicht. Möglich sind: {possible}")
    return code


ORGANISATIONS: Final = Table(
    kind="organisations",
    title="Organisationen",
    row=OrganisationRow,
    advise=advise_reachable,
    columns=(
        Column(
            field="source_number",
            title="Vereinsnummer",
            other_names="Nummer,Nr,Vereinsnr,Organisationsnummer,number,id,organisation_number",
            read=values.read_source_number,
            most=40,
            is_required=True,
            example="V-0001",
            note="Bleibt in jeder Liste gleich; daran wird der Verein wiedererkannt.",
        ),
        Column(
            field="name",
            title="Name",
            other_names="Vereinsname,Verein,Organisation,Bezeichnung",
            read=values.read_name,
            is_required=True,
            example="Beispielverein e. V.",
        ),
        Column(
            field="field",
            title="Bereich",
            other_names="Engagementbereich,Engagementfeld,Handlungsfeld,Kategorie,Sparte",
            read=read_field,
            show=lambda code: FIELDS.get(code, code),
            example="Sport und Bewegung",
            note="Einer der 14 Bereiche des Freiwilligensurveys; leer: Sonstiger Bereich.",
        ),
        Column(
            field="district",
            title="Stadtteil",
            other_names="Stadtbezirk,Ortsteil,Bezirk",
            example="Neustadt",
        ),
        Column(
            field="contact_name",
            title="Ansprechperson",
            other_names="Ansprechpartner,Ansprechpartnerin,Kontakt,Kontaktperson,Vorstand,contact",
            read=values.read_name,
            example="Erika Beispiel",
            note="Nur mit ihrem Einverständnis.",
        ),
        *ADDRESS,
    ),
)
