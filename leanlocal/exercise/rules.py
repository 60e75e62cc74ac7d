"""Exercise and assignment as rules: the events an exercise order turns into, and when a short option is assigned before its expiry.

An exercise closes the option at price 0 and, when it is in the money and delivers, moves the underlying at the strike. The simulated counterparty assigns
the whole of a short position that is deep in the money close to expiry whenever that beats selling the option at its bid.
Sources: recorded exercise events; lean-fidelity 6.2 and 6.3.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from leanlocal.clock import DAY, Micros, day_number
from leanlocal.enums import OptionStyle, OrderStatus
from leanlocal.exact import ZERO, div, mul, neg, normalize, sub, text
from leanlocal.orders.events import OrderEventCore, event_of
from leanlocal.orders.order import OrderCore, direction_of
from leanlocal.portfolio.option_terms import contract_unit, intrinsic_value, is_call, scaled_strike, settles_in_cash, underlying_of

if TYPE_CHECKING:
    from leanlocal.securities.core import SecurityCore

AUTO_EXERCISE_THRESHOLD = Decimal("0.01")
SIMULATED_TAG = "Simulated option assignment before expiration"
WINDOW: Micros = 4 * DAY
DEPTH = Decimal("0.05")


def is_in_the_money(security: SecurityCore) -> bool:
    """Worth at least a cent at the underlying's last price."""
    return intrinsic_value(security) >= AUTO_EXERCISE_THRESHOLD


def exercised_quantity(security: SecurityCore, closed: Decimal) -> Decimal:
    """Signed units of the underlying that move when `closed` contracts (signed, as the exercise order) go away."""
    units = mul(closed, contract_unit(security))
    return neg(units) if is_call(security) else units


def exercise_events(order: OrderCore, now: Micros) -> list[OrderEventCore]:
    """Events of an exercise order: the option's, and the delivery's when there is one."""
    option = order.security
    in_the_money = is_in_the_money(option)
    assigned = in_the_money and option.holding.quantity < 0
    how = ("Assigned" if assigned else "Automatic Exercise") if in_the_money else "OTM"
    first = event_of(order, now, OrderStatus.FILLED, f"{how}. Underlying: {text(underlying_of(option).close)}")
    first.fill_quantity = normalize(order.quantity)
    first.fill_currency = ""
    first.is_in_the_money, first.is_assignment = in_the_money, assigned
    if not in_the_money or settles_in_cash(option):
        return [first]
    return [first, _delivery(order, now, assigned=assigned)]


def _delivery(order: OrderCore, now: Micros, *, assigned: bool) -> OrderEventCore:
    event = event_of(order, now, OrderStatus.FILLED, "Option Assignment" if assigned else "Option Exercise")
    event.symbol = underlying_of(order.security).symbol
    event.fill_price = normalize(scaled_strike(order.security))
    event.fill_quantity = normalize(exercised_quantity(order.security, order.quantity))
    event.direction = direction_of(event.fill_quantity)
    event.fill_currency = ""
    event.is_in_the_money = True
    return event


@dataclass(frozen=True, slots=True)
class Fees:
    """What the counterparty would pay: to sell the option, to trade the underlying, to exercise."""

    option: Decimal
    underlying: Decimal
    exercise: Decimal


def assignment_is_near(security: SecurityCore, now: Micros) -> bool:
    """American: at most four days before the expiry date's midnight; European: on the expiry date."""
    local = security.zone.to_local(now)
    expiry = day_number(security.expiry)
    if security.style == OptionStyle.EUROPEAN:
        return expiry <= local < expiry + DAY
    return expiry - local <= WINDOW


def is_deep_in_the_money(security: SecurityCore) -> bool:
    """More than five percent of the underlying's price."""
    spot, strike = underlying_of(security).close, scaled_strike(security)
    if not spot:
        return False
    gap = sub(spot, strike) if is_call(security) else sub(strike, spot)
    return div(gap, spot) > DEPTH


def assignment_pays(security: SecurityCore, fees: Fees) -> bool:
    """Whether exercising beats selling the option at its bid for the holder of the other side."""
    holding, spot = security.holding, underlying_of(security)
    size = abs(holding.quantity)
    sold = mul(mul(sub(security.bid, holding.average_price), size), security.multiplier)
    keep = sub(sold, fees.option)
    price = spot.bid if is_call(security) else spot.ask
    moved = mul(size, contract_unit(security)) if is_call(security) else neg(mul(size, contract_unit(security)))
    gain = mul(mul(sub(price, scaled_strike(security)), moved), contract_unit(security))
    paid = mul(mul(holding.average_price, size), security.multiplier)
    exercise = sub(sub(sub(gain, fees.underlying), paid), fees.exercise)
    return sub(exercise, keep) > ZERO


def assigned_quantity(security: SecurityCore, now: Micros, fees: Callable[[], Fees]) -> Decimal:
    """Contracts the default model assigns now: the whole short position, or none."""
    holding = security.holding
    if holding.quantity >= 0 or not assignment_is_near(security, now) or not is_deep_in_the_money(security):
        return ZERO
    return abs(holding.quantity) if assignment_pays(security, fees()) else ZERO


def exercise_price(in_the_money: bool, security: SecurityCore) -> Decimal:
    """Price recorded on an exercise order: the strike in the money, else 0."""
    return normalize(security.strike) if in_the_money else ZERO
