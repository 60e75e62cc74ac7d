"""Real bid-ask chains: forwards by parity, American volatilities, and an arbitrage-free smile through them.

Four chains have closing quotes in the sample data: AAPL on 2014-06-06 and 2014-06-09 (either side of its 7:1 split) and GOOG on 2015-12-23 and 2015-12-24.
Nothing but spot, quotes and the rate of the sample's interest-rate file goes in.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from greeks import american
from greeks.american_forward import fit_american_forward
from greeks.forward import ForwardFit, ForwardStatus, fit_forward, near_the_money, pair_quotes
from greeks.iv_rank import constant_maturity_iv
from greeks.smile import SmileQuotes, Surface, arbitrage_check, fit_surface
from greeks.status import Status

Floats = NDArray[np.float64]

DAYS = {"aapl": (date(2014, 6, 6), date(2014, 6, 9)), "goog": (date(2015, 12, 23), date(2015, 12, 24))}
RATE = {"aapl": 0.0075, "goog": 0.01}
"""Rate of the sample's interest-rate file on those days."""
NEAR = 0.15
"""Log-moneyness within which parity is fitted."""
SMALLEST_QUOTE = 0.10
"""Bids below say little of volatility: one tick of five cents is half of them."""
PRICE_SCALE = 1e4


@dataclass(frozen=True, slots=True)
class QuotedChain:
    """Closing quotes of one day; one row per contract."""

    name: str
    spot: float
    rate: float
    call: NDArray[np.bool_]
    strike: Floats
    days: Floats
    bid: Floats
    ask: Floats


@dataclass(frozen=True, slots=True)
class FittedExpiry:
    """One expiry: forward from parity with the given rate, the freely fitted one beside it, quotes out of the money with volatilities at bid, mid and ask."""

    forward: ForwardFit
    free: ForwardFit
    k: Floats
    bid_iv: Floats
    mid_iv: Floats
    ask_iv: Floats


def study(data: Path) -> dict[str, Any]:
    """Figures of the four chains."""
    return {chain.name: figures(chain) for name, days in DAYS.items() for chain in (read(data, name, day) for day in days)}


def read(data: Path, name: str, day: date) -> QuotedChain:
    """Closing bid and ask of every contract quoted on the day, and the underlying's close."""
    stamp = day.strftime("%Y%m%d")
    rows: list[tuple[bool, float, float, float, float]] = []
    with zipfile.ZipFile(data / "option/usa/daily" / f"{name}_{day.year}_quote_american.zip") as archive:
        for entry in archive.namelist():
            _, _, _, right, strike, expiry = Path(entry).stem.split("_")
            for line in archive.read(entry).decode().splitlines():
                cells = line.split(",")
                if cells[0].startswith(stamp) and cells[4] and cells[9]:
                    days = (datetime.strptime(expiry, "%Y%m%d").date() - day).days  # noqa: DTZ007
                    rows.append((right == "call", float(strike) / PRICE_SCALE, days, float(cells[4]) / PRICE_SCALE, float(cells[9]) / PRICE_SCALE))
    table = np.array([row[1:] for row in rows]).T
    call = np.array([row[0] for row in rows])
    return QuotedChain(f"{name} {day}", close_of(data, name, stamp), RATE[name], call, table[0], table[1], table[2], table[3])


def close_of(data: Path, name: str, stamp: str) -> float:
    """Unadjusted close of the underlying on the day."""
    with zipfile.ZipFile(data / "equity/usa/daily" / f"{name}.zip") as archive:
        lines = archive.read(archive.namelist()[0]).decode().splitlines()
    return next(float(line.split(",")[4]) / PRICE_SCALE for line in lines if line.startswith(stamp))


def figures(chain: QuotedChain) -> dict[str, Any]:
    """Status of every mid, forwards, smile fit, arbitrage check and thirty-day volatility of one chain."""
    fitted = [one for one in (fit_expiry(chain, days) for days in np.unique(chain.days[chain.days > 0])) if one is not None]
    started = perf_counter()
    surface = fit_surface([smile_quotes(one) for one in fitted])
    elapsed = perf_counter() - started
    check = arbitrage_check(surface.slices)
    return {
        "contracts": int(chain.strike.size),
        "status": status_shares(chain, fitted),
        "expiries": [expiry_line(one, chain.spot, surface) for one in fitted],
        "within_bid_ask": within(fitted, surface),
        "fit_ms": round(1000 * elapsed, 1),
        "arbitrage": {"free": check.free, "density": check.smallest_density, "growth": check.smallest_growth},
        "iv_30_days": constant_maturity_iv(surface.slices.years * 365, surface.atm_iv()),
    }


def fit_expiry(chain: QuotedChain, days: float) -> FittedExpiry | None:
    """Forward and volatilities of one expiry; None when parity cannot be fitted."""
    rows = chain.days == days
    years = float(days) / 365
    pairs = pair_quotes(chain.strike[rows], chain.call[rows], chain.bid[rows], chain.ask[rows])
    central = near_the_money(pairs, chain.spot, NEAR)
    fit = fit_american_forward(central, years, chain.spot, float(np.exp(-chain.rate * years)))
    if fit.status is not ForwardStatus.OK:
        return None
    out = rows & (chain.call == (chain.strike >= fit.forward)) & (chain.bid >= SMALLEST_QUOTE) & (chain.ask >= chain.bid)
    terms = (chain.spot, chain.strike[out], years, fit.rate, fit.dividend_yield(chain.spot))
    prices = (chain.bid[out], (chain.bid[out] + chain.ask[out]) / 2, chain.ask[out])
    low, mid, high = (american.implied_volatility(chain.call[out], price, *terms).volatility for price in prices)
    return FittedExpiry(fit, fit_forward(central, years), np.log(chain.strike[out] / fit.forward), low, mid, high)


def smile_quotes(one: FittedExpiry) -> SmileQuotes:
    """Volatilities weighted by the precision of their quote."""
    width = np.maximum(one.ask_iv - one.bid_iv, 1e-3)
    return SmileQuotes(one.forward.years, one.k, one.mid_iv, 1 / width**2)


def status_shares(chain: QuotedChain, fitted: list[FittedExpiry]) -> dict[str, float]:
    """Share of all two-sided mids with each status, with the carry of their expiry."""
    carry = {round(one.forward.years * 365): one.forward.dividend_yield(chain.spot) for one in fitted}
    rows = np.isin(chain.days, list(carry)) & (chain.ask >= chain.bid)
    yields = np.array([carry[int(days)] for days in chain.days[rows]])
    mid = (chain.bid[rows] + chain.ask[rows]) / 2
    found = american.implied_volatility(chain.call[rows], mid, chain.spot, chain.strike[rows], chain.days[rows] / 365, chain.rate, yields).status
    return {status.name: round(float(np.mean(found == status)), 4) for status in Status}


def within(fitted: list[FittedExpiry], surface: Surface) -> float:
    """Share of the quotes whose bid and ask volatilities enclose the fitted smile."""
    hits: list[Floats] = []
    for one in fitted:
        if np.any(np.isclose(surface.slices.years, one.forward.years)):
            model = surface.iv(one.k, one.forward.years)
            known = np.isfinite(one.ask_iv)
            low = np.where(np.isfinite(one.bid_iv), one.bid_iv, 0.0)
            hits.append(((model >= low) & (model <= one.ask_iv))[known].astype(np.float64))
    return round(float(np.mean(np.concatenate(hits))), 4)


def expiry_line(one: FittedExpiry, spot: float, surface: Surface) -> dict[str, float]:
    """One row of the table of expiries; smile figures are NaN for an expiry left out of the fit."""
    at = np.flatnonzero(np.isclose(surface.slices.years, one.forward.years))
    rmse, level, skew = (float(values[at[0]]) if at.size else float("nan") for values in (surface.rmse, surface.atm_iv(), surface.slices.rho))
    return {
        "days": round(one.forward.years * 365),
        "pairs": one.forward.pairs,
        "forward": round(one.forward.forward, 3),
        "forward_error": round(one.forward.forward_error, 4),
        "dividend_yield": round(one.forward.dividend_yield(spot), 5),
        "free_rate": round(one.free.rate, 5) if one.free.status is ForwardStatus.OK else float("nan"),
        "free_rate_error": round(one.free.rate_error, 5),
        "quotes": int(np.sum(np.isfinite(one.mid_iv))),
        "atm_iv": round(level, 4),
        "rho": round(skew, 3),
        "rmse": round(rmse, 5),
    }


def print_study(report: Mapping[str, Any]) -> None:
    """Tables for people."""
    for name, one in report.items():
        print(f"\nREAL QUOTES {name}: {one['contracts']:,} contracts; mids " + "  ".join(f"{k} {v:.2%}" for k, v in one["status"].items() if v))
        columns = list(one["expiries"][0])
        print("    " + "".join(f"{column:>16}" for column in columns))
        for line in one["expiries"]:
            print("    " + "".join(f"{line[column]:>16}" for column in columns))
        arbitrage = one["arbitrage"]
        proof = f"smallest density {arbitrage['density']:.3g}, smallest calendar growth {arbitrage['growth']:.3g}"
        inside = f"{one['within_bid_ask']:.1%} of quotes, fitted in {one['fit_ms']:.0f} ms"
        print(f"    eSSVI inside bid-ask: {inside}; free of arbitrage: {arbitrage['free']} ({proof})")
        print(f"    30-day at-the-money volatility: {one['iv_30_days']:.4f}")
