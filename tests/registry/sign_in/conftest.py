"""Hands the tests of signing in a provider and a browser at registry."""

from collections.abc import AsyncIterator

import pytest

from services.registry.app import create
from tests.conftest import Database
from tests.registry.conftest import settings_for
from tests.registry.sign_in.provider import FakeProvider
from tests.visitor import Visitor, visiting


@pytest.fixture
def provider() -> FakeProvider:
    return FakeProvider()


@pytest.fixture
async def visitor(database: Database, provider: FakeProvider) -> AsyncIterator[Visitor]:
    async with visiting(create(settings_for(database), provider.transport())) as opened:
        yield opened
