"""Says what the foreign images are, which the make target has seen to, and why a test failed."""

from collections.abc import Generator

import pytest

from deploy.offline import images
from tests.containers.leftovers import last_words, sweep


def pytest_report_header() -> list[str]:
    """Name every foreign image, and whether it is the official one."""
    return [f"{image}: {images.kind(image)}" for image in images.NAMES]


def pytest_sessionstart() -> None:
    """Begin without the remains of a run that was killed."""
    sweep()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show beside a failure what the containers have logged."""
    report = yield
    if report.failed:
        report.sections.append(("Containers", last_words()))
    return report
