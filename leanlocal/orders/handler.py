"""The transaction handler: takes requests, keeps orders and tickets, lets the simulated broker scan working orders, and publishes what happens.

Everything is synchronous: a request is processed before the call that made it returns (an update or cancellation with the next one or the next scan), and
after each request all working orders are tried. Events are published after all fills of a scan entry have reached the ledger; the algorithm's handlers run
inside, and may send more. Source: lean-fidelity 3.2 and 3.3, recorded sequences of events.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from leanlocal.clock import Micros
from leanlocal.enums import OrderRequestStatus, OrderRequestType, OrderResponseErrorCode, OrderStatus, OrderType
from leanlocal.exact import div, mul, normalize, short_text
from leanlocal.exercise.lifecycle import Lifecycle
from leanlocal.exercise.models import exercise_of
from leanlocal.fees.models import fee_of
from leanlocal.fills.market_state import FillMoment, last_update
from leanlocal.fills.models import has_user_rules, try_fill
from leanlocal.orders.events import OrderEventCore, event_of
from leanlocal.orders.order import CLOSED, OrderCore, SubmissionCore
from leanlocal.orders.placing import order_of, round_group_limit, round_prices, round_quantity
from leanlocal.orders.properties import expiry_of_order
from leanlocal.orders.publishing import Publisher
from leanlocal.orders.requests import CancelCore, RequestCore, ResponseCore, SubmitCore, TicketCore, UpdateCore
from leanlocal.orders.ticket import UpdateOrderFields, exact_or_none
from leanlocal.portfolio.account import Account, MarginModelFailed, order_value
from leanlocal.portfolio.coverage import Coverage
from leanlocal.portfolio.margin_calls import MarginCalls

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext
    from leanlocal.engine.timeline import Times
    from leanlocal.portfolio.groups import PositionGroups
    from leanlocal.securities.core import SecurityCore

_Code = OrderResponseErrorCode
_SAME_STEP = frozenset((OrderType.MARKET, OrderType.COMBO_MARKET, OrderType.OPTION_EXERCISE))


class TransactionHandler:
    """Orders of one run."""

    def __init__(self, run: RunContext) -> None:
        self._run = run
        self.orders: dict[int, OrderCore] = {}
        self.tickets: dict[int, TicketCore] = {}
        self.pending: dict[int, OrderCore] = {}
        self.account = Account(run.ledger)
        self.coverage = Coverage(self.account)
        self.publisher = Publisher(run, self)
        self.lifecycle = Lifecycle(run, self)
        self.margin_calls = MarginCalls(run, self)
        self._queue: deque[RequestCore] = deque()
        self._order_count = 0
        self._group_count = 0
        self._warned_lot = False
        self._checked: tuple[int, int, int] | None = None

    @property
    def now(self) -> Micros:
        """The engine's moment."""
        return self._run.clock.now

    @property
    def groups(self) -> PositionGroups:
        """Position groups of the account."""
        return self.account.groups

    @property
    def events(self) -> list[OrderEventCore]:
        """All events so far, in the order they were published."""
        return self.publisher.events

    def next_group_id(self) -> int:
        """Number for a new combo."""
        self._group_count += 1
        return self._group_count

    def next_order_id(self) -> int:
        """Number for a new order."""
        self._order_count += 1
        return self._order_count

    @property
    def last_order_id(self) -> int:
        """Number of the newest order."""
        return self._order_count

    # requests ------------------------------------------------------------------------------------------------------------------------

    def submit(self, request: SubmitCore) -> TicketCore:
        """Make an order of a request that passed the pre-checks; processed before this returns."""
        request.order_id = self.next_order_id()
        ticket = TicketCore(request)
        self.tickets[request.order_id] = ticket
        ticket.order = self.orders[request.order_id] = order_of(request)
        if request.group is not None:
            request.group.order_ids.append(request.order_id)
        request.status = OrderRequestStatus.PROCESSING
        self._queue.append(request)
        self.drain()
        return ticket

    def update(self, ticket: TicketCore, fields: UpdateOrderFields) -> ResponseCore:
        """Queue a change; refused at once when the order is closed or the quantity zero."""
        request = UpdateCore(
            self.now,
            ticket.order_id,
            fields.tag,
            OrderRequestType.UPDATE,
            quantity=exact_or_none(fields.quantity),
            limit_price=exact_or_none(fields.limit_price),
            stop_price=exact_or_none(fields.stop_price),
            trigger_price=exact_or_none(fields.trigger_price),
            trailing_amount=exact_or_none(fields.trailing_amount),
        )
        ticket.updates.append(request)
        order = ticket.order
        if order is None:
            return request.refuse(_Code.UNABLE_TO_FIND_ORDER, f"Unable to locate order with id {ticket.order_id}.")
        if order.status in CLOSED and not request.allowed_when_closed:
            return self._closed(request, order)
        if request.quantity is not None and not request.quantity:
            return request.refuse(_Code.ORDER_QUANTITY_ZERO, f"Unable to update order with id {order.id} that has zero quantity.")
        if order.status == OrderStatus.CANCEL_PENDING:
            return request.refuse(_Code.INVALID_ORDER_STATUS, _closed_text(order))
        if self._run.is_warming_up:
            return request.refuse(_Code.ALGORITHM_WARMING_UP, "Algorithm in warmup.")
        self._queue.append(request)
        return request.answer(ResponseCore(order.id), OrderRequestStatus.PROCESSING)

    def cancel(self, ticket: TicketCore, tag: str | None) -> ResponseCore:
        """Queue a cancellation; the order is CANCEL_PENDING from now on."""
        request = CancelCore(self.now, ticket.order_id, tag, OrderRequestType.CANCEL)
        if ticket.cancel is not None:
            text = f"Order {ticket.order_id} has already received a cancellation request."
            return request.refuse(_Code.REQUEST_CANCELED, text)
        order = ticket.order
        if order is None:
            return request.refuse(_Code.UNABLE_TO_FIND_ORDER, f"Unable to locate order with id {ticket.order_id}.")
        ticket.cancel = request
        if tag is not None:
            order.tag = tag
        if order.status in CLOSED:
            return self._closed(request, order)
        if self._run.is_warming_up:
            return request.refuse(_Code.ALGORITHM_WARMING_UP, "Algorithm in warmup.")
        self.publisher.publish([event_of(order, self.now, OrderStatus.CANCEL_PENDING)])
        self._queue.append(request)
        return request.answer(ResponseCore(order.id), OrderRequestStatus.PROCESSING)

    def _closed(self, request: RequestCore, order: OrderCore) -> ResponseCore:
        return request.refuse(_Code.INVALID_ORDER_STATUS, _closed_text(order))

    def drain(self) -> None:
        """Process waiting requests, trying all working orders after each."""
        while self._queue:
            self._process(self._queue.popleft())
            self.scan_working()

    def _process(self, request: RequestCore) -> None:
        if isinstance(request, SubmitCore):
            self._place(request)
        elif isinstance(request, UpdateCore):
            self._apply_update(request)
        elif isinstance(request, CancelCore):
            self._apply_cancel(request)

    # submission ----------------------------------------------------------------------------------------------------------------------

    def _place(self, request: SubmitCore) -> None:
        order = self.orders[request.order_id]
        round_quantity(order, self._warn_lot)
        round_prices(order, self._run.log.engine)
        legs = self.legs_of(order)
        request.succeed()
        if order.group is not None and len(legs) < order.group.count:
            return
        round_group_limit(legs, self._run.log.engine)
        if any(not leg.quantity for leg in legs):
            self._refuse(request, legs, _Code.ORDER_QUANTITY_ZERO, f"Unable to submit order with id {order.id} that has zero quantity.")
        elif self._enough_margin(request, legs) and self._broker_takes(request, legs):
            for leg in legs:
                leg.broker_ids = [str(leg.id)]
                self.pending[leg.id] = leg
            for leg in legs:
                self.publisher.publish([event_of(leg, self.now, OrderStatus.SUBMITTED)])

    def _warn_lot(self, text: str) -> None:
        if not self._warned_lot:
            self._warned_lot = True
            self._run.log.engine(text)

    def legs_of(self, order: OrderCore) -> list[OrderCore]:
        """The order alone, or all legs of its combo that exist so far."""
        if order.group is None:
            return [order]
        return [self.orders[order_id] for order_id in order.group.order_ids if order_id in self.orders]

    def _enough_margin(self, request: SubmitCore, legs: Sequence[OrderCore]) -> bool:
        try:
            judgement = self.account.judge(legs)
        except MarginModelFailed as error:
            self._fail(request, error)
            return False
        if judgement.enough:
            self._remember_check(legs)
            return True
        self._refuse(request, legs, _Code.INSUFFICIENT_BUYING_POWER, insufficient_text(legs, judgement.reason))
        return False

    def _fail(self, request: SubmitCore, error: MarginModelFailed) -> None:
        """The margin models cannot judge the order: it stays new for ever."""
        order = self.orders[request.order_id]
        request.refuse(_Code.PROCESSING_ERROR, "An error occurred while checking sufficient buying power for the orders.")
        self._run.log.engine(f"Order Error: id: {order.id}, Error executing margin models: {error}")
        self.publisher.publish([event_of(order, self.now, OrderStatus.NEW, "Error executing margin models")])

    def _broker_takes(self, request: SubmitCore, legs: Sequence[OrderCore]) -> bool:
        for leg in legs:
            refusal = self._run.brokerage.refusal(leg)
            if refusal is not None:
                ids = ",".join(str(each.id) for each in legs)
                self._refuse(request, legs, _Code.BROKERAGE_MODEL_REFUSED_TO_SUBMIT_ORDER, f"BrokerageModel declared unable to submit order: [{ids}] {refusal}")
                return False
        return True

    def _refuse(self, request: RequestCore, legs: Sequence[OrderCore], code: OrderResponseErrorCode, text: str) -> None:
        request.refuse(code, text)
        self._run.log.engine(text)
        for leg in legs:
            self.publisher.publish([event_of(leg, self.now, OrderStatus.INVALID, text)])

    # updates and cancellations -------------------------------------------------------------------------------------------------------

    def _apply_update(self, request: UpdateCore) -> None:
        order = self.orders[request.order_id]
        if request.tag is not None and order.status in CLOSED:
            order.tag = request.tag
            request.succeed()
            return
        if order.status in CLOSED:
            self._closed(request, order)
            return
        if self._broker_keeps(order, request):
            return
        self._change(order, request)
        if order.group is None and not self.account.judge([order]).enough:
            judgement = self.account.judge([order])
            self._refuse(request, [order], _Code.INSUFFICIENT_BUYING_POWER, insufficient_text([order], judgement.reason))
            self.pending.pop(order.id, None)
            return
        request.succeed()
        self.publisher.publish([event_of(order, self.now, OrderStatus.UPDATE_SUBMITTED)])

    def _broker_keeps(self, order: OrderCore, request: UpdateCore) -> bool:
        refusal = self._run.brokerage.update_refusal(order, request.quantity)
        if refusal is None:
            return False
        text = f"OrderID: {order.id} {refusal}"
        request.refuse(_Code.BROKERAGE_MODEL_REFUSED_TO_UPDATE_ORDER, text)
        self._run.log.engine(text)
        self.publisher.publish([event_of(order, self.now, order.status, "BrokerageModel declared unable to update order")])
        return True

    def _change(self, order: OrderCore, request: UpdateCore) -> None:
        if request.tag is not None:
            order.tag = request.tag
        if order.group is not None:
            self._change_group(order, request)
            return
        if request.quantity is not None:
            order.quantity = request.quantity
            round_quantity(order, self._warn_lot)
        for name in ("limit_price", "stop_price", "trigger_price", "trailing_amount"):
            value = getattr(request, name)
            if value is not None and getattr(order, name) is not None:
                setattr(order, name, value)
        round_prices(order, self._run.log.engine)

    def _change_group(self, order: OrderCore, request: UpdateCore) -> None:
        group, legs = order.group, self.legs_of(order)
        if group is None:
            return
        if request.quantity is not None:
            for leg in legs:
                leg.quantity = mul(div(leg.quantity, group.quantity), request.quantity)
            group.quantity = request.quantity
        if request.limit_price is None:
            return
        if order.kind == OrderType.COMBO_LIMIT:
            group.limit_price = request.limit_price
            round_group_limit(legs, self._run.log.engine)
        else:
            order.limit_price = request.limit_price
            round_prices(order, self._run.log.engine)

    def _apply_cancel(self, request: CancelCore) -> None:
        order = self.orders[request.order_id]
        if order.status in CLOSED:
            self._closed(request, order)
            return
        legs = [leg for leg in self.legs_of(order) if leg.id in self.pending]
        request.succeed()
        for leg in legs:
            del self.pending[leg.id]
        for leg in legs or [order]:
            self.publisher.publish([event_of(leg, self.now, OrderStatus.CANCELED)])

    # scanning ------------------------------------------------------------------------------------------------------------------------

    def scan(self) -> None:
        """The loop's look at everything: waiting requests, then working orders."""
        self.drain()
        self.scan_working()

    def scan_working(self) -> None:
        """Assignments that are due, then every working order in the order of numbers."""
        self.lifecycle.simulate_assignments()
        for order_id in sorted(self.pending):
            order = self.pending.get(order_id)
            if order is not None and (order.group is None or order.group.order_ids[0] == order_id):
                self._try(order)

    def _try(self, order: OrderCore) -> None:
        now, legs = self.now, self.legs_of(order)
        if order.kind not in _SAME_STEP and order.time == now:
            return
        if order.kind == OrderType.MARKET_ON_OPEN and self._no_newer_row(order):
            return
        if self._expire(order, legs, now) or not self._run.brokerage.executes(order):
            return
        if order.status == OrderStatus.CANCEL_PENDING or not self._still_covered(legs):
            return
        if order.kind == OrderType.OPTION_EXERCISE:
            events = exercise_of(order, now)
        else:
            events = try_fill(legs, FillMoment(now, self._stale_span()))
        if events:
            self._fill(legs, events)

    def _stale_span(self) -> Micros:
        span = self._run.settings.stale_price_time_span
        return round(span.total_seconds() * 1_000_000)

    def _no_newer_row(self, order: OrderCore) -> bool:
        bar = last_update(order.security)
        return bar is None or bar.end <= order.time

    def _expire(self, order: OrderCore, legs: Sequence[OrderCore], now: Micros) -> bool:
        expires = expiry_of_order(order.properties, order.time, order.security.hours)
        if expires is None or now < expires:
            return False
        for leg in legs:
            self.pending.pop(leg.id, None)
        for leg in legs:
            self.publisher.publish([event_of(leg, now, OrderStatus.CANCELED, "The order has expired.")])
        return True

    def _remember_check(self, legs: Sequence[OrderCore]) -> None:
        self._checked = (legs[0].id, self.now, self._run.ledger.version)

    def _still_covered(self, legs: Sequence[OrderCore]) -> bool:
        if self._checked == (legs[0].id, self.now, self._run.ledger.version) or self.coverage.certain_until(legs, self.now) > self.now:
            return True
        try:
            judgement = self.account.judge(legs)
            text = insufficient_text(legs, judgement.reason)
            if judgement.enough:
                return True
        except MarginModelFailed as error:
            text = f"Error executing margin models: {error}"
        for leg in legs:
            self.pending.pop(leg.id, None)
        self._run.log.engine(text)
        for leg in legs:
            self.publisher.publish([event_of(leg, self.now, OrderStatus.INVALID, text)])
        return False

    def _fill(self, legs: Sequence[OrderCore], events: list[OrderEventCore]) -> None:
        charged: set[int] = set()
        for event in events:
            if event.status == OrderStatus.FILLED and event.order.id not in charged:
                charged.add(event.order.id)
                event.fee = fee_of(event.order.security, event.order)
        for leg in legs:
            self.pending.pop(leg.id, None)
        self.publisher.publish(events)

    # what the loop asks --------------------------------------------------------------------------------------------------------------

    def hourly(self, now: Micros) -> None:
        """Settlement of what has become due."""
        self._run.ledger.settle(now)

    def process_delistings(self, securities: Sequence[SecurityCore]) -> None:
        """Expire, exercise or liquidate positions of delisted securities and cancel their orders."""
        self.lifecycle.delist(securities)

    def liquidate_before_split(self, security: SecurityCore) -> None:
        """Close a position in an option whose underlying splits tomorrow."""
        self.lifecycle.liquidate_before_split(security)

    def check_margin_call(self, now: Micros) -> None:
        """Warn or sell when margin runs out."""
        self.margin_calls.check(now)

    def margin_call_due(self, times: Times) -> int | None:
        """Index of the first of these moments at which a check could warn or sell, None for none."""
        return self.margin_calls.first_due(times)

    def apply_dividend(self, security: SecurityCore, distribution: Decimal) -> None:
        """Pay a dividend on a position at raw prices."""
        self._run.ledger.apply_dividend(security, distribution)

    def apply_split(self, security: SecurityCore, factor: Decimal, reference: Decimal) -> None:
        """Split a position and its working orders at raw prices."""
        self.lifecycle.apply_split(security, factor, reference)

    def remove_security(self, security: SecurityCore, tag: str | None = None) -> None:
        """Cancel the security's orders and close its position at the market."""
        self.lifecycle.remove(security, tag)

    def next_interesting(self, now: Micros) -> Micros | None:
        """Earliest moment at which a working order or an assignment could change something."""
        if self._queue:
            return now + 1
        moments = [self.lifecycle.next_assignment_check(now), *(self._next_try(order, now) for order in self.pending.values())]
        return min((moment for moment in moments if moment is not None), default=None)

    def _next_try(self, order: OrderCore, now: Micros) -> Micros | None:
        """When trying the order again could have another outcome: a new row, an opening or closing bell, its expiry, a doubt about its cover."""
        legs = self.legs_of(order)
        if has_user_rules(order) or order.time == now:
            return now + 1
        hours = order.security.hours
        moments = [row for leg in legs if (row := leg.security.next_row_after(now)) is not None]
        moments += [hours.next_open(now), hours.next_close(now), max(now + 1, self.coverage.certain_until(legs, now))]
        expires = expiry_of_order(order.properties, order.time, hours)
        return min(moments if expires is None else [*moments, max(now + 1, expires)])

    # questions and commands of the algorithm -----------------------------------------------------------------------------------------

    def open_orders(self, security: SecurityCore | None = None) -> list[OrderCore]:
        """Orders that are not closed, of one security or all."""
        return [order for order in self.orders.values() if order.status not in CLOSED and (security is None or order.security is security)]

    def cancel_open_orders(self, security: SecurityCore | None = None, tag: str | None = None) -> list[TicketCore]:
        """Ask for cancellation of open orders."""
        tickets = [self.tickets[order.id] for order in self.open_orders(security)]
        for ticket in tickets:
            self.cancel(ticket, tag)
        return tickets

    def new_engine_order(self, kind: OrderType, security: SecurityCore, quantity: Decimal, tag: str | None, *, submitted: bool) -> OrderCore:
        """An order the engine books itself, without request checks, and its ticket. submitted: with a record of the market as it stands."""
        from leanlocal.orders.properties import OrderProperties

        properties = OrderProperties()
        order_id = self.next_order_id()
        request = SubmitCore(
            self.now,
            order_id,
            tag,
            OrderRequestType.SUBMIT,
            order_type=kind,
            symbol=security.symbol,
            security=security,
            quantity=quantity,
            properties=properties,
        )
        order = OrderCore(order_id, kind, security.symbol, security, quantity, self.now, properties, tag)
        if submitted:
            order.price_currency = security.quote_currency
            order.submission = SubmissionCore(security.bid, security.ask, security.close)
        self.orders[order_id] = order
        self.tickets[order_id] = TicketCore(request, order)
        request.succeed()
        return order


def _closed_text(order: OrderCore) -> str:
    spoken = "".join(part.capitalize() for part in order.status.name.split("_"))
    return f"Unable to update order with id {order.id} because it already has {spoken} status."


def insufficient_text(legs: Sequence[OrderCore], reason: str) -> str:
    """Wording of a rejection for margin."""
    ids = ",".join(str(leg.id) for leg in legs)
    values = ",".join(short_text(normalize(order_value(leg))) for leg in legs)
    return f"Order Error: ids: [{ids}], Insufficient buying power to complete orders (Value:[{values}]), Reason: {reason}."
