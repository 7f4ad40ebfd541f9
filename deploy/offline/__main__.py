"""python -m deploy.offline [COMMAND …]: makes engine and foreign images ready, then runs a command.

Says what was done and what the images are. An engine that had to be started ends with the command;
without a command it stays.
"""

import sys
from collections.abc import Sequence

from deploy.offline import engine, images
from deploy.offline.command import alone, hand_over


def main(command: Sequence[str]) -> int:
    """Bring this machine to where `docker compose up` works; return the command's exit code."""
    if not command:
        engine.ensure(_say)
        _see_to_images()
        return 0
    with alone(), engine.ready(_say):
        _see_to_images()
        return hand_over(command)


def _see_to_images() -> None:
    images.ensure()
    for image in images.NAMES:
        _say(f"{image}: {images.kind(image)}")


def _say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
