"""Margin of one security: what a position ties up (maintenance) and what an order needs (initial), per kind of instrument.

Shares: value / leverage. Options: nothing for a long beyond its premium; a short the premium plus the larger of a share of the underlying less what it is out
of the money, and a tenth of underlying (call) or strike (put). Futures: the exchange's table. Options on futures: a share of the future's margin by a
logistic curve of moneyness. The order of the divisions and products is that of the recorded messages, whose last digits it decides.
Source: recorded margins and rejection texts; lean-fidelity 4.2 to 4.7.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from leanlocal.enums import SecurityType
from leanlocal.exact import ONE, ZERO, add, div, mul, neg, sub, to_float
from leanlocal.portfolio.option_terms import contract_unit, is_call, scaled_strike, underlying_of

if TYPE_CHECKING:
    from leanlocal.securities.core import SecurityCore
    from marketdata.port import MarginRow

D = Decimal
FLOOR_SHARE = D("0.1")
EQUITY_OPTION_SHARE = D("0.2")
INDEX_OPTION_SHARE = D("0.15")


class MarginRule(Protocol):
    """Margin of positions and orders in one security, in account currency."""

    def maintenance(self, security: SecurityCore, quantity: Decimal) -> Decimal:
        """What a position of `quantity` ties up now."""
        ...

    def initial(self, security: SecurityCore, quantity: Decimal) -> Decimal:
        """What taking a position of `quantity` needs, signed like it for shares and options; a long option's premium included."""
        ...

    def order_requirement(self, security: SecurityCore, value: Decimal, quantity: Decimal, fee: Decimal) -> Decimal:
        """What an order of `value` (signed, quote currency x rate) needs, fee included with the order's sign."""
        ...


def _with_fee(requirement: Decimal, value: Decimal, fee: Decimal) -> Decimal:
    return add(requirement, neg(fee) if value < 0 else fee)


class LeverageMargin:
    """Shares, and anything without a rule of its own: value over leverage, initial and maintenance alike."""

    def maintenance(self, security: SecurityCore, quantity: Decimal) -> Decimal:
        """|value| / leverage."""
        return abs(self.initial(security, quantity))

    def initial(self, security: SecurityCore, quantity: Decimal) -> Decimal:
        """value / leverage, signed."""
        return div(security.holding.value_of(quantity, security.price), security.leverage)

    def order_requirement(self, security: SecurityCore, value: Decimal, quantity: Decimal, fee: Decimal) -> Decimal:
        """Order value / leverage and the fee."""
        return _with_fee(div(value, security.leverage), value, fee)


class NoMargin:
    """Everything is free."""

    def maintenance(self, security: SecurityCore, quantity: Decimal) -> Decimal:
        """Nothing."""
        return ZERO

    def initial(self, security: SecurityCore, quantity: Decimal) -> Decimal:
        """Nothing."""
        return ZERO

    def order_requirement(self, security: SecurityCore, value: Decimal, quantity: Decimal, fee: Decimal) -> Decimal:
        """Nothing."""
        return ZERO


class OptionMargin:
    """Single options on shares and indices. The last answer is kept: the same position at the same prices is asked about many times a step."""

    def __init__(self) -> None:
        self._asked: tuple[object, ...] = ()
        self._answer = ZERO

    def _naked(self, security: SecurityCore, quantity: Decimal) -> Decimal:
        asked = (security, quantity, security.price, underlying_of(security).close)
        if asked != self._asked:
            self._asked = asked
            self._answer = naked_option_margin(security, security.holding.value_of(quantity, security.price), quantity)
        return self._answer

    def maintenance(self, security: SecurityCore, quantity: Decimal) -> Decimal:
        """Nothing for a long, the naked requirement for a short."""
        if quantity >= 0:
            return ZERO
        return abs(self._naked(security, quantity))

    def initial(self, security: SecurityCore, quantity: Decimal) -> Decimal:
        """The premium of a long, the (negative) naked requirement of a short."""
        return self._naked(security, quantity)

    def order_requirement(self, security: SecurityCore, value: Decimal, quantity: Decimal, fee: Decimal) -> Decimal:
        """From the order's value, and the fee."""
        return _with_fee(naked_option_margin(security, value, quantity), value, fee)


def naked_option_margin(security: SecurityCore, value: Decimal, quantity: Decimal) -> Decimal:
    """Requirement of contracts of a signed market value: the value itself when long, negative and larger than the value when short."""
    spot, strike = underlying_of(security).close, scaled_strike(security)
    if not value or not security.close or not strike or not spot:
        return ZERO
    if value > 0:
        return value
    size = neg(value)
    unit = contract_unit(security)
    ratio = mul(div(underlying_of(security).multiplier, security.multiplier), unit)
    per_unit = div(size, unit)
    out = max(ZERO, sub(strike, spot) if is_call(security) else sub(spot, strike))
    underlying_share = mul(ratio, div(spot, per_unit))
    out_share = mul(ratio, div(out, per_unit))
    floor_base = underlying_share if is_call(security) else mul(ratio, div(strike, per_unit))
    share = INDEX_OPTION_SHARE if security.kind == SecurityType.INDEX_OPTION else EQUITY_OPTION_SHARE
    beyond = max(mul(FLOOR_SHARE, floor_base), sub(mul(share, underlying_share), out_share))
    return neg(mul(size, add(ONE, mul(abs(quantity), beyond))))


class FutureMargin:
    """Futures: contracts times the exchange's requirement of the day."""

    def __init__(self, rows: Sequence[MarginRow]) -> None:
        self._rows = rows

    def row(self, security: SecurityCore) -> MarginRow | None:
        """The table's row for the day of the last data, None without a table."""
        day = security.hours.local_date(security.clock.now)
        past = [row for row in self._rows if row.day <= day]
        return past[-1] if past else self._rows[0] if self._rows else None

    def maintenance(self, security: SecurityCore, quantity: Decimal) -> Decimal:
        """Maintenance requirement of the contracts."""
        row = self.row(security)
        return mul(row.maintenance, abs(quantity), security.holding.rate) if row and security.price else ZERO

    def initial(self, security: SecurityCore, quantity: Decimal) -> Decimal:
        """Initial requirement, signed like the quantity."""
        row = self.row(security)
        return mul(row.initial, quantity, security.holding.rate) if row and security.price else ZERO

    def order_requirement(self, security: SecurityCore, value: Decimal, quantity: Decimal, fee: Decimal) -> Decimal:
        """Initial requirement of the order's contracts and the fee."""
        return _with_fee(self.initial(security, quantity), quantity, fee)


class FutureOptionMargin:
    """Options on futures: a share of the future's margin that depends on side, right and distance of the strike."""

    def __init__(self, rule_of: Callable[[SecurityCore], MarginRule]) -> None:
        self._rule_of = rule_of

    def maintenance(self, security: SecurityCore, quantity: Decimal) -> Decimal:
        """From the future's maintenance requirement."""
        future = underlying_of(security)
        return _future_option_share(security, self._rule_of(future).maintenance(future, abs(quantity)), quantity)

    def initial(self, security: SecurityCore, quantity: Decimal) -> Decimal:
        """From the future's initial requirement, the premium of a long not included."""
        future = underlying_of(security)
        return _future_option_share(security, abs(self._rule_of(future).initial(future, quantity)), quantity)

    def order_requirement(self, security: SecurityCore, value: Decimal, quantity: Decimal, fee: Decimal) -> Decimal:
        """Requirement of the order's contracts and the fee."""
        return add(self.initial(security, quantity), fee)


def _future_option_share(security: SecurityCore, required: Decimal, quantity: Decimal) -> Decimal:
    spot, strike = to_float(underlying_of(security).close), to_float(scaled_strike(security))
    if not quantity or not spot:
        return ZERO
    call, short = is_call(security), quantity < 0
    base = to_float(required)
    if short:
        base, slope, at = (base, -4.0, spot * 1.5) if call else (base * 1.25, 2.4, spot * 0.30)
    else:
        base, slope, at = (base * 1.20, -7.8, spot) if call else (base, 9.0, spot)
    return D(int(base / (1.0 + math.exp(-slope * (strike - at) / at))))


def required_value(quantity: Decimal, price: Decimal, security: SecurityCore) -> Decimal:
    """Signed value of an order at a price, in account currency."""
    return security.holding.value_of(quantity, price)
