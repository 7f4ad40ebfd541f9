"""Makes sure that an engine with compose answers; installs Debian's where there is none."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from deploy.local.layout import default_layout

PACKAGES = {"dockerd": "docker.io", "iptables": "iptables"}
"""What the engine needs: programs, and the packages of Debian that have them."""
PLUGIN = Path("/usr/libexec/docker/cli-plugins/docker-compose")
"""Where Docker's command looks for compose, and where Debian's package has it."""
PLUGIN_SUITE = "trixie"
"""Debian 12's compose is too old for today's files; that of Debian 13 is one static program."""
NOTE = Path("/var/run/docker.pid")
"""Where the engine writes its process id; it does not start while a process has it."""
READY_SECONDS = 60
SOURCE = "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] {mirror} {suite} main\n"


class EngineMissing(SystemExit):
    """There is no container engine and none can be installed; the message says what to do."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"{problem}. Remedy: install Docker with compose 2, start it, try again")


def ensure(say: Callable[[str], None]) -> None:
    """Have an engine with compose answer, and leave it running.

    An engine that answers is used as it is. Otherwise, as root on Debian, the engine is installed
    where it is missing and started in the background.

    Args:
        say: is told what had to be done, in sentences.

    Raises:
        EngineMissing: nothing answers and we are not root on Debian, or it does not start.
    """
    _ensure(say, ("dockerd",))


@contextmanager
def ready(say: Callable[[str], None]) -> Iterator[None]:
    """Have an engine answer while the block runs; one that we had to start ends with it.

    It ends with this process, too, if that is killed. See `ensure`.
    """
    ours = _ensure(say, ("setpriv", "--pdeathsig=TERM", "dockerd"))
    try:
        yield
    finally:
        if ours is not None:
            ours.terminate()
            ours.wait()
            say("Ended the engine.")


def _ensure(say: Callable[[str], None], command: Sequence[str]) -> subprocess.Popen[bytes] | None:
    """Return the engine's process if it had to be started."""
    if not answers("docker", "version"):
        _install_engine(say)
    ours = None
    if not answers("docker", "version"):
        ours = _start(command)
        say(f"Started the engine, process {ours.pid}.")
    if not answers("docker", "compose", "version"):
        _must_be_ours()
        _install_compose()
        say(f"Installed compose of Debian's {PLUGIN_SUITE}.")
    return ours


def _install_engine(say: Callable[[str], None]) -> None:
    """Install what is missing; where Debian starts services, the engine answers afterwards."""
    missing = [package for program, package in PACKAGES.items() if shutil.which(program) is None]
    if missing:
        _must_be_ours()
        _apt("update", "-qq")
        _apt("install", "-qq", "-y", "--no-install-recommends", *missing)
        say(f"Installed {' and '.join(missing)} of Debian.")


def run(*command: str | Path, environment: Mapping[str, str] | None = None) -> str:
    """Run a program and return what it printed.

    Raises:
        EngineMissing: it failed; the message holds its last words.
    """
    ended = subprocess.run(
        command,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode != 0:
        words = "\n".join((ended.stdout + ended.stderr).splitlines()[-20:])
        raise EngineMissing(f"`{' '.join(map(str, command))}` failed:\n{words}\n")
    return ended.stdout


def answers(*command: str) -> bool:
    """Tell whether a program is there and succeeds."""
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _must_be_ours() -> None:
    """Install only where it can be done as Debian means it."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise EngineMissing("No container engine with compose answers")


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start the engine in a session of its own and return its process when it answers."""
    _forget_the_dead()
    log = default_layout().root / "log" / "dockerd.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    deadline = time.monotonic() + READY_SECONDS
    while not answers("docker", "version"):
        if process.poll() is not None or time.monotonic() > deadline:
            process.terminate()
            words = "\n".join(log.read_text().splitlines()[-10:])
            raise EngineMissing(f"The engine did not start, its last words in {log}:\n{words}\n")
        time.sleep(0.2)
    return process


def _forget_the_dead() -> None:
    """Remove the note of an engine that was killed: its number may be another process's by now."""
    if not NOTE.exists():
        return
    process = Path("/proc") / NOTE.read_text().strip() / "comm"
    if not process.exists() or process.read_text().strip() != "dockerd":
        NOTE.unlink()


def _install_compose() -> None:
    with tempfile.TemporaryDirectory() as folder:
        package = download("docker-compose", PLUGIN_SUITE, Path(folder))
        run("dpkg", "-x", package, Path(folder) / "unpacked")
        PLUGIN.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(Path(folder) / "unpacked" / PLUGIN.relative_to("/"), PLUGIN)


def mirror() -> str:
    """Return where this machine's apt has Debian from, so that other suites come from there too.

    Raises:
        EngineMissing: apt knows of none.
    """
    targets = run("apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages")
    known = [line.rstrip("/") for line in targets.splitlines() if "security" not in line]
    if not known:
        raise EngineMissing("apt knows no mirror of Debian")
    return known[0]


def download(package: str, suite: str, folder: Path) -> Path:
    """Fetch a package of another suite of Debian, without letting the machine know that suite."""
    lists = folder / "lists"
    (lists / "partial").mkdir(parents=True)
    sources = folder / "sources.list"
    sources.write_text(SOURCE.format(mirror=mirror(), suite=suite))
    options = (
        f"Dir::Etc::sourcelist={sources}",
        "Dir::Etc::sourceparts=-",
        f"Dir::State::lists={lists}",
        f"Dir::Cache={folder}",
        "APT::Sandbox::User=root",
    )
    _apt("update", "-qq", options=options)
    _apt("download", "-qq", package, options=options, folder=folder)
    return next(folder.glob("*.deb"))


def _apt(*words: str, options: Sequence[str] = (), folder: Path = Path("/")) -> None:
    settings = [part for option in options for part in ("-o", option)]
    # apt downloads into the folder in which it runs.
    run("env", "-C", folder, "apt-get", *settings, *words, environment=QUIET)


QUIET = {"DEBIAN_FRONTEND": "noninteractive"}
