"""The synthetic market as a provider: every answer is computed from the seed when it is asked for; nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property, lru_cache

import numpy as np

from marketdata.joining import joined
from marketdata.port import Columns, FactorRow, FutureFactorRow, Instrument, Kind, MapRow, MarginRow, Step, SymbolProperties, Tick, UniverseRows
from marketdata.synthetic import reference, vix
from marketdata.synthetic.activity import Activity
from marketdata.synthetic.calendar import DAY, EPOCH, FIRST, LAST, sessions
from marketdata.synthetic.chains import Chains
from marketdata.synthetic.columns import STEPS, rows_where, summed
from marketdata.synthetic.contracts import Contract, Contracts, future_delivery
from marketdata.synthetic.expiries import crude_months, equity_index_months, gold_months
from marketdata.synthetic.futures_chain import future_chain
from marketdata.synthetic.futures_map import future_map_rows
from marketdata.synthetic.paths import Paths
from marketdata.synthetic.pins import INTRADAY
from marketdata.synthetic.rates import PRIMARY_CREDIT
from marketdata.synthetic.roots import ROOTS, OptionRoot
from marketdata.synthetic.scenarios import Scenario, imposed
from marketdata.synthetic.skeleton import simulate
from marketdata.synthetic.underlying_bars import UnderlyingBars
from marketdata.synthetic.underlyings import UNDERLYINGS, Underlying
from vocabulary.errors import BadInput

OPTIONS = (Kind.OPTION, Kind.INDEX_OPTION, Kind.FUTURE_OPTION)
UTC_DAYS = (Kind.FUTURE, Kind.FOREX)
MONTHS = {"es": equity_index_months, "cl": crude_months, "gc": gold_months}
KEPT, KEPT_LIVES = 1024, 3
"""Hour, daily and chain series; minute rows of whole lives: those of one contract, of which hours and days are both made."""


@dataclass(frozen=True, slots=True)
class MarketParameters:
    """What makes a synthetic market.

    seed: any integer from 0; first, last: days served (prices do not depend on them); pinned: run through the published year ends and crash days;
    scenarios: laid over the path, in this order.
    Raises BadInput for a window outside the calendar.
    """

    seed: int = 1
    first: date = FIRST
    last: date = LAST
    pinned: bool = True
    scenarios: tuple[Scenario, ...] = ()

    def __post_init__(self) -> None:
        if self.seed < 0:
            raise BadInput(f"synthetic market: seed {self.seed} must not be negative")
        if not FIRST <= self.first <= self.last <= LAST:
            raise BadInput(f"synthetic market: {self.first} to {self.last} must lie between {FIRST} and {LAST}, first day first")


class SyntheticMarket:
    """Implements `marketdata.port.MarketData` in memory. Same parameters, same bytes, whatever is asked and in which order."""

    def __init__(self, parameters: MarketParameters | None = None) -> None:
        self.parameters = parameters or MarketParameters()
        chosen = self.parameters.scenarios
        frames = simulate(self.parameters.seed, self.parameters.pinned, vix.log_vol_for, imposed(chosen) if chosen else None)
        pins = [*(INTRADAY if self.parameters.pinned else ()), *(pin for one in chosen for pin in one.intraday_pins())]
        self.paths = Paths(self.parameters.seed, frames, pins, vix.log_vol_for)
        self.underlyings = UnderlyingBars(self.parameters.seed, self.paths)
        activity = Activity(self.parameters.seed, self.paths)
        self.contracts = Contracts(self.parameters.seed, self.paths, activity)
        self.chains = Chains(self.paths, activity)
        self._series = lru_cache(maxsize=KEPT)(self._all_time)
        self._minutes = lru_cache(maxsize=KEPT_LIVES)(self._all_minutes)
        self._chains = lru_cache(maxsize=KEPT // 4)(self._chain)

    def bars(self, instrument: Instrument, step: Step, tick: Tick, day: date | None) -> Columns | None:
        """See `MarketData.bars`."""
        if step is not Step.MINUTE:
            return self._series(instrument, step, tick)
        if day is None:
            raise BadInput(f"{instrument.ticker}: minute bars need a day")
        return self._minute(instrument, tick, day)

    def universe(self, canonical: Instrument, day: date) -> UniverseRows | None:
        """See `MarketData.universe`."""
        index = self._session(day)
        return self._chains(canonical, index) if index is not None else None

    def universe_days(self, canonical: Instrument) -> Sequence[date]:
        """See `MarketData.universe_days`."""
        known = canonical.ticker in ROOTS if canonical.kind in OPTIONS else canonical.ticker in MONTHS
        if not known:
            return ()
        calendar = sessions()
        days = [calendar.date(i) for i in self._window]
        if canonical.kind is not Kind.FUTURE_OPTION:
            return days
        return [day for day in days if ROOTS[canonical.ticker].listed(day, canonical.contract_month)]

    def contract_months(self, canonical: Instrument) -> Sequence[str]:
        """Delivery months that have option chains inside the window, ascending."""
        root = ROOTS.get(canonical.ticker)
        if root is None or root.months is None:
            return ()
        found = {one for i in self._window for one in root.months(sessions().date(i))}
        return sorted(f"{year}{month:02d}" for year, month in found)

    def map_rows(self, ticker: str, market: str, kind: Kind) -> Sequence[MapRow]:
        """See `MarketData.map_rows`."""
        if kind is Kind.FUTURE:
            return future_map_rows(ticker.lower())
        return reference.map_rows(ticker, kind) if market == "usa" else ()

    def factor_rows(self, ticker: str, market: str) -> Sequence[FactorRow]:
        """See `MarketData.factor_rows`."""
        one = UNDERLYINGS.get(ticker.lower())
        if one is None or one.kind is not Kind.EQUITY or market != "usa":
            return ()
        frame = self.paths.frames[one.driver]
        closes = {i: float(one.price(frame.log_price[i + 1], i)) for i in range(sessions().simulated)}
        return reference.factor_rows(ticker.lower(), closes)

    def future_factor_rows(self, ticker: str, market: str) -> Sequence[FutureFactorRow]:
        """None: continuous futures are not adjusted."""
        return ()

    def margins(self, ticker: str, market: str) -> Sequence[MarginRow]:
        """See `MarketData.margins`."""
        return reference.MARGINS.get(ticker.lower(), ())

    def interest_rates(self) -> Sequence[tuple[date, Decimal]]:
        """See `MarketData.interest_rates`."""
        return PRIMARY_CREDIT

    def market_hours(self) -> dict[str, object]:
        """See `MarketData.market_hours`."""
        return self._hours

    def symbol_properties(self) -> Mapping[tuple[str, str, str], SymbolProperties]:
        """See `MarketData.symbol_properties`."""
        return reference.symbol_properties()

    def last_time(self) -> datetime | None:
        """Midnight after the last day served."""
        return datetime.combine(self.parameters.last, time.max)

    @cached_property
    def _hours(self) -> dict[str, object]:
        return reference.market_hours()

    @cached_property
    def _window(self) -> range:
        calendar = sessions()
        first = calendar.on_or_before(self.parameters.first)
        first += 0 if calendar.date(first) == self.parameters.first else 1
        return range(first, calendar.on_or_before(self.parameters.last) + 1)

    def _session(self, day: date) -> int | None:
        index = sessions().index_of(day)
        return index if index is not None and index in self._window else None

    def _minute(self, instrument: Instrument, tick: Tick, day: date) -> Columns | None:
        if instrument.kind not in UTC_DAYS:
            index = self._session(day)
            return self._rows(instrument, tick, index) if index is not None else None
        midnight = (day - EPOCH).days * DAY
        parts = [part for index in self._touching(day) if (part := self._rows(instrument, tick, index)) is not None]
        if not parts:
            return None
        whole = joined(parts)
        kept = rows_where(whole, (whole.start >= midnight) & (whole.start < midnight + DAY))
        return kept if len(kept.start) else None

    def _touching(self, day: date) -> list[int]:
        """Sessions with minutes on a UTC day: its own and the one that starts on its evening."""
        number = (day - EPOCH).days
        calendar = sessions()
        first = int(np.searchsorted(calendar.days, number))
        return [i for i in range(first, first + 2) if i in self._window and calendar.days[i] <= number + 1]

    def _rows(self, instrument: Instrument, tick: Tick, index: int) -> Columns | None:
        """Minute rows of one session."""
        if instrument.kind in OPTIONS:
            contract = contract_named(instrument)
            return self.contracts.session(contract, index, tick) if contract is not None else None
        one = UNDERLYINGS.get(instrument.ticker)
        if one is None or one.kind is not instrument.kind:
            return None
        if one.kind is not Kind.FUTURE:
            return self.underlyings.session(one, index, tick)
        return self._future_rows(one, instrument.contract_month, tick, index)

    def _future_rows(self, one: Underlying, month: str | None, tick: Tick, index: int) -> Columns | None:
        if month is None or (int(month[:4]), int(month[4:6])) not in MONTHS[one.ticker](sessions().date(index)):
            return None
        delivery = future_delivery(one.ticker, int(month[:4]), int(month[4:6]))
        return self.underlyings.session(one, index, tick, delivery)

    def _all_time(self, instrument: Instrument, step: Step, tick: Tick) -> Columns | None:
        """Hour or daily rows of the window."""
        minutes = self._minutes(instrument, tick)
        return summed([minutes], STEPS[step.value]) if minutes is not None else None

    def _all_minutes(self, instrument: Instrument, tick: Tick) -> Columns | None:
        """Minute rows of the window."""
        parts = [part for index in self._life(instrument) if (part := self._rows(instrument, tick, index)) is not None]
        return joined(parts) if parts else None

    def _life(self, instrument: Instrument) -> range:
        """Sessions on which an instrument may have rows: an option's last year."""
        if instrument.expiry is None:
            return self._window
        last = sessions().on_or_before(instrument.expiry)
        return range(max(self._window.start, last - 640), min(self._window.stop, last + 1))

    def _chain(self, canonical: Instrument, index: int) -> UniverseRows | None:
        if canonical.kind is Kind.FUTURE:
            one = UNDERLYINGS.get(canonical.ticker)
            return future_chain(self.underlyings, one, MONTHS[one.ticker](sessions().date(index)), index) if one is not None and one.ticker in MONTHS else None
        root: OptionRoot | None = ROOTS.get(canonical.ticker)
        return self.chains.rows(root, index, canonical.contract_month) if root is not None and root.kind is canonical.kind else None


@lru_cache(maxsize=8192)
def contract_named(instrument: Instrument) -> Contract | None:
    """The contract of a known root, None for anything else."""
    root = ROOTS.get(instrument.ticker)
    return Contract.of(root, instrument) if root is not None and root.kind is instrument.kind else None
