"""Margin of a recognised option strategy: what the whole group ties up, and what opening it needs before the net premium.

One function per family of strategies, chosen by the strategy's name in a table. Strategies whose risk is paid for by their premium need nothing.
Figures per strategy: lean-fidelity 4.6 and the recorded margins of every helper in `OptionStrategies`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from leanlocal.enums import SecurityType
from leanlocal.exact import ONE, ZERO, add, div, mul, sub
from leanlocal.portfolio.buying_power import margin_rule
from leanlocal.portfolio.option_terms import contract_unit, intrinsic_value, is_call, is_option, scaled_strike, underlying_of
from leanlocal.portfolio.strategy_shapes import StrategyName

if TYPE_CHECKING:
    from leanlocal.securities.core import SecurityCore

D = Decimal


@dataclass(frozen=True, slots=True)
class Position:
    """Signed quantity of one security inside a group, and the group's share of it per unit."""

    security: SecurityCore
    quantity: Decimal
    unit_quantity: Decimal

    @property
    def value(self) -> Decimal:
        """Signed market value in account currency."""
        return self.security.holding.value_of(self.quantity, self.security.price)


@dataclass(frozen=True, slots=True)
class MarginNeed:
    """initial: to open, without the net premium; maintenance: to hold."""

    initial: Decimal
    maintenance: Decimal


def _same(amount: Decimal) -> MarginNeed:
    return MarginNeed(amount, amount)


FREE = MarginNeed(ZERO, ZERO)


class Legs:
    """The positions of a group by role."""

    def __init__(self, positions: Sequence[Position], units: Decimal) -> None:
        self.positions = positions
        self.units = units

    def option(self, *, call: bool, short: bool | None = None) -> Position:
        """The first leg of a right and, when given, a side."""
        return next(p for p in self.options(call=call, short=short))

    def options(self, *, call: bool | None = None, short: bool | None = None) -> list[Position]:
        """All option legs of a right and side."""
        return [
            p
            for p in self.positions
            if is_option(p.security) and (call is None or is_call(p.security) == call) and (short is None or (p.quantity < 0) == short)
        ]

    @property
    def stock(self) -> Position:
        """The underlying leg."""
        return next(p for p in self.positions if not is_option(p.security))

    @property
    def unit(self) -> Decimal:
        """Units of the underlying per contract."""
        return contract_unit(self.options()[0].security)

    def width(self, higher: Position, lower: Position) -> Decimal:
        """Strike difference times the units of the group, not below zero."""
        gap = sub(scaled_strike(higher.security), scaled_strike(lower.security))
        return max(ZERO, mul(gap, self.unit, self.units))


def _initial(position: Position) -> Decimal:
    return abs(margin_rule(position.security).initial(position.security, position.quantity))


def _held(position: Position) -> Decimal:
    return margin_rule(position.security).maintenance(position.security, position.quantity)


def _naked(legs: Legs) -> MarginNeed:
    leg = legs.options()[0]
    return MarginNeed(_initial(leg), _held(leg))


def _inverse_naked(legs: Legs) -> MarginNeed:
    leg = legs.options()[0]
    needs_margin = leg.security.kind == SecurityType.FUTURE_OPTION
    return MarginNeed(_initial(leg) if needs_margin else ZERO, _held(leg))


def _covered_call(legs: Legs) -> MarginNeed:
    call, stock = legs.option(call=True), legs.stock
    inside = mul(intrinsic_value(call.security), legs.unit, legs.units)
    price = stock.security.price
    capped = min(price, scaled_strike(call.security))
    stock_margin = div(mul(_held(stock), capped), price) if price and capped != price else _held(stock)
    first = add(inside, stock_margin)
    second = min(abs(stock.value), max(abs(call.value), _held(stock)))
    return MarginNeed(add(mul(D("0.8"), abs(call.value)), _initial(stock)), max(first, second))


def _covered_put(legs: Legs) -> MarginNeed:
    put, stock = legs.option(call=False), legs.stock
    inside = mul(intrinsic_value(put.security), legs.unit, legs.units)
    return _same(add(_initial(stock), inside))


def _protective(legs: Legs) -> MarginNeed:
    option, stock = legs.options()[0], legs.stock
    out = max(ZERO, _out_of_the_money(option))
    share = mul(mul(D("0.1"), scaled_strike(option.security)), legs.unit, legs.units)
    return MarginNeed(_initial(stock), min(add(share, mul(out, legs.unit, legs.units)), _held(stock)))


def _out_of_the_money(option: Position) -> Decimal:
    spot, strike = underlying_of(option.security).close, scaled_strike(option.security)
    return sub(strike, spot) if is_call(option.security) else sub(spot, strike)


def _collar(legs: Legs) -> MarginNeed:
    call, put, stock = legs.option(call=True), legs.option(call=False), legs.stock
    inside = mul(intrinsic_value(call.security), legs.unit, legs.units)
    floor = add(mul(D("0.1"), scaled_strike(put.security)), max(ZERO, _out_of_the_money(put)))
    cap = mul(D("0.25"), scaled_strike(call.security))
    return MarginNeed(add(_initial(stock), inside), mul(min(floor, cap), legs.unit, legs.units))


def _conversion(right_is_call: bool) -> Callable[[Legs], MarginNeed]:
    def need(legs: Legs) -> MarginNeed:
        option, stock = legs.option(call=right_is_call), legs.stock
        inside = intrinsic_value(option.security)
        share = add(mul(D("0.1"), scaled_strike(option.security)), inside)
        return MarginNeed(add(_initial(stock), mul(inside, legs.unit, legs.units)), mul(share, legs.unit, legs.units))

    return need


def _call_spread(legs: Legs) -> MarginNeed:
    return _same(legs.width(legs.option(call=True, short=False), legs.option(call=True, short=True)))


def _put_spread(legs: Legs) -> MarginNeed:
    return _same(legs.width(legs.option(call=False, short=True), legs.option(call=False, short=False)))


def _short_pair(legs: Legs) -> MarginNeed:
    call, put = legs.option(call=True), legs.option(call=False)

    def larger(margin: Callable[[Position], Decimal]) -> Decimal:
        of_call, of_put = margin(call), margin(put)
        other = put if of_call > of_put else call
        premium = mul(mul(other.security.price, legs.unit), legs.units)
        return add(max(of_call, of_put), premium)

    return MarginNeed(larger(_initial), larger(_held))


def _short_calendar(legs: Legs) -> MarginNeed:
    short = legs.options(short=True)[0]
    return MarginNeed(_initial(short), _held(short))


def _short_butterfly(legs: Legs) -> MarginNeed:
    strikes = sorted(legs.options(), key=lambda p: scaled_strike(p.security))
    return _same(legs.width(strikes[1], strikes[0]))


def _short_box(legs: Legs) -> MarginNeed:
    long_call, short_call = legs.option(call=True, short=False), legs.option(call=True, short=True)
    cost = ZERO
    for leg in legs.options():
        security = leg.security
        side = security.ask if leg.quantity < 0 else security.bid
        cost = sub(cost, mul(side, security.multiplier, leg.quantity))
    fees = mul(D(4), max(mul(D("0.65"), legs.units), ONE))
    return _same(max(mul(D("1.02"), add(fees, cost)), legs.width(long_call, short_call)))


def _jelly_roll(legs: Legs) -> MarginNeed:
    far = max(legs.options(short=True), key=lambda p: p.security.symbol.id.date)
    return _same(_held(far))


def _credit_ladder(legs: Legs) -> MarginNeed:
    short = legs.options(short=True)[0]
    nearest = min(legs.options(short=False), key=lambda p: abs(scaled_strike(p.security) - scaled_strike(short.security)))
    higher, lower = (nearest, short) if is_call(short.security) else (short, nearest)
    return _same(legs.width(higher, lower))


def _debit_ladder(legs: Legs) -> MarginNeed:
    long = legs.options(short=False)[0]
    extra = max(legs.options(short=True), key=lambda p: abs(scaled_strike(p.security) - scaled_strike(long.security)))
    return _same(_held(extra))


def _free(_legs: Legs) -> MarginNeed:
    return FREE


_N = StrategyName
NEEDS: Mapping[StrategyName, Callable[[Legs], MarginNeed]] = {
    _N.NAKED_CALL: _naked,
    _N.NAKED_PUT: _naked,
    _N.INVERSE_NAKED_CALL: _inverse_naked,
    _N.INVERSE_NAKED_PUT: _inverse_naked,
    _N.COVERED_CALL: _covered_call,
    _N.COVERED_PUT: _covered_put,
    _N.PROTECTIVE_CALL: _protective,
    _N.PROTECTIVE_PUT: _protective,
    _N.PROTECTIVE_COLLAR: _collar,
    _N.INVERSE_PROTECTIVE_COLLAR: _collar,
    _N.CONVERSION: _conversion(True),
    _N.REVERSE_CONVERSION: _conversion(False),
    _N.BEAR_CALL_SPREAD: _call_spread,
    _N.BULL_CALL_SPREAD: _call_spread,
    _N.BEAR_PUT_SPREAD: _put_spread,
    _N.BULL_PUT_SPREAD: _put_spread,
    _N.SHORT_STRADDLE: _short_pair,
    _N.SHORT_STRANGLE: _short_pair,
    _N.SHORT_CALL_CALENDAR_SPREAD: _short_calendar,
    _N.SHORT_PUT_CALENDAR_SPREAD: _short_calendar,
    _N.SHORT_BUTTERFLY_CALL: _short_butterfly,
    _N.SHORT_BUTTERFLY_PUT: _short_butterfly,
    _N.IRON_CONDOR: _put_spread,
    _N.IRON_BUTTERFLY: _put_spread,
    _N.SHORT_IRON_CONDOR: _put_spread,
    _N.SHORT_IRON_BUTTERFLY: _put_spread,
    _N.SHORT_BOX_SPREAD: _short_box,
    _N.JELLY_ROLL: _jelly_roll,
    _N.SHORT_JELLY_ROLL: _jelly_roll,
    _N.BEAR_CALL_LADDER: _credit_ladder,
    _N.BULL_PUT_LADDER: _credit_ladder,
    _N.BULL_CALL_LADDER: _debit_ladder,
    _N.BEAR_PUT_LADDER: _debit_ladder,
    _N.STRADDLE: _free,
    _N.STRANGLE: _free,
    _N.CALL_CALENDAR_SPREAD: _free,
    _N.PUT_CALENDAR_SPREAD: _free,
    _N.BUTTERFLY_CALL: _free,
    _N.BUTTERFLY_PUT: _free,
    _N.BOX_SPREAD: _free,
}
"""Margin per strategy; a strategy without an entry cannot be margined."""


def strategy_need(name: StrategyName, positions: Sequence[Position], units: Decimal) -> MarginNeed:
    """Initial (without premium) and maintenance margin of a group. NotImplementedError for shapes LEAN refuses to margin as well."""
    rule = NEEDS.get(name)
    if rule is None:
        raise NotImplementedError(f"Option strategy {name.value} margin calculation is not supported by LEAN; see docs/lean-coverage.md")
    return rule(Legs(positions, units))
