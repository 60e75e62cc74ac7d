"""New tickers of subscribed shares, from their map files.

A map row's date is the last one of its ticker; at midnight of the next trading day the share and every subscribed option on it have a symbol changed event.
Events name tickers; the symbol of an option's event already has the new text, while contracts keep the text they were made with. Sources: lean-fidelity
§1.4, §2.3; LEAN's mapping events.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from leanlocal.clock import Micros
from leanlocal.engine.marks import MarkSource
from leanlocal.enums import SecurityType
from leanlocal.securities.core import SecurityCore
from leanlocal.slices.events import SymbolChangedEvent
from leanlocal.symbol_book import renamed
from leanlocal.symbols import Symbol
from marketdata.port import Kind

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext


@dataclass(frozen=True, slots=True)
class Rename:
    """A share's change of ticker, and the midnight at which it is known."""

    moment: Micros
    security: SecurityCore
    old: str
    new: str


class Renames(MarkSource):
    """Watches the shares of one run."""

    def __init__(self, run: RunContext) -> None:
        self._run = run
        self._renames: list[Rename] = []
        self._watched: set[SecurityCore] = set()

    def watch(self, security: SecurityCore) -> None:
        """Look after a share that has been subscribed."""
        if security.kind is not SecurityType.EQUITY or security in self._watched:
            return
        self._watched.add(security)
        hours = security.hours
        for row, following in pairwise(self._run.data.map_rows(security.symbol.value, security.symbol.id.market, Kind.EQUITY)):
            if row.ticker != following.ticker:
                moment = hours.midnight(hours.next_trading_day(row.day, 1))
                self._renames.append(Rename(moment, security, row.ticker.upper(), following.ticker.upper()))

    def marks(self, after: Micros, until: Micros) -> Iterable[Micros]:
        """Their midnights."""
        return [rename.moment for rename in self._renames if after < rename.moment <= until]

    def begin_step(self, moment: Micros) -> None:
        """Put the moment's changes into the slice."""
        for rename in self._renames:
            if rename.moment == moment and rename.security.configs:
                self._run.symbols.learn(rename.security.symbol, rename.new)
                for security in (rename.security, *self._options_on(rename.security)):
                    self._event(security, rename, moment)

    def _options_on(self, share: SecurityCore) -> list[SecurityCore]:
        options = [security for security in self._run.securities.values() if security.is_option and security.underlying is share]
        return [option for option in options if option.configs and not option.is_canonical]

    def _event(self, security: SecurityCore, rename: Rename, moment: Micros) -> None:
        symbol: Symbol = security.symbol
        time = security.hours.zone.local_datetime(moment)
        self._run.slice_events.renames[symbol] = SymbolChangedEvent(renamed(symbol, rename.new), time, rename.old, rename.new)
