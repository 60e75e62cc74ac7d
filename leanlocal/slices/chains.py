"""Chains of a moment: the contracts a universe has selected (or the algorithm added) that have data now."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from leanlocal.clock import Micros
from leanlocal.slices.bars import BaseData, QuoteBar, TradeBar
from leanlocal.slices.moment import delivers_bar
from leanlocal.symbols import OPTION_TYPES, Symbol
from leanlocal.universes.chains import FuturesChain, OptionChain
from leanlocal.universes.contracts import FuturesContract, OptionContract
from leanlocal.universes.rows import Greeks

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext
    from leanlocal.securities.core import SecurityCore
    from leanlocal.slices.slice import Slice


class LiveSource:
    """Figures of a contract from the bars of a slice; the model is evaluated when read."""

    def __init__(self, run: RunContext, moment: Slice, security: SecurityCore) -> None:
        self._run = run
        self._slice = moment
        self._security = security

    @property
    def symbol(self) -> Symbol:
        """The contract."""
        return self._security.symbol

    @property
    def strike_multiplier(self) -> Decimal:
        """Factor from strike to underlying."""
        return self._security.strike_multiplier

    @property
    def time(self) -> datetime:
        """Exchange clock of the slice."""
        return self._security.hours.zone.local_datetime(moment_of(self._slice))

    @property
    def _quote(self) -> QuoteBar | None:
        return self._slice.quote_bars.get(self._security.symbol)

    @property
    def _trade(self) -> TradeBar | None:
        return self._slice.bars.get(self._security.symbol)

    @property
    def bid(self) -> tuple[float, float]:
        """Close of the bid side and its size."""
        bar = self._quote
        return (bar.bid.close, bar.last_bid_size) if bar is not None and bar.bid is not None else (0.0, bar.last_bid_size if bar is not None else 0.0)

    @property
    def ask(self) -> tuple[float, float]:
        """Close of the ask side and its size."""
        bar = self._quote
        return (bar.ask.close, bar.last_ask_size) if bar is not None and bar.ask is not None else (0.0, bar.last_ask_size if bar is not None else 0.0)

    @property
    def last(self) -> float:
        """Close of the trade bar, zero without one."""
        bar = self._trade
        return bar.close if bar is not None else 0.0

    @property
    def volume(self) -> float:
        """Of the trade bar, zero without one."""
        bar = self._trade
        return bar.volume if bar is not None else 0.0

    @property
    def open_interest(self) -> float:
        """Last open interest."""
        return float(self._security.open_interest)

    @property
    def underlying_price(self) -> float:
        """Price of the underlying's last data in the slice, in feed order."""
        bar = underlying_data(self._slice, self._security.symbol.underlying)
        return bar.price if bar is not None else 0.0

    @property
    def evaluation(self) -> tuple[Greeks, float, float]:
        """Greeks, implied volatility and theoretical price of the security's model."""
        return self._run.price_models.evaluate(self._security)


def moment_of(moment: Slice) -> Micros:
    """UTC moment of a slice."""
    return moment._moment  # pyright: ignore[reportPrivateUsage]


def underlying_data(moment: Slice, underlying: Symbol) -> BaseData | None:
    """The last data of the underlying in feed order: its quote bar when there is one, else its trade bar."""
    return moment.quote_bars.get(underlying) or moment.bars.get(underlying)


def chains_at(run: RunContext, moment: Slice, options: bool) -> dict[Symbol, Any]:
    """Chains with at least one contract that has data now."""
    at = moment_of(moment)
    chains: dict[Symbol, Any] = {}
    for canonical, members in run.timeline.chains().items():
        if (members[0].kind in OPTION_TYPES) is options and any(delivers_bar(run.timeline, member, at) for member in members):
            chains[canonical] = _chain(run, moment, canonical, members, options)
    return chains


def _chain(run: RunContext, moment: Slice, canonical: Symbol, members: list[SecurityCore], options: bool) -> Any:
    make, at = OptionContract if options else FuturesContract, moment_of(moment)
    local = members[0].hours.zone.local_datetime(at)
    own = run.securities[canonical].symbol if canonical in run.securities else canonical

    def contracts() -> dict[Symbol, Any]:
        present = sorted((member for member in members if delivers_bar(run.timeline, member, at)), key=lambda member: member.symbol.value)
        return {member.symbol: make(LiveSource(run, moment, member)) for member in present}

    if not options:
        return FuturesChain(own, local, contracts)
    return OptionChain.of(own, local, contracts, lambda: underlying_data(moment, canonical.underlying))
