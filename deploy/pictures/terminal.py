"""Shows what an operator's command prints."""

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from deploy.local.layout import VARIABLE
from deploy.pictures.studio import Studio

COLUMNS: Final = 100
WIDTH: Final = 1100
LEAST_HEIGHT: Final = 200
FRAME: Final = """<!doctype html><style>
body {{ margin: 0; padding: 24px 32px; background: {background}; color: {foreground}; }}
pre {{ margin: 0; font: 20px/1.4 "DejaVu Sans Mono", monospace; }}
{stylesheet}</style><pre>$ ehrensache status
{code}</pre>"""


def show(studio: Studio, root: Path) -> None:
    """Ask how the system in this folder is, as an operator does."""
    program = Path(sys.executable).with_name("ehrensache")
    told = {VARIABLE: str(root), "COLUMNS": str(COLUMNS), "FORCE_COLOR": "1"}
    done = subprocess.run(
        [program, "status"], env={**os.environ, **told}, capture_output=True, text=True, check=False
    )
    paper = Console(record=True, width=COLUMNS, file=io.StringIO())
    paper.print(Text.from_ansi(done.stdout))
    page = studio.blank()
    page.set_viewport_size({"width": WIDTH, "height": LEAST_HEIGHT})
    page.set_content(paper.export_html(theme=MONOKAI, code_format=FRAME))
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": WIDTH, "height": height})
    studio.take(page, "status")
