"""Chain frames into a LEAN data folder: what is kept is a stated policy, and what a policy leaves out is counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from marketdata.importers.chain_frame import KEY
from marketdata.importers.quality import Fault, QualityLimits, row_faults
from marketdata.leanfolder.paths import divisor_of
from marketdata.leanfolder.writer import FolderWriter, Series
from marketdata.port import Floats, Instrument, Ints, Kind, QuoteColumns, Step, Tick, TradeColumns, UniverseRows
from vocabulary.errors import BadInput

MICROS = "datetime64[us]"
SESSION_START, SESSION_END = "09:30", "16:15"


@dataclass(frozen=True, slots=True)
class ImportTarget:
    """What the rows are: an underlying and its option root. kind: OPTION or INDEX_OPTION; ticker: lower-case option root ("spy", "spxw")."""

    kind: Kind
    ticker: str
    underlying: str
    market: str = "usa"

    def __post_init__(self) -> None:
        if self.kind not in (Kind.OPTION, Kind.INDEX_OPTION):
            raise BadInput(f"import kind {self.kind.value!r}: allowed are option and indexoption")

    @property
    def style(self) -> str:
        """Index options are European, equity options American (LEAN's default by type)."""
        return "european" if self.kind is Kind.INDEX_OPTION else "american"


@dataclass(frozen=True, slots=True)
class ImportPolicy:
    """Which faulty rows are left out of the folder. Duplicates must be: a LEAN file holds one row per contract and time."""

    drop: frozenset[Fault] = frozenset({Fault.DUPLICATE, Fault.EXPIRED, Fault.NO_QUOTE})

    def __post_init__(self) -> None:
        outside = self.drop - {Fault.DUPLICATE, Fault.EXPIRED, Fault.NO_QUOTE, Fault.CROSSED, Fault.NEGATIVE_TIME_VALUE, Fault.STALE}
        if outside:
            raise BadInput(f"{next(iter(outside)).value} is a fault of days, not of rows; it cannot be dropped")
        if Fault.DUPLICATE not in self.drop:
            raise BadInput("duplicate rows cannot be kept: a LEAN file holds one row per contract and time")


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """Rows written and, per fault, rows the policy left out; files written."""

    rows: int
    dropped: dict[Fault, int]
    files: int


def write_chains(frame: pd.DataFrame, target: ImportTarget, writer: FolderWriter, policy: ImportPolicy, limits: QualityLimits) -> ImportOutcome:
    """Write a checked chain frame: intraday rows as minute bars, end-of-day rows as daily bars, and a chain file per day for both."""
    kept, dropped = apply_policy(frame, policy, limits)
    if not len(kept):
        raise BadInput("no row is left to write after the policy dropped the faulty ones; look at the quality report")
    intraday = bool((kept["at"] != kept["at"].dt.normalize()).any())
    files = write_minutes(kept, target, writer) if intraday else write_days(kept, target, writer)
    return ImportOutcome(len(kept), dropped, files + write_universes(kept, target, writer))


def apply_policy(frame: pd.DataFrame, policy: ImportPolicy, limits: QualityLimits) -> tuple[pd.DataFrame, dict[Fault, int]]:
    """Rows that stay, and how many each dropped fault took (a row with two faults counts for the first)."""
    gone = pd.Series(False, index=frame.index)
    dropped: dict[Fault, int] = {}
    for fault, mask in row_faults(frame, limits).items():
        if fault in policy.drop:
            taken = mask & ~gone
            dropped[fault] = int(taken.sum())
            gone |= taken
    return frame[~gone].sort_values(list(KEY), kind="stable"), dropped


def write_minutes(frame: pd.DataFrame, target: ImportTarget, writer: FolderWriter) -> int:
    """Minute archives of every day."""
    files = 0
    for day, rows in frame.groupby(frame["at"].dt.date):
        series = [item for _, contract in rows.groupby(["expiry", "strike", "right"]) for item in series_of(contract, target)]
        files += len(writer.day(as_date(day), [*series, *underlying_minutes(rows, target)]))
    return files


def write_days(frame: pd.DataFrame, target: ImportTarget, writer: FolderWriter) -> int:
    """Daily archives: options per year, the underlying over all time."""
    files = 0
    for year, rows in frame.groupby(frame["at"].dt.year):
        series = [item for _, contract in rows.groupby(["expiry", "strike", "right"]) for item in series_of(contract, target)]
        files += len(writer.long(Step.DAILY, int(str(year)), series))
    return files + len(writer.long(Step.DAILY, None, underlying_series(frame, target)))


def series_of(rows: pd.DataFrame, target: ImportTarget) -> list[Series]:
    """Quote and trade series of one contract."""
    first: dict[str, Any] = rows.iloc[0].to_dict()  # type: ignore[assignment]
    instrument = Instrument(target.kind, target.market, target.ticker, as_date(first["expiry"]), Decimal(f"{first['strike']:g}"), first["right"], target.style)
    divisor = divisor_of(target.kind)
    found: list[Series] = []
    quoted = rows[(rows["bid"] > 0) | (rows["ask"] > 0)]
    if len(quoted):
        found.append((instrument, Tick.QUOTE, quote_columns(quoted, divisor)))
    traded = rows[(rows["last"] > 0) & (rows["volume"] > 0)]
    if len(traded):
        found.append((instrument, Tick.TRADE, trade_columns(traded, divisor)))
    return found


def quote_columns(rows: pd.DataFrame, divisor: int) -> QuoteColumns:
    """A snapshot is a bar whose four prices are equal."""
    bid, ask = (raw(rows[name], divisor).repeat(4).reshape(-1, 4) for name in ("bid", "ask"))
    return QuoteColumns(starts(rows), bid, ask, sizes(rows["bid_size"]), sizes(rows["ask_size"]), divisor)


def trade_columns(rows: pd.DataFrame, divisor: int) -> TradeColumns:
    """Trade bars; where the source has only a last price, all four are that."""
    opened, high, low, last = (raw(rows[name].fillna(rows["last"]), divisor) for name in ("open", "high", "low", "last"))
    return TradeColumns(starts(rows), opened, high, low, last, sizes(rows["volume"]), divisor)


def underlying_series(frame: pd.DataFrame, target: ImportTarget) -> list[Series]:
    """The underlying's price per time as trade bars, from the rows' own underlying price; nothing when the source has none."""
    spots = frame.dropna(subset=["spot"]).groupby("at", sort=True)["spot"].last().reset_index()
    if not len(spots):
        return []
    kind = Kind.INDEX if target.kind is Kind.INDEX_OPTION else Kind.EQUITY
    divisor = divisor_of(kind)
    price = raw(spots["spot"], divisor)
    columns = TradeColumns(starts(spots), price, price, price, price, np.zeros(len(spots)), divisor)
    return [(Instrument(kind, target.market, target.underlying), Tick.TRADE, columns)]


def underlying_minutes(rows: pd.DataFrame, target: ImportTarget) -> list[Series]:
    """The underlying's minutes of one day."""
    return underlying_series(rows, target)


def write_universes(frame: pd.DataFrame, target: ImportTarget, writer: FolderWriter) -> int:
    """One chain file per day from each contract's last row of that day."""
    canonical = Instrument(target.kind, target.market, target.ticker)
    count = 0
    for day, rows in frame.groupby(frame["at"].dt.date):
        last = rows.groupby(["expiry", "strike", "right"], as_index=False).last().sort_values(["expiry", "right", "strike"], kind="stable")
        writer.universe(canonical, universe_rows(as_date(day), rows, last))
        count += 1
    return count


def universe_rows(day: date, rows: pd.DataFrame, last: pd.DataFrame) -> UniverseRows:
    """Chain rows of one day; the close is the mid where there is a two-sided quote, else the last trade."""
    spots = rows["spot"].dropna()
    underlying = (float(spots.iloc[0]), float(spots.max()), float(spots.min()), float(spots.iloc[-1]), 0.0) if len(spots) else None
    mid = ((last["bid"] + last["ask"]) / 2).where((last["bid"] > 0) & (last["ask"] > 0), last["last"])
    expiries: Sequence[date] = [as_date(value) for value in last["expiry"]]

    def figure(name: str, otherwise: pd.Series[Any] | float = float("nan")) -> Floats:
        return column(last[name].fillna(otherwise))

    return UniverseRows(
        day=day,
        underlying=underlying,
        expiry=expiries,
        strike=[Decimal(f"{value:g}") for value in last["strike"]],
        right=["C" if right == "call" else "P" for right in last["right"]],
        open=figure("open", mid),
        high=figure("high", mid),
        low=figure("low", mid),
        close=column(mid),
        volume=figure("volume"),
        open_interest=figure("open_interest"),
        iv=figure("iv"),
        delta=figure("delta"),
        gamma=figure("gamma"),
        vega=figure("vega"),
        theta=figure("theta"),
        rho=figure("rho"),
    )


def raw(prices: pd.Series[Any], divisor: int) -> Floats:
    """Prices as the file's numbers: whole ten-thousandths where the format scales, 0 where there is none."""
    values = prices.fillna(0).to_numpy(dtype=np.float64)
    return np.round(values * divisor) if divisor > 1 else values


def sizes(values: pd.Series[Any]) -> Floats:
    """Sizes and volumes; what the source does not have is 0."""
    return values.fillna(0).to_numpy(dtype=np.float64)


def column(values: pd.Series[Any]) -> Floats:
    """A float column with NaN kept."""
    return values.to_numpy(dtype=np.float64)


def starts(rows: pd.DataFrame) -> Ints:
    """Bar starts in microseconds."""
    return rows["at"].to_numpy(dtype=MICROS).astype(np.int64)


def as_date(value: Any) -> date:
    """A plain date of a pandas or Python day."""
    return value if type(value) is date else pd.Timestamp(value).date()
