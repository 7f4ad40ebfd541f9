"""Writes a made-up city as the files that people and partner systems would bring."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec

from deploy.demo.generate import City
from deploy.demo.programme import Occasion
from deploy.demo.words import TOWN

ORGANISATIONS = "vereine.csv"
PEOPLE = "personen.csv"
ENGAGEMENTS = "engagements.csv"
CONCERT = "konzert.json"


def write_city(city: City, directory: Path) -> list[Path]:
    """Write the lists (CSV), the concert's plan (JSON) and the partners' events; returns them all.

    The lists are as a German office program writes them: UTF-8 with its mark, semicolons, CRLF,
    days as 31.12.2024, decimal commas. They are imported in the order that is returned.
    """
    directory.mkdir(parents=True, exist_ok=True)
    organisations, people, engagements = (
        directory / name for name in (ORGANISATIONS, PEOPLE, ENGAGEMENTS)
    )
    _write_organisations(city, organisations)
    _write_people(city, people)
    _write_engagements(city, engagements)
    concert = directory / CONCERT
    plan = {"plan": city.concert, "quotas": city.quotas}
    concert.write_bytes(msgspec.json.format(msgspec.json.encode(plan), indent=2))
    return [organisations, people, engagements, concert, *_write_partners(city, directory)]


def _write_organisations(city: City, file: Path) -> None:
    titles = "Vereinsnummer;Name;Bereich;Stadtteil;Ansprechperson;E-Mail;Straße;PLZ;Ort"
    _write_list(
        file,
        titles.split(";"),
        (
            (
                each.number,
                each.name,
                each.field,
                each.district,
                each.contact_name,
                each.email,
                each.street,
                each.postal_code,
                TOWN,
            )
            for each in city.organisations
        ),
    )


def _write_people(city: City, file: Path) -> None:
    titles = "Personennummer;Anrede;Vorname;Nachname;E-Mail;Straße;PLZ;Ort;Geburtsdatum"
    _write_list(
        file,
        titles.split(";"),
        (
            (
                each.number,
                each.salutation,
                each.given_name,
                each.family_name,
                each.email,
                each.street,
                each.postal_code,
                TOWN,
                _day(each.born_on),
            )
            for each in city.people
        ),
    )


def _write_engagements(city: City, file: Path) -> None:
    titles = "Nummer;Personennummer;Vereinsnummer;Tätigkeit;Stunden pro Woche;Seit;Bis"
    _write_list(
        file,
        titles.split(";"),
        (
            (
                each.number,
                each.person_number,
                each.organisation_number,
                each.activity,
                f"{each.half_hours_per_week / 2:.1f}".replace(".", ","),
                _day(each.since_on),
                _day(each.until_on),
            )
            for each in city.engagements
        ),
    )


def _write_partners(city: City, directory: Path) -> list[Path]:
    """Write each partner's events in the form that this partner speaks."""
    folder = directory / "partner"
    folder.mkdir(exist_ok=True)
    theater, school, district = (
        folder / name for name in ("stadttheater.json", "volkshochschule.ics", "stadtteil.json")
    )
    _write_json(theater, [_as_schema_org(each) for each in city.occasions["stadttheater"]])
    school.write_bytes(_as_icalendar(city.occasions["volkshochschule"]).encode())
    _write_json(district, [_as_plain_json(each) for each in city.occasions["stadtteil"]])
    return [theater, school, district]


def _write_json(file: Path, items: Sequence[dict[str, Any]]) -> None:
    file.write_bytes(msgspec.json.format(msgspec.json.encode(items), indent=2))


def _write_list(file: Path, titles: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as output:
        writer = csv.writer(output, delimiter=";", lineterminator="\r\n")
        writer.writerow(titles)
        writer.writerows(rows)


def _day(day: date | None) -> str:
    return "" if day is None else f"{day:%d.%m.%Y}"


def _as_schema_org(occasion: Occasion) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": "TheaterEvent",
        "identifier": occasion.number,
        "name": occasion.title,
        "description": occasion.description,
        "startDate": occasion.starts_at.isoformat(),
        "endDate": occasion.ends_at.isoformat(),
        "location": {
            "@type": "Place",
            "name": occasion.place_name,
            "address": occasion.place_address,
        },
        "url": f"https://theater.example.org/{occasion.number}",
        "keywords": [occasion.topic],
    }


def _as_plain_json(occasion: Occasion) -> dict[str, Any]:
    return {
        "id": occasion.number,
        "title": occasion.title,
        "description": occasion.description,
        "starts": occasion.starts_at.isoformat(),
        "ends": occasion.ends_at.isoformat(),
        "place": {"name": occasion.place_name, "address": occasion.place_address},
        "organiser": "Stadtteilverein Ziegelei e. V.",
        "categories": [occasion.topic],
    }


def _as_icalendar(occasions: Sequence[Occasion]) -> str:
    """Return them as a calendar file with short lines only, so that none has to be folded."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Volkshochschule Elbstadt//Kurse//DE"]
    for each in occasions:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{each.number}@vhs.example.org",
            "DTSTAMP:20240101T000000Z",
            f"DTSTART;TZID=Europe/Berlin:{_stamp(each.starts_at)}",
            f"DTEND;TZID=Europe/Berlin:{_stamp(each.ends_at)}",
            f"SUMMARY:{_escaped(each.title)}",
            f"DESCRIPTION:{_escaped(each.description)}",
            f"LOCATION:{_escaped(f'{each.place_name}, {each.place_address}')}",
            f"CATEGORIES:{_escaped(each.topic)}",
            "END:VEVENT",
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y%m%dT%H%M%S}"


def _escaped(text: str) -> str:
    """Escape what means something in iCalendar text. Source: RFC 5545 3.3.11."""
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
