"""Marks and Greeks of positions for the desk, computed from current quotes and kept for no longer than the minute they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from greeks.exposure import LegTable, beta_to
from greeks.market_legs import value_contracts
from greeks.portfolio import Benchmark, PortfolioGreeks, portfolio_greeks, rows_of
from risk.correlation import group_of
from trading.book import Book
from trading.marks import mark
from vocabulary.contracts import Contract
from vocabulary.market import MarketView
from vocabulary.positions import Greeks, Marks, Position

BENCHMARK = "SPY"
BETA_DAYS = 120


class Valuation:
    """Values positions at the view's now. Nothing is reused across minutes, so a stop never sees an old figure (method H 24)."""

    def __init__(self, view: MarketView, book: Book, max_age: float) -> None:
        self._view, self._book, self._max_age = view, book, max_age
        self._now: datetime | None = None
        self._greeks: dict[Contract, Greeks | None] = {}
        self._betas: dict[str, tuple[object, float]] = {}

    def greeks_of(self, contract: Contract, view: MarketView) -> Greeks | None:
        """Greeks of one contract; the first question of a minute values everything held at once."""
        if view.now != self._now:
            self._now, self._greeks = view.now, {}
        if contract not in self._greeks:
            held = (item.contract for position in self._book.open_positions() for item in position.holdings)
            self._greeks |= _valued([one for one in dict.fromkeys((contract, *held)) if one not in self._greeks], view)
        return self._greeks[contract]

    def marks(self, position: Position) -> Marks:
        """Marks of one position now, without Greeks: rules ask for the deltas they need, reports for `portfolio`."""
        return mark(position, self._view, None, self._max_age)

    def portfolio(self, positions: Sequence[Position]) -> PortfolioGreeks:
        """Greeks of everything held, native and weighted to SPY."""
        legs = LegTable.of(positions)
        each = [self.greeks_of(contract, self._view) for contract in legs.contract]
        per_leg = [_scaled(greeks, quantity) for greeks, quantity in zip(each, legs.quantity, strict=True)]
        names = sorted({contract.underlying for contract in legs.contract})
        spots = {name: price for name in names if (price := self._view.price(name)) is not None}
        betas = {name: self._beta(name) for name in names}
        benchmark = self._view.price(BENCHMARK)
        return portfolio_greeks(legs, rows_of(per_leg), Benchmark(benchmark or float("nan"), spots, betas), _group_name)

    def _beta(self, name: str) -> float:
        """Beta to SPY over half a year of daily returns, once a day; 1 for SPY itself, NaN when history is short."""
        if name == BENCHMARK:
            return 1.0
        today = self._view.now.date()
        kept = self._betas.get(name)
        if kept is None or kept[0] != today:
            kept = (today, _beta(self._view, name))
            self._betas[name] = kept
        return kept[1]


def _beta(view: MarketView, name: str) -> float:
    own, market = view.daily(name, BETA_DAYS + 1), view.daily(BENCHMARK, BETA_DAYS + 1)
    days, first, second = np.intersect1d(own.day, market.day, return_indices=True)
    if len(days) < 3:
        return float("nan")
    own_returns, market_returns = np.diff(np.log(own.close[first])), np.diff(np.log(market.close[second]))
    return float(beta_to(own_returns, market_returns))


def _valued(contracts: Sequence[Contract], view: MarketView) -> dict[Contract, Greeks | None]:
    """Greeks of one of each contract, None where a price or volatility is unknown."""
    found = value_contracts(contracts, np.array([contract.multiplier for contract in contracts]), view).greeks
    known = np.isfinite(found.delta)
    return {contract: found.row(row) if known[row] else None for row, contract in enumerate(contracts)}


def _scaled(greeks: Greeks | None, quantity: float) -> Greeks | None:
    if greeks is None:
        return None
    return Greeks(*(quantity * figure for figure in (greeks.delta, greeks.gamma, greeks.theta, greeks.vega, greeks.rho)))


def _group_name(underlying: str) -> str:
    group = group_of(underlying)
    return group.value if group is not None else "ungrouped"
