"""Differences of our volatilities and Greeks to the file's, and the price each of the file's volatilities solves for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.real_chains.chain_files import ChainFile, Inputs, model_years
from greeks import american, european, implied
from greeks.status import Status

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

PERCENTILES = (1, 5, 25, 50, 75, 95, 99)
MONEYNESS = ((-np.inf, -0.2), (-0.2, -0.05), (-0.05, 0.05), (0.05, 0.2), (0.2, np.inf))
"""Log-moneyness out of the money: positive is out of, negative in the money."""
MATURITY = ((0, 7), (7, 30), (30, 90), (90, 365), (365, 10_000))


def same_inputs(pairs: Sequence[tuple[ChainFile, Inputs]]) -> dict[str, Any]:
    """Absolute differences of our European Greeks to the file's, at the file's own volatility and the recovered inputs.

    LEAN's gamma leaves out the dividend factor; ours is compared with and without it.
    """
    gaps: dict[str, list[Floats]] = {name: [] for name in ("delta", "gamma", "gamma_without_dividend_factor", "vega", "theta", "rho")}
    for chain, inputs in pairs:
        rows = (chain.iv > 0.02) & (model_years(chain, inputs) > 0)
        years = model_years(chain, inputs)[rows]
        model = european.greeks(chain.call[rows], inputs.spot, chain.strike[rows], years, inputs.rate, inputs.dividend_yield, chain.iv[rows])
        plain = model.gamma * np.exp(inputs.dividend_yield * years)
        desk = {"delta": model.delta, "gamma": model.gamma, "vega": model.vega / 100, "theta": model.theta / 365, "rho": model.rho / 100}
        for name, values in desk.items():
            gaps[name].append(np.abs(values - chain.greeks[name][rows]))
        gaps["gamma_without_dividend_factor"].append(np.abs(plain - chain.greeks["gamma"][rows]))
    return {name: spread(np.concatenate(values), (50, 95, 99, 100)) for name, values in gaps.items() if values}


SOURCES = (
    "close",
    "open interest",
    "open interest, file before",
    "close of mirror",
    "open interest of mirror",
    "same, file before",
    "not recognised",
    "no volatility",
)


def recognise(chain: ChainFile, inputs: Inputs) -> NDArray[np.int64]:
    """Index into SOURCES per row: which price the file's volatility solves for.

    LEAN takes the mirror contract's volatility for the one in the money, so there the mirror's prices are tried first.
    """
    years, terms = model_years(chain, inputs), (inputs.rate, inputs.dividend_yield, chain.iv)
    own = european.price(chain.call, inputs.spot, chain.strike, years, *terms)
    mirrored = european.price(~chain.call, inputs.spot, chain.strike, years, *terms)
    untraded = np.where(chain.interest > 0, np.nan, chain.close)
    prices = (untraded, chain.interest, chain.before)
    first = [near(own, price) for price in prices]
    second = [near(mirrored, chain.other(price)) for price in prices]
    inside = chain.call == (chain.strike < inputs.spot)
    out = np.select([*first, *second], range(6), 6)
    within = np.select([*second, *first], (3, 4, 5, 0, 1, 2), 6)
    return np.where(chain.iv > 0, np.where(inside, within, out), 7)


def near(value: Floats, price: Floats) -> Mask:
    """Within twenty times LEAN's own solver tolerance of the price (absolute or relative 2e-3)."""
    with np.errstate(invalid="ignore"):
        return np.abs(value - price) <= 2e-3 * np.maximum(1.0, np.abs(price))


def shares(priced: Sequence[NDArray[np.int64]]) -> dict[str, float]:
    """Fraction of the rows with a volatility that solves for each price."""
    codes = np.concatenate(priced) if priced else np.zeros(0, dtype=np.int64)
    with_iv = codes[codes != 7]
    return {name: round(float(np.mean(with_iv == i)), 4) for i, name in enumerate(SOURCES[:-1])} if with_iv.size else {}


def steps(pairs: Sequence[tuple[ChainFile, Inputs]], priced: Sequence[NDArray[np.int64]]) -> dict[str, Any]:
    """From the file's volatility to ours, one change at a time, on the rows whose file volatility does come from their own close.

    Each line is our volatility less the file's: with all of the file's inputs; with time to the close of the expiry day; then the true dividend yield;
    then the American kernel.
    """
    kernels = (implied.implied_volatility,) * 3 + (american.implied_volatility,)
    gaps: list[list[Floats]] = [[] for _ in kernels]
    for (chain, inputs), codes in zip(pairs, priced, strict=True):
        rows = (codes == 0) & (chain.days > 0)
        dividend_yield, years = TRUE_YIELD[chain.name.split()[0]], chain.days[rows] / 365
        carries = (inputs.dividend_yield, inputs.dividend_yield, dividend_yield, dividend_yield)
        times = (model_years(chain, inputs)[rows], years, years, years)
        for kernel, time, carry, into in zip(kernels, times, carries, gaps, strict=True):
            found = kernel(chain.call[rows], chain.close[rows], inputs.spot, chain.strike[rows], time, inputs.rate, carry)
            into.append(found.volatility - chain.iv[rows])
    names = ("the file's inputs", "and time to the expiry's close", "and the true dividend yield", "and early exercise")
    return {name: {"rows": int(sum(one.size for one in gap))} | spread(np.concatenate(gap)) for name, gap in zip(names, gaps, strict=True) if gap}


@dataclass(frozen=True, slots=True)
class Ours:
    """American volatility and Greeks from the closes of a file, with the recovered spot and rate, the true time to expiry and a plausible dividend yield."""

    volatility: Floats
    status: NDArray[np.int8]
    delta: Floats


TRUE_YIELD = {"aapl": 12.44 / 645.0, "goog": 0.0}
"""AAPL paid 3.05 + 3.05 + 3.05 + 3.29 per (unsplit) share in the year to June 2014; GOOG paid none."""


def ours(chain: ChainFile, inputs: Inputs) -> Ours:
    """Volatility and delta per row; time runs from the close of the file's day to the close of the expiry day."""
    dividend_yield = TRUE_YIELD[chain.name.split()[0]]
    terms = (inputs.spot, chain.strike, chain.days / 365, inputs.rate, dividend_yield)
    found = american.implied_volatility(chain.call, chain.close, *terms)
    delta = american.greeks(chain.call, *terms, found.volatility).delta
    return Ours(found.volatility, found.status, delta)


def statuses(own: Sequence[Ours]) -> dict[str, float]:
    """Fraction of all rows with each status."""
    codes = np.concatenate([one.status for one in own]) if own else np.zeros(0, dtype=np.int8)
    return {status.name: round(float(np.mean(codes == status)), 4) for status in Status} if codes.size else {}


def differences(pairs: Sequence[tuple[ChainFile, Inputs]], own: Sequence[Ours], priced: Sequence[NDArray[np.int64]]) -> dict[str, Any]:
    """Our volatility and delta less the file's: by the price behind the file's volatility; rows from a close also by moneyness and maturity."""
    if not pairs:
        return {}
    gap = np.concatenate([one.volatility - chain.iv for (chain, _), one in zip(pairs, own, strict=True)])
    delta = np.concatenate([one.delta - chain.greeks["delta"] for (chain, _), one in zip(pairs, own, strict=True)])
    money = np.concatenate([np.log(chain.strike / inputs.spot) * np.where(chain.call, 1, -1) for chain, inputs in pairs])
    days, codes = np.concatenate([chain.days for chain, _ in pairs]), np.concatenate(list(priced))
    by_source = {name: both(gap, delta, codes == i) for i, name in enumerate(SOURCES[:-1])}
    honest = np.isin(codes, (0, 3))
    by_money = {f"{low:+.2f} to {high:+.2f}": both(gap, delta, honest & (money >= low) & (money < high)) for low, high in MONEYNESS}
    by_days = {f"{low} to {high} days": both(gap, delta, honest & (days >= low) & (days < high)) for low, high in MATURITY}
    return {"by_price_behind": by_source, "close_by_moneyness": by_money, "close_by_maturity": by_days}


def both(gap: Floats, delta: Floats, rows: Mask) -> dict[str, Any]:
    """Spread of volatility and delta differences over the rows where both exist."""
    known = rows & np.isfinite(gap)
    return {"rows": int(np.sum(rows)), "compared": int(np.sum(known)), "iv": spread(gap[known]), "delta": spread(delta[known])}


def spread(values: Floats, percentiles: Sequence[int] = PERCENTILES) -> dict[str, float]:
    """Percentiles of the values."""
    known = values[np.isfinite(values)]
    return {f"p{p}": float(f"{np.percentile(known, p):.3g}") for p in percentiles} if known.size else {}
