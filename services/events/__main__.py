"""Starts events: `python -m services.events api | worker`."""

from services.events.settings import Settings
from shared.process import main

main("events", Settings)
