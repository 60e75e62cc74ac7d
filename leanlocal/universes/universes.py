"""Universes that select contracts once a day from the chain file that became available at the exchange's midnight.

A file of trading day D selects at D+1 00:00; with no file nothing is selected and members stay. A member that is not selected any more leaves when it has
been in for the minimum time and nothing is held or ordered of it. Sources: lean-fidelity §2.4.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from leanlocal.clock import Micros
from leanlocal.engine.marks import MarkSource
from leanlocal.enums import SecurityType
from leanlocal.exact import from_python
from leanlocal.mappings import SymbolMapping
from leanlocal.securities.core import STEP_OF, SecurityCore
from leanlocal.symbols import Symbol
from leanlocal.universes.files import ChainTable
from leanlocal.universes.filters import ContractUniverse, FutureFilterUniverse, OptionFilterUniverse, default_filter
from marketdata.port import Step

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext

_DAY = timedelta(days=1)
LOOK_BACK_DAYS = 7


class ChainUniverse(MarkSource):
    """Contracts of one chain. security: the canonical security, which carries the filter."""

    rank = 0

    def __init__(self, run: RunContext, security: SecurityCore, step: Step, fill_forward: bool, extended: bool) -> None:
        self._run = run
        self.security = security
        self._step = step
        self._fill_forward = fill_forward
        self._extended = extended
        self._members: dict[Symbol, Micros] = {}
        self._leaving: dict[Symbol, None] = {}
        self._first = True
        self._at_once = False

    @property
    def members(self) -> list[Symbol]:
        """Contracts selected now, in order of selection."""
        return list(self._members)

    def for_options_of(self, canonical: SecurityCore) -> ChainUniverse:
        """A universe of options subscribed like this one's contracts."""
        return ChainUniverse(self._run, canonical, self._step, self._fill_forward, self._extended)

    def marks(self, after: Micros, until: Micros) -> Iterable[Micros]:
        """Midnights with a file to select from."""
        return self.pulses(after, until)

    def pulses(self, after: Micros, until: Micros) -> list[Micros]:
        """Midnights after < t <= until at which a file becomes available."""
        return [moment for moment in self._midnights(after, until) if self._table(moment) is not None]

    def begin_step(self, moment: Micros) -> None:
        """Select when the moment is a midnight with a file, and at the very first moment; let go of what can leave."""
        self.release(moment)
        hours = self.security.hours
        day = hours.local_date(moment)
        if self._first:
            self._first = False
            table = self._run.chain_files.of_day(self.security.symbol, hours.next_trading_day(day, -1))
        elif hours.midnight(day) == moment:
            table = self._table(moment)
        else:
            return
        if table is not None:
            self._select(table, moment)

    def select_now(self, moment: Micros) -> None:
        """The first selection of a universe made in the middle of a step: reported at the end of the step."""
        self._at_once = True
        self.begin_step(moment)
        self._at_once = False

    def _midnights(self, after: Micros, until: Micros) -> list[Micros]:
        hours = self.security.hours
        day, last = hours.local_date(after), hours.local_date(until)
        found: list[Micros] = []
        while day <= last:
            moment = hours.midnight(day)
            if after < moment <= until and moment >= self._begin():
                found.append(moment)
            day += _DAY
        return found

    def _begin(self) -> Micros:
        window = self._run.securities.window.begin
        return 0 if window is None else window

    def _table(self, moment: Micros) -> ChainTable | None:
        day = self.security.hours.local_date(moment) - _DAY
        return self._run.chain_files.of_day(self.security.symbol, day)

    def _select(self, table: ChainTable, moment: Micros) -> None:
        universe = self._universe(table, moment)
        chosen = (self.security.option_filter or default_filter)(universe)
        result = chosen if isinstance(chosen, ContractUniverse) else universe
        selected = dict.fromkeys(sorted(result.selected(), key=lambda symbol: symbol.value))
        for symbol in selected:
            self._leaving.pop(symbol, None)
            if symbol not in self._members:
                self._members[symbol] = moment
                self._enter(symbol)
        for symbol in [known for known in self._members if known not in selected]:
            self._dismiss(symbol, moment)

    def _universe(self, table: ChainTable, moment: Micros) -> ContractUniverse:
        hours = self.security.hours
        local = hours.zone.local_datetime(moment)
        if self.security.kind is SecurityType.FUTURE:
            return FutureFilterUniverse(table, hours, local)
        return OptionFilterUniverse(table, hours, local, self.security)

    def _enter(self, symbol: Symbol) -> None:
        run = self._run
        security = run.securities.create(symbol)
        fresh = not security.user_configs
        security.is_tradable = True
        if run.universe_settings.leverage:
            security.leverage = from_python(run.universe_settings.leverage)
        run.securities.subscribe(security, self._step, fill_forward=self._fill_forward, extended=self._extended)
        if fresh:
            run.initializer.initialize(security)
        if security.models.price_model is None:
            security.models.price_model = self.security.models.price_model
        run.subscriptions.added(security, at_once=self._at_once)

    def _dismiss(self, symbol: Symbol, moment: Micros) -> None:
        minimum = self._run.universe_settings.minimum_time_in_universe // timedelta(microseconds=1)
        if moment - self._members[symbol] < minimum:
            return
        del self._members[symbol]
        self._run.subscriptions.removed(self._run.securities[symbol], at_once=False)
        self._leaving[symbol] = None
        self.release(moment)

    def release(self, moment: Micros) -> None:
        """Let go of contracts that were only kept because something was held or ordered of them."""
        if not self._leaving:
            return
        for symbol in list(self._leaving):
            security = self._run.securities[symbol]
            if not security.holding.quantity and not self._run.handler.open_orders(security):
                del self._leaving[symbol]
                security.reset()
                security.is_tradable = False
                self._run.timeline.refresh()

    def forget(self, symbol: Symbol) -> bool:
        """A contract has expired; True when it was selected until now (one only kept because it was held has been reported as removed before)."""
        self._leaving.pop(symbol, None)
        return self._members.pop(symbol, None) is not None


class UniverseManager(SymbolMapping[Any]):
    """`self.universe_manager`: universes by their canonical symbol."""

    def __init__(self, run: RunContext) -> None:
        super().__init__(lambda: {universe.security.symbol: universe for universe in run.universes})


def step_of(resolution: Any, run: RunContext) -> Step:
    """Step of a resolution, the universe settings' when None; NotImplementedError below minutes."""
    chosen = run.universe_settings.resolution if resolution is None else resolution
    if chosen not in STEP_OF:
        raise NotImplementedError(f"Resolution.{chosen} is not in leanlocal; see docs/lean-coverage.md")
    return STEP_OF[chosen]


def first_file_day(days: Iterable[date], today: date) -> date | None:
    """Latest day with a file before today."""
    return max((day for day in days if day < today), default=None)
