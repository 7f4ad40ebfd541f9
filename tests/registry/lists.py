"""Builds the lists that tests import, and starts imports of them."""

from services.registry.columns import Kind
from services.registry.imports.commands.start_import import StartImport
from services.registry.imports.model import Import
from services.registry.imports.work import import_file
from services.registry.model import Actor
from shared.database import Pool

CLERK = Actor("openid:erika", "Erika Beispiel")
HEADERS: dict[Kind, str] = {
    "organisations": "Vereinsnummer;Name;Bereich;Stadtteil;Ansprechperson;E-Mail;Straße;PLZ;Ort",
    "people": "Personennummer;Anrede;Vorname;Nachname;E-Mail;Straße;PLZ;Ort;Geburtsdatum",
    "engagements": "Nummer;Personennummer;Vereinsnummer;Tätigkeit;Stunden pro Woche;Seit;Bis",
}
ROWING_CLUB = "V-1;Ruderclub Elbe;Sport;Pieschen;Uwe Muster;rc@example.org;Am Fluss 1;01127;Dresden"


def a_list(kind: Kind, *lines: str) -> bytes:
    """Return a file of a kind with these lines below its header."""
    return "".join(f"{line}\r\n" for line in (HEADERS[kind], *lines)).encode()


def person_line(number: int, prefix: str = "P", **fields: str) -> str:
    """Return a line of a person whose number is `prefix`-`number`; fields by their German title."""
    values = {
        "Personennummer": f"{prefix}-{number:06d}",
        "Anrede": "Frau",
        "Vorname": "Änne",
        "Nachname": f"Müller{number}",
        "E-Mail": f"aenne{number}@example.org",
        "Straße": "Königstraße 3",
        "PLZ": "01067",
        "Ort": "Dresden",
        "Geburtsdatum": "24.12.1960",
    } | fields
    return ";".join(values.values())


def people(*numbers: int, prefix: str = "P", **fields: str) -> bytes:
    """Return a list of people with these numbers."""
    return a_list("people", *(person_line(number, prefix, **fields) for number in numbers))


async def import_list(
    pool: Pool, kind: Kind, content: bytes, *, is_dry_run: bool = False, only_valid: bool = False
) -> Import:
    """Import a file as the operator does, and return how it ended."""
    return await import_file(
        pool,
        StartImport(kind=kind, file_name="liste.csv", content=content, by=CLERK),
        lambda _job: None,
        is_dry_run=is_dry_run,
        only_valid=only_valid,
    )


def figures(job: Import) -> tuple[int, int, int, int]:
    """Return how many rows were new, changed, unchanged and rejected."""
    return job.new_rows, job.changed_rows, job.unchanged_rows, job.rejected_rows
