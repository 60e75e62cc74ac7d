"""What happens to positions without the algorithm asking: assignment of short options, expiry, delisting, splits of an underlying, removal.

Assignments are looked for at the first scan of the run and then at the first scan at or after each full hour. On the day after expiry options are
exercised, assigned or expire, anything else delisted is sold at its last price; after each the orders on the gone security are cancelled.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from leanlocal.clock import HOUR, Micros
from leanlocal.enums import OrderRequestType, OrderStatus, OrderType
from leanlocal.exact import ZERO, div, mul, neg, normalize, round_half_even
from leanlocal.exercise.models import assignment_of, exercise_of
from leanlocal.exercise.rules import Fees, exercised_quantity
from leanlocal.fees.models import fee_of
from leanlocal.orders.entry import OrderTerms
from leanlocal.orders.events import event_of
from leanlocal.orders.order import OrderCore
from leanlocal.orders.properties import OrderProperties
from leanlocal.orders.requests import SubmitCore
from leanlocal.portfolio.option_terms import is_option, underlying_of

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext
    from leanlocal.orders.handler import TransactionHandler
    from leanlocal.securities.core import SecurityCore

DELISTING_TAG = "Liquidate from delisting"
SPLIT_TAG = "Liquidated due to impending split. Option splits are not currently supported."


class Lifecycle:
    """Positions that change by themselves."""

    def __init__(self, run: RunContext, handler: TransactionHandler) -> None:
        self._run = run
        self._handler = handler
        self._next_check: Micros = 0

    # assignment ----------------------------------------------------------------------------------------------------------------------

    def simulate_assignments(self) -> None:
        """Assign short options that a holder would exercise now."""
        now = self._handler.now
        if now < self._next_check:
            return
        self._next_check = now // HOUR * HOUR + HOUR
        shorts = [s for s in self._run.ledger.invested() if s.holding.quantity < 0 and is_option(s)]
        for option in sorted(shorts, key=lambda s: s.symbol.underlying.id.symbol):
            quantity, tag = assignment_of(option, now, lambda option=option: self._fees(option))
            if quantity > 0 and option.holding.quantity < 0:
                self._exercise(option, min(quantity, abs(option.holding.quantity)), tag)

    def next_assignment_check(self, now: Micros) -> Micros | None:
        """When assignments are next looked for, None while no option is short."""
        if any(s.holding.quantity < 0 and is_option(s) for s in self._run.ledger.invested()):
            return max(self._next_check, now + 1)
        return None

    def _fees(self, option: SecurityCore) -> Fees:
        spot, size = underlying_of(option), abs(option.holding.quantity)
        delivered = exercised_quantity(option, size)
        rate = option.holding.rate

        def fee(kind: OrderType, security: SecurityCore, quantity: Decimal) -> Decimal:
            order = OrderCore(0, kind, security.symbol, security, quantity, self._handler.now, OrderProperties())
            return mul(fee_of(security, order).amount, rate)

        return Fees(fee(OrderType.MARKET, option, size), fee(OrderType.MARKET, spot, delivered), fee(OrderType.OPTION_EXERCISE, option, size))

    def _exercise(self, option: SecurityCore, quantity: Decimal, tag: str | None) -> None:
        order = self._handler.new_engine_order(OrderType.OPTION_EXERCISE, option, quantity, tag, submitted=True)
        self._handler.publisher.publish(exercise_of(order, self._handler.now))

    # delisting -----------------------------------------------------------------------------------------------------------------------

    def delist(self, securities: Sequence[SecurityCore]) -> None:
        """Settle each position of delisted securities, options first, and cancel the security's orders."""
        options = [s for s in securities if is_option(s)]
        others = [s for s in securities if not is_option(s)]
        for security in (*options, *others):
            if security.holding.quantity and is_option(security):
                self._exercise(security, neg(security.holding.quantity), None)
            elif security.holding.quantity:
                self._liquidate_delisted(security)
            self._handler.cancel_open_orders(security)

    def _liquidate_delisted(self, security: SecurityCore) -> None:
        handler = self._handler
        order = handler.new_engine_order(OrderType.MARKET, security, neg(security.holding.quantity), DELISTING_TAG, submitted=False)
        event = event_of(order, handler.now, OrderStatus.FILLED, DELISTING_TAG)
        event.fill_price, event.fill_quantity = normalize(security.price), normalize(order.quantity)
        handler.publisher.publish([event])

    # splits and removal --------------------------------------------------------------------------------------------------------------

    def liquidate_before_split(self, security: SecurityCore) -> None:
        """Close an option position at the close of the day before its underlying splits."""
        self._handler.cancel_open_orders(security)
        if not security.holding.quantity:
            return
        self._send(OrderType.MARKET_ON_CLOSE, security, neg(security.holding.quantity), SPLIT_TAG)
        split = f"impending {underlying_of(security).symbol.value} split event"
        self._run.log.engine(
            f"MarketOnClose order submitted for option contract '{security.symbol.value}' due to {split}. Option splits are not currently supported."
        )

    def remove(self, security: SecurityCore, tag: str | None) -> None:
        """Cancel a security's orders and sell its position at the market, at its opening when it is closed."""
        self._handler.cancel_open_orders(security, tag)
        if security.holding.quantity:
            self._run.brokerage.entry.market(security.symbol, neg(security.holding.quantity), OrderTerms(tag=tag or "Removed"))

    def _send(self, kind: OrderType, security: SecurityCore, quantity: Decimal, tag: str) -> None:
        handler = self._handler
        request = SubmitCore(
            handler.now,
            0,
            tag,
            OrderRequestType.SUBMIT,
            order_type=kind,
            symbol=security.symbol,
            security=security,
            quantity=quantity,
            properties=OrderProperties(),
        )
        handler.submit(request)

    def apply_split(self, security: SecurityCore, factor: Decimal, reference: Decimal) -> None:
        """Split a position and its working orders."""
        self._run.ledger.apply_split(security, factor, reference)
        for order in self._handler.open_orders(security):
            self._split_order(order, factor)

    def _split_order(self, order: OrderCore, factor: Decimal) -> None:
        order.quantity = round_half_even(div(order.quantity, factor), 0) if factor else ZERO
        for name in ("limit_price", "stop_price", "trigger_price"):
            price = getattr(order, name)
            if price is not None:
                setattr(order, name, round_half_even(mul(price, factor), 2))
        order.last_update = self._handler.now
        self._handler.publisher.publish([event_of(order, self._handler.now, OrderStatus.UPDATE_SUBMITTED)])
