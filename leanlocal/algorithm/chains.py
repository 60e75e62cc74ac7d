"""`option_chain` and `future_chain`: yesterday's chain file as contracts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import numpy as np

from leanlocal.algorithm.base import AlgorithmPart
from leanlocal.algorithm.chain_providers import BacktestingFutureChainProvider, BacktestingOptionChainProvider
from leanlocal.enums import SecurityType
from leanlocal.mappings import as_symbol
from leanlocal.slices.bars import trade_bar
from leanlocal.symbol_book import OPTION_TYPE_OF, canonical_option
from leanlocal.symbols import Symbol, expiry_of
from leanlocal.universes.chains import FuturesChain, FuturesChains, OptionChain, OptionChains
from leanlocal.universes.contracts import FileSource, FuturesContract, OptionContract
from leanlocal.universes.files import ChainTable
from leanlocal.universes.frames import by_text, file_frame
from leanlocal.universes.rows import underlying_bar

TRADING_DAYS_BACK = 3


class ChainsPart(AlgorithmPart):
    """Chains of the API."""

    def option_chain(self, symbol: Any, flatten: bool = False) -> OptionChain:
        """Options of an underlying, or of a canonical symbol, from the latest chain file; empty when there is none."""
        canonical = self._canonical(symbol)
        table = self._latest(canonical)
        if table is None:
            return OptionChain(canonical, self._exchange_midnight(canonical), dict[Symbol, Any], flatten)
        multiplier = (
            self._run.securities.terms_of(table.symbol(0)).strike_multiplier if len(table) else self._run.securities.terms_of(canonical).strike_multiplier
        )
        today = self._run.securities.hours_of(canonical).local_date(self._run.clock.now)

        rows = by_text(table, np.flatnonzero(table.columns.expiry >= today.toordinal()))

        def contracts() -> dict[Symbol, Any]:
            return {table.symbol(row): OptionContract(FileSource(table, row, multiplier)) for row in rows.tolist()}

        bar = underlying_bar(table)
        return OptionChain.of(
            canonical,
            self._exchange_midnight(canonical),
            contracts,
            lambda: None if bar is None else trade_bar(*bar),
            flatten=flatten,
            frame=lambda: file_frame(table, rows, multiplier),
        )

    def option_chains(self, symbols: Iterable[Any], flatten: bool = False) -> OptionChains:
        """Option chains of several symbols."""
        chains = {chain.symbol: chain for symbol in symbols for chain in (self.option_chain(symbol, flatten),)}
        return OptionChains(lambda: chains)

    def future_chain(self, symbol: Any, flatten: bool = False) -> FuturesChain:
        """Contracts of a future from the latest chain file; empty when there is none."""
        canonical = _future(symbol)
        table = self._latest(canonical)
        if table is None:
            return FuturesChain(canonical, self._exchange_midnight(canonical), dict[Symbol, Any], flatten)
        today = self._run.securities.hours_of(canonical).local_date(self._run.clock.now)

        def contracts() -> dict[Symbol, Any]:
            made = ((table.symbol(row), row) for row in range(len(table)))
            return {
                found: FuturesContract(FileSource(table, row, self._run.securities.terms_of(found).strike_multiplier))
                for found, row in made
                if expiry_of(found) >= today
            }

        return FuturesChain(canonical, self._exchange_midnight(canonical), contracts, flatten)

    futures_chain = future_chain

    def future_chains(self, symbols: Iterable[Any], flatten: bool = False) -> FuturesChains:
        """Future chains of several symbols."""
        chains = {chain.symbol: chain for symbol in symbols for chain in (self.future_chain(symbol, flatten),)}
        return FuturesChains(lambda: chains)

    futures_chains = future_chains

    @property
    def option_chain_provider(self) -> BacktestingOptionChainProvider:
        """Option contracts by date, as symbols."""
        return BacktestingOptionChainProvider(lambda symbol, day: self._listed(self._canonical(symbol), day))

    @property
    def future_chain_provider(self) -> BacktestingFutureChainProvider:
        """Futures by date, as symbols."""
        return BacktestingFutureChainProvider(lambda symbol, day: self._listed(_future(symbol), day))

    def _listed(self, canonical: Symbol, day: date) -> list[Symbol]:
        table = self._before(canonical, day)
        if table is None:
            return []
        return [table.symbol(row) for row in by_text(table, np.flatnonzero(table.columns.expiry >= day.toordinal())).tolist()]

    def _canonical(self, symbol: Any) -> Symbol:
        known = as_symbol(symbol)
        if known is None:
            raise ValueError(f"{symbol} is not known: add it, or give its Symbol")
        if known.security_type is SecurityType.FUTURE and known.is_canonical():
            known = self._run.securities[known].mapped or known
        return canonical_option(known) if known.security_type in OPTION_TYPE_OF else known.canonical

    def _latest(self, canonical: Symbol) -> ChainTable | None:
        return self._before(canonical, self._run.securities.hours_of(canonical).local_date(self._run.clock.now))

    def _before(self, canonical: Symbol, day: date) -> ChainTable | None:
        hours = self._run.securities.hours_of(canonical)
        for _ in range(TRADING_DAYS_BACK):
            day = hours.next_trading_day(day, -1)
            table = self._run.chain_files.of_day(canonical, day)
            if table is not None:
                return table
        return None

    def _exchange_midnight(self, canonical: Symbol) -> datetime:
        day = self._run.securities.hours_of(canonical).local_date(self._run.clock.now)
        return datetime(day.year, day.month, day.day)


def _future(symbol: Any) -> Symbol:
    known = as_symbol(symbol)
    if known is None or known.security_type is not SecurityType.FUTURE:
        raise ValueError(f"{symbol} is not a future")
    return known.canonical
