"""Shows what citizens, clerks and partners' editors see of the demo city."""

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from deploy.demo.partner_loading import PUBLISH
from deploy.pictures.studio import Studio
from shared.auth import Role

PEOPLE: Final = (
    "Personennummer;Anrede;Vorname;Nachname;E-Mail;Straße;PLZ;Ort\r\n"
    "P-90001;Frau;Gerlinde;Ulmenhof;gerlinde@post.example;Gartenweg 3;01099;Elbstadt\r\n"
    "P-90002;Herr;Karl;Ulmental;karl.ulmental(at)post.example;Gartenweg 3;01099;Elbstadt\r\n"
    "P-90003;Frau;Änne;Ulmenröder;;Gartenweg 4;1099;Elbstadt\r\n"
    "P-90004;Herr;Ole;Ulmenau;ole@post.example;Gartenweg 5;01099;Elbstadt\r\n"
)
PARTNER: Final = "stadttheater"
NEXT_MONTH: Final = timedelta(days=31)


def show(studio: Studio, nats_url: str, demo: Path) -> None:
    """Look at the calendar, check a list, and see what a partner got wrong.

    Args:
        studio: where the system's pages are opened.
        nats_url: where partners publish.
        demo: folder of the city's files, with the partners' credentials.
    """
    month = date.today().replace(day=1) + NEXT_MONTH  # noqa: DTZ011 - a month with many events
    studio.take(studio.visit(f"/termine/monat/{month:%Y-%m}"), "month")
    studio.take(studio.visit("/kalender", "telephone"), "subscribe")
    _check_list(studio)
    _publish_wrong(nats_url, demo)
    studio.take(studio.sit(Role.EDITOR, f"/konsole/partner/{PARTNER}"), "partner")


def _check_list(studio: Studio) -> None:
    clerk = studio.sit(Role.CLERK, "/konsole/importe")
    clerk.get_by_label("Personen", exact=True).check()
    clerk.get_by_label("Datei").set_input_files(
        {"name": "personen.csv", "mimeType": "text/csv", "buffer": PEOPLE.encode("cp1252")}
    )
    clerk.get_by_role("button", name="Liste prüfen").click()
    clerk.get_by_text("Geprüft:").first.wait_for()
    studio.take(clerk, "import")


def _publish_wrong(nats_url: str, demo: Path) -> None:
    """Publish an event that ends before it begins, as a partner would."""
    day = date.today() + NEXT_MONTH  # noqa: DTZ011 - any day to come
    item = {
        "@context": "https://schema.org",
        "@type": "TheaterEvent",
        "identifier": "elbhochzeit",
        "name": "Elbhochzeit",
        "startDate": f"{day}T19:30",
        "endDate": f"{day}T17:30",
    }
    file = demo / "wrong.json"
    file.write_text(json.dumps([item]), encoding="utf-8")
    credentials = demo / "partner" / f"{PARTNER}.creds"
    subprocess.run([sys.executable, PUBLISH, credentials, file, nats_url], check=True)
