"""Legs as arrays of pricing inputs, and the three questions asked of them: what volatility does the mark imply, what are the Greeks, what is the value when
spot, volatility or time are different.

Exercise decides the kernel: European legs go to `greeks.european`, American ones to `greeks.american`, shares and futures are linear. Options on futures are
legs whose dividend yield equals the rate (Black-76). Known cash dividends are escrowed: their present value up to the expiry leaves the spot before it is
priced.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greeks import american, european, implied
from greeks.implied import ImpliedVolatility
from greeks.status import Status
from greeks.units import GreekArrays, to_desk
from vocabulary.errors import BadInput

Floats = NDArray[np.float64]


class Exercise(IntEnum):
    """Which kernel prices a leg. The two on futures need a dividend yield equal to the rate; they differ in rho, which holds the future's price."""

    LINEAR = 0
    EUROPEAN = 1
    AMERICAN = 2
    EUROPEAN_ON_FUTURE = 3
    AMERICAN_ON_FUTURE = 4


class VolatilitySource(IntEnum):
    """Where a leg's volatility comes from. INTRINSIC: the mark holds no time value, the leg behaves as at zero volatility; NONE: nothing is known."""

    QUOTE = 0
    SURFACE = 1
    INTRINSIC = 2
    NONE = 3


@dataclass(frozen=True, slots=True)
class PricedLegs:
    """Pricing inputs, one row per leg, all arrays of one length.

    exercise: `Exercise` codes; call: True for calls; strike and years (to settlement, 365-day) are ignored for linear legs; spot: of the underlying, or the
    future for future options; rate, dividend_yield: continuous per year; dividends: present value of cash dividends up to the expiry.
    """

    exercise: NDArray[np.int8]
    call: NDArray[np.bool_]
    strike: Floats
    years: Floats
    spot: Floats
    rate: Floats
    dividend_yield: Floats
    dividends: Floats

    def __post_init__(self) -> None:
        shapes = {name: np.shape(getattr(self, name)) for name in PRICING_FIELDS}
        if len(set(shapes.values())) != 1 or len(self.exercise.shape) != 1:
            raise BadInput(f"priced legs: every array needs one row per leg, got {shapes}")

    def __len__(self) -> int:
        return int(self.exercise.size)

    @property
    def linear(self) -> NDArray[np.bool_]:
        """Rows that are shares or futures."""
        return self.exercise == Exercise.LINEAR

    def rows(self, mask: NDArray[np.bool_]) -> PricedLegs:
        """The legs where `mask` is true."""
        return PricedLegs(*(getattr(self, name)[mask] for name in PRICING_FIELDS))


PRICING_FIELDS = ("exercise", "call", "strike", "years", "spot", "rate", "dividend_yield", "dividends")


@dataclass(frozen=True, slots=True)
class LegVolatility:
    """Volatility of each leg, where it comes from, and the status of the inversion behind it. NaN where source is NONE; 0 where it is INTRINSIC."""

    volatility: Floats
    source: NDArray[np.int8]
    status: NDArray[np.int8]


def unit_values(legs: PricedLegs, volatility: ArrayLike, spot: ArrayLike | None = None, years: ArrayLike | None = None) -> Floats:
    """Value of one unit of each leg. volatility, spot and years: leading axis of legs, any trailing axes that broadcast; default spot and years are the legs'.

    A leg without time left is worth its intrinsic value. NaN where volatility is NaN (never for linear legs).
    """
    v, s, t = _aligned(len(legs), volatility, legs.spot if spot is None else spot, legs.years if years is None else years)
    result = np.where(_column(legs.linear, v.ndim), s, np.nan)
    for mask, kernel in _kernels(legs):
        result[mask] = kernel.price(*_inputs(legs.rows(mask), s[mask], t[mask]), v[mask])
    return result


def implied_volatilities(legs: PricedLegs, price: ArrayLike) -> ImpliedVolatility:
    """Volatility implied by one price per leg, with the status of each; linear legs have NaN and OK."""
    p = np.asarray(price, dtype=np.float64)
    volatility, status = np.full(len(legs), np.nan), np.full(len(legs), Status.OK, dtype=np.int8)
    for mask, kernel in _kernels(legs):
        call, spot, *rest = _inputs(legs.rows(mask), legs.spot[mask], legs.years[mask])
        found = kernel.implied(call, p[mask], spot, *rest)
        volatility[mask], status[mask] = found.volatility, found.status
    return ImpliedVolatility(volatility, status)


def leg_volatilities(legs: PricedLegs, price: ArrayLike, surface: ArrayLike | None = None) -> LegVolatility:
    """The volatility to value each leg with: the mark's own; else the surface's where given; else zero when the mark has no time value; else none.

    surface: fitted volatility per leg, NaN where there is none.
    """
    own = implied_volatilities(legs, price)
    fitted = np.full(len(legs), np.nan) if surface is None else np.asarray(surface, dtype=np.float64)
    no_time_value = np.isin(own.status, (Status.BELOW_INTRINSIC, Status.NO_INFORMATION, Status.EXPIRED))
    choices = [legs.linear | (own.status == Status.OK), np.isfinite(fitted), no_time_value]
    source = np.select(choices, [VolatilitySource.QUOTE, VolatilitySource.SURFACE, VolatilitySource.INTRINSIC], VolatilitySource.NONE)
    volatility = np.select(choices, [np.where(legs.linear, 0.0, own.volatility), fitted, np.zeros(len(legs))], np.nan)
    return LegVolatility(volatility, source.astype(np.int8), own.status)


def leg_greeks(legs: PricedLegs, volatility: ArrayLike, size: ArrayLike) -> GreekArrays:
    """Greeks of each leg in the desk's units. size: signed quantity x multiplier. NaN rows where volatility is NaN."""
    v, scale = np.asarray(volatility, dtype=np.float64), np.asarray(size, dtype=np.float64)
    columns = np.full((5, len(legs)), np.nan)
    columns[:, legs.linear] = np.array([1.0, 0.0, 0.0, 0.0, 0.0])[:, None]
    for mask, kernel in _kernels(legs):
        columns[:, mask] = kernel.greeks(*_inputs(legs.rows(mask), legs.spot[mask], legs.years[mask]), v[mask])
    return to_desk(columns[0], columns[1], columns[2], columns[3], columns[4], scale)


def intrinsic_values(legs: PricedLegs, spot: ArrayLike) -> Floats:
    """What exercise brings at `spot` (leading axis of legs); linear legs are worth the spot."""
    s = np.asarray(spot, dtype=np.float64)
    sign, strike = np.where(_column(legs.call, s.ndim), 1.0, -1.0), _column(legs.strike, s.ndim)
    return np.where(_column(legs.linear, s.ndim), s, np.maximum(sign * (s - strike), 0.0))


def later(legs: PricedLegs, days: float) -> PricedLegs:
    """The same legs some calendar days on."""
    return replace(legs, years=np.maximum(legs.years - days / 365.0, 0.0))


def _inputs(legs: PricedLegs, spot: Floats, years: Floats) -> tuple[Any, ...]:
    """Kernel arguments call, spot, strike, years, rate, yield with dividends escrowed; leg columns get the trailing axes of spot."""
    call, strike, rate, dividend_yield, dividends = (
        _column(one, spot.ndim) for one in (legs.call, legs.strike, legs.rate, legs.dividend_yield, legs.dividends)
    )
    return call, np.maximum(spot - dividends, 1e-9), strike, years, rate, dividend_yield


def _aligned(rows: int, *arrays: ArrayLike) -> list[Floats]:
    """Arrays with a leading axis of `rows`, broadcast against each other along the trailing axes."""
    given = [np.asarray(one, dtype=np.float64) for one in arrays]
    depth = max(one.ndim for one in given)
    if any(one.shape[0] != rows for one in given):
        raise BadInput(f"priced legs: {rows} legs need arrays with {rows} rows, got {[one.shape for one in given]}")
    return [one.copy() for one in np.broadcast_arrays(*(_column(one, depth) for one in given))]


def _column(values: NDArray[Any], depth: int) -> NDArray[Any]:
    """Add trailing axes up to `depth`."""
    return values.reshape(values.shape + (1,) * (depth - values.ndim))


@dataclass(frozen=True, slots=True)
class Kernel:
    """Functions of call, spot, strike, years, rate, yield, volatility (implied: price after call, no volatility). greeks: five stacked derivatives."""

    price: Callable[..., Floats]
    greeks: Callable[..., Floats]
    implied: Callable[..., ImpliedVolatility]


def _kernels(legs: PricedLegs) -> list[tuple[NDArray[np.bool_], Kernel]]:
    """Rows of each exercise that occurs among the legs, and its kernel."""
    masks = [(legs.exercise == code, kernel) for code, kernel in KERNELS.items()]
    return [(mask, kernel) for mask, kernel in masks if np.any(mask)]


def _european_greeks(*inputs: Any) -> Floats:
    return _derivatives(european.greeks(*inputs))


def _black76_greeks(call: Any, future: Any, strike: Any, years: Any, rate: Any, _yield: Any, volatility: Any) -> Floats:
    return _derivatives(european.black76_greeks(call, future, strike, years, rate, volatility))


def _american_price(*inputs: Any) -> Floats:
    """American value; without time or volatility left the better of exercising now and holding to the end."""
    arrays = np.broadcast_arrays(*inputs)
    certain, uncertain = _certainty(arrays)
    value = np.maximum(european.price(*inputs), _payoff(arrays))
    solve: Callable[..., american.AmericanValue] = american.price
    value[uncertain] = solve(*(one[uncertain] for one in arrays)).value
    return np.where(certain | uncertain, value, np.nan)


def _american_greeks(*inputs: Any) -> Floats:
    solve: Callable[..., american.AmericanGreeks] = american.greeks
    return _exercisable(_european_greeks, lambda *rows: _derivatives(solve(*rows)), *inputs)


def _american_future_greeks(*inputs: Any) -> Floats:
    solve: Callable[..., american.AmericanGreeks] = american.future_greeks
    return _exercisable(_black76_greeks, lambda *rows: _derivatives(solve(*rows[:5], rows[6])), *inputs)


def _exercisable(held: Callable[..., Floats], solve: Callable[..., Floats], *inputs: Any) -> Floats:
    """American Greeks; without time or volatility left those of the better of exercising now (delta +-1) and holding to the end."""
    arrays = np.broadcast_arrays(*inputs)
    certain, uncertain = _certainty(arrays)
    exercised = np.zeros((5, *arrays[0].shape))
    exercised[0] = np.where(arrays[0], 1.0, -1.0)
    result = np.where(_payoff(arrays) > european.price(*inputs), exercised, held(*inputs))
    result[:, uncertain] = solve(*(one[uncertain] for one in arrays))
    return np.where(certain | uncertain, result, np.nan)


def _certainty(arrays: Sequence[NDArray[Any]]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Rows without time or volatility left, and rows that need the American solver; a row with an unknown volatility is neither."""
    years, volatility = arrays[3], arrays[6]
    certain = (volatility <= 0) | ((years <= 0) & np.isfinite(volatility))
    return certain, ~certain & np.isfinite(volatility)


def _payoff(arrays: Sequence[NDArray[Any]]) -> Floats:
    call, spot, strike = arrays[:3]
    return np.maximum(np.where(call, spot - strike, strike - spot), 0.0)


def _derivatives(found: Any) -> Floats:
    """Delta, gamma, theta, vega and rho of a kernel's answer, stacked."""
    return np.stack([found.delta, found.gamma, found.theta, found.vega, found.rho])


KERNELS = {
    Exercise.EUROPEAN: Kernel(european.price, _european_greeks, implied.implied_volatility),
    Exercise.AMERICAN: Kernel(_american_price, _american_greeks, american.implied_volatility),
    Exercise.EUROPEAN_ON_FUTURE: Kernel(european.price, _black76_greeks, implied.implied_volatility),
    Exercise.AMERICAN_ON_FUTURE: Kernel(_american_price, _american_future_greeks, american.implied_volatility),
}
