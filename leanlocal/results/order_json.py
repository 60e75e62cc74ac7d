"""Orders and order events in LEAN's JSON layout, and the order-list hash that sums up a run (reference: lean-fidelity §9.7, §10.4).

Which keys an order has, and where, follows from its type: LEAN serialises the fields of the type's own class first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from leanlocal.enums import OrderDirection, OrderStatus, OrderType
from leanlocal.exact import mul, smart_round
from leanlocal.orders.events import NO_CURRENCY, OrderEventCore
from leanlocal.orders.order import OrderCore
from leanlocal.orders.properties import GoodTilDateTimeInForce, OrderProperties, TimeInForce
from leanlocal.results.json_text import compact, iso_time
from leanlocal.symbols import Symbol

TIME_IN_FORCE_NAMESPACE = "QuantConnect.Orders.TimeInForces."
COMBOS = (OrderType.COMBO_MARKET, OrderType.COMBO_LIMIT, OrderType.COMBO_LEG_LIMIT)
PRICED = {
    OrderType.LIMIT: ("limitPrice", "type"),
    OrderType.STOP_MARKET: ("stopPrice", "type"),
    OrderType.STOP_LIMIT: ("stopPrice", "stopTriggered", "limitPrice", "type"),
    OrderType.LIMIT_IF_TOUCHED: ("type", "triggerPrice", "limitPrice", "triggerTouched"),
    OrderType.TRAILING_STOP: ("trailingAmount", "trailingAsPercentage", "type", "stopPrice"),
    OrderType.COMBO_MARKET: ("type", "quantity"),
    OrderType.COMBO_LIMIT: ("type", "quantity"),
    OrderType.COMBO_LEG_LIMIT: ("type", "limitPrice", "quantity"),
}
ROUNDED_FOR_HASH = frozenset({"limitPrice", "stopPrice", "triggerPrice", "trailingAmount"})


def symbol_tree(symbol: Symbol) -> dict[str, Any]:
    """A symbol: value, id, permtick and the underlying's."""
    tree: dict[str, Any] = {"value": symbol.value, "id": str(symbol.id), "permtick": symbol.value}
    if symbol.has_underlying:
        tree["underlying"] = symbol_tree(symbol.underlying)
    return tree


def order_tree(order: OrderCore, *, for_hash: bool = False) -> dict[str, Any]:
    """An order with Decimals; for the hash, prices are rounded the way LEAN rounds before hashing."""
    own = {
        "type": int(order.kind),
        "quantity": order.quantity,
        "limitPrice": order.limit_price,
        "stopPrice": order.stop_price,
        "triggerPrice": order.trigger_price,
        "trailingAmount": order.trailing_amount,
        "trailingAsPercentage": order.trailing_as_percentage,
        "stopTriggered": order.stop_triggered,
        "triggerTouched": order.trigger_touched,
    }
    leading = PRICED.get(order.kind, ("type",))
    tree: dict[str, Any] = {key: own[key] for key in leading}
    price = smart_round(order.price) if for_hash else order.price
    if for_hash and order.kind is not OrderType.COMBO_LEG_LIMIT:
        tree = {key: smart_round(value) if key in ROUNDED_FOR_HASH else value for key, value in tree.items()}
    tree |= {"id": order.id, "contingentId": 0, "brokerId": list(order.broker_ids), "symbol": symbol_tree(order.symbol)}
    tree |= {"price": price, "priceCurrency": order.price_currency, **_times(order)}
    if order.kind not in COMBOS:
        tree["quantity"] = order.quantity
    tree["status"] = int(order.status)
    if order.tag is not None:
        tree["tag"] = order.tag
    tree |= {"properties": properties_tree(order.properties), "securityType": int(order.symbol.security_type), "direction": int(order.direction)}
    tree |= {"value": mul(order.quantity, price), "orderSubmissionData": _submission(order), "isMarketable": order.is_marketable}
    if order.group is not None:
        tree["groupOrderManager"] = _group(order)
    tree["priceAdjustmentMode"] = order.price_adjustment_mode
    return tree


def _times(order: OrderCore) -> dict[str, str]:
    moments = {"lastFillTime": order.last_fill, "lastUpdateTime": order.last_update, "canceledTime": order.canceled}
    texts = {key: iso_time(moment) for key, moment in moments.items() if moment is not None}
    return {"time": iso_time(order.time), "createdTime": iso_time(order.created), **texts}


def _submission(order: OrderCore) -> dict[str, Decimal] | None:
    seen = order.submission
    return None if seen is None else {"bidPrice": seen.bid, "askPrice": seen.ask, "lastPrice": seen.last}


def _group(order: OrderCore) -> dict[str, Any]:
    group = order.group
    assert group is not None
    shared = {"id": group.id, "quantity": group.quantity, "count": group.count, "limitPrice": group.limit_price}
    return {**shared, "orderIds": list(group.order_ids), "direction": int(group.direction)}


def properties_tree(properties: OrderProperties) -> dict[str, Any]:
    """Time in force: empty for good-til-cancelled, else its type and date."""
    force = properties.time_in_force
    return {"timeInForce": _force_tree(force)}


def _force_tree(force: TimeInForce) -> dict[str, Any]:
    name = type(force).__name__
    if name in ("TimeInForce", "GoodTilCanceledTimeInForce"):
        return {}
    tree: dict[str, Any] = {"$type": TIME_IN_FORCE_NAMESPACE + name}
    if isinstance(force, GoodTilDateTimeInForce):
        tree["Expiry"] = f"{force.expiry:%Y-%m-%dT%H:%M:%S}"
    return tree


def order_list_hash(orders: Iterable[OrderCore]) -> str:
    """MD5 of all orders' compact JSON, by id."""
    ordered = sorted(orders, key=lambda order: order.id)
    text = ",".join(compact(order_tree(order, for_hash=True)) for order in ordered)
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


STATUS_WORDS = {
    OrderStatus.NEW: "new",
    OrderStatus.SUBMITTED: "submitted",
    OrderStatus.PARTIALLY_FILLED: "partiallyFilled",
    OrderStatus.FILLED: "filled",
    OrderStatus.CANCELED: "canceled",
    OrderStatus.NONE: "none",
    OrderStatus.INVALID: "invalid",
    OrderStatus.CANCEL_PENDING: "cancelPending",
    OrderStatus.UPDATE_SUBMITTED: "updateSubmitted",
}
DIRECTION_WORDS = {OrderDirection.BUY: "buy", OrderDirection.SELL: "sell", OrderDirection.HOLD: "hold"}


def event_tree(event: OrderEventCore, algorithm_id: str) -> dict[str, Any]:
    """An order event; keys without content are left out as LEAN does."""
    order_id = event.order.id
    tree: dict[str, Any] = {
        "id": f"{algorithm_id}-{order_id}-{event.id}",
        "algorithmId": algorithm_id,
        "orderId": order_id,
        "orderEventId": event.id,
        "symbol": str(event.symbol.id),
        "symbolValue": event.symbol.value,
        "symbolPermtick": event.symbol.id.symbol,
        "time": Decimal(event.time) / 1_000_000,
        "status": STATUS_WORDS[event.status],
    }
    if event.fee.currency != NO_CURRENCY:
        tree |= {"orderFeeAmount": event.fee.amount, "orderFeeCurrency": event.fee.currency}
    tree |= {"fillPrice": event.fill_price, "fillPriceCurrency": event.fill_currency, "fillQuantity": event.fill_quantity}
    tree["direction"] = DIRECTION_WORDS[event.direction]
    if event.message:
        tree["message"] = event.message
    tree |= {"isAssignment": event.is_assignment, "quantity": event.quantity}
    prices = {"stopPrice": event.stop_price, "limitPrice": event.limit_price}
    tree |= {key: value for key, value in prices.items() if value}
    if event.is_in_the_money:
        tree["isInTheMoney"] = True
    return tree
