"""`thetadesk data`: make a synthetic market's folder, check a market, import bought history, look after the cache of what was read."""

from __future__ import annotations

import typer

from cli.data_cache import cache
from cli.data_check import check
from cli.data_import import import_history
from cli.data_synth import synth

app = typer.Typer(help="Market data in LEAN's format: make it, check it, import it.", no_args_is_help=True, rich_markup_mode=None)
app.command("synth")(synth)
app.command("check")(check)
app.command("import")(import_history)
app.command("cache")(cache)
