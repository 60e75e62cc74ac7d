"""How a new security is set up: the brokerage model's models, then whatever the algorithm's initializer does (often a first price from history).

Source: lean-fidelity §5.3; recorded seeding of contracts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from leanlocal.enums import SecurityType
from leanlocal.feeds.blocks import QuoteFacts, TradeFacts
from leanlocal.securities.core import SecurityCore
from leanlocal.securities.surface import surface_of
from leanlocal.slices.bars import BaseData, QuoteBar, TradeBar
from leanlocal.surface import LeanObject, core_of

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext


class FuncSecuritySeeder(LeanObject[Callable[[Any], Any]]):
    """Seeds a security with the data a function gives for it."""

    def __init__(self, seed_function: Callable[[Any], Any]) -> None:
        self._core = seed_function

    def seed_security(self, security: Any) -> bool:
        """Set the security's first price; True when there was data."""
        data = self._core(security)
        bars = list(data) if data is not None and not isinstance(data, BaseData) else [data] if data is not None else []
        for bar in bars:
            set_from_bar(core_of(security), bar)
        return bool(bars)


class SecuritySeeder(LeanObject[None]):
    """Ready-made seeders."""

    NULL: Any = None


class BrokerageModelSecurityInitializer(LeanObject[Any]):
    """Sets a brokerage model's models, then seeds."""

    def __init__(self, brokerage_model: Any = None, security_seeder: Any = None) -> None:
        self._core = brokerage_model
        self._seeder = security_seeder

    def initialize(self, security: Any) -> None:
        """Set up one security."""
        core: SecurityCore = core_of(security)
        if self._core is not None:
            core.run.brokerage.apply(core, self._core)
        if self._seeder is not None and not core.is_canonical:
            self._seeder.seed_security(security)


class FuncSecurityInitializer(LeanObject[Callable[[Any], Any]]):
    """An initializer made of a function of the security."""

    def __init__(self, initializer: Callable[[Any], Any]) -> None:
        self._core = initializer

    def initialize(self, security: Any) -> None:
        """Set up one security."""
        self._core(security)


class CompositeSecurityInitializer(LeanObject[None]):
    """Several initializers, one after the other."""

    def __init__(self, *initializers: Any) -> None:
        self._parts = list(initializers)

    @property
    def initializers(self) -> list[Any]:
        """The parts in their order."""
        return list(self._parts)

    def initialize(self, security: Any) -> None:
        """Set up one security with each part."""
        for part in self._parts:
            getattr(part, "initialize", part)(security)


def set_from_bar(core: SecurityCore, bar: Any) -> None:
    """Put a bar from outside into a security's prices.

    As in LEAN's cache, a quote does not price shares, and a trade does not price anything else that has a quote of the same end.
    """
    facts, is_share = core_of(bar), core.kind == SecurityType.EQUITY
    if isinstance(bar, QuoteBar) and isinstance(facts, QuoteFacts):
        core.set_price(core.price if is_share else facts.value, quote=facts)
    elif isinstance(bar, TradeBar) and isinstance(facts, TradeFacts):
        quote = None if is_share else core.last_quote()
        core.set_price(core.price if quote is not None and quote.end == facts.end else facts.value, trade=facts)


class Initializing:
    """The initializer of a run."""

    def __init__(self, run: RunContext) -> None:
        self._run = run
        self._own: Any = None

    def use(self, initializer: Any) -> None:
        """Take the algorithm's initializer: an object with `initialize` or a function."""
        self._own = getattr(initializer, "initialize", initializer)

    def use_as_well(self, initializer: Any) -> None:
        """Take another initializer of the algorithm's, to be called after those it has."""
        before, added = self._own, getattr(initializer, "initialize", initializer)

        def both(security: Any) -> None:
            before(security)
            added(security)

        self._own = added if before is None else both

    def initialize(self, security: SecurityCore) -> None:
        """Let the algorithm's initializer set up a security that has been subscribed; with `seed_initial_prices` one without a price gets its last known."""
        if self._own is not None:
            self._own(surface_of(security))
        if self._run.settings.seed_initial_prices and not security.is_canonical and not security.price:
            for bar in self._run.history.last_known(security):
                set_from_bar(security, bar)
