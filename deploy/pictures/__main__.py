"""python -m deploy.pictures: starts a system with the demo city and writes docs/pictures anew."""

import shutil
import sys
from pathlib import Path

from deploy.cli.demo import load_into
from deploy.cli.reach import Reach
from deploy.local.chromium import MISSING, find
from deploy.local.layout import default_layout
from deploy.local.stack import Stack, Wishes
from deploy.pictures import city, concert, terminal
from deploy.pictures.studio import studio

DOCS = Path(__file__).parents[2] / "docs" / "pictures"


def main() -> None:
    """Take all pictures; the system and its data go when they are taken."""
    chromium = find()
    if chromium is None:
        sys.exit(MISSING)
    root = default_layout().root / "pictures"
    shutil.rmtree(root, ignore_errors=True)
    wishes = Wishes(durable=False, restarts=False, report=_report)
    with Stack(root, wishes) as stack:
        notes = stack.notes
        reach = Reach(
            nats_url=notes.nats_url,
            bus_keys=notes.bus_keys,
            postgres=notes.postgres,
            passwords=notes.passwords,
            secrets=notes.passwords,
        )
        load_into(reach, stack.layout.demo)
        with studio(chromium, notes.gateway, DOCS) as opened:
            concert.show(opened, notes.mailbox)
            city.show(opened, notes.nats_url, stack.layout.demo)
            terminal.show(opened, root)
    shutil.rmtree(root)


def _report(part: str, what: str) -> None:
    sys.stderr.write(f"{part}: {what}\n")


if __name__ == "__main__":
    main()
