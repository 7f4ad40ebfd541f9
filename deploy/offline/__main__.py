"""python -m deploy.offline: makes engine and foreign images ready, and says what they are."""

import sys

from deploy.offline import engine, images


def main() -> None:
    """Bring this machine to where `docker compose up` works."""
    for sentence in engine.ensure():
        sys.stdout.write(f"{sentence}\n")
    images.ensure()
    for image in images.NAMES:
        sys.stdout.write(f"{image}: {images.kind(image)}\n")


if __name__ == "__main__":
    main()
