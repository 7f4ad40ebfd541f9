"""The command `ehrensache`: puts its subcommands together."""

import typer

from deploy.cli import dead_letters, demo, imports, partner
from deploy.cli.backup import backup, backup_key
from deploy.cli.check_config import check_config
from deploy.cli.exporter import exporter
from deploy.cli.migrate import migrate
from deploy.cli.provision import provision
from deploy.cli.rebuild import rebuild
from deploy.cli.reset import reset
from deploy.cli.restore import restore, restore_secrets
from deploy.cli.secrets import secrets
from deploy.cli.status import status
from deploy.cli.terminal import EXIT_CODES
from deploy.cli.up import up
from deploy.cli.verify import verify

ON_THIS_MACHINE = "On this machine"
OPERATION = "Operation"
SAFETY = "Safety"

app = typer.Typer(
    name="ehrensache",
    help="Run and look after Ehrensache.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_show_locals=False,
)
app.command(rich_help_panel=ON_THIS_MACHINE)(up)
app.command(rich_help_panel=ON_THIS_MACHINE)(reset)
app.command(rich_help_panel=OPERATION)(status)
app.command(rich_help_panel=OPERATION)(exporter)
app.command(rich_help_panel=OPERATION)(secrets)
app.command(rich_help_panel=OPERATION)(migrate)
app.command("check-config", rich_help_panel=OPERATION)(check_config)
app.command(rich_help_panel=OPERATION)(provision)
app.command(rich_help_panel=SAFETY)(backup)
app.command("backup-key", rich_help_panel=SAFETY)(backup_key)
app.command(rich_help_panel=SAFETY)(restore)
app.command("restore-secrets", rich_help_panel=SAFETY)(restore_secrets)
app.command(rich_help_panel=SAFETY)(rebuild)
app.command(rich_help_panel=SAFETY)(verify)
app.add_typer(demo.app, name="demo", rich_help_panel=ON_THIS_MACHINE)
app.add_typer(partner.app, name="partner", rich_help_panel=OPERATION)
app.add_typer(imports.app, name="import", rich_help_panel=OPERATION)
app.add_typer(dead_letters.app, name="dead-letters", rich_help_panel=OPERATION)


def _explain(group: typer.Typer) -> None:
    """Let the help of every command end with the exit codes."""
    for command in group.registered_commands:
        command.epilog = EXIT_CODES
    for inner in group.registered_groups:
        if inner.typer_instance:
            _explain(inner.typer_instance)


_explain(app)


def main() -> None:
    """Run the command that the arguments name."""
    app()
