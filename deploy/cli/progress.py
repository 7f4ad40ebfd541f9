"""Shows how far long work is: a bar for each step on a terminal, a line for each in a log."""

from rich.progress import (
    BarColumn,
    Progress,
    Task,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from deploy.cli.terminal import err


class _Percent(TaskProgressColumn):
    """How far a step is, where anybody knows."""

    def render(self, task: Task) -> Text:
        return Text() if task.total is None else super().render(task)


class Bars(Progress):
    """The steps of one piece of work, on standard error; whoever does it calls `tell`.

    May be told from another thread than the one that shows it.
    """

    def __init__(self) -> None:
        """Show nothing yet: the first step does."""
        columns = (TextColumn("{task.description:>24}", markup=False), BarColumn(), _Percent())
        super().__init__(*columns, TimeElapsedColumn(), console=err, disable=not err.is_terminal)
        self._steps: dict[str, TaskID] = {}

    def tell(self, what: str, percent: float | None = None) -> None:
        """Say what is being done, and how far it is.

        Args:
            what: names the step; when another one begins, those that nobody has measured are over.
            percent: 0 to 100; None where nobody knows.
        """
        if what not in self._steps:
            self._begin(what)
        if percent is not None:
            self.update(self._steps[what], total=100, completed=percent)

    def _begin(self, what: str) -> None:
        self._end_unmeasured()
        self._steps[what] = self.add_task(what, total=None)
        if self.disable:
            err.print(f"{what} …", markup=False)

    def stop(self) -> None:
        """Leave the bars standing as they are."""
        self._end_unmeasured()
        super().stop()

    def _end_unmeasured(self) -> None:
        for task in self.tasks:
            if task.total is None:
                self.update(task.id, total=100, completed=100)
