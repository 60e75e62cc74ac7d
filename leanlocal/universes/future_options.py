"""Options on the contracts a future's universe selects: one universe of options per contract, made when the contract appears.

Source: recorded runs with `add_future_option`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from leanlocal.engine.marks import MarkSource
from leanlocal.securities.core import SecurityCore
from leanlocal.symbol_book import canonical_option
from leanlocal.symbols import Symbol
from leanlocal.universes.universes import ChainUniverse

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext


@dataclass(frozen=True, slots=True)
class _Wish:
    """Options wanted on every contract of a future."""

    futures: ChainUniverse
    option_filter: Any


class FutureOptions(MarkSource):
    """All wishes of a run, and the universes made for them."""

    def __init__(self, run: RunContext) -> None:
        self._run = run
        self._wishes: list[_Wish] = []
        self._made: set[Symbol] = set()

    def add(self, future: SecurityCore, option_filter: Any) -> None:
        """Want options on the contracts of a future that has a universe. ValueError when it has none."""
        universe = next((one for one in self._run.universes if one.security is future), None)
        if universe is None:
            raise ValueError(f"{future.symbol.value} has no universe of contracts: add it with add_future first")
        self._wishes.append(_Wish(universe, option_filter))

    def deliver(self) -> None:
        """Make universes for contracts that have just been selected; what they select is reported at the same moment, with the contract."""
        run = self._run
        for wish in self._wishes:
            for contract in wish.futures.members:
                canonical = canonical_option(contract)
                if canonical not in self._made:
                    self._made.add(canonical)
                    self._make(canonical, wish).select_now(run.clock.now)
                    run.subscriptions.added(run.securities[contract])

    def _make(self, canonical: Symbol, wish: _Wish) -> ChainUniverse:
        run = self._run
        security = run.securities.create(canonical)
        security.option_filter = wish.option_filter
        run.initializer.initialize(security)
        universe = wish.futures.for_options_of(security)
        run.universes.append(universe)
        run.subscriptions.add_source(universe)
        return universe
