"""Chains as pandas frames with LEAN's columns.

A chain of a file becomes a frame from the file's columns, without an object per contract; only the index holds the (cached) symbols.
Source: recorded `option_chain(..., flatten=True).data_frame`.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leanlocal.enums import OptionRight
from leanlocal.exact import from_float
from leanlocal.universes.files import ChainTable
from marketdata.port import Floats

DAYS_PER_YEAR = 365
FILE_DIGITS = 10**7
RIGHTS = np.array([OptionRight.PUT, OptionRight.CALL], dtype=object)
Rows = NDArray[np.int64]


def file_frame(table: ChainTable, rows: Rows, strike_multiplier: Decimal) -> Any:
    """Rows of a chain file as LEAN's flattened frame."""
    import pandas as pd  # loaded only by those who ask for frames

    file, terms = table.rows, table.columns

    def column(values: Floats) -> Floats:
        return np.nan_to_num(values[rows])

    close, none = column(file.close), np.zeros(len(rows), dtype=np.int64)
    strikes = terms.strike[rows]
    canonical = table.canonical
    data = {
        "askprice": close,
        "asksize": none,
        "bidprice": close,
        "bidsize": none,
        "delta": column(file.delta),
        "expiry": terms.expiry_day[rows].astype("datetime64[ns]"),
        "gamma": column(file.gamma),
        "impliedvolatility": column(file.iv),
        "lastprice": close,
        "openinterest": column(file.open_interest),
        "rho": column(file.rho),
        "right": RIGHTS[terms.is_call[rows].astype(np.int64)],
        "scaledstrike": strikes * float(strike_multiplier),
        "strike": strikes,
        "style": _objects([canonical.id.option_style] * len(rows)),
        "theta": yearly(column(file.theta)),
        "underlyinglastprice": np.full(len(rows), file.underlying[3] if file.underlying is not None else 0.0),
        "underlyingsymbol": np.full(len(rows), canonical.underlying, dtype=object),
        "vega": column(file.vega),
        "volume": column(file.volume).astype(np.int64),
    }
    return pd.DataFrame(data, index=pd.Index(table.symbols_of(rows), dtype=object, name="symbol"))


def by_text(table: ChainTable, rows: Rows) -> Rows:
    """Rows in the order of their symbols' texts: expiry, calls before puts, strike; futures, which have no strikes, by expiry."""
    terms = table.columns
    if not len(terms.strike):
        return rows[np.argsort(terms.expiry[rows], kind="stable")]
    return rows[np.lexsort((terms.strike[rows], ~terms.is_call[rows], terms.expiry[rows]))]


def contracts_frame(contracts: Sequence[Any], symbols: Sequence[Any]) -> Any:
    """Contracts of the moment as LEAN's flattened frame."""
    import pandas as pd  # loaded only by those who ask for frames

    rows = [contract_row(contract) for contract in contracts]
    frame = pd.DataFrame(rows, index=pd.Index(_objects(list(symbols)), name="symbol"))
    for name in ("right", "style"):
        if name in frame:
            frame[name] = _objects([row[name] for row in rows])
    return frame


def list_frame(canonical: Any, contracts: Sequence[Any]) -> Any:
    """A chain as one row holding the list of its contracts."""
    import pandas as pd  # loaded only by those who ask for frames

    return pd.DataFrame({"contracts": [list(contracts)], "count": [len(contracts)]}, index=pd.Index(_objects([canonical]), name="symbol"))


def yearly(per_day: Floats) -> Floats:
    """Theta per year, with the digits a decimal product has."""
    units = np.round(per_day * FILE_DIGITS)
    exact = np.abs(units / FILE_DIGITS - per_day) < 1e-15
    years = units * DAYS_PER_YEAR / FILE_DIGITS
    return years if bool(exact.all()) else np.array([float(from_float(value) * DAYS_PER_YEAR) for value in per_day.tolist()])


def contract_row(contract: Any) -> dict[str, Any]:
    """One contract as LEAN's frame shows it."""
    greeks = contract.greeks
    return {
        "askprice": contract.ask_price,
        "asksize": contract.ask_size,
        "bidprice": contract.bid_price,
        "bidsize": contract.bid_size,
        "delta": greeks.delta,
        "expiry": contract.expiry,
        "gamma": greeks.gamma,
        "impliedvolatility": contract.implied_volatility,
        "lastprice": contract.last_price,
        "openinterest": contract.open_interest,
        "rho": greeks.rho,
        "right": contract.right,
        "scaledstrike": contract.scaled_strike,
        "strike": contract.strike,
        "style": contract.style,
        "theta": greeks.theta,
        "underlyinglastprice": contract.underlying_last_price,
        "underlyingsymbol": contract.underlying_symbol,
        "vega": greeks.vega,
        "volume": contract.volume,
    }


def _objects(values: list[Any]) -> NDArray[np.object_]:
    return np.fromiter(values, dtype=object, count=len(values))
