"""Knows which subjects each service listens to, so that its durable holds nothing else."""

import importlib
import inspect

from deploy.postgres.roles import SERVICES
from shared.broker import Subscriptions


def listens_to() -> dict[str, list[str]]:
    """Return each service's subjects, as its subscriptions say."""
    return {service: subjects_of(service) for service in SERVICES}


def subjects_of(service: str) -> list[str]:
    """Return the subjects that a service has a handler for; never empty.

    A service's `subscriptions` function only registers its handlers: what they will be built from
    may be anything meanwhile, so it is given nothing.
    """
    register = importlib.import_module(f"services.{service}.subscriptions").subscriptions
    nothing = [None] * len(inspect.signature(register).parameters)
    heard: Subscriptions = register(*nothing)
    return sorted(heard.handlers)
