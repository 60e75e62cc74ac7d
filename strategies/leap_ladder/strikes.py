"""Which option a rung is: sold put by the week's delta, bought put by distance, bought call by delta (A5)."""

from __future__ import annotations

from datetime import date

from strategies.chain_selection import nearest_deltas, nearest_expiry, nearest_strikes, side
from strategies.deltas import chain_deltas
from strategies.leap_ladder.parameters import LadderSide, LeapLadderParameters
from vocabulary.contracts import Contract, Right, StructureKind
from vocabulary.market import Chain, MarketView

NEIGHBOURS = 4
KINDS = {LadderSide.SHORT_PUT: StructureKind.SHORT_PUT, LadderSide.LONG_PUT: StructureKind.LONG_PUT, LadderSide.LONG_CALL: StructureKind.LONG_CALL}


def week_delta(today: date, parameters: LeapLadderParameters) -> float:
    """Delta of this week's sold put: the list entry of the week of the month, the last entry for a fifth week."""
    return parameters.short_deltas[min((today.day - 1) // 7, len(parameters.short_deltas) - 1)]


def rung_expiry(chain: Chain, today: date, parameters: LeapLadderParameters) -> date | None:
    """Expiry nearest to a year out."""
    low, high = parameters.target_dte - parameters.dte_tolerance, parameters.target_dte + parameters.dte_tolerance
    return nearest_expiry(chain, today, parameters.target_dte, low, high)


def rung_candidates(view: MarketView, symbol: str, delta: float, parameters: LeapLadderParameters) -> tuple[Contract, ...]:
    """Contracts that may become a rung, best first; empty without chain, price or expiry."""
    chain, price = view.chain(symbol), view.price(symbol)
    expiry = None if chain is None else rung_expiry(chain, view.now.date(), parameters)
    if chain is None or price is None or expiry is None:
        return ()
    every = side(chain, expiry, Right.CALL if parameters.side is LadderSide.LONG_CALL else Right.PUT)
    rows = every.rows((every.oi >= parameters.min_open_interest) | (parameters.min_open_interest == 0))
    if parameters.side is LadderSide.LONG_PUT:
        return nearest_strikes(rows, price * (1 - parameters.long_put_distance), NEIGHBOURS)
    target = delta if parameters.is_sold else parameters.long_call_delta
    return nearest_deltas(rows, chain_deltas(rows, view).tolist(), target, NEIGHBOURS)
