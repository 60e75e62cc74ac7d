"""How many units bring a position to a share of the account: margin of the target, minus fees, rounded to lots that stay inside it.

The target is a share of the value less the free buffer, over the leverage. The margin that counts is the initial one, so that asking twice changes nothing.
Source: lean-fidelity 4.9, recorded sizes of `set_holdings`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from leanlocal.exact import EXACT, ZERO, add, div, from_python, mul, neg, sub
from leanlocal.portfolio.buying_power import margin_rule

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext
    from leanlocal.securities.core import SecurityCore

TOO_SMALL = (
    "Warning: Portfolio rebalance result ignored as it resulted in a single share trade recommendation which can generate high fees. To disable minimum "
    "order size checks please set self.settings.minimum_order_margin_portfolio_percentage = 0."
)


@dataclass(frozen=True, slots=True)
class Size:
    """Units to order, and whether nothing is ordered because the change is too small."""

    quantity: Decimal
    too_small: bool = False


class Sizing:
    """Sizes of one run."""

    def __init__(self, run: RunContext) -> None:
        self._run = run
        self._warned = False

    def order_quantity(self, security: SecurityCore, percent: Decimal) -> Decimal:
        """Units to order for a position of `percent` (1 = all) of the account; 0 with an error or warning line when there is nothing to do."""
        settings, log = self._run.settings, self._run.log
        size = abs(percent)
        most, least = settings.max_absolute_portfolio_target_percentage, settings.min_absolute_portfolio_target_percentage
        if size > from_python(most) or (size and size < from_python(least)):
            log.engine(f"The portfolio target percent: {percent}, does not comply with the current settings of {least:g} and {most:g}. Skipping.")
            return ZERO
        if not security.price:
            log.engine(f"The order quantity for {security.symbol.value} cannot be calculated: the price of the security is zero.")
            return ZERO
        value = self._run.ledger.total_value
        if not value:
            return ZERO
        free = sub(value, self._buffer(value))
        fraction = div(div(mul(percent, free), value), security.leverage)
        result = target_size(security, fraction, value, from_python(settings.minimum_order_margin_portfolio_percentage))
        if result.too_small and not self._warned:
            self._warned = True
            log.engine(TOO_SMALL)
        return result.quantity

    def _buffer(self, value: Decimal) -> Decimal:
        settings = self._run.settings
        if settings.free_portfolio_value is not None:
            return from_python(settings.free_portfolio_value)
        return mul(value, from_python(settings.free_portfolio_value_percentage))


def target_size(security: SecurityCore, fraction: Decimal, value: Decimal, minimum: Decimal) -> Size:
    """Units to order so that the position's initial margin is the fraction of `value`, fees of the order considered."""
    held, rule = security.holding.quantity, margin_rule(security)
    target = mul(fraction, value)
    if not target:
        return Size(neg(held))
    unit = abs(rule.initial(security, Decimal(1)))
    if not unit:
        return Size(ZERO)
    if abs(sub(target, rule.initial(security, held))) < mul(minimum, value):
        return Size(ZERO, too_small=True)
    while True:
        quantity, margin = _amount(security, target, unit)
        if not quantity:
            return Size(ZERO)
        target = mul(sub(value, security.market_order_fee(quantity)), fraction)
        if abs(margin) <= abs(target):
            return Size(quantity)


def _amount(security: SecurityCore, target: Decimal, unit: Decimal) -> tuple[Decimal, Decimal]:
    held, lot, rule = security.holding.quantity, security.lot_size, margin_rule(security)
    exact = add(neg(held), div(target, unit))
    lots = div(exact, lot).to_integral_value(rounding=ROUND_CEILING if target < 0 else ROUND_FLOOR, context=EXACT)
    quantity = mul(lots, lot)
    margin = rule.initial(security, add(quantity, held))
    while (target < 0 and margin < target) or (target > 0 and margin > target):
        quantity = add(quantity, lot if target < 0 else neg(lot))
        margin = rule.initial(security, add(quantity, held))
    return quantity, margin
