"""python -m deploy.observability: writes Grafana's dashboards anew."""

from pathlib import Path
from typing import Final

from deploy.observability.dashboards import dashboards

HERE: Final = Path(__file__).parent
FOLDER: Final = HERE / "grafana" / "dashboards"


def main() -> None:
    """Write all dashboards."""
    for name, text in dashboards().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
