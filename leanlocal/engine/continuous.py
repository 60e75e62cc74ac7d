"""Continuous futures: the chain's symbol follows one contract after the other, as the map file of the future says.

A row of a future's map file gives the last date of a contract for a mapping mode (open interest 1, first day of month 2, last trading day 0). The continuous
symbol's prices are the mapped contract's. Source: recorded runs with `add_future`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from leanlocal.clock import Micros
from leanlocal.engine.marks import MarkSource
from leanlocal.enums import DataMappingMode
from leanlocal.securities.core import SecurityCore
from leanlocal.slices.events import SymbolChangedEvent
from leanlocal.symbol_book import from_identifier
from leanlocal.symbols import SecurityIdentifier, Symbol
from marketdata.port import Kind, MapRow, Step

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext

_DAY = timedelta(days=1)


class _Continuous:
    """One continuous future. rows: last dates of its mapping mode; later: all contracts by last trading day, for the depth behind the mapped one."""

    def __init__(self, security: SecurityCore, rows: list[MapRow], later: list[str], depth: int, step: Step, fill_forward: bool, extended: bool) -> None:
        self.security = security
        self.rows = rows
        self.later = later
        self.depth = depth
        self.step = step
        self.fill_forward = fill_forward
        self.extended = extended

    def contract_on(self, day: date) -> Symbol | None:
        """Contract of a date."""
        row = next((row for row in self.rows if row.day >= day), None)
        name = None if row is None else self._deeper(row.ticker)
        return None if name is None else from_identifier(SecurityIdentifier.parse(name.upper()))

    def _deeper(self, front: str) -> str | None:
        if not self.depth:
            return front
        following = self.later[self.later.index(front) + self.depth :] if front in self.later else []
        return following[0] if following else None


class ContinuousFutures(MarkSource):
    """All continuous futures of a run."""

    def __init__(self, run: RunContext) -> None:
        self._run = run
        self._futures: list[_Continuous] = []

    def add(self, security: SecurityCore, step: Step, fill_forward: bool, extended: bool, mode: Any, depth: int) -> None:
        """Follow a future. depth: how many contracts, in order of their last trading days, behind the mapped one."""
        wanted = DataMappingMode.OPEN_INTEREST if mode is None else DataMappingMode(mode)
        sid = security.symbol.id
        security.mapping = (int(wanted), depth)
        contracts = [row for row in self._run.data.map_rows(sid.symbol, sid.market, Kind.FUTURE) if " " in row.ticker]
        rows = [row for row in contracts if row.mode == int(wanted)]
        later = [row.ticker for row in contracts if row.mode == int(DataMappingMode.LAST_TRADING_DAY)]
        future = _Continuous(security, rows, later, depth, step, fill_forward, extended)
        self._futures.append(future)

    def marks(self, after: Micros, until: Micros) -> Iterable[Micros]:
        """Midnights after a contract's last date."""
        return [moment for future in self._futures for row in future.rows if after < (moment := future.security.hours.midnight(row.day + _DAY)) <= until]

    def begin_step(self, moment: Micros) -> None:
        """Map what is not mapped yet, change contracts whose last date is over."""
        for future in self._futures:
            before = future.security.mapped
            self._map(future, moment)
            after = future.security.mapped
            if before is not None and after is not None and before != after and self._run.locked:
                self._changed(future, before, after, moment)

    def _map(self, future: _Continuous, moment: Micros) -> None:
        security = future.security
        symbol = future.contract_on(security.hours.local_date(moment))
        if symbol is None or symbol == security.mapped:
            return
        run = self._run
        security.mapped = symbol
        contract = run.securities.create(symbol)
        fresh = not contract.user_configs
        run.securities.subscribe(contract, future.step, fill_forward=future.fill_forward, extended=future.extended)
        if fresh:
            run.initializer.initialize(contract)
            run.subscriptions.added(contract, at_once=False)
        self._subscribe_continuous(future)

    def _subscribe_continuous(self, future: _Continuous) -> None:
        security = future.security
        registry = self._run.securities
        security.feeds = []
        security.configs = []
        registry.subscribe(security, future.step, fill_forward=future.fill_forward, extended=future.extended)
        security.is_tradable = False
        self._run.consolidators.subscription_changed()

    def _changed(self, future: _Continuous, before: Symbol, after: Symbol, moment: Micros) -> None:
        symbol = future.security.symbol
        time = future.security.hours.zone.local_datetime(moment)
        self._run.slice_events.renames[symbol] = SymbolChangedEvent(symbol, time, str(before.id), str(after.id))
