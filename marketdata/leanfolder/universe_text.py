"""Chain files as text: the reverse of `universe_files`.

A chain has thousands of rows of a dozen figures a day; numbers become text by Arrow's shortest digits, a column at a time, wherever these are the same
characters as seven rounded decimals, and one at a time elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from marketdata.leanfolder.encoding import table_text
from marketdata.port import Instrument, Kind, UniverseRows

Floats = NDArray[np.float64]
ArrowArray = Any  # pyarrow carries no types
OPTION_HEADER = "expiry,strike,right,open,high,low,close,volume,open_interest,implied_volatility,delta,gamma,vega,theta,rho"
FUTURE_OPTION_HEADER = "expiry,strike,right,open,high,low,close,volume,open_interest"
FUTURE_HEADER = "expiry,open,high,low,close,volume,open_interest"
PLACES = 7
SMALLEST_PLAIN, LARGEST_PLAIN = 1e-6, 1e8
"""Between these a number of at most seven decimals has at most fifteen digits, so that its shortest digits are its decimals, and Arrow writes no exponent."""


def option_universe_text(canonical: Instrument, rows: UniverseRows) -> str:
    """Chain file of an option root; future options carry no volatility and Greeks."""
    plain = canonical.kind is Kind.FUTURE_OPTION
    figures = [rows.open, rows.high, rows.low, rows.close, rows.volume, rows.open_interest]
    if not plain:
        figures += [rows.iv, rows.delta, rows.gamma, rows.vega, rows.theta, rows.rho]
    head = f"#{FUTURE_OPTION_HEADER if plain else OPTION_HEADER}\n"
    if rows.underlying is not None:
        head += ",,," + ",".join(number_text(value) for value in rows.underlying) + "," * (len(figures) - 5) + "\n"
    strikes = [str(strike) for strike in rows.strike]
    return head + table_text([pa.array(day_texts(rows.expiry, "%Y%m%d")), pa.array(strikes), pa.array(rows.right), *map(figure_texts, figures)]).decode()


def future_universe_text(rows: UniverseRows) -> str:
    """Chain file of a future: contract month first."""
    figures = (rows.open, rows.high, rows.low, rows.close, rows.volume, rows.open_interest)
    return f"#{FUTURE_HEADER}\n" + table_text([pa.array(day_texts(rows.expiry, "%Y%m")), *map(figure_texts, figures)]).decode()


def day_texts(days: Sequence[date], form: str) -> list[str]:
    """Each day in a form; a chain has few distinct ones."""
    texts = {day: format(day, form) for day in set(days)}
    return [texts[day] for day in days]


def figure_texts(values: Floats) -> ArrowArray:
    """Numbers as `number_text` writes them, nothing for NaN."""
    absent = np.isnan(values)
    texts = pa.array(values, mask=absent).cast(pa.string())
    size = np.abs(values)
    plain = (values.round(PLACES) == values) & (((size >= SMALLEST_PLAIN) & (size < LARGEST_PLAIN)) | ((values == 0.0) & ~np.signbit(values)))
    others = np.flatnonzero(~(plain | absent))
    if not len(others):
        return texts
    spelled = texts.to_pylist()
    for row in others.tolist():
        spelled[row] = number_text(float(values[row]))
    return pa.array(spelled, type=pa.string())


def number_text(value: float) -> str:
    """Up to seven decimals, no trailing zeros, no exponent."""
    text = f"{value:.{PLACES}f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text
