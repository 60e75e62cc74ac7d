"""The account: cash by currency, the holdings of every security, and what each fill does to both.

Total value is cash, settled or not, plus the market value of holdings (of futures only the profit that is not settled). A closing fill leaves a
transaction record: its profit less twice its own fee, keyed by time, one millisecond apart when several share a moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from leanlocal.enums import OrderDirection, OrderType, SecurityType
from leanlocal.exact import ONE, ZERO, add, div, mul, neg, sub, text
from leanlocal.orders.events import OrderEventCore
from leanlocal.portfolio.buying_power import settlement_of
from leanlocal.portfolio.cash import CashBookCore
from leanlocal.portfolio.option_terms import in_the_money_amount, intrinsic_value, is_option, settles_in_cash

if TYPE_CHECKING:
    from leanlocal.clock import Micros
    from leanlocal.portfolio.holdings import HoldingCore
    from leanlocal.securities.core import SecurityCore

MILLISECOND: Micros = 1000


@dataclass(frozen=True, slots=True)
class TransactionRecord:
    """Profit of one closing fill less twice its fee, and whether it counts as a win."""

    time: Micros
    profit: Decimal
    won: bool


class Ledger:
    """Cash and holdings of one account."""

    def __init__(self, securities: Callable[[], Iterable[SecurityCore]], account_currency: str = "USD") -> None:
        self._securities = securities
        self.cash_book = CashBookCore(account_currency)
        self.unsettled_cash_book = CashBookCore(account_currency)
        self.records: dict[Micros, TransactionRecord] = {}
        self.on_quantity_changed: Callable[[SecurityCore], None] = _ignore
        self.before_change: Callable[[], None] = _nothing
        self.version = 0
        self._held: list[SecurityCore] | None = None
        self._traded: dict[SecurityCore, None] = {}

    def touch(self) -> None:
        """Cash or a position is about to change: values of the past are taken first, answers kept about the present are void."""
        self.before_change()
        self.version += 1

    def set_account_currency(self, currency: str, starting_cash: Decimal | None = None) -> None:
        """Make another currency the account's; everything held so far is dropped, as before the first trade nothing is."""
        self.cash_book = CashBookCore(currency)
        self.unsettled_cash_book = CashBookCore(currency)
        if starting_cash is not None:
            self.cash_book[currency].amount = starting_cash

    def set_cash(self, currency: str, amount: Decimal) -> None:
        """Set the amount of one currency."""
        self.touch()
        self.cash_book.ensure(currency).amount = amount

    def attach(self, security: SecurityCore) -> None:
        """Tie a security's holding to its quote currency's cash."""
        security.holding.quote_cash = self.cash_book.ensure(security.quote_currency)

    def holdings(self) -> Iterable[HoldingCore]:
        """Holdings of all securities, in the order the securities were added."""
        return (security.holding for security in self._securities())

    def invested(self) -> list[SecurityCore]:
        """Securities with a position."""
        if self._held is None:
            self._held = [security for security in self._securities() if security.holding.quantity]
        return self._held

    def traded(self) -> list[SecurityCore]:
        """Securities with a fill that had a value, in the order the securities were added."""
        return sorted((security for security in self._traded if security.holding.total_sale_volume), key=lambda security: security.number)

    @property
    def total_value(self) -> Decimal:
        """Cash, unsettled cash and holdings in account currency."""
        total = add(self.cash_book.total, self.unsettled_cash_book.total)
        for security in self.invested():
            total = add(total, security.holding.portfolio_value)
        return total

    def settle(self, now: Micros) -> None:
        """Book what has become due: settled cash, daily marks of futures."""
        for security in self._traded:
            settlement_of(security).scan(self, security, now)

    def value_array(self, times: NDArray[np.int64]) -> NDArray[np.float64]:
        """Total value at ascending moments of the past, with cash and positions as they are now; floats of account currency."""
        values = np.zeros(times.size)
        for cash in (*self.cash_book, *self.unsettled_cash_book):
            values += cash.value_array(times)
        for security in self.invested():
            values += _holding_values(security, times)
        return values

    def sum_of(self, value: Callable[[HoldingCore], Decimal]) -> Decimal:
        """Sum of a figure over all holdings."""
        total = ZERO
        for holding in self.holdings():
            total = add(total, value(holding))
        return total

    def process_fill(self, event: OrderEventCore, security: SecurityCore) -> None:
        """Change cash and holdings by a fill; sets `event.won`, and the profit text of an exercise's message."""
        self.touch()
        holding, fee = security.holding, self._charge(event, security)
        holding.total_sale_volume = add(holding.total_sale_volume, holding.value_of(abs(event.fill_quantity), event.fill_price))
        closed = self._closed_quantity(event, holding)
        if not _is_margined(security):
            self._pay(event, security)
        if closed:
            self._close(event, security, closed, fee)
        _move_position(holding, event)
        self._traded[security] = None
        self._moved(security)

    def _moved(self, security: SecurityCore) -> None:
        self._held = None
        self.on_quantity_changed(security)

    def _charge(self, event: OrderEventCore, security: SecurityCore) -> Decimal:
        if not event.fee.amount:
            return ZERO
        fee = self.cash_book.convert(event.fee.amount, event.fee.currency)
        security.holding.total_fees = add(security.holding.total_fees, fee)
        self.cash_book[event.fee.currency].add(neg(event.fee.amount))
        return fee

    def _pay(self, event: OrderEventCore, security: SecurityCore) -> None:
        amount = mul(neg(event.fill_quantity), event.fill_price, security.multiplier)
        settlement_of(security).apply(self, security, event.time, amount, security.quote_currency, ZERO)

    def _closed_quantity(self, event: OrderEventCore, holding: HoldingCore) -> Decimal:
        opposite = (holding.quantity > 0 > event.fill_quantity) or (holding.quantity < 0 < event.fill_quantity)
        if not opposite:
            return ZERO
        size = min(abs(event.fill_quantity), abs(holding.quantity))
        return size if event.fill_quantity < 0 else neg(size)

    def _close(self, event: OrderEventCore, security: SecurityCore, closed: Decimal, fee: Decimal) -> None:
        holding = security.holding
        profit = sub(holding.value_of(closed, event.fill_price), holding.value_of(closed, holding.average_price))
        settlement = self._settle_in_cash(event, security)
        profit = add(profit, settlement) if settlement else profit
        if _is_margined(security):
            in_currency = div(profit, holding.rate) if holding.rate not in (ZERO, ONE) else profit
            share = div(abs(closed), abs(holding.quantity))
            settlement_of(security).apply(self, security, event.time, in_currency, security.quote_currency, share)
        holding.add_profit(profit)
        if event.order.kind == OrderType.OPTION_EXERCISE and is_option(security):
            event.message += f". Profit: +{text(profit)}" if profit > 0 else f". Loss: {text(profit)}"
        net = sub(profit, mul(Decimal(2), fee))
        event.won = is_win(event, security, net)
        self._record(event.time, net, event.won)

    def _settle_in_cash(self, event: OrderEventCore, security: SecurityCore) -> Decimal:
        if event.order.kind != OrderType.OPTION_EXERCISE or not event.is_in_the_money or not settles_in_cash(security):
            return ZERO
        amount = mul(intrinsic_value(security), neg(event.fill_quantity), security.multiplier)
        settlement_of(security).apply(self, security, event.time, amount, security.quote_currency, ZERO)
        return self.cash_book.convert(amount, security.quote_currency)

    def _record(self, time: Micros, profit: Decimal, won: bool) -> None:
        while time in self.records:
            time += MILLISECOND
        self.records[time] = TransactionRecord(time, profit, won)

    def apply_dividend(self, security: SecurityCore, distribution: Decimal) -> None:
        """Pay (or, for a short, take) a cash dividend per share; only holdings at raw prices get one."""
        self.touch()
        amount = mul(security.holding.quantity, distribution)
        self.cash_book[security.quote_currency].add(amount)
        in_account = self.cash_book.convert(amount, security.quote_currency)
        security.holding.total_dividends = add(security.holding.total_dividends, in_account)

    def apply_split(self, security: SecurityCore, factor: Decimal, price: Decimal) -> None:
        """Turn a position into split shares; the fraction of a share is paid in cash at `price` (a price before the split)."""
        holding = security.holding
        if holding.quantity:
            self.touch()
            exact = div(holding.quantity, factor)
            whole = exact.to_integral_value(rounding="ROUND_DOWN")
            leftover = mul(sub(exact, whole), price, factor)
            self.cash_book[security.quote_currency].add(leftover)
            holding.average_price = mul(holding.average_price, factor)
            holding.quantity = whole
            self._moved(security)


def _holding_values(security: SecurityCore, times: NDArray[np.int64]) -> NDArray[np.float64]:
    holding, prices = security.holding, security.price_array(times)
    if security.kind == SecurityType.FUTURE:
        now = float(holding.unsettled_profit)
        return now + float(holding.value_of(holding.quantity, ONE)) * (prices - float(security.price))
    quote = holding.quote_cash
    if quote is None or quote.rates is None:
        return prices * float(holding.value_of(holding.quantity, ONE))
    return prices * float(mul(holding.quantity, security.multiplier)) * quote.rates(times)


def _ignore(_security: SecurityCore) -> None:
    """Nobody listens."""


def _nothing() -> None:
    """Nobody listens."""


def _is_margined(security: SecurityCore) -> bool:
    return security.kind in (SecurityType.FUTURE, SecurityType.CFD, SecurityType.CRYPTO_FUTURE)


def is_win(event: OrderEventCore, security: SecurityCore, profit: Decimal) -> bool:
    """Whether a closing fill that made `profit` counts as won: a gain, for an exercised or expired option what the exercise is worth."""
    if not is_option(security) or event.order.kind != OrderType.OPTION_EXERCISE:
        return profit > 0
    in_the_money = in_the_money_amount(security, event.fill_quantity)
    if event.direction == OrderDirection.SELL:
        return event.is_in_the_money and abs(profit) < in_the_money
    return not event.is_in_the_money or abs(profit) > in_the_money


def _move_position(holding: HoldingCore, event: OrderEventCore) -> None:
    held, filled = holding.quantity, event.fill_quantity
    total = add(held, filled)
    if not held:
        holding.average_price = event.fill_price
        total = filled
    elif (held > 0) == (filled > 0):
        cost = add(mul(holding.average_price, held), mul(filled, event.fill_price))
        holding.average_price = div(cost, total)
    elif not total:
        holding.average_price = ZERO
    elif (total > 0) != (held > 0):
        holding.average_price = event.fill_price
    holding.quantity = total
