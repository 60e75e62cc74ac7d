"""Contracts an algorithm adds one by one: LEAN keeps them, with their underlying, in a universe per chain.

The universe selects anew whenever a contract is added or removed. A member that is not wanted any more leaves at a selection when it has been in for the
minimum time (a day); until then its data goes on arriving, it is only not tradable. The underlying leaves (and is reported so, although its own subscription
goes on) when no contract is wanted. Source: lean-fidelity §2.4, recorded additions and removals over two weeks.
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
    """One chain's universe: since when each member is in, and which contracts are wanted."""

    def __init__(self) -> None:
        self.since: dict[Symbol, Micros] = {}
        self.wanted: dict[Symbol, None] = {}


class AddedContracts:
    """Universes of contracts added one by one, and the removal of any security."""

    def __init__(self, run: RunContext) -> None:
        self._run = run
        self._chains: dict[Symbol, _Members] = {}

    def add(self, security: SecurityCore, fresh: bool) -> None:
        """A contract has been asked for; fresh: its subscription is new."""
        members = self._chains.setdefault(security.symbol.canonical, _Members())
        members.wanted[security.symbol] = None
        now = self._run.clock.now
        for symbol in (security.symbol, security.symbol.underlying):
            members.since.setdefault(symbol, now)
        if fresh:
            self._run.subscriptions.added(security)
        self._select(members, security.symbol.underlying)

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
            members.wanted.pop(symbol, None)
            self._select(members, symbol.underlying)
        return True

    def has(self, symbol: Symbol) -> bool:
        """Whether the contract was added one by one and is still in."""
        members = self._chains.get(symbol.canonical)
        return members is not None and symbol in members.since

    def forget(self, security: SecurityCore) -> bool:
        """A contract has been delisted; True when it was a member, so that its universe selects anew."""
        members = self._chains.get(security.symbol.canonical)
        if members is None or security.symbol not in members.since:
            return False
        members.wanted.pop(security.symbol, None)
        del members.since[security.symbol]
        self._select(members, security.symbol.underlying)
        return True

    def _select(self, members: _Members, underlying: Symbol) -> None:
        now, minimum = self._run.clock.now, self._run.universe_settings.minimum_time_in_universe // timedelta(microseconds=1)
        for symbol, since in list(members.since.items()):
            wanted = bool(members.wanted) if symbol == underlying else symbol in members.wanted
            if not wanted and now - since >= minimum:
                del members.since[symbol]
                self._leave(self._run.securities[symbol], symbol == underlying)

    def _leave(self, security: SecurityCore, only_report: bool) -> None:
        if only_report:
            self._run.subscriptions.removed(security)
        else:
            self._end(security)

    def _end(self, security: SecurityCore) -> None:
        self._run.subscriptions.retire(security)
        self._run.subscriptions.removed(security)
