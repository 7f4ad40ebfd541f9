"""Starts notifier: `python -m services.notifier api | worker`."""

from services.notifier.settings import Settings
from shared.process import main

main("notifier", Settings)
