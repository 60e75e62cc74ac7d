"""The `thetadesk` command: one verb per module, one sentence per error, one exit code per kind of error.

Exit codes: 0 done · 1 any other error of ours · 2 bad input · 3 missing data · 4 corrupt data · 5 storage failed · 6 invariant broken · 130 interrupted.
Verbs import what they need when they run, so that `--help` answers at once.
"""

from __future__ import annotations

import sys

import typer
from rich.console import Console

from cli import backtest, data, doctor, parity, report
from vocabulary.errors import ThetadeskError

INTERRUPTED = 130

app = typer.Typer(
    name="thetadesk",
    help="Options-income desk: backtest the five strategies, replay recorded LEAN runs, make and check market data, report.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("backtest")(backtest.backtest)
app.command("report")(report.report)
app.command("parity")(parity.parity)
app.command("doctor")(doctor.doctor)
app.add_typer(data.app, name="data")


def main() -> None:
    """Entry point: run the verb; a known error is one sentence on standard error and its exit code."""
    try:
        app()
    except ThetadeskError as error:
        Console(stderr=True, soft_wrap=True, highlight=False).print(f"thetadesk: {error}", markup=False)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        Console(stderr=True).print("thetadesk: interrupted; what was finished is kept")
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
