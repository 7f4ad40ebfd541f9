"""Who works at the console of honouring events."""

from collections.abc import AsyncIterator

import pytest

from services.recognition.app import create
from shared.auth import Role
from tests.conftest import Database
from tests.recognition.honouring.settings import settings_for
from tests.visitor import Visitor, visiting


@pytest.fixture
async def foundation(database: Database) -> AsyncIterator[Visitor]:
    """A browser in which the foundation is signed in."""
    async with visiting(create(settings_for(database))) as visitor:
        visitor.sign_in(Role.FOUNDATION)
        yield visitor
