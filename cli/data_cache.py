"""`thetadesk data cache`: where parsed series of data folders are kept between runs, how much there is, and how to get rid of it."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.console import out, print_json


def cache(
    clear: Annotated[bool, typer.Option("--clear", help="delete everything kept")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Show or clear the cache of parsed series; THETADESK_CACHE names its folder or switches it off."""
    from marketdata.leanfolder import column_cache

    folder = column_cache.cache_folder()
    if folder is None:
        facts: dict[str, object] = {"folder": None, "files": 0, "bytes": 0, "deleted": 0}
    else:
        deleted = column_cache.clear(folder) if clear else 0
        files, size = column_cache.occupied(folder)
        facts = {"folder": str(folder), "files": files, "bytes": size, "deleted": deleted}
    if as_json:
        print_json(facts)
    elif folder is None:
        out().print(f"switched off by {column_cache.VARIABLE}")
    else:
        gone = f", {facts['deleted']} deleted" if clear else ""
        out().print(f"{folder}: {facts['files']} files, {facts['bytes']} bytes of at most {column_cache.LIMIT_BYTES}{gone}")
