"""Filters that pick the contracts of one option strategy: an expiry some days away, strikes some distance from the price.

All of them work on what earlier filters left. The expiry is the nearest one at or after the date plus the days asked for; of its contracts, ordered by
identifier, the first of those whose strike is nearest to price plus distance is taken. A shape that cannot be completed leaves nothing. Source: LEAN's
documentation of the option filter universe, lean-fidelity §2.4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from leanlocal.enums import OptionRight
from leanlocal.exact import from_float, from_python
from leanlocal.symbol_book import ArgumentException
from leanlocal.symbols import strike_of
from leanlocal.universes.files import ChainTable, TableColumns

CALL, PUT = OptionRight.CALL, OptionRight.PUT


@dataclass(frozen=True, slots=True)
class Candidate:
    """One contract that may be picked. row: its row of the chain file; expiry: ordinal day; identity: text that orders contracts."""

    row: int
    expiry: int
    strike: Decimal
    right: OptionRight
    identity: str


def candidate(table: ChainTable, row: int) -> Candidate:
    """The contract of a row."""
    symbol = table.symbol(row)
    return Candidate(row, int(table.columns.expiry[row]), strike_of(symbol), symbol.id.option_right, str(symbol.id))


def of_expiry(contracts: Iterable[Candidate], least: int) -> list[Candidate]:
    """Contracts of the first expiry at or after a day, ordered by identifier."""
    late = [one for one in contracts if one.expiry >= least]
    first = min((one.expiry for one in late), default=0)
    return sorted((one for one in late if one.expiry == first), key=lambda one: one.identity)


def nearest(contracts: Iterable[Candidate], target: Decimal) -> Candidate | None:
    """The first contract whose strike is nearest to a price; None of none."""
    return min(contracts, key=lambda one: abs(target - one.strike), default=None)


def _of(contracts: Iterable[Candidate], right: OptionRight) -> list[Candidate]:
    return [one for one in contracts if one.right == right]


def _above(contracts: Iterable[Candidate], strike: Decimal) -> list[Candidate]:
    return [one for one in contracts if one.strike > strike]


def _below(contracts: Iterable[Candidate], strike: Decimal) -> list[Candidate]:
    return [one for one in contracts if one.strike < strike]


def spread(contracts: Sequence[Candidate], price: Decimal, higher: Decimal, lower: Decimal) -> list[Candidate]:
    """Two contracts of one right: the lower strike first, then the nearest above it."""
    low = nearest(contracts, price + lower)
    high = nearest(_above(contracts, low.strike), price + higher) if low is not None else None
    return [low, high] if low is not None and high is not None else []


def pair(contracts: Sequence[Candidate], price: Decimal, call: Decimal, put: Decimal, *, outside: bool) -> list[Candidate]:
    """A call and a put; outside: only contracts out of the money."""
    calls, puts = _of(contracts, CALL), _of(contracts, PUT)
    if outside:
        calls, puts = _above(calls, price), _below(puts, price)
    one, other = nearest(calls, price + call), nearest(puts, price + put)
    return [one, other] if one is not None and other is not None else []


def calendar(contracts: Sequence[Candidate], near: int, far: int) -> list[Candidate]:
    """The contracts of one strike and right in a near and a far expiry."""
    first = of_expiry(contracts, near)
    if not first:
        return []
    second = of_expiry((one for one in contracts if one.expiry > first[0].expiry), far)
    return [first[0], second[0]] if second else []


def butterfly(contracts: Sequence[Candidate], price: Decimal, width: Decimal) -> list[Candidate]:
    """Three contracts of one right at equal distances around the money."""
    middle = nearest(contracts, price)
    low = nearest(_below(_below(contracts, price), middle.strike), price - width) if middle is not None else None
    if middle is None or low is None:
        return []
    return complete((one for one in contracts if one.strike in (middle.strike, low.strike, middle.strike * 2 - low.strike)), 3)


def iron_butterfly(contracts: Sequence[Candidate], price: Decimal, width: Decimal) -> list[Candidate]:
    """Both rights at the money, a call above and a put as far below."""
    calls, puts = _above(_of(contracts, CALL), price), _below(_of(contracts, PUT), price)
    middle = nearest(contracts, price)
    wing = nearest(_above(calls, middle.strike), price + width) if middle is not None and calls and puts else None
    if middle is None or wing is None:
        return []
    wings = {(CALL, wing.strike), (PUT, middle.strike * 2 - wing.strike)}
    return complete((one for one in contracts if one.strike == middle.strike or (one.right, one.strike) in wings), 4)


def iron_condor(contracts: Sequence[Candidate], price: Decimal, near: Decimal, far: Decimal) -> list[Candidate]:
    """A call spread above and a put spread of the same width below."""
    calls, puts = _above(_of(contracts, CALL), price), _below(_of(contracts, PUT), price)
    call, put = nearest(calls, price + near), nearest(puts, price - near)
    wing = nearest(_above(calls, call.strike), price + far) if call is not None else None
    if call is None or put is None or wing is None:
        return []
    legs = {(CALL, call.strike), (PUT, put.strike), (CALL, wing.strike), (PUT, put.strike - wing.strike + call.strike)}
    return complete((one for one in contracts if (one.right, one.strike) in legs), 4)


def box(contracts: Sequence[Candidate], price: Decimal, width: Decimal) -> list[Candidate]:
    """Both rights at a strike above and at one below."""
    high = nearest(_above(contracts, price), price + width)
    low = nearest(_below(contracts, price), price - width)
    if high is None or low is None:
        return []
    return complete((one for one in contracts if one.strike in (high.strike, low.strike)), 4)


def ladder(contracts: Sequence[Candidate], price: Decimal, distances: Sequence[Decimal]) -> list[Candidate]:
    """Contracts of one right at ascending distances, each above the one before."""
    chosen: list[Candidate] = []
    for distance in distances:
        left = contracts if not chosen else _above(contracts, chosen[-1].strike)
        found = nearest(left, price + distance)
        if found is None:
            return []
        chosen.append(found)
    return chosen


def complete(contracts: Iterable[Candidate], count: int) -> list[Candidate]:
    """All of them when they are as many as the shape has legs, else none."""
    chosen = list(contracts)
    return chosen if len(chosen) == count else []


def _descending(what: str, *distances: float) -> None:
    if any(later >= earlier for earlier, later in pairwise(distances)):
        raise ArgumentException(f"{what}(): strike price arguments must be in descending order")


def _positive(what: str, *distances: float) -> None:
    if min(distances) <= 0:
        raise ArgumentException(f"{what}(): strike arguments must be positive")


class StrategyFilters:
    """The strategy filters of an option filter universe."""

    _core: TableColumns
    _rows: NDArray[np.int64]
    _local: Any

    def _underlying_price(self) -> Decimal | None:
        figures = self._core.table.rows.underlying
        return None if figures is None else from_float(figures[3])

    def _day(self, days: int) -> int:
        today: date = self._local.date()
        return today.toordinal() + days

    def _candidates(self, rows: NDArray[np.int64]) -> list[Candidate]:
        return [candidate(self._core.table, int(row)) for row in rows]

    def _pick(self, days: int, choose: Callable[[list[Candidate], Decimal], list[Candidate]]) -> Self:
        price, expiry = self._underlying_price(), self._core.expiry[self._rows]
        late = expiry[expiry >= self._day(days)]
        if price is None or not late.size:
            return self._take([])
        contracts = self._candidates(self._rows[expiry == late.min()])
        return self._take(choose(sorted(contracts, key=lambda one: one.identity), price))

    def _take(self, chosen: Sequence[Candidate]) -> Self:
        self._rows = np.array([one.row for one in chosen], dtype=np.int64)
        return self

    def naked_call(self, min_days_till_expiry: int = 30, strike_from_atm: float = 0) -> Self:
        """One call."""
        return self._single(CALL, min_days_till_expiry, strike_from_atm)

    def naked_put(self, min_days_till_expiry: int = 30, strike_from_atm: float = 0) -> Self:
        """One put."""
        return self._single(PUT, min_days_till_expiry, strike_from_atm)

    def _single(self, right: OptionRight, days: int, distance: float) -> Self:
        def choose(contracts: list[Candidate], price: Decimal) -> list[Candidate]:
            found = nearest(_of(contracts, right), price + from_python(distance))
            return [found] if found is not None else []

        return self._pick(days, choose)

    def call_spread(self, min_days_till_expiry: int = 30, higher_strike_from_atm: float = 5, lower_strike_from_atm: float | None = None) -> Self:
        """Two calls of one expiry. ArgumentException unless the higher distance is above the lower."""
        return self._vertical(CALL, min_days_till_expiry, higher_strike_from_atm, lower_strike_from_atm)

    def put_spread(self, min_days_till_expiry: int = 30, higher_strike_from_atm: float = 5, lower_strike_from_atm: float | None = None) -> Self:
        """Two puts of one expiry. ArgumentException unless the higher distance is above the lower."""
        return self._vertical(PUT, min_days_till_expiry, higher_strike_from_atm, lower_strike_from_atm)

    def _vertical(self, right: OptionRight, days: int, higher: float, lower: float | None) -> Self:
        low = -higher if lower is None else lower
        _descending("Spread", higher, low)
        return self._pick(days, lambda contracts, price: spread(_of(contracts, right), price, from_python(higher), from_python(low)))

    def call_calendar_spread(self, strike_from_atm: float = 0, min_near_days_till_expiry: int = 30, min_far_days_till_expiry: int = 60) -> Self:
        """Calls of one strike in two expiries. ArgumentException unless near is before far and not negative."""
        return self._calendar("CalendarSpread", CALL, strike_from_atm, min_near_days_till_expiry, min_far_days_till_expiry)

    def put_calendar_spread(self, strike_from_atm: float = 0, min_near_days_till_expiry: int = 30, min_far_days_till_expiry: int = 60) -> Self:
        """Puts of one strike in two expiries. ArgumentException unless near is before far and not negative."""
        return self._calendar("CalendarSpread", PUT, strike_from_atm, min_near_days_till_expiry, min_far_days_till_expiry)

    def _calendar(self, what: str, right: OptionRight, distance: float, near: int, far: int) -> Self:
        return self._take(calendar(_of(self._strike_contracts(what, distance, near, far), right), self._day(near), self._day(far)))

    def _strike_contracts(self, what: str, distance: float, near: int, far: int) -> list[Candidate]:
        """All contracts of the strike nearest to the distance, over every expiry."""
        if far <= near:
            raise ArgumentException(f"{what}(): expiry arguments must be in ascending order")
        if near < 0:
            raise ArgumentException(f"{what}(): near expiry argument must be positive.")
        price = self._underlying_price()
        if price is None or not self._rows.size:
            return []
        strikes = self._core.strike[self._rows]
        distances = [abs(price + from_python(distance) - from_float(strike)) for strike in strikes.tolist()]
        chosen = strikes[distances.index(min(distances))]
        return self._candidates(self._rows[strikes == chosen])

    def strangle(self, min_days_till_expiry: int = 30, call_strike_from_atm: float = 5, put_strike_from_atm: float = -5) -> Self:
        """A call and a put out of the money. ArgumentException unless the call's distance is positive and the put's negative."""
        if call_strike_from_atm <= 0:
            raise ArgumentException("Strangle(): callStrikeFromAtm must be positive")
        if put_strike_from_atm >= 0:
            raise ArgumentException("Strangle(): putStrikeFromAtm must be negative")
        return self._pair(min_days_till_expiry, call_strike_from_atm, put_strike_from_atm, outside=True)

    def straddle(self, min_days_till_expiry: int = 30) -> Self:
        """The call and the put at the money."""
        return self._pair(min_days_till_expiry, 0, 0)

    def conversion(self, min_days_till_expiry: int = 30, strike_from_atm: float = 5) -> Self:
        """The call and the put of one strike."""
        return self._pair(min_days_till_expiry, strike_from_atm, strike_from_atm)

    def protective_collar(self, min_days_till_expiry: int = 30, call_strike_from_atm: float = 5, put_strike_from_atm: float = -5) -> Self:
        """A call and a put of a lower strike. ArgumentException unless the distances are in that order."""
        _descending("ProtectiveCollar", call_strike_from_atm, put_strike_from_atm)
        call, put = from_python(call_strike_from_atm), from_python(put_strike_from_atm)

        def choose(contracts: list[Candidate], price: Decimal) -> list[Candidate]:
            chosen = pair(contracts, price, call, put, outside=False)
            return chosen if chosen and chosen[0].strike > chosen[1].strike else []

        return self._pick(min_days_till_expiry, choose)

    def _pair(self, days: int, call: float, put: float, *, outside: bool = False) -> Self:
        return self._pick(days, lambda contracts, price: pair(contracts, price, from_python(call), from_python(put), outside=outside))

    def call_butterfly(self, min_days_till_expiry: int = 30, strike_spread: float = 5) -> Self:
        """Three calls at equal distances. ArgumentException unless the distance is positive."""
        return self._butterfly(CALL, min_days_till_expiry, strike_spread)

    def put_butterfly(self, min_days_till_expiry: int = 30, strike_spread: float = 5) -> Self:
        """Three puts at equal distances. ArgumentException unless the distance is positive."""
        return self._butterfly(PUT, min_days_till_expiry, strike_spread)

    def _butterfly(self, right: OptionRight, days: int, width: float) -> Self:
        _positive("Butterfly", width)
        return self._pick(days, lambda contracts, price: butterfly(_of(contracts, right), price, from_python(width)))

    def iron_butterfly(self, min_days_till_expiry: int = 30, strike_spread: float = 5) -> Self:
        """Both rights at the money and a wing on each side. ArgumentException unless the distance is positive."""
        _positive("IronButterfly", strike_spread)
        return self._pick(min_days_till_expiry, lambda contracts, price: iron_butterfly(contracts, price, from_python(strike_spread)))

    def iron_condor(self, min_days_till_expiry: int = 30, near_strike_spread: float = 5, far_strike_spread: float = 10) -> Self:
        """A spread on each side of the money. ArgumentException unless the distances are positive and ascending."""
        _positive("IronCondor", near_strike_spread, far_strike_spread)
        if near_strike_spread >= far_strike_spread:
            raise ArgumentException("IronCondor(): strike arguments must be in ascending orders, nearStrikeSpread, farStrikeSpread")
        near, far = from_python(near_strike_spread), from_python(far_strike_spread)
        return self._pick(min_days_till_expiry, lambda contracts, price: iron_condor(contracts, price, near, far))

    def box_spread(self, min_days_till_expiry: int = 30, strike_spread: float = 5) -> Self:
        """Both rights at two strikes. ArgumentException unless the distance is positive."""
        _positive("BoxSpread", strike_spread)
        return self._pick(min_days_till_expiry, lambda contracts, price: box(contracts, price, from_python(strike_spread)))

    def jelly_roll(self, strike_from_atm: float = 0, min_near_days_till_expiry: int = 30, min_far_days_till_expiry: int = 60) -> Self:
        """Both rights of one strike in two expiries. ArgumentException unless near is before far and not negative."""
        contracts = self._strike_contracts("JellyRoll", strike_from_atm, min_near_days_till_expiry, min_far_days_till_expiry)
        days = {one.expiry for one in calendar(_of(contracts, CALL), self._day(min_near_days_till_expiry), self._day(min_far_days_till_expiry))}
        return self._take(complete((one for one in contracts if one.expiry in days), 4))

    def call_ladder(self, min_days_till_expiry: int, higher_strike_from_atm: float, middle_strike_from_atm: float, lower_strike_from_atm: float) -> Self:
        """Three calls of one expiry. ArgumentException unless the distances descend."""
        return self._rungs(CALL, min_days_till_expiry, higher_strike_from_atm, middle_strike_from_atm, lower_strike_from_atm)

    def put_ladder(self, min_days_till_expiry: int, higher_strike_from_atm: float, middle_strike_from_atm: float, lower_strike_from_atm: float) -> Self:
        """Three puts of one expiry. ArgumentException unless the distances descend."""
        return self._rungs(PUT, min_days_till_expiry, higher_strike_from_atm, middle_strike_from_atm, lower_strike_from_atm)

    def _rungs(self, right: OptionRight, days: int, *descending: float) -> Self:
        _descending("Ladder", *descending)
        distances = [from_python(distance) for distance in reversed(descending)]
        keep = self._rows[self._core.is_call[self._rows] == (right == CALL)]
        self._rows = keep
        return self._pick(days, lambda contracts, price: ladder(contracts, price, distances))
