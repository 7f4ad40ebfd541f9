"""python -m deploy.offline: makes engine and foreign images ready, and says what they are."""

import sys

from deploy.offline import engine, images


def main() -> None:
    """Bring this machine to where `docker compose up` works."""
    for sentence in engine.ensure():
        sys.stdout.write(f"{sentence}\n")
    for image, is_stand_in in images.ensure().items():
        what = "STAND-IN, built from our wheels" if is_stand_in else "the official image"
        sys.stdout.write(f"{image}: {what}\n")


if __name__ == "__main__":
    main()
