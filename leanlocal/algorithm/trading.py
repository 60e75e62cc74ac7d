"""How an algorithm trades: orders of all types, combos and option strategies, targets, liquidation, the brokerage and the account."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from leanlocal.algorithm.base import AlgorithmPart
from leanlocal.brokerages.models import DefaultBrokerageModel, brokerage_model
from leanlocal.enums import AccountType, BrokerageName, OrderType, SecurityType
from leanlocal.exact import ZERO, from_python, neg, sub, to_float
from leanlocal.mappings import as_symbol
from leanlocal.option_strategies import OptionStrategy
from leanlocal.orders.entry import OrderEntry, OrderTerms
from leanlocal.orders.legs import Leg, check_leg_prices, check_limit_prices, check_ratio
from leanlocal.orders.properties import OrderProperties
from leanlocal.orders.requests import TicketCore
from leanlocal.orders.ticket import OrderTicket
from leanlocal.portfolio.sizing import Sizing
from leanlocal.portfolio.targets import PortfolioTarget, by_margin_impact
from leanlocal.symbol_book import ArgumentException, InvalidCastException
from leanlocal.symbols import Symbol

LIQUIDATED = "Liquidated"


class TradingMixin(AlgorithmPart):
    """Trading part of QCAlgorithm."""

    @property
    def brokerage_model(self) -> Any:
        """The broker's model."""
        return self._run.brokerage.model

    @property
    def brokerage_name(self) -> BrokerageName:
        """The broker's name."""
        return self._run.brokerage.name

    @property
    def default_order_properties(self) -> OrderProperties:
        """Properties of orders that are given none."""
        return self._entry().default_properties

    @default_order_properties.setter
    def default_order_properties(self, value: OrderProperties) -> None:
        self._entry().default_properties = value

    def set_brokerage_model(self, brokerage: Any, account_type: AccountType = AccountType.MARGIN) -> None:
        """Choose the broker by name, or with a model of one's own; before securities are added."""
        desk = self._run.brokerage
        if isinstance(brokerage, DefaultBrokerageModel):
            desk.model, desk.name = brokerage, BrokerageName.DEFAULT
        else:
            desk.model, desk.name = brokerage_model(brokerage, account_type), BrokerageName(brokerage)
        for security in self._run.securities.values():
            desk.initialize(security)

    @property
    def account_currency(self) -> str:
        """Currency of the account."""
        return self._run.ledger.cash_book.account_currency

    def set_account_currency(self, account_currency: str, starting_cash: float | None = None) -> None:
        """Make another currency the account's."""
        self._run.ledger.set_account_currency(account_currency, None if starting_cash is None else from_python(starting_cash))

    # single orders -------------------------------------------------------------------------------------------------------------------

    def market_order(
        self, symbol: Any, quantity: float, asynchronous: bool = False, tag: str = "", order_properties: OrderProperties | None = None
    ) -> OrderTicket:
        """Buy or sell at the market."""
        terms = OrderTerms(tag=tag, properties=order_properties, asynchronous=asynchronous)
        return self._shown(self._entry().market(_orderable(symbol), from_python(quantity), terms))

    def order(self, symbol: Any, quantity: float = 1, asynchronous: bool = False, tag: str = "", order_properties: OrderProperties | None = None) -> Any:
        """A market order, or an option strategy's legs as a combo."""
        if isinstance(symbol, OptionStrategy):
            return self._strategy(symbol, int(quantity), OrderTerms(tag=tag, properties=order_properties, asynchronous=asynchronous))
        return self.market_order(symbol, quantity, asynchronous, tag, order_properties)

    def buy(self, symbol: Any, quantity: float, asynchronous: bool = False, tag: str = "", order_properties: OrderProperties | None = None) -> Any:
        """Buy a quantity, or a number of a strategy."""
        return self.order(symbol, abs(quantity), asynchronous, tag, order_properties)

    def sell(self, symbol: Any, quantity: float, asynchronous: bool = False, tag: str = "", order_properties: OrderProperties | None = None) -> Any:
        """Sell a quantity, or a number of a strategy."""
        return self.order(symbol, -abs(quantity), asynchronous, tag, order_properties)

    def limit_order(
        self,
        symbol: Any,
        quantity: float,
        limit_price: float,
        asynchronous: bool = False,
        tag: str = "",
        order_properties: OrderProperties | None = None,
    ) -> OrderTicket:
        """Buy or sell at a price or better."""
        terms = OrderTerms(limit_price=from_python(limit_price), tag=tag, properties=order_properties, asynchronous=asynchronous)
        return self._send(OrderType.LIMIT, symbol, quantity, terms)

    def stop_market_order(
        self,
        symbol: Any,
        quantity: float,
        stop_price: float,
        asynchronous: bool = False,
        tag: str = "",
        order_properties: OrderProperties | None = None,
    ) -> OrderTicket:
        """Buy or sell at the market once a price is passed."""
        terms = OrderTerms(stop_price=from_python(stop_price), tag=tag, properties=order_properties, asynchronous=asynchronous)
        return self._send(OrderType.STOP_MARKET, symbol, quantity, terms)

    def stop_limit_order(
        self,
        symbol: Any,
        quantity: float,
        stop_price: float,
        limit_price: float,
        asynchronous: bool = False,
        tag: str = "",
        order_properties: OrderProperties | None = None,
    ) -> OrderTicket:
        """A limit order once a price is passed."""
        stop, limit = from_python(stop_price), from_python(limit_price)
        terms = OrderTerms(stop_price=stop, limit_price=limit, tag=tag, properties=order_properties, asynchronous=asynchronous)
        return self._send(OrderType.STOP_LIMIT, symbol, quantity, terms)

    def limit_if_touched_order(
        self,
        symbol: Any,
        quantity: float,
        trigger_price: float,
        limit_price: float,
        asynchronous: bool = False,
        tag: str = "",
        order_properties: OrderProperties | None = None,
    ) -> OrderTicket:
        """A limit order once a price is touched."""
        trigger, limit = from_python(trigger_price), from_python(limit_price)
        terms = OrderTerms(trigger_price=trigger, limit_price=limit, tag=tag, properties=order_properties, asynchronous=asynchronous)
        return self._send(OrderType.LIMIT_IF_TOUCHED, symbol, quantity, terms)

    def trailing_stop_order(self, symbol: Any, quantity: float, *arguments: Any, **named: Any) -> OrderTicket:
        """A stop that follows the price: ([stop_price,] trailing_amount, trailing_as_percentage[, asynchronous, tag, order_properties])."""
        names = ["trailing_amount", "trailing_as_percentage", "asynchronous", "tag", "order_properties"]
        if "stop_price" in named or (len(arguments) > 2 and isinstance(arguments[2], bool) and not isinstance(arguments[1], bool)):
            names.insert(0, "stop_price")
        given = {**dict(zip(names, arguments, strict=False)), **named}
        terms = OrderTerms(
            stop_price=from_python(given.get("stop_price", 0)),
            trailing_amount=from_python(given["trailing_amount"]),
            trailing_as_percentage=bool(given["trailing_as_percentage"]),
            tag=given.get("tag", ""),
            properties=given.get("order_properties"),
            asynchronous=given.get("asynchronous", False),
        )
        return self._send(OrderType.TRAILING_STOP, symbol, quantity, terms)

    def market_on_open_order(
        self, symbol: Any, quantity: float, asynchronous: bool = False, tag: str = "", order_properties: OrderProperties | None = None
    ) -> OrderTicket:
        """Buy or sell at the next open."""
        return self._send(OrderType.MARKET_ON_OPEN, symbol, quantity, OrderTerms(tag=tag, properties=order_properties, asynchronous=asynchronous))

    def market_on_close_order(
        self, symbol: Any, quantity: float, asynchronous: bool = False, tag: str = "", order_properties: OrderProperties | None = None
    ) -> OrderTicket:
        """Buy or sell at the close."""
        return self._send(OrderType.MARKET_ON_CLOSE, symbol, quantity, OrderTerms(tag=tag, properties=order_properties, asynchronous=asynchronous))

    def exercise_option(
        self, option_symbol: Any, quantity: int, asynchronous: bool = False, tag: str = "", order_properties: OrderProperties | None = None
    ) -> OrderTicket:
        """Exercise long contracts now; InvalidCastException for a security that is no option."""
        known = self._run.securities.get(_symbol(option_symbol))
        if known is not None and not (known.is_option or known.is_canonical):
            kind = f"QuantConnect.Securities.{known.kind.name.capitalize()}.{known.kind.name.capitalize()}"
            raise InvalidCastException(f"Unable to cast object of type '{kind}' to type 'QuantConnect.Securities.Option.Option'.")
        terms = OrderTerms(tag=tag, properties=order_properties, asynchronous=asynchronous)
        return self._shown(self._entry().exercise(_symbol(option_symbol), from_python(quantity), terms))

    # combos --------------------------------------------------------------------------------------------------------------------------

    def combo_market_order(
        self, legs: Sequence[Leg], quantity: int, asynchronous: bool = False, tag: str = "", order_properties: OrderProperties | None = None
    ) -> list[OrderTicket]:
        """All legs at the market, or none."""
        check_ratio(legs, quantity)
        terms = OrderTerms(tag=tag, properties=order_properties, asynchronous=asynchronous)
        return self._combo(OrderType.COMBO_MARKET, legs, quantity, ZERO, terms)

    def combo_limit_order(
        self,
        legs: Sequence[Leg],
        quantity: int,
        limit_price: float,
        asynchronous: bool = False,
        tag: str = "",
        order_properties: OrderProperties | None = None,
    ) -> list[OrderTicket]:
        """All legs when their net price is inside a limit."""
        check_limit_prices(legs, limit_price)
        check_ratio(legs, quantity)
        terms = OrderTerms(tag=tag, properties=order_properties, asynchronous=asynchronous)
        return self._combo(OrderType.COMBO_LIMIT, legs, quantity, from_python(limit_price), terms)

    def combo_leg_limit_order(
        self, legs: Sequence[Leg], quantity: int, asynchronous: bool = False, tag: str = "", order_properties: OrderProperties | None = None
    ) -> list[OrderTicket]:
        """All legs when each is inside its own limit."""
        check_leg_prices(legs)
        check_ratio(legs, quantity)
        terms = OrderTerms(tag=tag, properties=order_properties, asynchronous=asynchronous)
        return self._combo(OrderType.COMBO_LEG_LIMIT, legs, quantity, ZERO, terms)

    def _combo(self, kind: OrderType, legs: Sequence[Leg], quantity: int, limit: Decimal, terms: OrderTerms) -> list[OrderTicket]:
        tickets = self._entry().combo(kind, legs, Decimal(quantity), limit, terms, _symbol)
        return [self._shown(ticket) for ticket in tickets]

    def _strategy(self, strategy: OptionStrategy, quantity: int, terms: OrderTerms) -> list[OrderTicket]:
        legs: list[Leg] = [*strategy.underlying_legs, *strategy.option_legs]
        check_ratio(legs, quantity)
        priced = any(leg.order_price is not None for leg in legs)
        return self._combo(OrderType.COMBO_LEG_LIMIT if priced else OrderType.COMBO_MARKET, legs, quantity, ZERO, terms)

    # targets and liquidation ---------------------------------------------------------------------------------------------------------

    def calculate_order_quantity(self, symbol: Any, target: float) -> float:
        """Units to order for a share of the account."""
        return to_float(self._size(_symbol(symbol), from_python(target)))

    def _size(self, symbol: Symbol, percent: Decimal) -> Decimal:
        security = self._run.securities.get(symbol)
        return ZERO if security is None else self._sizing().order_quantity(security, percent)

    def set_holdings(
        self,
        symbol: Any,
        percentage: float | bool = False,
        liquidate_existing_holdings: bool = False,
        asynchronous: bool = False,
        tag: str | None = None,
        order_properties: OrderProperties | None = None,
    ) -> list[OrderTicket]:
        """Bring a security, or several by targets, to shares of the account; optionally close everything else first."""
        if isinstance(symbol, Iterable) and not isinstance(symbol, str):
            return self._set_targets(list(symbol), bool(percentage), tag, order_properties)
        wanted = _symbol(symbol)
        tickets = self._liquidate_others([wanted], tag, order_properties) if liquidate_existing_holdings else []
        return [*tickets, *self._order_up_to(wanted, self._size(wanted, from_python(percentage)), tag, order_properties)]

    def _set_targets(self, targets: Sequence[PortfolioTarget], others: bool, tag: str | None, properties: OrderProperties | None) -> list[OrderTicket]:
        symbols = [_symbol(target.symbol) for target in targets]
        tickets = self._liquidate_others(symbols, tag, properties) if others else []
        sized = [(self._run.securities[s], self._size(s, from_python(t.quantity))) for s, t in zip(symbols, targets, strict=True)]
        for security, quantity in by_margin_impact(sized):
            tickets += self._order_up_to(security.symbol, quantity, tag, properties)
        return tickets

    def _liquidate_others(self, keep: Sequence[Symbol], tag: str | None, properties: OrderProperties | None) -> list[OrderTicket]:
        others = [s.symbol for s in self._run.ledger.invested() if s.symbol not in keep]
        return self._close(sorted(others, key=lambda symbol: symbol.value), tag, properties)

    def _order_up_to(self, symbol: Symbol, quantity: Decimal, tag: str | None, properties: OrderProperties | None) -> list[OrderTicket]:
        for ticket in self._run.handler.tickets.values():
            if ticket.request.symbol == symbol and not ticket.is_closed and ticket.request.order_type in (OrderType.MARKET, OrderType.MARKET_ON_OPEN):
                quantity = sub(quantity, ticket.remaining)
        if not quantity:
            return []
        terms = OrderTerms(tag=tag or "", properties=properties)
        return [self._shown(self._entry().market(symbol, quantity, terms))]

    def liquidate(
        self,
        symbol: Any = None,
        asynchronous: bool | str = False,
        tag: str | None = None,
        order_properties: OrderProperties | None = None,
    ) -> list[OrderTicket]:
        """Cancel the orders and close the positions of one security, several, or all."""
        if not self._run.settings.liquidate_enabled:
            self._run.log.engine("Liquidate() is currently disabled by settings. To re-enable please set 'Settings.LiquidateEnabled' to true")
            return []
        if isinstance(asynchronous, str):
            tag = asynchronous
        if symbol is None:
            wanted = list(self._run.securities)
        elif isinstance(symbol, (list, tuple, set)):
            wanted = [_symbol(each) for each in symbol]
        else:
            wanted = [_symbol(symbol)]
        return self._close(sorted(wanted, key=lambda each: each.value), tag, order_properties)

    def _close(self, symbols: Sequence[Symbol], tag: str | None, properties: OrderProperties | None) -> list[OrderTicket]:
        tickets: list[OrderTicket] = []
        for symbol in symbols:
            security = self._run.securities.get(symbol)
            if security is None:
                continue
            orders = self._run.handler.open_orders(security)
            quantity = security.holding.quantity
            if len(orders) == 1 and quantity and orders[0].quantity == -quantity and orders[0].kind == OrderType.MARKET:
                continue
            working = ZERO
            for order in orders:
                if order.kind == OrderType.MARKET:
                    working += self._run.handler.tickets[order.id].remaining
                else:
                    self._run.handler.cancel(self._run.handler.tickets[order.id], tag or LIQUIDATED)
            if quantity:
                terms = OrderTerms(tag=tag or LIQUIDATED, properties=properties)
                tickets.append(self._shown(self._entry().market(symbol, sub(neg(quantity), working), terms)))
        return tickets

    # plumbing ------------------------------------------------------------------------------------------------------------------------

    def _entry(self) -> OrderEntry:
        return self._run.brokerage.entry

    def _sizing(self) -> Sizing:
        return self._run.brokerage.sizing

    def _send(self, kind: OrderType, symbol: Any, quantity: float, terms: OrderTerms) -> OrderTicket:
        return self._shown(self._entry().send(kind, _orderable(symbol), from_python(quantity), terms))

    def _shown(self, ticket: TicketCore) -> OrderTicket:
        return OrderTicket(ticket, self._run.handler)


def _orderable(value: Any) -> Symbol:
    """Symbol of what is ordered; an unknown ticker is taken for a US share, which the order then adds."""
    known = as_symbol(value)
    return Symbol.create(value, SecurityType.EQUITY, "usa") if known is None and isinstance(value, str) else known or _symbol(value)


def _symbol(value: Any) -> Symbol:
    found = as_symbol(value)
    if found is None:
        raise ArgumentException(f"{value} was not found. Add it, or give its Symbol")
    return found
