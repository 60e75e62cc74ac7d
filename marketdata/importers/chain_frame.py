"""The one table every source becomes: a row is one contract at one time. Sources differ in column names, units and layout, so all of that ends here.

Times are New York clock readings without zone (what LEAN's files hold for US options): midnight of the day for end-of-day rows, the bar's start for intraday
rows. Missing figures are NaN. Greeks as LEAN's universe files have them: theta per day, vega per volatility point, rho per 1 %.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from vocabulary.errors import BadInput, CorruptData

KEY = ("at", "expiry", "strike", "right")
FIGURES = (
    "bid",
    "ask",
    "bid_size",
    "ask_size",
    "open",
    "high",
    "low",
    "last",
    "volume",
    "open_interest",
    "iv",
    "delta",
    "gamma",
    "vega",
    "theta",
    "rho",
    "spot",
)
COLUMNS = (*KEY, *FIGURES)
RIGHTS = {"c": "call", "call": "call", "calls": "call", "p": "put", "put": "put", "puts": "put"}


def conform(frame: pd.DataFrame, names: Mapping[str, str], where: str) -> pd.DataFrame:
    """A source's table as a chain frame.

    names: our column -> the source's column; columns of ours that are not in it become NaN. Raises BadInput when a key column is not mapped or absent in the
    source (naming what there is), CorruptData naming the first row whose key cannot be read.
    """
    unmapped = [key for key in KEY if key not in names]
    absent = sorted({name for name in names.values() if name not in frame.columns})
    if unmapped or absent:
        problem = f"no column is mapped to {', '.join(unmapped)}" if unmapped else f"column {absent[0]!r} is not in the file"
        raise BadInput(f"{where}: {problem}; the file has: {', '.join(map(str, frame.columns))}")
    unknown = sorted(set(names) - set(COLUMNS))
    if unknown:
        raise BadInput(f"{where}: {unknown[0]!r} is not one of our columns; allowed: {', '.join(COLUMNS)}")
    made = pd.DataFrame({ours: frame[theirs] for ours, theirs in names.items()})
    made["at"] = moments(made["at"], "at", where)
    made["expiry"] = moments(made["expiry"], "expiry", where).dt.normalize()
    made["strike"] = figures(made["strike"])
    made["right"] = [RIGHTS.get(str(right).strip().lower()) for right in made["right"]]
    refuse_unreadable(made, where)
    for name in FIGURES:
        made[name] = figures(made[name]) if name in made else float("nan")
    return made[list(COLUMNS)].reset_index(drop=True)


def moments(values: pd.Series[Any], name: str, where: str) -> pd.Series[Any]:
    """Clock readings; a time with a zone is turned into New York's. Raises CorruptData with the first row that is no time."""
    if pd.api.types.is_datetime64_any_dtype(values):
        times = values
    else:
        times = pd.to_datetime(values, errors="coerce", format="mixed")
    bad = times.isna()
    if bad.any():
        row = int(bad.to_numpy().argmax())
        raise CorruptData(f"{where}: row {row + 1}: {name} {values.iloc[row]!r} is not a time")
    zone = getattr(times.dt, "tz", None)
    return times.dt.tz_convert("America/New_York").dt.tz_localize(None) if zone is not None else times


def figures(values: pd.Series[Any]) -> pd.Series[Any]:
    """Numbers; what is not one is NaN and shows in the quality report."""
    return pd.to_numeric(values, errors="coerce").astype(float)


def refuse_unreadable(frame: pd.DataFrame, where: str) -> None:
    """CorruptData with the first row that has no strike or an unknown right."""
    for name, bad in (("strike", ~(frame["strike"] > 0)), ("right", frame["right"].isna())):
        if bad.any():
            raise CorruptData(f"{where}: row {int(bad.to_numpy().argmax()) + 1}: {name} cannot be read (rights: {', '.join(RIGHTS)})")
