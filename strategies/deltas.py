"""Deltas of single contracts, for choosing strikes and for the rules that watch them.

A live delta is computed from the contract's own quote: implied volatility of the mid, then the European derivative, on the future for futures options, else on
spot with the risk-free rate and the dividend yield. Where the quote explains no volatility (a deep option quoted at or inside its European bound) the daily
chain's own delta of the same contract stands in; where neither exists there is no delta, and whoever needs one refuses or stays silent.
"""

from __future__ import annotations

from datetime import date, datetime, time
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from greeks.european import greeks
from greeks.implied import implied_volatility
from vocabulary.contracts import AssetClass, Contract, Right
from vocabulary.market import Chain, MarketView

Floats = NDArray[np.float64]
SECONDS_PER_YEAR = 365.0 * 86400.0
DIVIDENDS_A_YEAR = 4  # only the next dividend is known; shares and funds of the method's list pay quarterly


def live_delta(view: MarketView, contract: Contract) -> float | None:
    """Delta of one option now, in [-1, 1]: from its live mid, else the daily chain's; None when neither is there."""
    quote, spot = view.quote(contract), view.price(contract.underlying)
    if quote is not None and spot is not None and isfinite(quote.mid) and quote.mid > 0:
        is_call, strike = np.array([contract.right is Right.CALL]), np.array([contract.strike_price])
        found = deltas(is_call, np.array([quote.mid]), spot, strike, years_left(view, contract.underlying, contract.expiry), *carry(view, contract))
        if isfinite(found[0]):
            return float(found[0])
    return _chain_delta(view, contract)


def chain_deltas(chain: Chain, view: MarketView) -> Floats:
    """Delta per row from the row's own mid, else the chain's figure where it has one, NaN where neither is possible.

    The price comes first because vendors' chain figures were seen to be solved from something else than the price beside them.
    """
    result = np.full(len(chain), np.nan)
    for expiry in chain.expiries():
        rows = np.flatnonzero(chain.expiry.astype("datetime64[D]") == np.datetime64(expiry, "D"))
        years = years_left(view, chain.underlying, expiry)
        rate, dividend_yield = carry(view, chain.contracts[int(rows[0])])
        result[rows] = deltas(chain.is_call[rows], chain.mid[rows], chain.spot, chain.strike[rows], years, rate, dividend_yield)
    own = np.isfinite(chain.delta) & (chain.delta != 0.0)
    return np.where(np.isnan(result) & own, chain.delta, result)


def deltas(is_call: NDArray[np.bool_], mid: Floats, spot: float, strike: Floats, years: float, rate: float, dividend_yield: float) -> Floats:
    """European deltas of options worth `mid` per unit; NaN where no volatility explains the price."""
    implied = implied_volatility(is_call, mid, spot, strike, years, rate, dividend_yield).volatility
    usable = np.isfinite(implied)
    found = greeks(is_call, spot, strike, years, rate, dividend_yield, np.where(usable, implied, 1.0)).delta
    return np.where(usable, found, np.nan)


def years_left(view: MarketView, underlying: str, expiry: date | None) -> float:
    """Calendar years (365 days) from now to the close of the expiry's session, never below one minute; NaN without expiry."""
    if expiry is None:
        return float("nan")
    session = view.session(underlying, expiry)
    end = session.close if session is not None else datetime.combine(expiry, time(16), tzinfo=view.now.tzinfo)
    return max(60.0, (end - view.now).total_seconds()) / SECONDS_PER_YEAR


def carry(view: MarketView, contract: Contract) -> tuple[float, float]:
    """Rate and yield of the underlying, continuous per year: a future's yield is the rate, shares and funds pay their next dividend each quarter."""
    rate = view.rate()
    if contract.asset is AssetClass.FUTURE_OPTION:
        return rate, rate
    dividend, spot = view.next_dividend(contract.underlying), view.price(contract.underlying)
    return rate, 0.0 if dividend is None or not spot else DIVIDENDS_A_YEAR * dividend.amount / spot


def _chain_delta(view: MarketView, contract: Contract) -> float | None:
    chain = view.chain(contract.underlying)
    row = None if chain is None else chain.row_of(contract)
    if chain is None or row is None:
        return None
    known = float(chain.delta[row])
    return known if isfinite(known) and known != 0.0 else None
