"""How every command speaks to the terminal, and its exit codes."""

import os
import sys
from collections.abc import Callable
from typing import Annotated, NoReturn, TypeVar

import msgspec
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
4 what it works on does not run or cannot be reached · 130 interrupted.
"""

out = Console(highlight=False)
"""For results."""
err = Console(stderr=True, highlight=False, soft_wrap=True)
"""For everything else; a sentence is one line, which the terminal breaks, and a log does not."""

Result = TypeVar("Result")
Json = Annotated[
    bool, typer.Option("--json", help="Write the result as one JSON document, for programs.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def fail(message: str, code: int = FAILED) -> NoReturn:
    """End the command with a sentence that says what is wrong."""
    err.print(f"[bold red]Error:[/] {_escaped(message)}")
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


def print_json(value: object) -> None:
    """Write a result for programs; what is for people goes to `err` meanwhile."""
    typer.echo(msgspec.json.encode(value, enc_hook=os.fspath).decode())


def require_yes(question: str, *, yes: bool) -> None:
    """Ask before what cannot be taken back; end the command unless somebody says yes."""
    if yes:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        fail(f"{question} Nobody can be asked here: say --yes", USAGE)
    typer.confirm(question, abort=True, err=True)


def _escaped(text: str) -> str:
    return text.replace("[", r"\[")
