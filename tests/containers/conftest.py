"""Says what the foreign images are; `make test-containers` has seen to them."""

from deploy.offline import images


def pytest_report_header() -> list[str]:
    """Name every foreign image, and whether it is the official one."""
    return [f"{image}: {images.kind(image)}" for image in images.NAMES]
