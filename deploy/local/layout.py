"""Says where the local run keeps its data, secrets, logs and notes."""

import os
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parents[2]
"""The folder that holds services/ and shared/."""
VARIABLE = "EHRENSACHE_LOCAL"


class Layout(msgspec.Struct, frozen=True):
    """The folders below one root, which are made when they are needed."""

    root: Path

    @property
    def data(self) -> Path:
        """All that must survive a restart."""
        return self.root / "data"

    @property
    def postgres(self) -> Path:
        """PostgreSQL's data and log."""
        return self.data / "postgres"

    @property
    def nats(self) -> Path:
        """NATS's data and log."""
        return self.data / "nats"

    @property
    def mails(self) -> Path:
        """The mails that the mailbox has taken."""
        return self.data / "mails"

    @property
    def secrets(self) -> Path:
        """Passwords and private keys, readable by their owner only."""
        return self.root / "secrets"

    @property
    def bus_keys(self) -> Path:
        """Keys and credentials of the bus."""
        return self.secrets / "nats"

    @property
    def logs(self) -> Path:
        """One log file for each process."""
        return self.root / "log"

    @property
    def notes(self) -> Path:
        """What a run notes down about itself: ports, processes, addresses."""
        return self.root / "run"

    @property
    def demo(self) -> Path:
        """The demo city's files, and its partners' credentials."""
        return self.data / "demo"

    @property
    def demo_loaded(self) -> Path:
        """The file that exists once the demo city is loaded; it goes with the data."""
        return self.demo / "loaded"

    def all_logs(self) -> list[Path]:
        """List the log files that there are."""
        stores = (self.postgres / "postgres.log", self.nats / "nats.log")
        return [*self.logs.glob("*.log"), *(log for log in stores if log.exists())]

    def make(self) -> None:
        """Make the folders; other users of the machine cannot look into secrets and notes."""
        for private in (self.secrets, self.notes):
            private.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (self.logs, self.mails):
            folder.mkdir(parents=True, exist_ok=True)


def default_layout() -> Layout:
    """Return `.local` of this tree, or the folder that EHRENSACHE_LOCAL names."""
    return Layout(Path(os.environ.get(VARIABLE) or ROOT / ".local").absolute())
