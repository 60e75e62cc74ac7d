"""How long a working order is certainly covered by the account's buying power, looked ahead for the rest of a day.

The broker asks before every try of a working order whether the account could still pay for it. Asking exactly at every minute is dear; here upper bounds of
what the order needs are compared with the account's value over all minutes of the day at once, and the exact question is only asked from the first minute
on at which the bound is not enough. The answer depends on cash and positions (ledger version) and on the order's own terms, so it is kept per both.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from leanlocal.clock import DAY, MINUTE, Micros
from leanlocal.enums import OrderType
from leanlocal.portfolio.groups import resolve_groups
from leanlocal.portfolio.margin_bounds import maintenance_bound
from leanlocal.portfolio.option_terms import is_option

if TYPE_CHECKING:
    from leanlocal.engine.timeline import Times
    from leanlocal.orders.order import OrderCore
    from leanlocal.portfolio.account import Account

Floats = NDArray[np.float64]
SAFETY = 1.002
"""Factor on what an order needs by floats."""
FEE_ALLOWANCE = 2.0
"""Added per unit of an order for its fee; no tariff charges more than this per share or contract, the minimum included for one unit."""


@dataclass(frozen=True, slots=True)
class Cover:
    """Certain from `first` to `end` for these terms, but for the doubtful minutes in between."""

    terms: tuple[object, ...]
    first: Micros
    end: Micros
    doubtful: list[Micros]

    def holds(self, terms: tuple[object, ...], now: Micros) -> bool:
        """Whether this look-ahead answers for these terms at the moment."""
        return self.terms == terms and self.first <= now < self.end and (now - self.first) % MINUTE == 0

    def certain_until(self, now: Micros) -> Micros:
        """The first doubtful minute from the moment on, else the end."""
        at = bisect_left(self.doubtful, now)
        return self.doubtful[at] if at < len(self.doubtful) else self.end


class Coverage:
    """Look-aheads of one account."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._covers: dict[int, Cover] = {}

    def certain_until(self, legs: Sequence[OrderCore], now: Micros) -> Micros:
        """First moment at which the order's cover must be asked exactly; `now` when it must be asked at once."""
        terms = self._terms(legs)
        known = self._covers.get(legs[0].id)
        if known is None or not known.holds(terms, now):
            known = self._covers[legs[0].id] = self._look_ahead(legs, terms, now)
        return known.certain_until(now)

    def forget(self, order_id: int) -> None:
        """The order works no more."""
        self._covers.pop(order_id, None)

    def _terms(self, legs: Sequence[OrderCore]) -> tuple[object, ...]:
        prices = tuple((leg.quantity, leg.limit_price, leg.stop_price) for leg in legs)
        return (self._account.ledger.version, *prices)

    def _look_ahead(self, legs: Sequence[OrderCore], terms: tuple[object, ...], now: Micros) -> Cover:
        end = now // DAY * DAY + DAY
        if any(leg.kind == OrderType.OPTION_EXERCISE for leg in legs):
            return Cover(terms, now, now, [now])
        minutes = np.arange(now, end + MINUTE, MINUTE, dtype=np.int64)
        doubtful = np.flatnonzero(self._free(legs, minutes) < self._needed(legs, minutes) * SAFETY)
        return Cover(terms, now, end, minutes[doubtful].tolist())

    def _free(self, legs: Sequence[OrderCore], minutes: Times) -> Floats:
        """Value less what groups the order does not touch tie up."""
        account = self._account
        touched = {id(group) for group in account.groups.impacted([leg.security for leg in legs])}
        free = account.ledger.value_array(minutes) - float(account.ledger.unsettled_cash_book.total)
        for group in account.groups.current():
            if id(group) not in touched:
                free -= maintenance_bound(group, minutes) * SAFETY
        return free

    def _needed(self, legs: Sequence[OrderCore], minutes: Times) -> Floats:
        """Margin of the groups there would be with the order, and what it pays."""
        account = self._account
        book = account.with_orders(legs)
        needed = np.zeros(minutes.size)
        for group in resolve_groups(book):
            needed += maintenance_bound(group, minutes)
        for leg in legs:
            needed += self._paid(leg, minutes)
        return needed

    def _paid(self, leg: OrderCore, minutes: Times) -> Floats:
        """Premium of a bought option, extra margin of a limit beyond the market, and fees."""
        security, size = leg.security, float(abs(leg.quantity))
        per_price = float(security.holding.value_of(abs(leg.quantity), Decimal(1)))
        paid = np.full(minutes.size, size * FEE_ALLOWANCE)
        own = [float(price) for price in (leg.limit_price, leg.stop_price) if price is not None]
        if is_option(security):
            paid += per_price * np.maximum(security.price_array(minutes), max(own, default=0.0))
        elif own:
            paid += np.maximum(0.0, per_price * max(own) - per_price * security.price_array(minutes))
        return paid
