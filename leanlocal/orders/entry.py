"""The way an order enters: request built from an algorithm's call, pre-checks that refuse it before it gets a number, then the handler.

A refused request makes a ticket without an order (id -10) and an error line. Order and wording of the checks: lean-fidelity 3.1, recorded tickets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from leanlocal.clock import MINUTE, Micros
from leanlocal.enums import OptionStyle, OrderRequestType, OrderResponseErrorCode, OrderType, SecurityType
from leanlocal.exact import ZERO, from_python, mul, neg, short_text
from leanlocal.orders.legs import Leg
from leanlocal.orders.order import REFUSED_ID, GroupCore
from leanlocal.orders.properties import OrderProperties
from leanlocal.orders.requests import SubmitCore, TicketCore
from leanlocal.orders.words import spoken

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext
    from leanlocal.securities.core import SecurityCore
    from leanlocal.symbols import Symbol

_Code = OrderResponseErrorCode
CLOSE_BUFFER: Micros = 15 * MINUTE + MINUTE // 2
"""How long before the close a market-on-close order must be in."""

PRICE_ZERO = (
    "The security does not have an accurate price as it has not yet received a bar of data. Before placing a trade (or using set_holdings) warm up your "
    "algorithm with set_warmup, or use slice.contains(symbol) to confirm the Slice object has price before using the data. Data does not necessarily all "
    "arrive at the same time so your algorithm should confirm the data is ready before using it. In live trading this can mean you do not have an active "
    "subscription to the asset class you're trying to trade. If using custom data make sure you've set the 'Value' property."
)
WARMING_UP = "This operation is not allowed in initialize or during warm up: OrderRequest.submit. Please move this code to the on_warmup_finished() method."
CLOSED_MARKET = (
    "Warning: market orders submitted while the market is closed are automatically converted into MarketOnOpen orders to fill at the next market open."
)
DAILY_DATA = (
    "Warning: market orders on daily resolution data sent during market hours are automatically converted into MarketOnClose orders (or MarketOnOpen near "
    "the close) to avoid filling at the stale previous close. Note: in live trading this conversion is not applied, as the order fills at the current "
    "market price."
)
NO_OPENING = "Warning: Market-On-Open orders are not allowed for futures and future options. Consider using limit orders during extended market hours."
ON_SPLIT = "Options orders are not allowed when a split occurred for its underlying stock"
_ALWAYS_MARKET = frozenset((SecurityType.FUTURE, SecurityType.FUTURE_OPTION))


@dataclass(frozen=True, slots=True)
class OrderTerms:
    """What a call says about an order besides what and how much."""

    limit_price: Decimal = ZERO
    stop_price: Decimal = ZERO
    trigger_price: Decimal = ZERO
    trailing_amount: Decimal = ZERO
    trailing_as_percentage: bool = False
    tag: str = ""
    properties: OrderProperties | None = None
    asynchronous: bool = False

    def __post_init__(self) -> None:
        self._require("asynchronous", bool)
        self._require("tag", str)
        self._require("order_properties", OrderProperties)

    def _require(self, name: str, kind: type) -> None:
        given: object = getattr(self, name.removeprefix("order_"))
        if given is not None and not isinstance(given, kind):
            raise TypeError(
                f"No method matches given arguments: {name} is {given!r}, expected {kind.__name__} (tag and order_properties come after asynchronous)"
            )


class OrderEntry:
    """Turns calls into tickets."""

    def __init__(self, run: RunContext) -> None:
        self._run = run
        self.default_properties = OrderProperties()
        self._said: set[str] = set()

    # requests ------------------------------------------------------------------------------------------------------------------------

    def send(self, kind: OrderType, symbol: Symbol, quantity: Decimal, terms: OrderTerms) -> TicketCore:
        """One order."""
        request = self._request(kind, symbol, quantity, terms)
        return self._refused(request) or self._run.handler.submit(request)

    def market(self, symbol: Symbol, quantity: Decimal, terms: OrderTerms) -> TicketCore:
        """A market order, for the open or close where a market order would trade on a stale price."""
        return self.send(self._market_kind(self._security(symbol)), symbol, quantity, terms)

    def _market_kind(self, security: SecurityCore | None) -> OrderType:
        if security is None or security.kind in _ALWAYS_MARKET or security.is_canonical:
            return OrderType.MARKET
        hours, now = security.hours, self._run.clock.now
        if not hours.is_open(now):
            self._say_once(CLOSED_MARKET)
            return OrderType.MARKET_ON_OPEN
        if not security.resolutions or not security.only_daily or hours.always_open:
            return OrderType.MARKET
        self._say_once(DAILY_DATA)
        return OrderType.MARKET_ON_OPEN if now > hours.next_close(now) - CLOSE_BUFFER else OrderType.MARKET_ON_CLOSE

    def _say_once(self, text: str) -> None:
        if text not in self._said:
            self._said.add(text)
            self._run.log.engine(text)

    def combo(self, kind: OrderType, legs: Sequence[Leg], quantity: Decimal, limit: Decimal, terms: OrderTerms, resolve: Any) -> list[TicketCore]:
        """All legs of a combo; a refusal of any leg refuses the whole and is the only ticket."""
        group = GroupCore(self._run.handler.next_group_id(), len(legs), quantity, limit)
        requests: list[SubmitCore] = []
        for leg in legs:
            request = self._request(kind, resolve(leg.symbol), mul(Decimal(leg.quantity), quantity), terms)
            request.group = group
            if leg.order_price is not None:
                request.limit_price = from_python(leg.order_price)
            requests.append(request)
        for request in requests:
            refused = self._refused(request)
            if refused is not None:
                return [refused]
        return [self._run.handler.submit(request) for request in requests]

    def _request(self, kind: OrderType, symbol: Symbol, quantity: Decimal, terms: OrderTerms) -> SubmitCore:
        properties = terms.properties if terms.properties is not None else self.default_properties
        return SubmitCore(
            self._run.clock.now,
            0,
            terms.tag,
            OrderRequestType.SUBMIT,
            order_type=kind,
            symbol=symbol,
            security=self._security(symbol),
            quantity=quantity,
            limit_price=terms.limit_price,
            stop_price=terms.stop_price,
            trigger_price=terms.trigger_price,
            trailing_amount=terms.trailing_amount,
            trailing_as_percentage=terms.trailing_as_percentage,
            properties=properties.clone(),
            asynchronous=terms.asynchronous,
        )

    def _security(self, symbol: Symbol) -> SecurityCore | None:
        found = self._run.securities.get(symbol)
        if found is None and not symbol.is_canonical() and symbol.security_type != SecurityType.INDEX:
            self._add(symbol)
            found = self._run.securities.get(symbol)
        return found

    def _add(self, symbol: Symbol) -> None:
        """Subscribe what an order names and nobody has added."""
        algorithm: Any = self._run.algorithm
        adders = {
            SecurityType.EQUITY: lambda: algorithm.add_equity(symbol.value),
            SecurityType.OPTION: lambda: algorithm.add_option_contract(symbol),
            SecurityType.INDEX_OPTION: lambda: algorithm.add_index_option_contract(symbol),
            SecurityType.FUTURE: lambda: algorithm.add_future_contract(symbol),
            SecurityType.FUTURE_OPTION: lambda: algorithm.add_future_option_contract(symbol),
        }
        adder = adders.get(symbol.security_type)
        if adder is not None:
            adder()

    # pre-checks ----------------------------------------------------------------------------------------------------------------------

    def _refused(self, request: SubmitCore) -> TicketCore | None:
        refusal = self._refusal(request)
        if refusal is None:
            return None
        code, text = refusal
        request.order_id = REFUSED_ID
        request.refuse(code, text)
        self._run.log.engine(text)
        return TicketCore(request)

    def _refusal(self, request: SubmitCore) -> tuple[OrderResponseErrorCode, str] | None:
        security, quantity = request.security, request.quantity
        if self._run.is_warming_up or not self._run.locked:
            return _Code.ALGORITHM_WARMING_UP, WARMING_UP
        if security is None:
            return _Code.MISSING_SECURITY, f"You haven't requested {request.symbol} data. Add this with add_security() in the initialize() Method."
        if not quantity:
            return _Code.ORDER_QUANTITY_ZERO, f"Unable to submit order with id {REFUSED_ID} that has zero quantity."
        if abs(quantity) < security.lot_size:
            sizes = f"which quantity ({short_text(abs(quantity))}) is less than lot size ({short_text(security.lot_size)})"
            return _Code.ORDER_QUANTITY_LESS_THAN_LOT_SIZE, f"Unable to submit order with id {REFUSED_ID} {sizes}."
        if not security.is_tradable or security.is_canonical or security.kind == SecurityType.INDEX:
            return _Code.NON_TRADABLE_SECURITY, f"The security with symbol '{request.symbol.value}' is marked as non-tradable."
        return self._market_refusal(request, security)

    def _market_refusal(self, request: SubmitCore, security: SecurityCore) -> tuple[OrderResponseErrorCode, str] | None:
        hours, now, kind = security.hours, self._run.clock.now, request.order_type
        is_open = hours.is_open(now)
        if kind == OrderType.OPTION_EXERCISE and not is_open:
            return _Code.EXCHANGE_NOT_OPEN, f"{spoken(kind)} order and exchange not open."
        if kind == OrderType.MARKET_ON_OPEN and security.kind in _ALWAYS_MARKET:
            self._say_once(NO_OPENING)
            return _Code.EXCHANGE_NOT_OPEN, f"{spoken(kind)} orders not supported for {spoken(security.kind)}."
        if not security.price:
            return _Code.SECURITY_PRICE_ZERO, f"{request.symbol.value}: {PRICE_ZERO}"
        if not security.has_data:
            text = "There is no data for this symbol yet, please check the security.HasData flag to ensure there is at least one data point."
            return _Code.SECURITY_HAS_NO_DATA, text
        if kind == OrderType.OPTION_EXERCISE:
            return self._exercise_refusal(request, security)
        if kind == OrderType.MARKET_ON_OPEN and is_open and not security.only_daily:
            return _Code.MARKET_ON_OPEN_NOT_ALLOWED_DURING_REGULAR_HOURS, "Cannot submit a MarketOnOpen order while the market is open."
        if kind == OrderType.MARKET_ON_CLOSE and now > hours.next_close(now) - CLOSE_BUFFER:
            return _Code.MARKET_ON_CLOSE_ORDER_TOO_LATE, (
                "MarketOnClose orders must be placed within 00:15:30 before market close. Override this TimeSpan buffer by setting "
                "Orders.MarketOnCloseOrder.SubmissionTimeBuffer in QCAlgorithm.Initialize()."
            )
        if security.underlying is not None and security.underlying.symbol in self._run.slice_events.splits:
            self._say_once(f"Warning: {ON_SPLIT}")
            return _Code.OPTION_ORDER_ON_STOCK_SPLIT, ON_SPLIT
        return None

    def _exercise_refusal(self, request: SubmitCore, security: SecurityCore) -> tuple[OrderResponseErrorCode, str] | None:
        symbol = request.symbol.value
        if not security.is_option:
            return _Code.NON_EXERCISABLE_SECURITY, f"The security with symbol '{symbol}' is not exercisable."
        if security.style == OptionStyle.EUROPEAN and security.hours.local_date(self._run.clock.now) < security.expiry:
            text = f"Cannot exercise European style option with symbol '{symbol}' before its expiration date."
            return _Code.EUROPEAN_OPTION_NOT_EXPIRED_ON_EXERCISE, text
        held = security.holding.quantity
        if held < 0:
            text = f"The security with symbol '{symbol}' has a short option position. Only long option positions are exercisable."
            return _Code.UNSUPPORTED_REQUEST_TYPE, text
        if abs(request.quantity) > held:
            text = f"Cannot exercise more contracts of '{symbol}' than is currently available in the portfolio. "
            return _Code.UNSUPPORTED_REQUEST_TYPE, text
        return None

    def exercise(self, symbol: Symbol, quantity: Decimal, terms: OrderTerms) -> TicketCore:
        """Exercise long contracts; the sign of the quantity does not matter."""
        return self.send(OrderType.OPTION_EXERCISE, symbol, neg(abs(quantity)), terms)
