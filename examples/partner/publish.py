"""Publishes the events of a file: publish.py theater.creds events.json nats://localhost:4222."""

import asyncio
import json
import re
import sys
from pathlib import Path
from uuid import uuid4

import nats

WORDS = {"accepted": "taken", "unchanged": "taken before", "held": "waits for an editor"}
CALENDAR = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Example//DE\n{}\nEND:VCALENDAR\n"
EVENT = re.compile(r"^BEGIN:VEVENT.*?^END:VEVENT", re.DOTALL | re.MULTILINE)


def read_items(file: Path) -> tuple[str, list[str]]:
    """Return the content type and the single events of a file."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".ics":
        return "text/calendar", [CALENDAR.format(event) for event in EVENT.findall(text)]
    return "application/json", [json.dumps(item) for item in json.loads(text)]


async def publish(credentials: Path, file: Path, server: str) -> None:
    """Publish each event and wait for both answers: it is stored, and what became of it."""
    connection = await nats.connect(server, user_credentials=str(credentials))
    receipts = await connection.subscribe("receipts.>")
    content_type, items = read_items(file)
    about = {"ce-specversion": "1.0", "ce-type": "event", "ce-source": credentials.stem}
    for item in items:
        headers = about | {"ce-id": str(uuid4()), "ce-datacontenttype": content_type}
        ack = await connection.jetstream().publish("publish.event", item.encode(), headers=headers)
        told = json.loads((await receipts.next_msg(timeout=30)).data)
        outcome = WORDS.get(told["outcome"]) or f"NOT taken, {told.get('field')}: {told['hint']}"
        print(f"Stored as number {ack.seq}, {outcome}")
    await connection.close()


asyncio.run(publish(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]))
