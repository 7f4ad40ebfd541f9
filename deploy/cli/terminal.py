"""How every command speaks to the terminal, and its exit codes."""

import sys
from collections.abc import Callable
from typing import NoReturn, TypeVar

import typer
from rich.console import Console

from deploy.local.failure import AlreadyRunning, Cancelled, PartFailed

OK = 0
FAILED = 1
USAGE = 2
ALREADY_RUNNING = 3
NOT_RUNNING = 4
INTERRUPTED = 130

EXIT_CODES = """\
Exit codes: 0 done · 1 something is wrong, or it failed · 2 wrong usage · 3 it already runs ·
4 nothing runs that could be asked · 130 interrupted.
"""

out = Console(highlight=False)
"""For results."""
err = Console(stderr=True, highlight=False)
"""For everything else."""

Result = TypeVar("Result")


def fail(message: str, code: int = FAILED) -> NoReturn:
    """End the command with a sentence that says what is wrong."""
    err.print(f"[bold red]Error:[/] {_escaped(message)}", soft_wrap=True)
    raise typer.Exit(code)


def told(work: Callable[[], Result]) -> Result:
    """Do the work; turn what it raises for the operator into a sentence and an exit code."""
    try:
        return work()
    except AlreadyRunning as error:
        fail(str(error), ALREADY_RUNNING)
    except PartFailed as error:
        fail(str(error))
    except Cancelled:
        err.print("Interrupted; everything is stopped.")
        raise typer.Exit(INTERRUPTED) from None
    except PermissionError as error:
        owner = f"{error.filename} belongs to somebody else"
        fail(f"{owner}: run the command as that user, or choose a folder with EHRENSACHE_LOCAL")


def is_terminal() -> bool:
    """Tell whether a person sits in front of it."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _escaped(text: str) -> str:
    return text.replace("[", r"\[")
