"""Implied volatility: skew and term structure by level of the volatility index, beside the real SPX chains of the samples.

Published figures: Moran (Cboe Options Hub, 18 July 2013) for 30-day SPX volatility at 90 % of the price over that at the money, on a day the VIX closed at
13.78; The Trading Tools (VIX term structure) for how often the VIX closed above the 3-month index, 321 of 4,132 days from 2010 to June 2026; SystemTrader
(VIX term structure) for the ratio of the two. For skew and term structure at other levels of the index than the sample's neither a sample nor a published
figure was found: those rows stand alone.
"""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from marketdata.checks.realism.figures import Curve, Figure, Plot, Section
from marketdata.checks.realism.samples import Samples
from marketdata.port import Instrument, Kind, UniverseRows
from marketdata.synthetic.calendar import sessions
from marketdata.synthetic.market import SyntheticMarket
from marketdata.synthetic.roots import ROOTS
from marketdata.synthetic.skeleton import strip_state
from marketdata.synthetic.vix import StripState, strip_variance, term_moment

Floats = NDArray[np.float64]
SPX = Instrument(Kind.INDEX_OPTION, "usa", "spx")
REAL_DAYS = (date(2015, 12, 22), date(2015, 12, 23))
"""The VIX closed at 16.60 and 15.57 on these days."""
REAL_RANGE = (14.5, 18.0)
REGIMES = (("calm, VIX below 15", 0.0, 15.0), ("normal, 15 to 25", 15.0, 25.0), ("stressed, above 25", 25.0, 200.0))
DAYS_PER_REGIME = 8
TERMS = np.array([30.0, 60.0, 90.0, 180.0, 365.0])
DELTAS = np.array([-0.05, -0.10, -0.25, -0.40, -0.50])
MORAN, MORAN_RANGE = "Moran 2013, SPX on 17 July 2013, VIX 13.78", (13.0, 14.6)
BACKWARDATION = "The Trading Tools, VIX above VIX3M, 2010 to June 2026"
MORAN_NOTE = "one day, read from a chart; the 10-delta puts of December 2015 agree with ours"
TWO_YEARS = "SystemTrader, two years to May 2026"
ALONE = "neither sample nor publication found"
THREE_MONTHS, EVERY = 93, 5
CURVE_NOTE = "forward variance reverts to one level with one speed, so a curve has one shape for each distance of the index from that level"
SURFACE_NOTE = "two December days; a level between the two markets is a matter of the day"


def surface_section(market: SyntheticMarket, samples: Samples | None, vix: Floats) -> Section:
    """Figures and plots of the SPX surface. vix: (sessions,) closes."""
    real = real_grid(samples)
    same = grid_of(market, sessions_between(vix, *REAL_RANGE))
    wing = wing_ratio(market, vix)
    regimes = [(name, grid_of(market, sessions_between(vix, low, high))) for name, low, high in REGIMES]
    figures = [
        *sample_figures(same, real),
        Figure("skew", "30-day volatility at 90 % of the price over at the money, VIX about 14", wing, 1.36, "", MORAN, 0.2, MORAN_NOTE),
        *curve_figures(three_month_ratios(market, vix)),
        *regime_figures(regimes),
    ]
    return Section(tuple(figures), (smile_plot(same, real), term_plot(regimes, real)))


def sample_figures(same: Floats, real: Floats) -> list[Figure]:
    """Skew and slope on sessions like the sample's, beside the sample; both (TERMS, DELTAS)."""
    source = "LEAN sample, SPX chains of 2015-12-22 and 23" if np.isfinite(real).any() else "sample absent"
    figures: list[Figure] = []
    for delta, column, tolerance in ((25, 2, 1.5), (10, 1, 2.5)):
        for term in (0, 1, 2):
            name = f"{delta}-delta put over at the money, {int(TERMS[term])} days, VIX about 16"
            ours, theirs = (over_the_money(grid, term, column) for grid in (same, real))
            figures.append(Figure("skew", name, ours, theirs, "points", source, tolerance, SURFACE_NOTE))
    figures.append(Figure("term structure", "at the money, 180 less 30 days, VIX about 16", slope(same), slope(real), "points", source, 1.5, SURFACE_NOTE))
    return figures


def regime_figures(regimes: list[tuple[str, Floats]]) -> list[Figure]:
    """Skew and slope by level of the volatility index."""
    skews = [
        Figure("skew", f"25-delta put over at the money, 30 days, {name}", over_the_money(grid, 0, 2), np.nan, "points", ALONE, np.inf)
        for name, grid in regimes
    ]
    return skews + [Figure("term structure", f"180 less 30 days, {name}", slope(grid), np.nan, "points", ALONE, np.inf) for name, grid in regimes]


def sessions_between(vix: Floats, low: float, high: float) -> list[int]:
    """A few sessions spread over those with the index in a range."""
    found = np.flatnonzero((vix >= low) & (vix < high))
    return found[np.linspace(0, len(found) - 1, min(DAYS_PER_REGIME, len(found))).astype(int)].tolist() if len(found) else []


def over_the_money(grid: Floats, term: int, delta: int) -> float:
    """Volatility of the puts of one of DELTAS less at-the-money volatility, in points."""
    return 100.0 * float(grid[term, delta] - grid[term, 4])


def slope(grid: Floats) -> float:
    """At-the-money volatility at 180 days less at 30, in points."""
    return 100.0 * float(grid[3, 4] - grid[0, 4])


def grid_of(market: SyntheticMarket, indices: list[int]) -> Floats:
    """(TERMS, DELTAS) mean volatility over some sessions; NaN without any."""
    grids = [chain_grid(rows) for index in indices if (rows := market.universe(SPX, sessions().date(index))) is not None]
    return np.nanmean(grids, axis=0) if grids else np.full((len(TERMS), len(DELTAS)), np.nan)


def real_grid(samples: Samples | None) -> Floats:
    """The same from the sample's chains."""
    chains = [rows for day in REAL_DAYS if samples is not None and (rows := samples.chain(SPX, day)) is not None]
    return np.nanmean([chain_grid(rows) for rows in chains], axis=0) if chains else np.full((len(TERMS), len(DELTAS)), np.nan)


def wing_ratio(market: SyntheticMarket, vix: Floats) -> float:
    """Put volatility at 90 % of the price over that at the price, 30 days, mean over some sessions with the index about 14."""
    chains = [market.universe(SPX, sessions().date(index)) for index in sessions_between(vix, *MORAN_RANGE)]
    return float(np.mean([strike_volatility(rows, 0.9) / strike_volatility(rows, 1.0) for rows in chains if rows is not None]))


def strike_volatility(rows: UniverseRows, share: float) -> float:
    """Put volatility at a share of the price, straight between neighbouring strikes and expiries, 30 days ahead."""
    if rows.underlying is None:
        return float("nan")
    right, days = np.array(rows.right), np.array([(one - rows.day).days for one in rows.expiry], dtype=np.float64)
    strikes = np.array([float(strike) for strike in rows.strike])
    terms = np.unique(days[days > 7])
    puts = [(days == term) & (right == "P") for term in terms]
    return float(np.interp(TERMS[0], terms, [np.interp(share * rows.underlying[3], strikes[put], rows.iv[put]) for put in puts]))


def curve_figures(ratios: Floats) -> list[Figure]:
    """How the VIX stands to the 3-month index: usually, on stressed days, and how often above it."""
    usual, stressed = (float(np.percentile(ratios, percentile)) for percentile in (50, 95))
    inverted = 100 * float(np.mean(ratios > 1.0))
    return [
        Figure("term structure", "VIX over the 3-month index, median", usual, 0.8803, "", TWO_YEARS, 0.05, CURVE_NOTE),
        Figure("term structure", "VIX over the 3-month index, 95th percentile", stressed, 1.0249, "", TWO_YEARS, 0.08, CURVE_NOTE),
        Figure("term structure", "days with the VIX above the 3-month index", inverted, 100 * 321 / 4132, "%", BACKWARDATION, 8.0, CURVE_NOTE),
    ]


def three_month_ratios(market: SyntheticMarket, vix: Floats) -> Floats:
    """VIX closes over the same strip formula at three months, every few sessions."""
    frame = market.paths.frames["market"]
    states = [strip_state(row, frame.log_price, frame.log_vol, frame.slow) for row in range(1, sessions().simulated + 1, EVERY)]
    return vix[::EVERY] / np.array([three_month_index(state, frame.log_vol[state.index + 1 : state.index + 2]) for state in states])


def three_month_index(state: StripState, log_vol: Floats) -> float:
    """The strip formula between the monthly expiries around 93 days, as Cboe's 3-month index has it."""
    day = sessions().date(state.index)
    left = {expiry: (expiry - day).days for expiry in ROOTS["spx"].listed(day, None)}
    around = [max(one for one in left if left[one] <= THREE_MONTHS), min(one for one in left if left[one] > THREE_MONTHS)]
    near, far = (term_moment(expiry).days - sessions().calendar_days(state.index, state.node) for expiry in around)
    weights = ((far - THREE_MONTHS) / (far - near) * near, (THREE_MONTHS - near) / (far - near) * far)
    total = sum(weight * float(strip_variance(state, log_vol, one, term_moment(one))[0]) for weight, one in zip(weights, around, strict=True))
    return 100.0 * float(np.sqrt(total / THREE_MONTHS))


def chain_grid(rows: UniverseRows) -> Floats:
    """(TERMS, DELTAS) volatility of puts by delta, straight between neighbouring strikes and expiries."""
    right, days = np.array(rows.right), np.array([(one - rows.day).days for one in rows.expiry], dtype=np.float64)
    terms, slices = [], []
    for term in np.unique(days):
        put = (days == term) & (right == "P") & (rows.delta < -0.01) & (rows.delta > -0.95) & (rows.iv > 0.03)
        if put.sum() >= 4 and term > 7:
            order = np.argsort(-rows.delta[put])
            terms.append(term)
            slices.append(np.interp(-DELTAS, -rows.delta[put][np.argsort(-rows.delta[put])], rows.iv[put][order]))
    table = np.array(slices)
    return np.stack([np.interp(TERMS, np.array(terms), table[:, i]) for i in range(len(DELTAS))], axis=1)


def smile_plot(ours: Floats, real: Floats) -> Plot:
    """Volatility by delta at two terms."""
    curves = [Curve(f"synthetic, {int(TERMS[i])} days", -DELTAS, 100 * ours[i]) for i in (0, 2)]
    if np.isfinite(real).any():
        curves += [Curve(f"SPX sample, {int(TERMS[i])} days", -DELTAS, 100 * real[i]) for i in (0, 2)]
    return Plot("SPX puts by delta, VIX about 16", "put delta (absolute)", "implied volatility, %", tuple(curves))


def term_plot(regimes: list[tuple[str, Floats]], real: Floats) -> Plot:
    """At-the-money volatility by term."""
    curves = [Curve(f"synthetic, {name}", TERMS, 100 * grid[:, 4]) for name, grid in regimes]
    if np.isfinite(real).any():
        curves.append(Curve("SPX sample, December 2015", TERMS, 100 * real[:, 4]))
    return Plot("At-the-money volatility by term", "days to expiry", "implied volatility, %", tuple(curves))
