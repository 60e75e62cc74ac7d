"""LEAN as a gateway: combos out, order events in, contracts subscribed one by one.

The desk's ticket id travels in the order tag, so an event belongs to its ticket even while the submitting call is still running (LEAN fills market
combos inside it) and after a restart. Leg events of one moment are handed on as one update per ticket: a combo is never seen half filled when it was not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from threading import RLock
from typing import Any

from AlgorithmImports import Leg, OrderEvent, OrderStatus, OrderTicket, OrderType, QCAlgorithm, Resolution, Symbol

from trading.codec import NEW_YORK
from trading.events import Ending, Settlement
from trading.lean_gateway_market import LeanMarket
from trading.lean_gateway_symbols import LeanSymbols
from trading.ports import News
from trading.settlement import intrinsic
from vocabulary.contracts import AssetClass, Contract
from vocabulary.contracts import Settlement as SettlementStyle
from vocabulary.errors import InvariantBroken
from vocabulary.orders import Fill, OrderRequest, OrderState, OrderStyle, OrderUpdate

STATES: Mapping[OrderStatus, OrderState] = {
    OrderStatus.NEW: OrderState.SUBMITTED,
    OrderStatus.SUBMITTED: OrderState.WORKING,
    OrderStatus.PARTIALLY_FILLED: OrderState.PARTIALLY_FILLED,
    OrderStatus.FILLED: OrderState.FILLED,
    OrderStatus.CANCELED: OrderState.CANCELLED,
    OrderStatus.INVALID: OrderState.REJECTED,
    OrderStatus.CANCEL_PENDING: OrderState.WORKING,
    OrderStatus.UPDATE_SUBMITTED: OrderState.WORKING,
}

CASH_SETTLED = frozenset({SettlementStyle.CASH_AM, SettlementStyle.CASH_PM})


@dataclass(slots=True)
class _Heard:
    """What was heard of one ticket since the last drain."""

    state: OrderState
    time: datetime
    fills: list[Fill] = field(default_factory=list[Fill])
    message: str = ""


@dataclass(slots=True)
class _Ended:
    """An end that LEAN brought about: the holding's own event, what was delivered, and the intrinsic value at that moment."""

    own: OrderEvent
    intrinsic: Decimal
    delivery: OrderEvent | None = None


class LeanGateway:
    """TradingGateway and BrokerBooks over a running QCAlgorithm."""

    def __init__(self, algorithm: QCAlgorithm, symbols: LeanSymbols, market: LeanMarket) -> None:
        self._algorithm, self._symbols, self._market = algorithm, symbols, market
        self._orders: dict[str, list[OrderTicket]] = {}
        self._heard: dict[str, _Heard] = {}
        self._settlements: dict[int, _Ended] = {}
        self._hearing = RLock()  # live, order events arrive in the broker's thread

    def register(self, contract: Contract) -> bool:
        """Subscribe a contract at minute resolution."""
        symbol = self._symbols.symbol(contract)
        securities = self._algorithm.securities
        if securities.contains_key(symbol) and securities[symbol].is_tradable:
            return True
        match contract.asset:
            case AssetClass.EQUITY_OPTION:
                self._algorithm.add_option_contract(symbol, Resolution.MINUTE)
            case AssetClass.INDEX_OPTION:
                self._algorithm.add_index_option_contract(symbol, Resolution.MINUTE)
            case AssetClass.FUTURE_OPTION:
                self._algorithm.add_future_option_contract(symbol, Resolution.MINUTE)
            case AssetClass.FUTURE:
                self._algorithm.add_future_contract(symbol, Resolution.MINUTE)
            case _:
                return securities.contains_key(symbol)
        return True

    def release(self, contract: Contract) -> None:
        """Unsubscribe an option that the account does not hold; LEAN would liquidate a held one, so that is left alone."""
        symbol = self._symbols.symbol(contract)
        known = self._algorithm.securities.contains_key(symbol) and contract.asset.is_option
        if known and self._algorithm.portfolio[symbol].quantity == 0:
            self._algorithm.remove_security(symbol)

    def submit(self, request: OrderRequest) -> None:
        """Send a combo, or a single order for one leg. Raises InvariantBroken when the ticket id was sent before."""
        if request.ticket_id in self._orders:
            raise InvariantBroken(f"ticket {request.ticket_id} was already sent")
        self._orders[request.ticket_id] = []
        tickets = self._send_single(request) if len(request.structure.legs) == 1 else self._send_combo(request)
        self._orders[request.ticket_id] = tickets
        refused = next((ticket for ticket in tickets if ticket.status == OrderStatus.INVALID), None)
        if refused is not None and self._heard.get(request.ticket_id) is None:
            message = str(refused.submit_request.response.error_message)
            self._heard[request.ticket_id] = _Heard(OrderState.REJECTED, self._market.now, message=message)

    def reprice(self, ticket_id: str, limit: float) -> None:
        """Move the net limit; one leg's update moves the whole combo."""
        for ticket in self._orders.get(ticket_id, ())[:1]:
            ticket.update_limit_price(float(abs(limit) if len(self._orders[ticket_id]) == 1 else limit))

    def cancel(self, ticket_id: str) -> None:
        """Ask for cancellation; one leg's cancel cancels the whole combo."""
        for ticket in self._orders.get(ticket_id, ())[:1]:
            ticket.cancel()

    def hear(self, event: OrderEvent) -> None:
        """Take in one order event; called from the algorithm's own handler, handled when the desk drains."""
        with self._hearing:
            self._take_in(event)

    def drain(self) -> Sequence[News]:
        """Updates per ticket, then settlements, each in the order first heard."""
        with self._hearing:
            heard, ended = self._heard, self._settlements
            self._heard, self._settlements = {}, {}
        updates = [OrderUpdate(key, one.state, one.time, tuple(one.fills), one.message) for key, one in heard.items()]
        return [*updates, *(self._settlement(order_id, one) for order_id, one in ended.items())]

    def _take_in(self, event: OrderEvent) -> None:
        self._market.forget_account()
        order: Any = self._algorithm.transactions.get_order_by_id(event.order_id)
        ticket_id = str(order.tag or "").partition(" ")[0]
        if ticket_id in self._orders:
            self._hear_own(ticket_id, event)
        elif event.status == OrderStatus.FILLED:
            heard = self._settlements.setdefault(event.order_id, _Ended(event, self._intrinsic(event)))
            if event is not heard.own:
                heard.delivery = event

    def holdings(self) -> Mapping[Contract, int]:
        """What the account holds, in symbol order."""
        held = (one for one in self._algorithm.portfolio.values() if one.invested)
        return {self._symbols.contract(one.symbol): int(one.quantity) for one in sorted(held, key=lambda one: str(one.symbol))}

    def ticket_update(self, ticket_id: str) -> OrderUpdate | None:
        """State and fills of a ticket from the broker's order list, found by its tag."""
        tickets = [ticket for ticket in self._algorithm.transactions.get_order_tickets() if str(ticket.tag or "").partition(" ")[0] == ticket_id]
        if not tickets:
            return None
        self._orders[ticket_id] = tickets
        fills = [fill for ticket in tickets for event in ticket.order_events for fill in self._fill(ticket_id, event)]
        return OrderUpdate(ticket_id, STATES[tickets[-1].status], self._market.now, tuple(fills))

    def _send_combo(self, request: OrderRequest) -> list[OrderTicket]:
        """Numbers cross into .NET as plain int and float: no overload takes NumPy's."""
        legs = [Leg.create(self._symbols.symbol(leg.contract), int(leg.ratio)) for leg in request.structure.legs]
        if request.style is OrderStyle.COMBO_MARKET or request.limit is None:
            return list(self._algorithm.combo_market_order(legs, int(request.units), tag=request.tag))
        return list(self._algorithm.combo_limit_order(legs, int(request.units), float(request.limit), tag=request.tag))

    def _send_single(self, request: OrderRequest) -> list[OrderTicket]:
        leg = request.structure.legs[0]
        symbol, quantity = self._symbols.symbol(leg.contract), int(leg.ratio * request.units)
        if request.style is OrderStyle.COMBO_MARKET or request.limit is None:
            return [self._algorithm.market_order(symbol, quantity, tag=request.tag)]
        return [self._algorithm.limit_order(symbol, quantity, float(abs(request.limit)), tag=request.tag)]

    def _hear_own(self, ticket_id: str, event: OrderEvent) -> None:
        heard = self._heard.setdefault(ticket_id, _Heard(OrderState.SUBMITTED, self._market.now))
        heard.state, heard.time = STATES[event.status], _new_york(event)
        heard.fills += self._fill(ticket_id, event)
        heard.message = str(event.message or "") or heard.message

    def _fill(self, ticket_id: str, event: OrderEvent) -> list[Fill]:
        """The event's execution, none when it is no fill."""
        if event.fill_quantity == 0:
            return []
        price, fee = Decimal(str(event.fill_price)), Decimal(str(event.order_fee.value.amount))
        key = f"{ticket_id}/{event.order_id}-{event.id}"
        return [Fill(ticket_id, self._symbols.contract(event.symbol), int(event.fill_quantity), price, fee, _new_york(event), key)]

    def _settlement(self, order_id: int, ended: _Ended) -> Settlement:
        """Exercise, assignment and expiry come as the option's event and perhaps the delivery's under one order id; anything else was forced."""
        own, delivery = ended.own, ended.delivery
        contract = self._symbols.contract(own.symbol)
        key = f"{_new_york(own):%Y%m%d}/{order_id}-{own.id}"
        order: Any = self._algorithm.transactions.get_order_by_id(order_id)
        quantity, message = int(own.fill_quantity), str(own.message or "")
        if order.type != OrderType.OPTION_EXERCISE:
            price, fee = Decimal(str(own.fill_price)), Decimal(str(own.order_fee.value.amount))
            return Settlement(contract, quantity, price, Ending.FORCED, _new_york(own), key, fee=fee, message=message)
        ending = Ending.EXPIRED if not own.is_in_the_money else (Ending.ASSIGNED if own.is_assignment else Ending.EXERCISED)
        delivered = next(iter(self._fill("", delivery)), None) if delivery is not None else None
        price = ended.intrinsic if own.is_in_the_money and delivered is None else Decimal(0)
        return Settlement(contract, quantity, price, ending, _new_york(own), key, delivered, message=message)

    def _intrinsic(self, event: OrderEvent) -> Decimal:
        """Value per unit at the underlying's last close, which is what LEAN pays for a cash-settled option; 0 for what is no option."""
        contract = self._symbols.contract(event.symbol)
        if contract.settlement not in CASH_SETTLED:  # a delivered underlying is priced by its own fill, and may be gone from the securities
            return Decimal(0)
        underlying: Symbol = event.symbol.underlying
        return Decimal(str(round(intrinsic(contract, float(self._algorithm.securities[underlying].close)), 6)))


def _new_york(event: OrderEvent) -> datetime:
    return event.utc_time.replace(tzinfo=UTC).astimezone(NEW_YORK)
