"""Deltas of single contracts, for choosing strikes and for the rules that watch them.

A live delta is computed from the contract's own quote: implied volatility of the mid, then the derivative, on the forward (the future itself for futures
options, spot carried at the risk-free rate otherwise; dividends before expiry are not carried, which moves a far-dated delta by a hundredth or two). The
daily chain's own deltas are used where it has them.
"""

from __future__ import annotations

from datetime import datetime, time
from math import exp, isfinite, log, sqrt
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr

from vocabulary.contracts import AssetClass, Contract, Right
from vocabulary.market import Chain, MarketView

Floats = NDArray[np.float64]
SECONDS_PER_YEAR = 365.0 * 86400.0
SIGMA_RANGE = (0.005, 6.0)  # no quoted option lies outside; a price that would is not an option price


def live_delta(view: MarketView, contract: Contract) -> float | None:
    """Delta of one option now, in [-1, 1], from its live mid; None when quote, price or a solution is missing."""
    quote, spot = view.quote(contract), view.price(contract.underlying)
    if quote is None or spot is None or not isfinite(quote.mid):
        return None
    return option_delta(contract, quote.mid, spot, view.rate(), years_left(view, contract))


def chain_deltas(chain: Chain, view: MarketView) -> Floats:
    """Delta per row: the chain's own where it has one, else from the row's mid, NaN where neither is possible."""
    rows = range(len(chain))
    return np.array([_row_delta(chain, row, view) for row in rows], dtype=np.float64)


def years_left(view: MarketView, contract: Contract) -> float:
    """Calendar years (365 days) from now to the close of the expiry's session; never below one minute."""
    if contract.expiry is None:
        return float("nan")
    session = view.session(contract.underlying, contract.expiry)
    end = session.close if session is not None else datetime.combine(contract.expiry, time(16), tzinfo=view.now.tzinfo)
    return max(60.0, (end - view.now).total_seconds()) / SECONDS_PER_YEAR


def option_delta(contract: Contract, price: float, spot: float, rate: float, years: float) -> float | None:
    """Delta to the underlying of an option worth `price` (per unit, positive). rate: continuous per year. None when no volatility explains the price."""
    is_future = contract.asset is AssetClass.FUTURE_OPTION
    forward = spot if is_future else spot * exp(rate * years)
    strike, is_call = contract.strike or 0.0, contract.right is Right.CALL
    sigma = _implied_volatility(price * exp(rate * years), forward, strike, years, is_call)
    if sigma is None:
        return None
    d1 = log(forward / strike) / (sigma * sqrt(years)) + sigma * sqrt(years) / 2
    carry = exp(-rate * years) if is_future else 1.0
    return carry * float(ndtr(d1)) if is_call else -carry * float(ndtr(-d1))


def _row_delta(chain: Chain, row: int, view: MarketView) -> float:
    known = float(chain.delta[row])
    if isfinite(known) and known != 0.0:
        return known
    price = float(chain.bid[row] + chain.ask[row]) / 2
    if not isfinite(price) or price <= 0 or not isfinite(chain.spot):
        return float("nan")
    contract = chain.contracts[row]
    found = option_delta(contract, price, chain.spot, view.rate(), years_left(view, contract))
    return float("nan") if found is None else found


def _implied_volatility(forward_price: float, forward: float, strike: float, years: float, is_call: bool) -> float | None:
    """Volatility that explains an undiscounted option price, None outside the arbitrage bounds."""
    if forward <= 0 or strike <= 0:
        return None

    def error(sigma: float) -> float:
        return _black(sigma, forward, strike, years, is_call) - forward_price

    low, high = SIGMA_RANGE
    if error(low) > 0 or error(high) < 0:
        return None
    return cast(float, brentq(error, low, high, xtol=1e-7))


def _black(sigma: float, forward: float, strike: float, years: float, is_call: bool) -> float:
    deviation = sigma * sqrt(years)
    d1 = log(forward / strike) / deviation + deviation / 2
    if is_call:
        return forward * float(ndtr(d1)) - strike * float(ndtr(d1 - deviation))
    return strike * float(ndtr(deviation - d1)) - forward * float(ndtr(-d1))
