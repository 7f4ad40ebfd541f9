"""Publishes the events of a file, .json or .ics, one by one, and says what became of each."""

import asyncio
import json
import re
from argparse import ArgumentParser, Namespace
from pathlib import Path
from uuid import uuid4

import nats

WORDS = {"accepted": "taken", "unchanged": "taken before", "held": "waits for an editor"}
CALENDAR = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Example//DE\n{}\nEND:VCALENDAR\n"
EVENT = re.compile(r"^BEGIN:VEVENT.*?^END:VEVENT", re.DOTALL | re.MULTILINE)


def read_items(text: str, ending: str) -> tuple[str, list[str]]:
    """Return the content type and the single events of a file."""
    if ending == ".ics":
        return "text/calendar", [CALENDAR.format(event) for event in EVENT.findall(text)]
    return "application/json", [json.dumps(item) for item in json.loads(text)]


async def publish(given: Namespace, name: str) -> None:
    """Publish each event and wait for both answers: it is stored, and what became of it."""
    content_type, items = read_items(given.file.read_text(encoding="utf-8"), given.file.suffix)
    connection = await nats.connect(given.server, user_credentials=str(given.credentials))
    receipts = await connection.subscribe("receipts.>")
    for item in items:
        headers = {"ce-specversion": "1.0", "ce-id": str(uuid4()), "ce-type": "event"}
        headers |= {"ce-source": name, "ce-datacontenttype": content_type}
        stream = connection.jetstream()
        ack = await stream.publish("publish.event", item.encode(), headers=headers)
        told = json.loads((await receipts.next_msg(timeout=30)).data)
        outcome = WORDS.get(told["outcome"]) or f"NOT taken, {told.get('field')}: {told['hint']}"
        print(f"Stored as number {ack.seq}, {outcome}")
    await connection.close()


parser = ArgumentParser(description="Publish the events of a file, one by one.")
parser.add_argument("credentials", type=Path, help="the file that the operator has handed you")
parser.add_argument("file", type=Path, help="a list of events as .json, or a calendar as .ics")
parser.add_argument("server", help="such as nats://localhost:4222 or wss://example.org/bus")
parser.add_argument("--name", help="your name at this city, unless the credentials' file has it")
given = parser.parse_args()
asyncio.run(publish(given, given.name or given.credentials.stem))
