"""python3 deploy/local/bootstrap.py [COMMAND …]: installs what is missing, then runs a command.

Needs nothing but Python 3.11 and a network: it makes the virtual environment .local/venv from
requirements.lock, again whenever the lock has changed, and hands over to the program named, which
is looked for in that environment first. Without a command it only installs.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".local" / "venv"
STAMP = VENV / "installed"
OLDEST = (3, 11)
INTERRUPTED = 130
"""Exit code, 128 + SIGINT."""
KNOWN = ("python3.14", "python3.13", "python3.12", "python3.11")


def main(arguments: list[str]) -> None:
    """Install if need be, then become the command."""
    if sys.version_info < OLDEST:
        _become_newer(arguments)
    VENV.parent.mkdir(exist_ok=True)
    with (VENV.parent / "installing").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _install_once()
    if arguments:
        _become(arguments)


def _install_once() -> None:
    if STAMP.exists() and STAMP.read_text() == _wanted():
        return
    STAMP.unlink(missing_ok=True)
    _install()
    STAMP.write_text(_wanted())


def _wanted() -> str:
    """Name what must be installed: the lock, what we are ourselves, and for which Python."""
    parts = [(ROOT / name).read_bytes() for name in ("requirements.lock", "pyproject.toml")]
    return hashlib.sha256(b"\0".join([*parts, str(ROOT).encode(), _python()])).hexdigest()


def _python() -> bytes:
    """Name the Python of the environment, or our own where there is none yet."""
    config = VENV / "pyvenv.cfg"
    if config.exists():
        lines = config.read_text().splitlines()
        return next((line for line in lines if line.startswith("version")), "").encode()
    return f"version = {sys.version.split()[0]}".encode()


def _install() -> None:
    python = VENV / "bin" / "python"
    if not python.with_name("pip").exists():
        _say(f"Making the virtual environment {VENV}")
        _run(
            [sys.executable, "-m", "venv", "--clear", VENV],
            "install Python's venv module (Debian and Ubuntu: apt install python3-venv)",
        )
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "-qq"]
    _say("Installing the packages of requirements.lock (two minutes the first time)")
    lock = ROOT / "requirements.lock"
    _run(
        [*pip, "--require-hashes", "-r", lock], "check the network, then run the same command again"
    )
    _run(
        [*pip, "--no-deps", "--no-build-isolation", "--editable", ROOT],
        f"delete {VENV} and run the same command again",
    )


def _run(command: Sequence[str | Path], remedy: str) -> None:
    if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
        _say(f"That failed. Remedy: {remedy}")
        sys.exit(1)


def _become(arguments: list[str]) -> None:
    """Run the command in our place, with the environment's programs first on its path."""
    programs = VENV / "bin"
    os.environ["PATH"] = os.pathsep.join([str(programs), os.environ.get("PATH", "")])
    os.environ["VIRTUAL_ENV"] = str(VENV)
    sys.stdout.flush()
    os.execvp(arguments[0], arguments)  # noqa: S606 - the command is the caller's own


def _become_newer(arguments: list[str]) -> None:
    """Start again with a newer Python if the machine has one."""
    for name in KNOWN:
        if found := shutil.which(name):
            os.execv(found, [found, __file__, *arguments])  # noqa: S606 - a Python by its name
    _say("Ehrensache needs Python 3.11 or newer. Remedy: install it, for example as python3.13")
    sys.exit(1)


def _say(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        _say("Interrupted. The same command can be run again.")
        sys.exit(INTERRUPTED)
