"""The command `ehrensache`: puts its subcommands together."""

import typer

from deploy.cli.reset import reset
from deploy.cli.terminal import EXIT_CODES
from deploy.cli.up import up

app = typer.Typer(
    name="ehrensache",
    help="Run and look after Ehrensache.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_show_locals=False,
)
app.command()(up)
app.command()(reset)


def main() -> None:
    """Run the command that the arguments name."""
    app()
