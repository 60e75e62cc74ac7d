"""Quoted spreads by distance from the money and by days to expiry, beside the minute quotes of the samples.

A sample holds a handful of contracts on a few days, ours holds everything: a median over a whole bucket would compare what happens to be in it. So each quote
of a sample is set against our quotes nearest to it in moneyness and time left, on sessions whose volatility index is like that of the sample's days, and the
percentiles are taken over the same quotes on both sides.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from marketdata.checks.realism.figures import Curve, Figure, Plot, Section
from marketdata.checks.realism.samples import QUOTED_GROUPS, QuotedGroup, QuotePoints, Samples
from marketdata.synthetic.calendar import CLOSE, OPEN, sessions
from marketdata.synthetic.market import SyntheticMarket
from marketdata.synthetic.roots import ROOTS
from marketdata.synthetic.snapshots import snapshot

Floats = NDArray[np.float64]
MONEY = ((0.0, 0.02), (0.02, 0.05), (0.05, 0.10), (0.10, 0.20))
DAYS = ((0, 1), (1, 3), (3, 14), (14, 45), (45, 120))
WHY = {
    "SPX 2021": "three contracts of two days",
    "SPXW 2021": "two strikes of five nervous days: cheap wings of the days before the last were quoted tighter than ours",
    "SPXW 2023": "one strike of one quiet day: calls of about a dollar, where one tick of ours is much of the price",
    "ES": "one quiet January day",
    "SPY 2023": "two strikes of one expiry on one day; cheap calls of ours are quoted wider",
    "AAPL 2014": "a share at 645 dollars in 2014, hourly closes, against a liquid fund of today: wider by its nature",
    "GOOG": "one share of 2015 at 750 dollars against a liquid fund: wider by its nature",
}
TOLERANCE, LEAST_TOLERANCE = 0.5, 1.0
"""Alike: within half of the sample's figure, or one point."""
NODES = tuple(range(OPEN + 30, CLOSE, 30))
SESSIONS = 8
FEWEST = 30
LIKE_VIX = 0.15
"""Sessions are like the sample's when their volatility index is within this share of it."""
NEIGHBOURS, FARTHEST = 9, 1.0
MONEYNESS_UNIT, TIME_UNIT, SHORTEST = 0.005, 0.25, 0.02
"""A neighbour is at most half a per cent of the price and a quarter of the time left away."""


def spread_section(market: SyntheticMarket, samples: Samples | None, vix: Floats) -> Section:
    """Medians and 90th percentiles, in per cent of the mid."""
    figures: list[Figure] = []
    plots: list[Plot] = []
    for group in QUOTED_GROUPS:
        ours = our_points(market, group.ours, like_sessions(vix, group))
        real = real_points(samples, group)
        near = matched(ours, real)
        figures += bucket_figures(group, ours, real, near)
        plots.append(spread_plot(group, ours, real, near))
    return Section(tuple(figures), tuple(plots))


def like_sessions(vix: Floats, group: QuotedGroup) -> list[int]:
    """Sessions spread over those with a volatility index like that of the group's days."""
    levels = [day.vix for day in group.days]
    found = np.flatnonzero((vix > min(levels) * (1 - LIKE_VIX)) & (vix < max(levels) * (1 + LIKE_VIX)))
    return found[np.linspace(0, len(found) - 1, SESSIONS).astype(int)].tolist()


def our_points(market: SyntheticMarket, ticker: str, indices: list[int]) -> QuotePoints:
    """Out-of-the-money quotes of a root every half-hour of some sessions."""
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
    return QuotePoints(moneyness[keep], 365.0 * years[keep], ((ask - bid) / middle)[keep], middle[keep])


def real_points(samples: Samples | None, group: QuotedGroup) -> QuotePoints:
    """The sample's quotes of all days of a group."""
    parts = [samples.quotes(day, group.every) for day in group.days] if samples is not None else []
    empty = np.empty(0)
    return QuotePoints(*(np.concatenate([empty, *(getattr(part, name) for part in parts)]) for name in ("moneyness", "days", "relative", "mid")))


def matched(ours: QuotePoints, real: QuotePoints) -> Floats:
    """(quotes of the sample,) median relative spread of our quotes nearest to each in signed moneyness and time left; NaN where none is near."""
    from scipy.spatial import KDTree

    if not len(real.days):
        return np.empty(0)
    tree = KDTree(places(ours))
    found = tree.query(places(real), NEIGHBOURS, p=np.inf, distance_upper_bound=FARTHEST)[1]
    spreads = np.append(ours.relative, np.nan)[found]
    near = np.isfinite(spreads).any(axis=1)
    answer: Floats = np.full(len(real.days), np.nan)
    answer[near] = np.nanmedian(spreads[near], axis=1)
    return answer


def places(points: QuotePoints) -> Floats:
    """(quotes, 2) where a quote stands, in units of how far a neighbour may be."""
    return np.stack([points.moneyness / MONEYNESS_UNIT, np.log(points.days + SHORTEST) / TIME_UNIT], axis=1)


def bucket_figures(group: QuotedGroup, ours: QuotePoints, real: QuotePoints, near: Floats) -> list[Figure]:
    """One figure per bucket and percentile: over matched quotes where there is a sample, over all of ours where there is none."""
    figures: list[Figure] = []
    for low, high in MONEY:
        for first, last in DAYS:
            chosen = bucket(real, low, high, first, last) & np.isfinite(near) if len(near) else bucket(ours, low, high, first, last)
            if chosen.sum() >= FEWEST:
                mine, theirs = (near[chosen], real.relative[chosen]) if len(near) else (ours.relative[chosen], np.empty(0))
                figures += spread_figures(group, f"{low:.0%} to {high:.0%} out, {first} to {last} days", mine, theirs)
    return figures


def spread_figures(group: QuotedGroup, where: str, ours: Floats, real: Floats) -> list[Figure]:
    """The group's percentiles of one bucket."""
    source = f"LEAN sample, {group.label}, {len(real)} quotes" if len(real) else "sample absent"
    figures: list[Figure] = []
    for percentile in group.percentiles:
        reference = 100 * float(np.percentile(real, percentile)) if len(real) else np.nan
        name = f"{group.ours.upper()} against {group.label}: {percentile}th percentile, {where}"
        tolerance = np.fmax(TOLERANCE * reference, LEAST_TOLERANCE)
        figures.append(Figure("spread", name, 100 * float(np.percentile(ours, percentile)), reference, "% of mid", source, float(tolerance), WHY[group.label]))
    return figures


def bucket(points: QuotePoints, low: float, high: float, first: float, last: float) -> NDArray[np.bool_]:
    """Which quotes lie in a bucket."""
    away = np.abs(points.moneyness)
    return (away >= low) & (away < high) & (points.days >= first) & (points.days < last)


def spread_plot(group: QuotedGroup, ours: QuotePoints, real: QuotePoints, near: Floats) -> Plot:
    """Median spread by distance from the money: of the sample's quotes and of ours matched to them, or of ours from 14 to 45 days without a sample."""
    edges = np.linspace(0.0, 0.2, 11)
    middle = 50.0 * (edges[:-1] + edges[1:])
    points, last = (real, np.inf) if len(near) else (ours, 45)
    within = [bucket(points, low, high, 0 if len(near) else 14, last) for low, high in pairwise(edges)]
    curves = [Curve(f"synthetic {group.ours.upper()}", middle, np.array([median((near if len(near) else ours.relative)[rows]) for rows in within]))]
    if len(near):
        curves.append(Curve(f"{group.label} sample", middle, np.array([median(real.relative[rows & np.isfinite(near)]) for rows in within])))
    title = f"Median spread, {group.ours.upper()} matched to {group.label}" if len(near) else f"Median spread, {group.ours.upper()}, 14 to 45 days"
    return Plot(title, "% out of the money", "% of mid", tuple(curves))


def median(values: Floats) -> float:
    """Median in per cent of the known values, NaN for too few."""
    values = values[np.isfinite(values)]
    return 100 * float(np.median(values)) if len(values) >= 5 else float("nan")
