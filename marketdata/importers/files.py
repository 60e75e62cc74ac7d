"""Readers for files that vendors sell or users keep: OptionsDX, Cboe DataShop, Parquet or CSV chains with columns mapped by name.

Column lists as the vendors publish them: OptionsDX end-of-day chains (call and put side by side in one row, names in square brackets), Cboe DataShop
"Option EOD Summary" (one row per contract, figures at 15:45 and at the close).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from pathlib import Path

import pandas as pd

from marketdata.importers.chain_frame import conform
from vocabulary.errors import BadInput, CorruptData, MissingData

SHARED_OPTIONSDX = {"at": "QUOTE_DATE", "expiry": "EXPIRE_DATE", "strike": "STRIKE", "spot": "UNDERLYING_LAST", "right": "RIGHT"}
SIDE_OPTIONSDX = {
    "bid": "BID",
    "ask": "ASK",
    "last": "LAST",
    "volume": "VOLUME",
    "iv": "IV",
    "delta": "DELTA",
    "gamma": "GAMMA",
    "vega": "VEGA",
    "theta": "THETA",
    "rho": "RHO",
    "bid_size": "BID_SIZE",
    "ask_size": "ASK_SIZE",
}
CBOE = {
    "at": "quote_date",
    "expiry": "expiration",
    "strike": "strike",
    "right": "option_type",
    "bid": "bid_eod",
    "ask": "ask_eod",
    "bid_size": "bid_size_eod",
    "ask_size": "ask_size_eod",
    "open": "open",
    "high": "high",
    "low": "low",
    "last": "close",
    "volume": "trade_volume",
    "open_interest": "open_interest",
    "iv": "implied_volatility_1545",
    "delta": "delta_1545",
    "gamma": "gamma_1545",
    "vega": "vega_1545",
    "theta": "theta_1545",
    "rho": "rho_1545",
    "spot": "spot",
}


class FileFormat(Enum):
    """What the file is; `chains` needs a column map."""

    OPTIONSDX = "optionsdx"
    CBOE = "cboe"
    CHAINS = "chains"


def read_file(path: Path, form: FileFormat, names: Mapping[str, str] | None = None) -> pd.DataFrame:
    """A vendor file as chain frame. names: our column -> the file's, for CHAINS.

    Raises MissingData without the file, BadInput for a wrong column map, CorruptData when it cannot be read.
    """
    table = load_table(path)
    match form:
        case FileFormat.OPTIONSDX:
            return from_optionsdx(table, str(path))
        case FileFormat.CBOE:
            return from_cboe(table, str(path))
        case FileFormat.CHAINS:
            if not names:
                raise BadInput(
                    f"{path}: format chains needs a column map, for instance --map at=quote_date; the file has: {', '.join(map(str, table.columns))}"
                )
            return conform(table, names, str(path))


def load_table(path: Path) -> pd.DataFrame:
    """The file as it is."""
    if not path.is_file():
        raise MissingData(f"{path} does not exist; give the file to import")
    try:
        if path.suffix == ".parquet":
            return pd.read_parquet(path)
        return pd.read_csv(path, skipinitialspace=True, low_memory=False)
    except (ValueError, OSError, pd.errors.ParserError) as reason:
        raise CorruptData(f"{path} cannot be read as {path.suffix.lstrip('.') or 'a table'}: {reason}") from reason


def from_optionsdx(table: pd.DataFrame, where: str) -> pd.DataFrame:
    """One OptionsDX row holds a call and a put: two rows of ours."""
    bare = table.rename(columns=lambda name: str(name).strip().strip("[]").strip().upper())
    sides = [one_side(bare, letter) for letter in ("C", "P")]
    present = {ours: theirs for ours, theirs in {**SHARED_OPTIONSDX, **SIDE_OPTIONSDX}.items() if theirs in sides[0].columns}
    return conform(pd.concat(sides, ignore_index=True), present, where)


def one_side(table: pd.DataFrame, letter: str) -> pd.DataFrame:
    """The columns of calls (C_) or puts (P_) under plain names; `C_SIZE` is "bid x ask"."""
    prefix = f"{letter}_"
    side = table.rename(columns=lambda name: name.removeprefix(prefix))
    side = side.loc[:, [name for name in side.columns if not name.startswith(("C_", "P_"))]].assign(RIGHT=letter)
    if "SIZE" in side:
        sizes = side["SIZE"].astype(str).str.split("x", n=1, expand=True).reindex(columns=[0, 1])
        side = side.assign(BID_SIZE=sizes[0], ASK_SIZE=sizes[1])
    return side


def from_cboe(table: pd.DataFrame, where: str) -> pd.DataFrame:
    """Cboe DataShop: the underlying's close is the mean of its closing bid and ask, its single quote where there is one."""
    quotes = [name for name in ("underlying_bid_eod", "underlying_ask_eod") if name in table.columns]
    spot = table[quotes].apply(pd.to_numeric, errors="coerce").replace(0, float("nan")).mean(axis=1) if quotes else float("nan")
    whole = table.assign(spot=spot)
    present = {ours: theirs for ours, theirs in CBOE.items() if theirs in whole.columns}
    return conform(whole, present, where)
