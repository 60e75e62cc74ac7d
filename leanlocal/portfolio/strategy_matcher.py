"""Groups a book of options on one underlying into recognised strategies, greedily and in a fixed order.

Every definition takes as many units as it can before the next one is tried. When that leaves more short contracts uncovered than need be, a second pass
with the uncovering definitions last is tried and kept if it covers more. LEAN iterates equal candidates in the order of random hashes; here candidates
are tried by expiry and right, longs from the strike that covers best and shorts from the strike farthest out of the money, so that the same book always
gives the same groups: the order in which the recorded runs that turn on it came out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from leanlocal.portfolio.strategy_shapes import LegShape, StrategyShape, leaves_short_uncovered, strategy_shapes
from leanlocal.symbols import Symbol

COVER_TOLERANCE = Decimal("0.1")
"""A long still covers a short if its strike is at most this share of the short strike worse."""


@dataclass(frozen=True, slots=True)
class OptionLot:
    """Signed contracts of one option."""

    symbol: Symbol
    is_call: bool
    strike: Decimal
    expiry: date
    quantity: int

    def resized(self, quantity: int) -> OptionLot:
        """The same contract with another quantity."""
        return OptionLot(self.symbol, self.is_call, self.strike, self.expiry, quantity)


@dataclass(frozen=True, slots=True)
class StrategyMatch:
    """Units of a recognised strategy: option legs with their total quantities, and lots of the underlying."""

    shape: StrategyShape
    units: int
    legs: tuple[OptionLot, ...]

    @property
    def lots(self) -> int:
        """Signed lots of the underlying in the group."""
        return self.shape.lots * self.units


@dataclass(slots=True)
class _Book:
    lots: int
    options: list[OptionLot]

    def take(self, match: StrategyMatch) -> None:
        self.lots -= match.lots
        taken = {leg.symbol: leg.quantity for leg in match.legs}
        left = [lot.resized(lot.quantity - taken.get(lot.symbol, 0)) for lot in self.options]
        self.options = [lot for lot in left if lot.quantity]


def match_strategies(options: Sequence[OptionLot], lots: int) -> list[StrategyMatch]:
    """Groups for a book of one underlying: options (no zero quantities, one entry per contract) and whole signed lots of the underlying.

    Every option ends up in exactly one group's share; lots that no strategy uses are left to the caller.
    """
    return list(_matches(tuple(sorted(options, key=_candidate_order)), lots))


@lru_cache(maxsize=512)
def _matches(ordered: tuple[OptionLot, ...], lots: int) -> Sequence[StrategyMatch]:
    """Prices play no part, so a book is matched once: resting orders ask for the same few books at every row."""
    first = _match_in_order(strategy_shapes(), ordered, lots)
    uncovered = sum(_uncovered(match) for match in first)
    if uncovered <= _least_uncovered(ordered, lots):
        return first
    second = _match_in_order(tuple(sorted(strategy_shapes(), key=leaves_short_uncovered)), ordered, lots)
    return second if sum(_uncovered(match) for match in second) < uncovered else first


def _candidate_order(lot: OptionLot) -> tuple[date, bool, bool, Decimal]:
    upwards = lot.is_call == (lot.quantity > 0)
    return lot.expiry, not lot.is_call, lot.quantity < 0, lot.strike if upwards else -lot.strike


def _match_in_order(shapes: Sequence[StrategyShape], options: Sequence[OptionLot], lots: int) -> list[StrategyMatch]:
    book, matches = _Book(lots, list(options)), list[StrategyMatch]()
    for shape in shapes:
        while book.options and (match := _first_match(shape, book)):
            matches.append(match)
            book.take(match)
    return matches


def _first_match(shape: StrategyShape, book: _Book) -> StrategyMatch | None:
    if shape.lots and book.lots // shape.lots < 1:
        return None
    legs = next(_assignments(shape.legs, book.options, ()), None)
    if legs is None:
        return None
    units = min(lot.quantity // leg.ratio for lot, leg in zip(legs, shape.legs, strict=True))
    if shape.lots:
        units = min(units, book.lots // shape.lots)
    return StrategyMatch(shape, units, tuple(lot.resized(leg.ratio * units) for lot, leg in zip(legs, shape.legs, strict=True)))


def _assignments(legs: Sequence[LegShape], options: Sequence[OptionLot], chosen: tuple[OptionLot, ...]) -> Iterator[tuple[OptionLot, ...]]:
    if not legs:
        yield chosen
        return
    leg = legs[0]
    for lot in options:
        fits = lot.is_call == leg.is_call and lot.quantity * leg.ratio > 0 and abs(lot.quantity) >= abs(leg.ratio)
        if fits and all(lot is not one for one in chosen) and leg.relation(chosen, lot):
            yield from _assignments(legs[1:], options, (*chosen, lot))


def _uncovered(match: StrategyMatch) -> int:
    """Short contracts of a group that neither its longs nor its shares cover."""
    total = 0
    for is_call in (True, False):
        shares = max(0, match.lots if is_call else -match.lots)
        longs = [[lot, lot.quantity] for lot in match.legs if lot.is_call == is_call and lot.quantity > 0]
        for short in (lot for lot in match.legs if lot.is_call == is_call and lot.quantity < 0):
            total += _left_after_cover(short, longs)
        total -= min(total, shares)
    return total


def _left_after_cover(short: OptionLot, longs: list[list[OptionLot | int]]) -> int:
    left = -short.quantity
    for entry in longs:
        lot, free = entry
        if isinstance(lot, OptionLot) and isinstance(free, int) and _covers(lot, short):
            used = min(left, free)
            entry[1] = free - used
            left -= used
    return left


def _covers(long: OptionLot, short: OptionLot) -> bool:
    worse = long.strike - short.strike if short.is_call else short.strike - long.strike
    return long.expiry >= short.expiry and worse <= short.strike * COVER_TOLERANCE


def _least_uncovered(options: Sequence[OptionLot], lots: int) -> int:
    """What would stay uncovered if every long covered a short of its right."""
    total = 0
    for is_call, shares in ((True, max(0, lots)), (False, max(0, -lots))):
        shorts = -sum(lot.quantity for lot in options if lot.is_call == is_call and lot.quantity < 0)
        longs = sum(lot.quantity for lot in options if lot.is_call == is_call and lot.quantity > 0)
        total += max(0, shorts - longs - shares)
    return total
