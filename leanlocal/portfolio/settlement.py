"""When the money of a fill reaches the account: at once, after business days, or (futures) as a daily mark to market.

Rules as observed: a cash account delays only what comes in; a future pays nothing up front, its profit at the security's price is booked once a day at the
first hourly scan of a new exchange day, and closing books the profit less what was booked before for the part closed.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from leanlocal.clock import day_number
from leanlocal.exact import ZERO, add, div, mul, sub
from leanlocal.portfolio.cash import Unsettled

if TYPE_CHECKING:
    from leanlocal.clock import Micros
    from leanlocal.portfolio.ledger import Ledger
    from leanlocal.securities.core import SecurityCore


class SettlementRule(Protocol):
    """What a settlement model does with the cash of a fill, and at each hourly scan."""

    def apply(self, ledger: Ledger, security: SecurityCore, now: Micros, amount: Decimal, currency: str, closed_share: Decimal) -> None:
        """Book `amount`; closed_share is the part of the position that the fill closed (futures only, else 0)."""
        ...

    def scan(self, ledger: Ledger, security: SecurityCore, now: Micros) -> None:
        """Book what has become due."""
        ...


class ImmediateSettlement:
    """Cash moves with the fill."""

    def apply(self, ledger: Ledger, security: SecurityCore, now: Micros, amount: Decimal, currency: str, closed_share: Decimal) -> None:
        """Book at once."""
        ledger.cash_book.ensure(currency).add(amount)

    def scan(self, ledger: Ledger, security: SecurityCore, now: Micros) -> None:
        """Nothing is ever outstanding."""


class DelayedSettlement:
    """Money paid is gone at once, money received comes after business days at a time of day (exchange clock)."""

    def __init__(self, days: int, at: Micros) -> None:
        self.days = days
        self.at = at
        self._due: list[Unsettled] = []

    def apply(self, ledger: Ledger, security: SecurityCore, now: Micros, amount: Decimal, currency: str, closed_share: Decimal) -> None:
        """Book payments at once, keep receipts until they settle."""
        if amount <= 0:
            ledger.cash_book.ensure(currency).add(amount)
            return
        day = self._business_day(security, security.hours.local_date(now))
        settles = security.hours.zone.to_utc(day_number(day) + self.at)
        self._due.append(Unsettled(settles, currency, amount))
        ledger.unsettled_cash_book.ensure(currency).add(amount)

    def _business_day(self, security: SecurityCore, day: date) -> date:
        for _ in range(self.days):
            day = security.hours.next_trading_day(day)
        return day

    def scan(self, ledger: Ledger, security: SecurityCore, now: Micros) -> None:
        """Move to cash what has settled."""
        due = [item for item in self._due if item.settles <= now]
        if due:
            ledger.touch()
        for item in due:
            self._due.remove(item)
            ledger.unsettled_cash_book.ensure(item.currency).add(-item.amount)
            ledger.cash_book.ensure(item.currency).add(item.amount)


class FutureSettlement:
    """Daily mark to market at the security's price."""

    def __init__(self) -> None:
        self._day: date | None = None

    def apply(self, ledger: Ledger, security: SecurityCore, now: Micros, amount: Decimal, currency: str, closed_share: Decimal) -> None:
        """Book the profit of the closed part less what was booked for it before."""
        holding = security.holding
        settled = mul(holding.settled_profit, closed_share)
        holding.settled_profit = sub(holding.settled_profit, settled)
        in_currency = settled if holding.rate == 1 or not holding.rate else div(settled, holding.rate)
        ledger.cash_book.ensure(currency).add(sub(amount, in_currency))

    def scan(self, ledger: Ledger, security: SecurityCore, now: Micros) -> None:
        """Book the day's profit once a new exchange day has begun."""
        day = security.hours.local_date(now)
        if self._day == day:
            return
        if self._day is not None and security.holding.invested:
            self._mark(ledger, security)
        self._day = day

    def _mark(self, ledger: Ledger, security: SecurityCore) -> None:
        ledger.touch()
        holding = security.holding
        gain = sub(holding.close_profit(include_fees=False, price=security.price), holding.settled_profit)
        holding.settled_profit = add(holding.settled_profit, gain)
        rate = holding.rate
        ledger.cash_book.ensure(security.quote_currency).add(gain if rate in (ZERO, 1) else div(gain, rate))
