"""From the port's columns to blocks: clock readings become UTC, hours are applied, daily bars get the session's times.

Sources: lean-fidelity §1.2 (row times), §2.3 (daily bars run from the first regular open to the last regular close, market-hours filter).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from leanlocal.clock import DAY, HOUR, MINUTE, date_of, day_number
from leanlocal.feeds.blocks import AnyBlock, Factors, InterestBlock, Ints, QuoteBlock, TradeBlock, ascending
from leanlocal.market_hours import ExchangeHours
from marketdata.port import Columns, Instrument, InterestColumns, Kind, MarketData, QuoteColumns, Step, Tick, TradeColumns

STEP_LENGTH = {Step.MINUTE: MINUTE, Step.HOUR: HOUR, Step.DAILY: DAY}
FactorOf = Callable[[date], Factors]


class BlockLoader:
    """Reads series of one provider. precise: daily bars end at the session's close (LEAN's default) instead of midnight."""

    def __init__(self, data: MarketData, precise: bool = True) -> None:
        self.data = data
        self.precise = precise
        self.rows = 0

    def minute_day(self, instrument: Instrument, tick: Tick, day: date, hours: ExchangeHours) -> AnyBlock | None:
        """All rows of one data-zone day, hours not yet applied; None without a file."""
        columns = self.data.bars(instrument, Step.MINUTE, tick, day)
        if columns is None or not columns.start.size:
            return None
        self.rows += int(columns.start.size)
        starts = hours.data_zone.to_utc_array(columns.start)
        length = 0 if tick is Tick.OPEN_INTEREST else MINUTE
        return ascending(_block(columns, starts, starts + length))

    def whole_file(self, instrument: Instrument, step: Step, tick: Tick, hours: ExchangeHours, first: date, last: date) -> AnyBlock | None:
        """Rows of an hour or daily file between two dates (inclusive, data zone); None without a file or rows."""
        columns = self.data.bars(instrument, step, tick, None)
        if columns is None:
            return None
        low, high = np.searchsorted(columns.start, [day_number(first), day_number(last) + DAY])
        if low >= high:
            return None
        cut = _sliced(columns, slice(int(low), int(high)))
        if step is Step.DAILY:
            strict = self.precise and not hours.always_open and instrument.kind is not Kind.FOREX
            starts, ends, traded = _daily_times(cut.start, hours, strict=strict)
            block = _block(cut, starts, ends).kept(traded)
        else:
            starts = hours.data_zone.to_utc_array(cut.start)
            block = _block(cut, starts, starts + (0 if tick is Tick.OPEN_INTEREST else HOUR))
        return ascending(block) if len(block) else None


def _daily_times(local: Ints, hours: ExchangeHours, *, strict: bool) -> tuple[Ints, Ints, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Starts and ends of daily rows and which are of trading days; strict: from the first open to the last close, else a day from the file's midnight."""
    starts, ends, traded = np.empty_like(local), np.empty_like(local), np.zeros(local.size, dtype=np.bool_)
    for row, start in enumerate(local.tolist()):
        day = date_of(start)
        opens, closes = hours.first_open(day), hours.last_close(day)
        traded[row] = opens is not None
        if strict and opens is not None and closes is not None:
            starts[row], ends[row] = opens, closes
        else:
            starts[row] = hours.data_zone.to_utc(start)
            ends[row] = hours.zone.to_utc(hours.zone.to_local(int(starts[row])) + DAY)
    return starts, ends, traded


def within_hours(block: AnyBlock, hours: ExchangeHours, extended: bool) -> AnyBlock:
    """Only bars that overlap the market's sessions; open interest is not filtered."""
    if isinstance(block, InterestBlock) or hours.always_open or not len(block):
        return block
    first, last = hours.local_date(int(block.starts[0])), hours.local_date(int(block.ends[-1]))
    mask = np.zeros(len(block), dtype=np.bool_)
    day = first - timedelta(days=1)
    while day <= last:
        for opens, closes in hours.sessions(day, extended):
            if opens < block.ends[0] and block.starts[-1] < closes:
                return block
            mask |= (block.starts < closes) & (block.ends > opens)
        day += timedelta(days=1)
    return block if bool(mask.all()) else block.kept(mask)


def _block(columns: Columns, starts: Ints, ends: Ints) -> AnyBlock:
    if isinstance(columns, TradeColumns):
        ohlc = np.column_stack((columns.open, columns.high, columns.low, columns.close))
        return TradeBlock(starts, ends, ohlc, columns.volume, columns.divisor)
    if isinstance(columns, QuoteColumns):
        return QuoteBlock(starts, ends, columns.bid, columns.ask, columns.bid_size, columns.ask_size, columns.divisor)
    return InterestBlock(starts, ends, columns.value)


def _sliced(columns: Columns, part: slice) -> Columns:
    if isinstance(columns, TradeColumns):
        ohlc = (columns.open[part], columns.high[part], columns.low[part], columns.close[part])
        return TradeColumns(columns.start[part], *ohlc, columns.volume[part], columns.divisor)
    if isinstance(columns, QuoteColumns):
        sizes = (columns.bid_size[part], columns.ask_size[part])
        return QuoteColumns(columns.start[part], columns.bid[part], columns.ask[part], *sizes, columns.divisor)
    return InterestColumns(columns.start[part], columns.value[part])


def joined_blocks(parts: Sequence[AnyBlock]) -> AnyBlock | None:
    """Blocks of one subscription, one after the other, as one; None without any."""
    if len(parts) < 2:
        return parts[0] if parts else None
    starts, ends = (np.concatenate([getattr(part, name) for part in parts]) for name in ("starts", "ends"))
    first = parts[0]

    def together(name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
        return np.concatenate([getattr(part, name) for part in parts])

    if isinstance(first, TradeBlock):
        return TradeBlock(starts, ends, together("ohlc"), together("volume"), first.divisor)
    if isinstance(first, QuoteBlock):
        return QuoteBlock(starts, ends, together("bid"), together("ask"), together("bid_size"), together("ask_size"), first.divisor)
    return InterestBlock(starts, ends, together("values"))
