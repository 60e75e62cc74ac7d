"""The account as margin sees it: value, margin used and free, and whether an order may be taken.

An order is judged as a group when it completes or changes recognised strategies, else alone. A group is judged by what it adds: margin to open the
groups the account would then have, plus the net premium the order pays, less the margin its groups hold now; fees and premiums received play no role.
A single security is judged by the margin of the order itself, its fee included. Reasons are worded as recorded in rejection events.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from leanlocal.enums import OrderDirection, OrderType
from leanlocal.exact import ZERO, add, short_text, sub
from leanlocal.exercise.rules import exercised_quantity, is_in_the_money
from leanlocal.fees.models import fee_of
from leanlocal.orders.order import OrderCore
from leanlocal.portfolio.buying_power import margin_rule
from leanlocal.portfolio.groups import PositionGroupCore, PositionGroups, Quantities, resolve_groups
from leanlocal.portfolio.option_terms import is_option, scaled_strike, settles_in_cash, underlying_of
from vocabulary.errors import ThetadeskError

if TYPE_CHECKING:
    from leanlocal.portfolio.ledger import Ledger
    from leanlocal.securities.core import SecurityCore


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether the buying power is enough, and the reason when it is not."""

    enough: bool
    reason: str = ""


ENOUGH = Judgement(True)


class MarginModelFailed(ThetadeskError):
    """The margin models have no answer for an order: a security twice in one combo, or a strategy that cannot be margined."""


class Account:
    """Margin of one ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.groups = PositionGroups(ledger.invested)
        ledger.on_quantity_changed = self._forget

    def _forget(self, _security: SecurityCore) -> None:
        self.groups.forget()

    def margin_used(self) -> Decimal:
        """Maintenance margin of everything held."""
        return self.groups.margin_used()

    def margin_remaining(self, total_value: Decimal | None = None) -> Decimal:
        """Value less unsettled cash less margin used."""
        value = self.ledger.total_value if total_value is None else total_value
        return sub(sub(value, self.ledger.unsettled_cash_book.total), self.margin_used())

    # buying power of orders ----------------------------------------------------------------------------------------------------------

    def judge(self, orders: Sequence[OrderCore]) -> Judgement:
        """Whether one order, or all legs of a combo together, may be taken."""
        symbols = [order.symbol for order in orders]
        for symbol in symbols:
            if symbols.count(symbol) > 1:
                raise MarginModelFailed(f"An item with the same key has already been added. Key: {symbol.value}")
        try:
            return self._judge(orders)
        except NotImplementedError as error:
            raise MarginModelFailed(str(error)) from error

    def _judge(self, orders: Sequence[OrderCore]) -> Judgement:
        added = _quantities(orders)
        group = self._order_group(added)
        if group is not None:
            return self._judge_group(orders, added)
        for order in orders:
            judgement = self._judge_single(order)
            if not judgement.enough:
                return judgement
        return ENOUGH

    def _order_group(self, added: Quantities) -> PositionGroupCore | None:
        """The strategy the order belongs to; an empty group when it leaves nothing; None when it is no matter of strategies."""
        current = self.groups.current()
        if not current and len(added) == 1:
            return None
        impacted = self.groups.impacted(list(added))
        book = _combined(added, impacted)
        if not any(is_option(security) for security in (*book, *added)):
            return None
        resolved = [group for group in resolve_groups({s: q for s, q in book.items() if q}) if group.is_strategy]
        if not resolved:
            return PositionGroupCore(None, ZERO, ()) if any(is_option(s) for s in added) else None
        held = next((group for group in resolved if any(p.security in added for p in group.positions)), None)
        if held is not None:
            return held
        return PositionGroupCore(None, ZERO, ()) if any(is_option(s) for s in added) else None

    def with_orders(self, orders: Sequence[OrderCore]) -> Quantities:
        """Positions of the groups that orders touch, as they would be with the orders."""
        added = _quantities(orders)
        return _combined(added, self.groups.impacted(list(added)))

    def _judge_group(self, orders: Sequence[OrderCore], added: Quantities) -> Judgement:
        impacted = self.groups.impacted(list(added))
        held = ZERO
        for group in impacted:
            held = add(held, group.need().maintenance)
        needed = ZERO
        for group in resolve_groups(_combined(added, impacted)):
            needed = add(needed, group.need().initial)
        for group in resolve_groups(added):
            needed = add(needed, group.premium())
        change = sub(needed, held)
        free = self.margin_remaining()
        if change <= 0 or change <= free:
            return ENOUGH
        ids = ",".join(str(order.id) for order in orders)
        return Judgement(False, f"Id: {ids}, Maintenance Margin Delta: {short_text(change)}, Free Margin: {short_text(free)}")

    def _judge_single(self, order: OrderCore) -> Judgement:
        security, quantity = order.security, order.quantity
        if order.kind == OrderType.OPTION_EXERCISE:
            return self._judge_exercise(order)
        held = security.holding.quantity
        if not quantity or (held and (held > 0) != (quantity > 0) and abs(quantity) <= abs(held)):
            return ENOUGH
        free = self.buying_power(security, order.direction)
        fee = self.ledger.cash_book.convert(*_money(order))
        required = margin_rule(security).order_requirement(security, order_value(order), quantity, fee)
        if abs(required) <= free:
            return ENOUGH
        return Judgement(False, f"Id: {order.id}, Initial Margin: {short_text(required)}, Free Margin: {short_text(free)}")

    def _judge_exercise(self, order: OrderCore) -> Judgement:
        option = order.security
        if not is_in_the_money(option) or settles_in_cash(option):
            return ENOUGH
        spot = underlying_of(option)
        quantity = exercised_quantity(option, order.quantity)
        held = spot.holding.quantity
        if held and (held > 0) != (quantity > 0) and abs(quantity) <= abs(held):
            return ENOUGH
        direction = OrderDirection.BUY if quantity > 0 else OrderDirection.SELL
        free = add(self.buying_power(spot, direction), margin_rule(option).maintenance(option, option.holding.quantity))
        value = spot.holding.value_of(quantity, scaled_strike(option))
        required = margin_rule(spot).order_requirement(spot, value, quantity, ZERO)
        if abs(required) <= free:
            return ENOUGH
        return Judgement(False, f"Id: {order.id}, Initial Margin: {short_text(required)}, Free Margin: {short_text(free)}")

    def buying_power(self, security: SecurityCore, direction: OrderDirection) -> Decimal:
        """Margin free for an order in a security: what remains, plus what closing the opposite position sets free."""
        free, held = self.margin_remaining(), security.holding.quantity
        if (held > 0 and direction == OrderDirection.SELL) or (held < 0 and direction == OrderDirection.BUY):
            rule = margin_rule(security)
            free = add(free, rule.maintenance(security, held))
            free = add(free, abs(rule.initial(security, held)))
        return max(free, ZERO)


def _money(order: OrderCore) -> tuple[Decimal, str]:
    money = fee_of(order.security, order)
    return money.amount, money.currency if money.amount else order.security.quote_currency


def _quantities(orders: Sequence[OrderCore]) -> Quantities:
    """What the orders would add, exercises with their delivery."""
    added: Quantities = {}
    for order in orders:
        added[order.security] = add(added.get(order.security, ZERO), order.quantity)
        if order.kind == OrderType.OPTION_EXERCISE and is_in_the_money(order.security) and not settles_in_cash(order.security):
            spot = underlying_of(order.security)
            added[spot] = add(added.get(spot, ZERO), exercised_quantity(order.security, order.quantity))
    return added


def _combined(added: Quantities, groups: Sequence[PositionGroupCore]) -> Quantities:
    book = dict(added)
    for group in groups:
        for position in group.positions:
            book[position.security] = add(book.get(position.security, ZERO), position.quantity)
    return book


def order_price(order: OrderCore) -> Decimal:
    """Price an order is valued at before it fills: the market, or its limit or stop where that is the dearer for it."""
    price = order.security.price
    if order.kind in (OrderType.LIMIT, OrderType.COMBO_LEG_LIMIT, OrderType.STOP_LIMIT, OrderType.LIMIT_IF_TOUCHED) and order.limit_price is not None:
        return _nearer(order, order.limit_price, price)
    if order.kind in (OrderType.STOP_MARKET, OrderType.TRAILING_STOP) and order.stop_price is not None:
        return _farther(order, order.stop_price, price)
    return price


def _nearer(order: OrderCore, limit: Decimal, price: Decimal) -> Decimal:
    return min(limit, price) if order.quantity > 0 else max(limit, price)


def _farther(order: OrderCore, stop: Decimal, price: Decimal) -> Decimal:
    return max(stop, price) if order.quantity > 0 else min(stop, price)


def order_value(order: OrderCore) -> Decimal:
    """Signed value of an order in account currency."""
    return order.security.holding.value_of(order.quantity, order_price(order))
