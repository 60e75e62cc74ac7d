"""From contracts and a market view to pricing inputs: what each leg's spot, time, rate, dividends and mark are now.

Time runs to the settlement instant in minutes: the session's close of the expiry day (early closes are in it), or its open for AM-settled index options.
Only the next dividend of a share is known; until the expiry it is repeated every quarter, which is how the method's shares and funds pay. A future option is
priced on the underlying's price of the view. What is missing is NaN, and a leg with a NaN has no volatility and no Greeks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greeks.daycount import minutes_to_settlement
from greeks.rates import DividendSchedule, RateCurve
from greeks.units import GreekArrays, year_fraction
from greeks.valuation import Exercise, LegVolatility, PricedLegs, VolatilitySource, leg_greeks, leg_volatilities
from vocabulary.contracts import AssetClass, Contract, Right, Settlement, Style
from vocabulary.market import Dividend, MarketView
from vocabulary.positions import Greeks

Floats = NDArray[np.float64]

QUARTER_DAYS = 91
NAN = float("nan")


@dataclass(frozen=True, slots=True)
class ValuedLegs:
    """Legs with their mark (mid, price per unit), the volatility it implies and Greeks in the desk's units for the given sizes."""

    legs: PricedLegs
    mark: Floats
    volatility: LegVolatility
    greeks: GreekArrays


def contract_greeks(contract: Contract, view: MarketView) -> Greeks | None:
    """Greeks of one bought contract in the desk's units; None when its quote, its underlying's price or its volatility is unknown."""
    valued = value_contracts([contract], np.array([contract.multiplier]), view)
    known = valued.volatility.source[0] != VolatilitySource.NONE and np.isfinite(valued.mark[0]) and np.isfinite(valued.greeks.delta[0])
    return valued.greeks.row(0) if known else None


def value_contracts(contracts: Sequence[Contract], size: ArrayLike, view: MarketView, surface: ArrayLike | None = None) -> ValuedLegs:
    """Mark, volatility and Greeks of many contracts at once. size: signed quantity x multiplier; surface: fitted volatility per contract, NaN if none."""
    legs, mark = priced_legs(contracts, view), marks(contracts, view)
    volatility = leg_volatilities(legs, mark, surface)
    return ValuedLegs(legs, mark, volatility, leg_greeks(legs, volatility.volatility, size))


def priced_legs(contracts: Sequence[Contract], view: MarketView) -> PricedLegs:
    """Pricing inputs of each contract now."""
    rate = view.rate()
    spot = np.array([_spot(one, view) for one in contracts], dtype=np.float64)
    years = year_fraction(np.array([minutes_left(one, view) for one in contracts], dtype=np.float64))
    on_future = np.array([one.asset is AssetClass.FUTURE_OPTION for one in contracts], dtype=np.bool_)
    return PricedLegs(
        np.array([exercise_of(one) for one in contracts], dtype=np.int8),
        np.array([one.right is Right.CALL for one in contracts], dtype=np.bool_),
        np.array([NAN if one.strike is None else one.strike for one in contracts], dtype=np.float64),
        years,
        spot,
        np.full(len(contracts), rate),
        np.where(on_future, rate, 0.0),
        np.array([_dividends(one, view, rate) for one in contracts], dtype=np.float64),
    )


def marks(contracts: Sequence[Contract], view: MarketView) -> Floats:
    """Mid price of each contract: a missing bid of an option counts as zero, a missing ask is NaN; a share without a quote takes the last price."""
    return np.array([_mark(one, view) for one in contracts], dtype=np.float64)


def minutes_left(contract: Contract, view: MarketView) -> float:
    """Minutes from now to the instant the contract settles, not below zero; zero for what never expires, NaN when the expiry day has no session."""
    if contract.expiry is None:
        return 0.0
    session = view.session(contract.underlying, contract.expiry)
    if session is None:
        return NAN
    end = session.open if contract.settlement is Settlement.CASH_AM else session.close
    return minutes_to_settlement(view.now, end)


def exercise_of(contract: Contract) -> Exercise:
    """Which kernel prices the contract: the style decides, and where it is not given index options are European and all others American."""
    if not contract.asset.is_option:
        return Exercise.LINEAR
    european = contract.style is Style.EUROPEAN or (contract.style is None and contract.asset is AssetClass.INDEX_OPTION)
    if contract.asset is AssetClass.FUTURE_OPTION:
        return Exercise.EUROPEAN_ON_FUTURE if european else Exercise.AMERICAN_ON_FUTURE
    return Exercise.EUROPEAN if european else Exercise.AMERICAN


def projected_dividends(following: Dividend | None, until: date) -> DividendSchedule:
    """The next dividend and its repetition every quarter up to and including a day; empty when none is known."""
    if following is None:
        return DividendSchedule.none()
    count = max((until - following.ex_day).days // QUARTER_DAYS + 1, 0)
    days = [following.ex_day + timedelta(days=QUARTER_DAYS * number) for number in range(count)]
    return DividendSchedule.of(Dividend(day, following.amount, following.projected or number > 0) for number, day in enumerate(days))


def _spot(contract: Contract, view: MarketView) -> float:
    if not contract.asset.is_option:
        return _mark(contract, view)
    price = view.price(contract.underlying)
    return NAN if price is None else price


def _mark(contract: Contract, view: MarketView) -> float:
    quote = view.quote(contract)
    if quote is not None and not np.isnan(quote.ask):
        return (0.0 if np.isnan(quote.bid) else quote.bid) / 2 + quote.ask / 2
    price = None if contract.asset.is_option else view.price(contract.underlying)
    return NAN if price is None else price


def _dividends(contract: Contract, view: MarketView, rate: float) -> float:
    """Present value of the dividends of a share up to the option's expiry; zero for indices and futures."""
    if contract.asset is not AssetClass.EQUITY_OPTION or contract.expiry is None:
        return 0.0
    today = view.now.date()
    schedule = projected_dividends(view.next_dividend(contract.underlying), contract.expiry)
    return float(schedule.present_value(today, (contract.expiry - today).days / 365.0, RateCurve.flat(rate)))
