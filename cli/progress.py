"""The progress bar of a run: simulated date, equity, open positions, rate, time left."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from leanlocal.progress import RunProgress


@contextmanager
def run_progress(console: Console) -> Generator[Callable[[RunProgress], None]]:
    """A bar for one run; nothing is drawn when the console is not a terminal."""
    columns = (
        TextColumn("{task.fields[day]}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("equity {task.fields[equity]}"),
        TextColumn("{task.fields[positions]} contracts held"),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("run", total=1.0, day="starting", equity="", positions=0, rate="")

        def show(state: RunProgress) -> None:
            elapsed = bar.tasks[0].elapsed or 0.0
            rate = f"{state.data_points / elapsed:,.0f} points/s" if elapsed > 0 else ""
            bar.update(task, completed=state.share, day=f"{state.time:%Y-%m-%d}", equity=f"{state.equity:,.0f}", positions=state.positions, rate=rate)

        yield show
