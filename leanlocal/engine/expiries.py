"""The end of contracts: a warning at midnight of the last day, the delisting at the next midnight, both on the exchange's clock.

A delisting happens only when the run goes on to a later trading day. Sources: lean-fidelity §6.1, §6.2, recordings of expiries.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from leanlocal.clock import Micros
from leanlocal.engine.marks import MarkSource
from leanlocal.enums import DelistingType, SecurityType
from leanlocal.exact import ZERO
from leanlocal.feeds.blocks import TradeBlock
from leanlocal.feeds.feed import Feed
from leanlocal.securities.core import SecurityCore
from leanlocal.slices.events import Delisting
from leanlocal.symbols import CHAIN_TYPES, expiry_of
from marketdata.port import Tick

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext

_DAY = timedelta(days=1)


def last_trading_day(security: SecurityCore) -> date:
    """Delisting day of a contract: its expiry, for equity options the last day on which the market was open."""
    expiry = expiry_of(security.symbol)
    if security.kind is not SecurityType.OPTION:
        return expiry
    return security.hours.open_on_or(expiry, -1)


def last_trade_price(feed: Feed[Any] | None, moment: Micros) -> Decimal:
    """Close of the last trade row of the file by a moment, hours or not: what a delisting event shows as price."""
    found = feed.last_row_of_file(moment) if feed is not None else None
    if found is None or not isinstance(found.block, TradeBlock):
        return ZERO
    return found.block.facts(found.row).close


class Expiries(MarkSource):
    """Expiries of all subscribed contracts."""

    def __init__(self, run: RunContext) -> None:
        self._run = run
        self._watched: dict[SecurityCore, tuple[Micros, Micros | None]] = {}
        self._warned: set[SecurityCore] = set()

    def watch(self, security: SecurityCore) -> None:
        """Look after a contract that has been subscribed."""
        if security.kind in CHAIN_TYPES and not security.is_canonical and security not in self._watched:
            self._watched[security] = self._moments(security)

    def _moments(self, security: SecurityCore) -> tuple[Micros, Micros | None]:
        hours, day = security.hours, last_trading_day(security)
        following = hours.midnight(hours.next_trading_day(day))
        return hours.midnight(day), hours.midnight(day + _DAY) if following <= self._run.end else None

    def marks(self, after: Micros, until: Micros) -> Iterable[Micros]:
        """Midnights of warnings and delistings."""
        return {moment for moments in self._watched.values() for moment in moments if moment is not None and after < moment <= until}

    def begin_step(self, moment: Micros) -> None:
        """Warnings and delistings of the moment."""
        for security in [known for known in self._watched if not known.configs]:
            del self._watched[security]
        due = [(security, gone) for security, (warned, gone) in self._watched.items() if warned <= moment]
        for security, gone in sorted(due, key=lambda item: (int(item[0].kind), item[0].symbol.value)):
            if gone is not None and gone <= moment:
                self._delist(security)
            elif security not in self._warned:
                self._warned.add(security)
                self._event(security, DelistingType.WARNING)

    def _delist(self, security: SecurityCore) -> None:
        del self._watched[security]
        self._warned.discard(security)
        self._event(security, DelistingType.DELISTED)
        run = self._run
        selected = [universe.forget(security.symbol) for universe in run.universes]
        run.subscriptions.delist(security, report=any(selected) or run.added_contracts.has(security.symbol))

    def _event(self, security: SecurityCore, kind: DelistingType) -> None:
        time = security.hours.zone.local_datetime(self._run.clock.now)
        trades = next((feed for feed in security.feeds if feed.subscription.tick is Tick.TRADE), None)
        price = partial(last_trade_price, trades, self._run.clock.now)
        self._run.slice_events.delistings[security.symbol] = Delisting(security.symbol, time, price, kind)

    def deliver(self) -> None:
        """Tell the algorithm."""
        events = self._run.slice_events.delistings
        if events and self._run.hooks.overrides("on_delistings"):
            self._run.hooks.call("on_delistings", self._run.slice.delistings)
