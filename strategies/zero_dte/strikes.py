"""Strikes of the day: shorts 0.7 ATR from the price, wings beyond, the side by where the day has moved (A1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from strategies.chain_selection import is_quoted, nearest_strikes, side
from strategies.structures import structure
from strategies.zero_dte.parameters import ZeroDteParameters
from vocabulary.contracts import Contract, Right, Structure, StructureKind
from vocabulary.market import Chain, MarketView

NEIGHBOURS = 4  # strikes tried around a short level; a level whose nearest quoted strikes are farther has no strike
WING_NEIGHBOURS = 12  # a far wing often has no bid, and a combo with such a leg rests unfilled: the nearest one that has is taken
DRIFT = 0.01  # registered around the levels at preparation time, since the price moves until the entry


@dataclass(frozen=True, slots=True)
class Levels:
    """Price levels of the four legs."""

    put: float
    put_wing: float
    call: float
    call_wing: float


def levels(price: float, distance: float, move: float, parameters: ZeroDteParameters) -> Levels:
    """Short and wing levels for a price, an ATR distance and the day's move (fraction)."""
    tested_put = parameters.broken_wing and move < 0
    tested_call = parameters.broken_wing and move > 0
    put_width = price * (parameters.wing_tested if tested_put else parameters.wing)
    call_width = price * (parameters.wing_tested if tested_call else parameters.wing)
    put, call = price - distance, price + distance
    return Levels(put, put - put_width, call, call + call_width)


def kind_for(move: float, parameters: ZeroDteParameters) -> StructureKind:
    """A rise is faded with a call spread, a fall with a put spread, a quiet day gets the condor."""
    if move > parameters.directional_move:
        return StructureKind.CALL_SPREAD
    return StructureKind.PUT_SPREAD if move < -parameters.directional_move else StructureKind.IRON_CONDOR


def candidates(chain: Chain, today: date, around: Levels, price: float) -> tuple[Contract, ...]:
    """Contracts to register: puts and calls of today's expiry from the wings to the shorts, and the drift around them."""
    room = DRIFT * price
    puts, calls = side(chain, today, Right.PUT), side(chain, today, Right.CALL)
    low = puts.rows((puts.strike >= around.put_wing - room) & (puts.strike <= around.put + room))
    high = calls.rows((calls.strike >= around.call - room) & (calls.strike <= around.call_wing + room))
    return (*low.contracts, *high.contracts)


def build(view: MarketView, chain: Chain, kind: StructureKind, around: Levels) -> Structure | None:
    """The structure on quoted strikes nearest to the levels, None when a leg has none or a wing falls on its short."""
    today = view.now.date()
    puts = _pair(view, side(chain, today, Right.PUT), around.put_wing, around.put) if kind is not StructureKind.CALL_SPREAD else ()
    calls = _pair(view, side(chain, today, Right.CALL), around.call_wing, around.call) if kind is not StructureKind.PUT_SPREAD else ()
    if puts is None or calls is None:
        return None
    return structure(kind, *puts, *reversed(calls))


def _pair(view: MarketView, rows: Chain, wing_level: float, short_level: float) -> tuple[tuple[Contract, int], ...] | None:
    """Long wing and short leg of one side."""
    short = _quoted(view, rows, short_level, NEIGHBOURS)
    beyond = rows.rows(rows.strike < short.strike_price if wing_level < short_level else rows.strike > short.strike_price) if short else rows
    wing = _quoted(view, beyond, wing_level, WING_NEIGHBOURS)
    return None if short is None or wing is None else ((wing, 1), (short, -1))


def _quoted(view: MarketView, rows: Chain, level: float, count: int) -> Contract | None:
    return next((contract for contract in nearest_strikes(rows, level, count) if is_quoted(view, contract)), None)
