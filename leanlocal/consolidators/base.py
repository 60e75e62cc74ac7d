"""Consolidators: they take bars one by one and hand out longer ones.

A bar by time is handed out when data of a later period arrives or when the clock passes its end; a bar by count when it is full. What is handed out is always
a new bar whose end is its start plus its period, complete or not.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from leanlocal.consolidators.periods import CalendarInfo, Periods, fixed_span
from leanlocal.exact import ZERO, add
from leanlocal.feeds.blocks import Ohlc, QuoteFacts, TradeFacts
from leanlocal.indicators.base import Handlers
from leanlocal.slices.bars import QuoteBar, TradeBar, quote_bar, trade_bar
from leanlocal.surface import COVERAGE_PAGE, LeanObject, core_of
from leanlocal.symbol_book import ArgumentException

BEFORE_ALL = datetime(1, 1, 1)


class DataConsolidator(LeanObject[None]):
    """What all consolidators share: handlers, the last bar handed out, the bar in the making."""

    _by_rows = False

    def __init__(self) -> None:
        self.data_consolidated = Handlers()
        self._consolidated: Any = None

    @property
    def consolidated(self) -> Any:
        """The last bar handed out, None before."""
        return self._consolidated

    @property
    def working_data(self) -> Any:
        """The bar in the making, None when there is none."""
        return None

    def _emit(self, bar: Any) -> None:
        self._consolidated = bar
        self.data_consolidated(self, bar)

    def update(self, data: Any) -> None:
        """Take a bar."""
        raise NotImplementedError

    def scan(self, current_local_time: datetime) -> None:
        """The clock has reached a time."""

    def reset(self) -> None:
        """Forget everything."""
        self._consolidated = None

    def _due(self) -> datetime | None:
        """Exchange time at which the bar in the making is over, None when only data decides."""
        return None


def periods_of(period: Any, span: Any = None) -> tuple[Periods | None, int | None]:
    """The rule, the count, or both behind a constructor's arguments: a count, a count and a timedelta, a timedelta, or a calendar function."""
    if isinstance(period, bool) or period is None:
        raise ArgumentException(f"cannot consolidate by {period}")
    if isinstance(period, int):
        return (None if span is None else fixed_span(span)), period
    if span is not None:
        raise NotImplementedError(f"a consolidator with a start_time is not in leanlocal; see {COVERAGE_PAGE}")
    if isinstance(period, timedelta):
        return fixed_span(period), None
    if isinstance(period, Periods):
        return period, None
    return Periods(period), None


class PeriodCountConsolidator(DataConsolidator):
    """Bars by period, by count, or by whichever comes first; subclasses say how two bars become one."""

    def __init__(self, period: Any, span: Any = None) -> None:
        super().__init__()
        self._periods, self._max_count = periods_of(period, span)
        self._count = 0
        self._info: CalendarInfo | None = None
        self._symbol: Any = None
        self._facts: Any = None
        self._first_time = self._last_time = BEFORE_ALL
        self._emitted = BEFORE_ALL
        self._by_rows = self._max_count is not None

    def _started(self, data: Any) -> Any:
        raise NotImplementedError

    def _merged(self, facts: Any, data: Any) -> Any:
        raise NotImplementedError

    def _bar(self, start: datetime, end: datetime) -> Any:
        raise NotImplementedError

    def update(self, data: Any) -> None:
        """Take a bar; a bar of a later period hands out the one in the making first.

        Raises ArgumentException for a bar of another symbol, or longer than the period.
        """
        self._check(data)
        if self._periods is not None and self._periods.takes is not None and not self._periods.takes(data.time, data.end_time):
            return
        if self._max_count is not None:
            self._count_in(data, self._max_count)
            return
        assert self._periods is not None
        if self._info is not None and data.time >= self._info.end:
            self._hand_out_period()
        if data.time < self._emitted:
            return
        if self._facts is None:
            self._info = self._periods.of(data.time)
        self._take(data, data.time, data.end_time)

    def _check(self, data: Any) -> None:
        if self._symbol is None:
            self._symbol = data.symbol
            span = None if self._periods is None else self._periods.fixed
            if span is not None and data.end_time - data.time > span:
                length = data.end_time - data.time
                raise ArgumentException(
                    f"For Symbol {data.symbol} can not consolidate bars of period: {span}, using data of the same or higher period: {length}"
                )
        elif data.symbol != self._symbol:
            raise ArgumentException(
                f"Consolidators can only be used with a single symbol. The previous consolidated symbol ({self._symbol}) is not the one of the current data "
                f"({data.symbol})."
            )

    def _count_in(self, data: Any, count: int) -> None:
        self._take(data, data.time, data.end_time)
        self._count += 1
        span = None if self._periods is None else self._periods.fixed
        if self._count >= count or (span is not None and data.time - self._first_time >= span):
            self._count = 0 if self._count >= count else self._count
            self._hand_out(self._first_time, self._last_time)

    def _take(self, data: Any, start: datetime, end: datetime) -> None:
        if self._facts is None:
            self._first_time, self._facts = start, self._started(data)
        else:
            self._facts = self._merged(self._facts, data)
        self._last_time = end

    def scan(self, current_local_time: datetime) -> None:
        """Hand out the bar in the making when its period is over."""
        if self._info is not None and current_local_time >= self._info.end and self._facts is not None:
            self._hand_out_period()

    def _hand_out_period(self) -> None:
        info, self._info = self._info, None
        assert info is not None
        self._emitted = info.end
        self._hand_out(info.start, info.end)

    def _hand_out(self, start: datetime, end: datetime) -> None:
        bar = self._bar(start, end)
        self._facts = None
        self._emit(bar)

    def _due(self) -> datetime | None:
        return self._info.end if self._info is not None and self._facts is not None else None

    @property
    def working_data(self) -> Any:
        """The bar in the making, None when there is none."""
        if self._facts is None:
            return None
        if self._info is not None:
            return self._bar(self._info.start, self._info.end)
        return self._bar(self._first_time, self._last_time)

    @property
    def working_bar(self) -> Any:
        """Same as working_data."""
        return self.working_data

    def reset(self) -> None:
        """Forget everything."""
        super().reset()
        self._count, self._info, self._facts, self._emitted, self._symbol = 0, None, None, BEFORE_ALL, None


class TradeBarConsolidator(PeriodCountConsolidator):
    """Trade bars from trade bars (or from quotes' mids): by period, calendar, count, or a count within a period."""

    def __init__(self, max_count: Any = None, period: Any = None, start_time: Any = None) -> None:
        super().__init__(*((period, start_time) if max_count is None else (max_count, period if period is not None else start_time)))

    def _started(self, data: Any) -> TradeFacts:
        core = core_of(data)
        return TradeFacts(0, 0, core.open, core.high, core.low, core.close, getattr(core, "volume", ZERO))

    def _merged(self, facts: TradeFacts, data: Any) -> TradeFacts:
        core = core_of(data)
        volume = add(facts.volume, getattr(core, "volume", ZERO))
        return TradeFacts(0, 0, facts.open, max(facts.high, core.high), min(facts.low, core.low), core.close, volume)

    def _bar(self, start: datetime, end: datetime) -> TradeBar:
        return trade_bar(self._symbol, self._facts, start, end)


def _extended(side: Ohlc | None, new: Ohlc | None) -> Ohlc | None:
    if side is None or new is None:
        return side or new
    return Ohlc(side.open, max(side.high, new.high), min(side.low, new.low), new.close)


def _flat(price: Decimal) -> Ohlc:
    return Ohlc(price, price, price, price)


class QuoteBarConsolidator(PeriodCountConsolidator):
    """Quote bars from quote bars; a bar opens at the close of the one before."""

    def __init__(self, max_count: Any = None, period: Any = None, start_time: Any = None) -> None:
        super().__init__(*((period, start_time) if max_count is None else (max_count, period if period is not None else start_time)))

    def _started(self, data: Any) -> QuoteFacts:
        core: QuoteFacts = core_of(data)
        before: QuoteFacts | None = core_of(self._consolidated) if self._consolidated is not None else None
        bid = _extended(_flat(before.bid.close), core.bid) if before is not None and before.bid is not None else core.bid
        ask = _extended(_flat(before.ask.close), core.ask) if before is not None and before.ask is not None else core.ask
        return QuoteFacts(0, 0, bid, ask, core.bid_size, core.ask_size)

    def _merged(self, facts: QuoteFacts, data: Any) -> QuoteFacts:
        core: QuoteFacts = core_of(data)
        return QuoteFacts(0, 0, _extended(facts.bid, core.bid), _extended(facts.ask, core.ask), core.bid_size, core.ask_size)

    def _bar(self, start: datetime, end: datetime) -> QuoteBar:
        return quote_bar(self._symbol, self._facts, start, end)


class IdentityDataConsolidator(DataConsolidator):
    """Hands every bar on, a repeated one once."""

    _by_rows = True

    def __init__(self) -> None:
        super().__init__()
        self._last_end = BEFORE_ALL

    def update(self, data: Any) -> None:
        """Hand the bar on unless one with the same end was."""
        if data.end_time != self._last_end:
            self._last_end = data.end_time
            self._emit(data)

    def reset(self) -> None:
        """Forget everything."""
        super().reset()
        self._last_end = BEFORE_ALL
