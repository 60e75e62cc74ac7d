"""The option strategies the engine recognises in a book, as data: legs with signed ratios and the relation each leg has to the legs before it.

The order of the list matters, because matching is greedy: strategies with more legs first (shares count as a leg), and as declared among equals.
An inverse (every sign flipped) is recognised too where it is not the same shape as another definition. Source: LEAN's observable grouping of books
(order, leg ratios and relations as recorded in `positions.groups`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Protocol


class LegFacts(Protocol):
    """What a relation between legs may look at."""

    @property
    def is_call(self) -> bool: ...

    @property
    def strike(self) -> Decimal: ...

    @property
    def expiry(self) -> date: ...


Relation = Callable[[Sequence[LegFacts], LegFacts], bool]


class StrategyName(Enum):
    """Recognised strategies; short forms are named as LEAN names them."""

    IRON_BUTTERFLY = "Iron Butterfly"
    SHORT_IRON_BUTTERFLY = "Short Iron Butterfly"
    IRON_CONDOR = "Iron Condor"
    SHORT_IRON_CONDOR = "Short Iron Condor"
    BOX_SPREAD = "Box Spread"
    SHORT_BOX_SPREAD = "Short Box Spread"
    JELLY_ROLL = "Jelly Roll"
    SHORT_JELLY_ROLL = "Short Jelly Roll"
    PROTECTIVE_COLLAR = "Protective Collar"
    INVERSE_PROTECTIVE_COLLAR = "Inverse Protective Collar"
    CONVERSION = "Conversion"
    REVERSE_CONVERSION = "Reverse Conversion"
    BUTTERFLY_CALL = "Butterfly Call"
    SHORT_BUTTERFLY_CALL = "Short Butterfly Call"
    BUTTERFLY_PUT = "Butterfly Put"
    SHORT_BUTTERFLY_PUT = "Short Butterfly Put"
    BEAR_CALL_LADDER = "Bear Call Ladder"
    BEAR_PUT_LADDER = "Bear Put Ladder"
    BULL_CALL_LADDER = "Bull Call Ladder"
    BULL_PUT_LADDER = "Bull Put Ladder"
    COVERED_CALL = "Covered Call"
    PROTECTIVE_CALL = "Protective Call"
    COVERED_PUT = "Covered Put"
    PROTECTIVE_PUT = "Protective Put"
    BEAR_CALL_SPREAD = "Bear Call Spread"
    BEAR_PUT_SPREAD = "Bear Put Spread"
    BULL_CALL_SPREAD = "Bull Call Spread"
    BULL_PUT_SPREAD = "Bull Put Spread"
    STRADDLE = "Straddle"
    SHORT_STRADDLE = "Short Straddle"
    STRANGLE = "Strangle"
    SHORT_STRANGLE = "Short Strangle"
    CALL_CALENDAR_SPREAD = "Call Calendar Spread"
    SHORT_CALL_CALENDAR_SPREAD = "Short Call Calendar Spread"
    PUT_CALENDAR_SPREAD = "Put Calendar Spread"
    SHORT_PUT_CALENDAR_SPREAD = "Short Put Calendar Spread"
    CALL_BACKSPREAD = "Call Backspread"
    PUT_BACKSPREAD = "Put Backspread"
    SHORT_CALL_BACKSPREAD = "Short Call Backspread"
    SHORT_PUT_BACKSPREAD = "Short Put Backspread"
    NAKED_CALL = "Naked Call"
    INVERSE_NAKED_CALL = "Inverse Naked Call"
    NAKED_PUT = "Naked Put"
    INVERSE_NAKED_PUT = "Inverse Naked Put"


@dataclass(frozen=True, slots=True)
class LegShape:
    """One option leg: right, signed contracts per unit, and how it must stand to the legs matched before it."""

    is_call: bool
    ratio: int
    relation: Relation


@dataclass(frozen=True, slots=True)
class StrategyShape:
    """A strategy: lots of the underlying per unit (signed, one lot = one contract's shares) and its option legs in matching order."""

    name: StrategyName
    lots: int
    legs: tuple[LegShape, ...]

    @property
    def size(self) -> int:
        """Number of legs, the underlying counted as one."""
        return len(self.legs) + (1 if self.lots else 0)


def _any(_legs: Sequence[LegFacts], _leg: LegFacts) -> bool:
    return True


def _below(index: int) -> Relation:
    return lambda legs, leg: leg.strike < legs[index].strike and leg.expiry == legs[index].expiry


def _above(index: int) -> Relation:
    return lambda legs, leg: leg.strike > legs[index].strike and leg.expiry == legs[index].expiry


def _level(index: int) -> Relation:
    return lambda legs, leg: leg.strike == legs[index].strike and leg.expiry == legs[index].expiry


def _not_above(index: int) -> Relation:
    return lambda legs, leg: leg.strike <= legs[index].strike and leg.expiry == legs[index].expiry


def _mirrored(middle: int, wing: int) -> Relation:
    return lambda legs, leg: leg.strike == 2 * legs[middle].strike - legs[wing].strike and leg.expiry == legs[0].expiry


def _later(legs: Sequence[LegFacts], leg: LegFacts) -> bool:
    return leg.strike == legs[0].strike and leg.expiry > legs[0].expiry


def _as_leg(index: int) -> Relation:
    return lambda legs, leg: leg.strike == legs[0].strike and leg.expiry == legs[index].expiry


def _call(ratio: int, relation: Relation = _any) -> LegShape:
    return LegShape(is_call=True, ratio=ratio, relation=relation)


def _put(ratio: int, relation: Relation = _any) -> LegShape:
    return LegShape(is_call=False, ratio=ratio, relation=relation)


def _inverse(name: StrategyName, shape: StrategyShape) -> StrategyShape:
    return StrategyShape(name, -shape.lots, tuple(LegShape(leg.is_call, -leg.ratio, leg.relation) for leg in shape.legs))


def _with_inverse(name: StrategyName, inverse: StrategyName, lots: int, *legs: LegShape) -> list[StrategyShape]:
    shape = StrategyShape(name, lots, legs)
    return [shape, _inverse(inverse, shape)]


def _one(name: StrategyName, *legs: LegShape) -> list[StrategyShape]:
    return [StrategyShape(name, 0, legs)]


def _four_legs() -> list[StrategyShape]:
    name = StrategyName
    return [
        *_with_inverse(name.IRON_BUTTERFLY, name.SHORT_IRON_BUTTERFLY, 0, _put(-1), _put(1, _below(0)), _call(-1, _level(0)), _call(1, _mirrored(0, 1))),
        *_with_inverse(name.IRON_CONDOR, name.SHORT_IRON_CONDOR, 0, _put(1), _put(-1, _above(0)), _call(-1, _above(1)), _call(1, _above(2))),
        *_with_inverse(name.BOX_SPREAD, name.SHORT_BOX_SPREAD, 0, _put(1), _put(-1, _below(0)), _call(1, _level(1)), _call(-1, _level(0))),
        *_with_inverse(name.JELLY_ROLL, name.SHORT_JELLY_ROLL, 0, _call(-1), _call(1, _later), _put(1, _as_leg(0)), _put(-1, _as_leg(1))),
    ]


def _three_legs() -> list[StrategyShape]:
    name = StrategyName
    return [
        *_with_inverse(name.PROTECTIVE_COLLAR, name.INVERSE_PROTECTIVE_COLLAR, 1, _call(-1), _put(1, _below(0))),
        *_with_inverse(name.CONVERSION, name.REVERSE_CONVERSION, 1, _call(-1), _put(1, _level(0))),
        *_with_inverse(name.BUTTERFLY_CALL, name.SHORT_BUTTERFLY_CALL, 0, _call(1), _call(-2, _not_above(0)), _call(1, _mirrored(1, 0))),
        *_with_inverse(name.BUTTERFLY_PUT, name.SHORT_BUTTERFLY_PUT, 0, _put(1), _put(-2, _not_above(0)), _put(1, _mirrored(1, 0))),
        *_one(name.BEAR_CALL_LADDER, _call(-1), _call(1, _above(0)), _call(1, _above(1))),
        *_one(name.BEAR_PUT_LADDER, _put(1), _put(-1, _below(0)), _put(-1, _below(1))),
        *_one(name.BULL_CALL_LADDER, _call(1), _call(-1, _above(0)), _call(-1, _above(1))),
        *_one(name.BULL_PUT_LADDER, _put(-1), _put(1, _below(0)), _put(1, _below(1))),
    ]


def _two_legs() -> list[StrategyShape]:
    name = StrategyName
    return [
        StrategyShape(name.COVERED_CALL, 1, (_call(-1),)),
        StrategyShape(name.PROTECTIVE_CALL, -1, (_call(1),)),
        StrategyShape(name.COVERED_PUT, -1, (_put(-1),)),
        StrategyShape(name.PROTECTIVE_PUT, 1, (_put(1),)),
        *_one(name.BEAR_CALL_SPREAD, _call(-1), _call(1, _above(0))),
        *_one(name.BEAR_PUT_SPREAD, _put(1), _put(-1, _below(0))),
        *_one(name.BULL_CALL_SPREAD, _call(1), _call(-1, _above(0))),
        *_one(name.BULL_PUT_SPREAD, _put(-1), _put(1, _below(0))),
        *_with_inverse(name.STRADDLE, name.SHORT_STRADDLE, 0, _call(1), _put(1, _level(0))),
        *_with_inverse(name.STRANGLE, name.SHORT_STRANGLE, 0, _call(1), _put(1, _below(0))),
        *_with_inverse(name.CALL_CALENDAR_SPREAD, name.SHORT_CALL_CALENDAR_SPREAD, 0, _call(-1), _call(1, _later)),
        *_with_inverse(name.PUT_CALENDAR_SPREAD, name.SHORT_PUT_CALENDAR_SPREAD, 0, _put(-1), _put(1, _later)),
        *_one(name.CALL_BACKSPREAD, _call(-1), _call(2, _above(0))),
        *_one(name.PUT_BACKSPREAD, _put(-1), _put(2, _below(0))),
        *_one(name.SHORT_CALL_BACKSPREAD, _call(1), _call(-2, _above(0))),
        *_one(name.SHORT_PUT_BACKSPREAD, _put(1), _put(-2, _below(0))),
    ]


@cache
def strategy_shapes() -> tuple[StrategyShape, ...]:
    """All shapes in matching order: most legs first, as declared among equals."""
    name = StrategyName
    single = [*_with_inverse(name.NAKED_CALL, name.INVERSE_NAKED_CALL, 0, _call(-1)), *_with_inverse(name.NAKED_PUT, name.INVERSE_NAKED_PUT, 0, _put(-1))]
    return tuple(sorted([*_four_legs(), *_three_legs(), *_two_legs(), *single], key=lambda shape: -shape.size))


def leaves_short_uncovered(shape: StrategyShape) -> bool:
    """Whether a unit of the shape is net short of a right beyond what its shares cover."""
    calls = sum(leg.ratio for leg in shape.legs if leg.is_call) + max(0, shape.lots)
    puts = sum(leg.ratio for leg in shape.legs if not leg.is_call) + max(0, -shape.lots)
    return calls < 0 or puts < 0
