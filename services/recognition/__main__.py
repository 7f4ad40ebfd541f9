"""Starts recognition: `python -m services.recognition api | worker`."""

from services.recognition.settings import Settings
from shared.process import main

main("recognition", Settings)
