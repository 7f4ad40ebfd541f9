"""Starts events: `python -m services.events api | worker`."""

from services.events.app import WORKER
from services.events.settings import Settings
from shared.process import main

main("events", Settings, WORKER)
