"""Starts registry: `python -m services.registry api | worker`."""

from services.registry.app import WORKER, Settings
from shared.process import main

main("registry", Settings, WORKER)
