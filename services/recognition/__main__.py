"""Starts one of recognition's processes: python -m services.recognition api | worker."""

from services.recognition.app import WORKER, Settings
from shared.process import main

main("recognition", Settings, WORKER)
