"""Choosing a LEAP, and what it has lost (A4).

The method's limit on time value (5 % of the strike) was written when money cost next to nothing: at a rate of 5 % the interest on the strike alone uses it up
and no LEAP would ever pass. The limit is therefore held against the time value less that interest, the part that is really paid for optionality.
"""

from __future__ import annotations

from datetime import date
from math import exp, isfinite

import numpy as np

from strategies.chain_selection import nearest_deltas, nearest_expiry, side
from strategies.deltas import chain_deltas, live_delta, years_left
from strategies.ipmcc.holdings import Parts, extrinsic
from strategies.ipmcc.parameters import IpmccParameters
from vocabulary.contracts import Contract, Right
from vocabulary.market import Chain, MarketView

NEIGHBOURS = 5


def leap_expiry(chain: Chain, today: date, parameters: IpmccParameters) -> date | None:
    """Expiry nearest to the wanted length inside the allowed range."""
    return nearest_expiry(chain, today, parameters.leap_dte, parameters.leap_dte_low, parameters.leap_dte_high)


def leap_candidates(view: MarketView, symbol: str, parameters: IpmccParameters) -> tuple[Contract, ...]:
    """Calls of the LEAP expiry inside the delta range, cheap enough in time value and traded enough in the daily chain, nearest to the wanted delta first."""
    chain = view.chain(symbol)
    expiry = None if chain is None else leap_expiry(chain, view.now.date(), parameters)
    if chain is None or expiry is None:
        return ()
    calls = side(chain, expiry, Right.CALL)
    found = chain_deltas(calls, view)
    interest = interest_share(view, symbol, expiry) * calls.strike
    time_value = calls.mid - np.maximum(0.0, calls.spot - calls.strike) - interest
    fits = (found >= parameters.leap_delta_low) & (found <= parameters.leap_delta_high) & (time_value <= parameters.max_extrinsic * calls.strike)
    for column, least in ((calls.volume, parameters.min_volume), (calls.oi, parameters.min_open_interest)):
        fits &= (column >= least) | (least == 0)
    return nearest_deltas(calls.rows(fits), found[fits].tolist(), parameters.leap_delta, NEIGHBOURS)


def choose_leap(view: MarketView, symbol: str, parameters: IpmccParameters) -> Contract | None:
    """The best candidate whose live quote, delta and time value are inside the limits; None when none is."""
    return next((contract for contract in leap_candidates(view, symbol, parameters) if leap_fault(view, contract, parameters) is None), None)


def leap_fault(view: MarketView, contract: Contract, parameters: IpmccParameters) -> str | None:
    """What is wrong with a LEAP as quoted now, as a refusal code; None when nothing is."""
    quote, spot, delta = view.quote(contract), view.price(contract.underlying), live_delta(view, contract)
    if quote is None or spot is None or not isfinite(quote.mid) or quote.mid <= 0:
        return "no_quote"
    if delta is None or not parameters.leap_delta_low <= delta <= parameters.leap_delta_high:
        return "leap_delta"
    if quote.spread > parameters.max_spread * quote.mid:
        return "leap_spread"
    limit = parameters.max_extrinsic + interest_share(view, contract.underlying, contract.expiry)
    return "leap_extrinsic" if extrinsic(contract, quote.mid, spot) > limit * contract.strike_price else None


def interest_share(view: MarketView, underlying: str, expiry: date | None) -> float:
    """Interest on the strike until expiry, as a fraction of the strike."""
    return 1.0 - exp(-view.rate() * years_left(view, underlying, expiry))


def leap_loss(view: MarketView, parts: Parts) -> float | None:
    """Share of its price the LEAP has lost at the bid (negative for a gain), None without a quote."""
    quote, paid = view.quote(parts.leap.contract), float(parts.leap.average_price)
    return None if quote is None or not isfinite(quote.bid) or paid <= 0 else 1.0 - quote.bid / paid
