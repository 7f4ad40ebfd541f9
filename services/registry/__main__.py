"""Starts registry: `python -m services.registry api | worker`."""

from services.registry.settings import Settings
from shared.process import main

main("registry", Settings)
