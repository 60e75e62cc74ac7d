"""Contracts an algorithm adds one by one: LEAN keeps them, with their underlying, in a universe per chain.

The universe selects anew whenever a contract is added or removed. A member that is not wanted any more leaves at a selection when it has been in for the
minimum time (a day); until then its data goes on arriving, it is only not tradable. It is reported as removed then, but its data stays while something is held
or ordered of it, until the next selection that finds it flat. The underlying leaves (and is reported so, although its own subscription goes on) when no
contract is wanted. Source: lean-fidelity §2.4, recorded additions and removals over two weeks.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from leanlocal.clock import Micros
from leanlocal.securities.core import SecurityCore
from leanlocal.symbols import CHAIN_TYPES, Symbol

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext


class _Members:
    """One chain's universe: since when each member is in, which contracts are wanted, and which members are not any more."""

    def __init__(self, chain: Symbol) -> None:
        self.chain = chain
        self.underlying = chain.underlying
        self.since: dict[Symbol, Micros] = {}
        self.wanted: dict[Symbol, None] = {}
        self.unwanted: set[Symbol] = set()

    def want(self, symbol: Symbol, now: Micros) -> None:
        """A contract is asked for; it and its underlying are in from now on."""
        self.wanted[symbol] = None
        self.unwanted -= {symbol, self.underlying}
        for member in (symbol, self.underlying):
            self.since.setdefault(member, now)

    def drop(self, symbol: Symbol) -> None:
        """A contract is not asked for any more."""
        self.wanted.pop(symbol, None)
        self.unwanted |= {symbol} if self.wanted else {symbol, self.underlying}
        self.unwanted &= self.since.keys()

    def forget(self, symbol: Symbol) -> None:
        """A member is gone."""
        self.drop(symbol)
        self.leave(symbol)

    def leave(self, symbol: Symbol) -> None:
        """A member leaves."""
        del self.since[symbol]
        self.unwanted.discard(symbol)

    def leaving(self, now: Micros, minimum: Micros) -> list[Symbol]:
        """Members that are not wanted and have been in long enough, in order of their coming."""
        if not self.unwanted:
            return []
        return [symbol for symbol, since in self.since.items() if symbol in self.unwanted and now - since >= minimum]


class AddedContracts:
    """Universes of contracts added one by one, and the removal of any security."""

    def __init__(self, run: RunContext) -> None:
        self._run = run
        self._chains: dict[Symbol, _Members] = {}
        self._kept: dict[SecurityCore, Symbol] = {}

    def add(self, security: SecurityCore, fresh: bool) -> None:
        """A contract has been asked for; fresh: its subscription is new."""
        symbol = security.symbol
        self._kept.pop(security, None)
        members = self._chains.setdefault(symbol.canonical, _Members(symbol.canonical))
        members.want(symbol, self._run.clock.now)
        if fresh:
            self._run.subscriptions.added(security)
        self._select(members)

    def remove(self, symbol: Symbol, tag: str | None) -> bool:
        """Cancel a security's orders, close its position, end its subscription; False when it is not there."""
        run = self._run
        security = run.securities.get(symbol)
        if security is None or not security.configs:
            return False
        run.handler.remove_security(security, tag)
        security.is_tradable = False
        members = self._chains.get(symbol.canonical) if symbol.security_type in CHAIN_TYPES else None
        if members is None or symbol not in members.since:
            self._end(security)
        else:
            members.drop(symbol)
            self._select(members)
        return True

    def has(self, symbol: Symbol) -> bool:
        """Whether the contract was added one by one and is still in."""
        members = self._chains.get(symbol.canonical)
        return members is not None and symbol in members.since

    def forget(self, security: SecurityCore) -> bool:
        """A contract has been delisted; True when it was a member, so that its universe selects anew."""
        self._kept.pop(security, None)
        members = self._chains.get(security.symbol.canonical)
        if members is None or security.symbol not in members.since:
            return False
        members.forget(security.symbol)
        self._select(members)
        return True

    def _select(self, members: _Members) -> None:
        now, minimum = self._run.clock.now, self._run.universe_settings.minimum_time_in_universe // timedelta(microseconds=1)
        self._release(members.chain)
        for symbol in members.leaving(now, minimum):
            members.leave(symbol)
            self._leave(self._run.securities[symbol], symbol == members.underlying)

    def _leave(self, security: SecurityCore, only_report: bool) -> None:
        if only_report:
            self._run.subscriptions.removed(security)
        else:
            self._end(security)

    def _end(self, security: SecurityCore) -> None:
        self._run.subscriptions.removed(security)
        if security.holding.quantity or self._run.handler.open_orders(security):
            self._kept[security] = security.symbol.canonical
        else:
            self._run.subscriptions.retire(security)

    def _release(self, chain: Symbol) -> None:
        for security in [kept for kept, of in self._kept.items() if of == chain]:
            if not security.holding.quantity and not self._run.handler.open_orders(security):
                del self._kept[security]
                self._run.subscriptions.retire(security)
