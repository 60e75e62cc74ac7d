"""Positions as groups that are margined together: recognised option strategies, and single securities for the rest.

The groups of the account are found when somebody asks and kept until a quantity changes. An order is judged by the groups the account would have with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from leanlocal.exact import ONE, ZERO, add, mul
from leanlocal.portfolio.buying_power import margin_rule
from leanlocal.portfolio.group_margin import MarginNeed, Position, strategy_need
from leanlocal.portfolio.option_terms import contract_unit, is_call, is_option, scaled_strike, underlying_of
from leanlocal.portfolio.strategy_matcher import OptionLot, StrategyMatch, match_strategies

if TYPE_CHECKING:
    from leanlocal.portfolio.strategy_shapes import StrategyName
    from leanlocal.securities.core import SecurityCore
    from leanlocal.symbols import Symbol

Quantities = dict["SecurityCore", Decimal]


@dataclass(frozen=True, slots=True, eq=False)
class PositionGroupCore:
    """Positions margined together. name: the recognised strategy, None for a single security; units: how many times the strategy is held."""

    name: StrategyName | None
    units: Decimal
    positions: tuple[Position, ...]

    @property
    def is_strategy(self) -> bool:
        """Recognised option strategy, a lone option included."""
        return self.name is not None

    def need(self) -> MarginNeed:
        """Initial (without premium) and maintenance margin now."""
        if self.name is not None:
            return strategy_need(self.name, self.positions, self.units)
        position = self.positions[0]
        margin = margin_rule(position.security)
        return MarginNeed(abs(margin.initial(position.security, position.quantity)), margin.maintenance(position.security, position.quantity))

    def premium(self) -> Decimal:
        """Net option premium to pay, 0 for a credit."""
        total = ZERO
        for position in self.positions:
            if is_option(position.security):
                total = add(total, position.value)
        return max(ZERO, total)

    def touches(self, symbols: set[Symbol]) -> bool:
        """Whether a position is, or stands on, one of the symbols or their underlyings."""
        return any(_root(position.security).symbol in symbols for position in self.positions)


def _root(security: SecurityCore) -> SecurityCore:
    return underlying_of(security) if is_option(security) else security


def resolve_groups(quantities: Quantities) -> list[PositionGroupCore]:
    """Groups of a book: strategies per underlying that has options, then every share or future that no strategy took."""
    by_root: dict[SecurityCore, list[SecurityCore]] = {}
    for security, quantity in quantities.items():
        if quantity and is_option(security):
            by_root.setdefault(underlying_of(security), []).append(security)
    left = {security: quantity for security, quantity in quantities.items() if quantity and not is_option(security)}
    groups: list[PositionGroupCore] = []
    for root, options in by_root.items():
        groups += _strategy_groups(root, options, quantities, left)
    groups += [PositionGroupCore(None, abs(quantity), (Position(security, quantity, ONE),)) for security, quantity in left.items() if quantity]
    return groups


def _strategy_groups(root: SecurityCore, options: list[SecurityCore], quantities: Quantities, left: Quantities) -> list[PositionGroupCore]:
    unit = contract_unit(options[0])
    by_symbol = {security.symbol: security for security in options}
    lots = [OptionLot(s.symbol, is_call(s), scaled_strike(s), s.symbol.id.date.date(), int(quantities[s])) for s in options]
    groups: list[PositionGroupCore] = []
    for match in match_strategies(lots, int(quantities.get(root, ZERO) / unit)):
        positions = [_leg_position(by_symbol[leg.symbol], leg.quantity, match) for leg in match.legs]
        if match.lots:
            shares = mul(Decimal(match.lots), unit)
            positions.append(Position(root, shares, mul(Decimal(abs(match.shape.lots)), unit)))
            left[root] = left[root] - shares
        groups.append(PositionGroupCore(match.shape.name, Decimal(match.units), tuple(positions)))
    return groups


def _leg_position(security: SecurityCore, quantity: int, match: StrategyMatch) -> Position:
    return Position(security, Decimal(quantity), Decimal(abs(quantity) // match.units))


def _prices(security: SecurityCore) -> tuple[object, ...]:
    """All that the margin of a position can depend on besides its quantity."""
    spot = underlying_of(security).close if is_option(security) else None
    return security.clock.now, security.price, security.bid, security.ask, spot, security.leverage, security.models.buying_power


class PositionGroups:
    """Groups of one account."""

    def __init__(self, invested: Callable[[], Iterable[SecurityCore]]) -> None:
        self._invested = invested
        self._groups: list[PositionGroupCore] | None = None
        self._asked: tuple[object, ...] = ()
        self._used = ZERO

    def forget(self) -> None:
        """A quantity changed: find the groups anew when asked."""
        self._groups = None

    def current(self) -> list[PositionGroupCore]:
        """Groups of what is held now."""
        if self._groups is None:
            self._groups = resolve_groups({security: security.holding.quantity for security in self._invested()})
        return self._groups

    def impacted(self, securities: Sequence[SecurityCore]) -> list[PositionGroupCore]:
        """Groups that share a symbol or an underlying with the securities."""
        symbols = {_root(security).symbol for security in securities}
        return [group for group in self.current() if group.touches(symbols)]

    def margin_used(self) -> Decimal:
        """Sum of maintenance margins; the last answer is kept for the same groups, moment and prices."""
        groups = self.current()
        asked = (groups, *(_prices(position.security) for group in groups for position in group.positions))
        if asked != self._asked:
            self._asked, self._used = asked, ZERO
            for group in groups:
                self._used = add(self._used, group.need().maintenance)
        return self._used
