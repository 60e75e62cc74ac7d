"""Greeks of one contract in the desk's units, from its quote of now: implied volatility of the mid, then the closed form.

Black-76 for options on futures, Black-Scholes-Merton else. An option at its intrinsic value has no volatility to imply; its delta is then that of exercising.
"""

from __future__ import annotations

from datetime import datetime, time
from math import isnan

from greeks.european import black76_greeks, greeks
from greeks.implied import black76_implied_volatility, implied_volatility
from greeks.status import Status
from greeks.units import to_desk
from trading.marks import mid_price
from vocabulary.contracts import AssetClass, Contract, Right
from vocabulary.market import MarketView
from vocabulary.positions import Greeks

MINUTES_PER_YEAR = 365.0 * 24 * 60
AT_INTRINSIC = (Status.BELOW_INTRINSIC, Status.NO_INFORMATION, Status.EXPIRED)


def contract_greeks(contract: Contract, view: MarketView) -> Greeks | None:
    """Greeks of one bought contract; None when its quote or the underlying's price is missing."""
    if contract.right is None or contract.strike is None or contract.expiry is None:
        return Greeks(contract.multiplier, 0.0, 0.0, 0.0, 0.0)
    quote, spot = view.quote(contract), view.price(contract.underlying)
    price = float("nan") if quote is None else mid_price(quote)
    if spot is None or isnan(price):
        return None
    call, years, rate = contract.right is Right.CALL, years_left(contract, view), view.rate()
    on_future = contract.asset is AssetClass.FUTURE_OPTION
    if on_future:
        implied = black76_implied_volatility(call, price, spot, contract.strike, years, rate)
    else:
        implied = implied_volatility(call, price, spot, contract.strike, years, rate, 0.0)
    status = Status(int(implied.status))
    if status in AT_INTRINSIC:
        return _exercised(contract, spot)
    if status is not Status.OK:
        return None
    values = (call, spot, contract.strike, years, rate)
    raw = black76_greeks(*values, implied.volatility) if on_future else greeks(*values, 0.0, implied.volatility)
    each = to_desk(raw.delta, raw.gamma, raw.theta, raw.vega, raw.rho, contract.multiplier)
    return Greeks(*(float(column) for column in each.columns()))


def years_left(contract: Contract, view: MarketView) -> float:
    """Minutes to the close of the expiry day over 365 days, 0 once it has passed. The expiry's own session decides, 16:00 where it is not known."""
    day = contract.expiry or view.now.date()
    session = view.session(contract.underlying, day)
    end = session.close if session is not None else datetime.combine(day, time(16), view.now.tzinfo)
    return max(0.0, (end - view.now).total_seconds() / 60 / MINUTES_PER_YEAR)


def _exercised(contract: Contract, spot: float) -> Greeks:
    strike = contract.strike or 0.0
    inside = spot > strike if contract.right is Right.CALL else spot < strike
    sign = 1.0 if contract.right is Right.CALL else -1.0
    return Greeks(sign * contract.multiplier if inside else 0.0, 0.0, 0.0, 0.0, 0.0)
