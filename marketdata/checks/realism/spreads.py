"""Quoted spreads by distance from the money and by days to expiry, beside the minute quotes of the samples."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from marketdata.checks.realism.figures import Curve, Figure, Plot, Section
from marketdata.checks.realism.samples import QUOTED_DAYS, QuotePoints, Samples
from marketdata.synthetic.calendar import OPEN, sessions
from marketdata.synthetic.market import SyntheticMarket
from marketdata.synthetic.roots import ROOTS
from marketdata.synthetic.snapshots import snapshot

Floats = NDArray[np.float64]
MONEY = ((0.0, 0.02), (0.02, 0.05), (0.05, 0.10), (0.10, 0.20))
DAYS = ((0, 3), (3, 14), (14, 45), (45, 120))
LIKE = {"SPX": "spx", "SPXW": "spxw", "ES": "es", "GOOG": "iwm"}
"""Our root that a sample is held against."""
WHY = {
    "SPX": "few contracts of two days",
    "SPXW": "few contracts of two days",
    "GOOG": "one share of 2015 at 750 dollars against a liquid fund: wider by its nature",
    "ES": "a quiet January day against a mean of many",
}
TOLERANCE = {"GOOG": 6.0, "ES": 3.0, "SPX": 2.0, "SPXW": 2.0}
PERCENTILES = {"GOOG": (50,), "ES": (50, 90), "SPX": (50, 90), "SPXW": (50, 90)}
NODES = (OPEN + 60, OPEN + 180, OPEN + 300)
SESSIONS = 12
FEWEST = 30


def spread_section(market: SyntheticMarket, samples: Samples | None, vix: Floats) -> Section:
    """Medians and 90th percentiles, in per cent of the mid."""
    figures: list[Figure] = []
    plots: list[Plot] = []
    calm = np.flatnonzero((vix > 13.0) & (vix < 20.0))
    indices = calm[np.linspace(0, len(calm) - 1, SESSIONS).astype(int)].tolist()
    for label in LIKE:
        ours = our_points(market, LIKE[label], indices)
        real = real_points(samples, label)
        figures += bucket_figures(label, ours, real)
        plots.append(spread_plot(label, ours, real))
    return Section(tuple(figures), tuple(plots))


def our_points(market: SyntheticMarket, ticker: str, indices: list[int]) -> QuotePoints:
    """Out-of-the-money quotes of a root at three minutes of some sessions."""
    parts: list[QuotePoints] = []
    root = ROOTS[ticker]
    for index in indices:
        day = sessions().date(index)
        months = [f"{year}{month:02d}" for year, month in root.months(day)[:2]] if root.months is not None else [None]
        shots = [snapshot(market.paths, root, index, node, month) for node in NODES for month in months]
        parts += [
            points_of(shot.mid, shot.bid, shot.ask, shot.chain.found.strike, shot.chain.found.sign, shot.spot, shot.years) for shot in shots if shot is not None
        ]
    return QuotePoints(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("moneyness", "days", "relative", "mid")))


def points_of(mid: Floats, bid: Floats, ask: Floats, strike: Floats, sign: Floats, spot: float, years: Floats) -> QuotePoints:
    """Contracts out of the money that have a bid; the mid is that of the quotes."""
    moneyness = np.log(strike / spot)
    keep = (sign * moneyness > 0) & (bid > 0) & (mid > 0)
    middle = 0.5 * (bid + ask)
    return QuotePoints(moneyness[keep], np.ceil(365.0 * years[keep]), ((ask - bid) / middle)[keep], middle[keep])


def real_points(samples: Samples | None, label: str) -> QuotePoints:
    """The sample's quotes of all days of a label."""
    parts = [samples.quotes(day) for day in QUOTED_DAYS if samples is not None and day.label == label]
    empty = np.empty(0)
    return QuotePoints(*(np.concatenate([empty, *(getattr(part, name) for part in parts)]) for name in ("moneyness", "days", "relative", "mid")))


def bucket_figures(label: str, ours: QuotePoints, real: QuotePoints) -> list[Figure]:
    """One figure per bucket and percentile where both have enough quotes."""
    figures: list[Figure] = []
    for low, high in MONEY:
        for first, last in DAYS:
            mine, theirs = bucket(ours, low, high, first, last), bucket(real, low, high, first, last)
            if len(mine) < FEWEST or (len(theirs) < FEWEST and len(real.days)):
                continue
            source = f"LEAN sample, {label} minute quotes, {len(theirs)} quotes" if len(theirs) else "sample absent"
            for percentile in PERCENTILES[label]:
                reference = 100 * float(np.percentile(theirs, percentile)) if len(theirs) else np.nan
                name = f"{LIKE[label].upper()} against {label}: {percentile}th percentile, {low:.0%} to {high:.0%} out, {first} to {last} days"
                figures.append(
                    Figure(
                        "spread",
                        name,
                        100 * float(np.percentile(mine, percentile)),
                        reference,
                        "% of mid",
                        source,
                        TOLERANCE[label] * percentile / 50,
                        WHY[label],
                    )
                )
    return figures


def bucket(points: QuotePoints, low: float, high: float, first: int, last: int) -> Floats:
    """Relative spreads of one bucket."""
    away = np.abs(points.moneyness)
    return points.relative[(away >= low) & (away < high) & (points.days >= first) & (points.days < last)]


def spread_plot(label: str, ours: QuotePoints, real: QuotePoints) -> Plot:
    """Median spread by distance from the money, 14 to 45 days."""
    edges = np.linspace(0.0, 0.2, 11)
    middle = 0.5 * (edges[:-1] + edges[1:])
    named = [(f"synthetic {LIKE[label].upper()}", ours), *([(f"{label} sample", real)] if len(real.days) else [])]
    curves = tuple(Curve(name, 100 * middle, np.array([median(bucket(points, low, high, 14, 45)) for low, high in pairwise(edges)])) for name, points in named)
    return Plot(f"Median spread, {LIKE[label].upper()} against {label}, 14 to 45 days", "% out of the money", "% of mid", curves)


def median(values: Floats) -> float:
    """Median in per cent, NaN for too few."""
    return 100 * float(np.median(values)) if len(values) >= 5 else float("nan")
