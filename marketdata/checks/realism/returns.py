"""How the underlying moves: distribution of returns, clustering, leverage, the shape of the day, the volatility index against returns, the variance risk
premium.

Published figures, each with the days it is of; where no publication with the figure was found, the report has none:
- Garven, On the relationship between the S&P 500 and the VIX (derivatives.garven.com): 8,574 daily changes, January 1990 to 12 January 2024, correlation -0.70,
  R squared 0.4887, slope of the index on the VIX -0.1147, from which the slope the other way is 0.4887 / -0.1147;
- Luby, The VIX and 3% SPX Rises (VIX and More, 5 February 2007): mean change of the VIX on days on which the index moved 3 % or more;
- CFA Institute, Enterprising Investor, How Well Does the Market Predict Volatility?: VIX and the volatility of the 30 days after it, 1990 to 2024;
- Swedroe (etf.com): how often implied volatility exceeded the volatility realised, January 1990 to September 2014.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from marketdata.checks.realism.figures import Curve, Figure, Plot, Section
from marketdata.checks.realism.samples import Samples
from marketdata.port import TradeColumns
from marketdata.synthetic.calendar import CLOSE, OPEN, sessions
from marketdata.synthetic.market import SyntheticMarket
from marketdata.synthetic.skeleton import strip_state
from marketdata.synthetic.vix import vix_at

Floats = NDArray[np.float64]
MONTH = 21
REAL_DAYS = 40
LEAST_DAYS = 500
GARVEN = "Garven, daily 1990 to January 2024"
LUBY = "Luby 2007, mean of the days until then"
CFA = "CFA Institute, How Well Does the Market Predict Volatility?, 1990-2024"
SWEDROE = "Swedroe, etf.com, January 1990 to September 2014"
LARGE_MOVE = 0.03
NIGHTS = "few crashes make much of it: between 33 and 42 % with seeds 1 to 3"


def return_section(market: SyntheticMarket, samples: Samples | None) -> Section:
    """Daily returns and what they do to volatility."""
    ours = np.diff(market.paths.frames["market"].log_price)
    closes = samples.daily_bars("spy")[1] if samples is not None else np.empty(0)
    real = np.diff(np.log(closes)) if len(closes) > LEAST_DAYS else np.empty(0)
    source = "LEAN sample, SPY daily 1998-2021" if len(real) else "sample absent"
    figures = [
        Figure("returns", name, measure(ours), measure(real) if len(real) else np.nan, unit, source, tolerance, note)
        for name, measure, unit, tolerance, note in (
            ("volatility per year", lambda r: 100 * r.std() * np.sqrt(252.0), "%", 4.0, ""),
            ("skewness", skewness, "", 0.8, "crash days are pinned, so one of them carries much of the third moment"),
            ("excess kurtosis", kurtosis, "", 6.0, "2020-03 and the pinned days are in ours, 2008 in the reference"),
            ("days beyond 3 sigma", lambda r: 100 * float(np.mean(np.abs(r) > 3 * r.std())), "% of days", 0.8, ""),
            (
                "autocorrelation of returns, 1 day",
                lambda r: correlation(r[:-1], r[1:]),
                "",
                0.12,
                "March 2020 alternates; else independent",
            ),
            ("autocorrelation of squares, 1 day", lambda r: square_memory(r, 1), "", 0.2, ""),
            ("autocorrelation of squares, 5 days", lambda r: square_memory(r, 5), "", 0.2, ""),
            ("autocorrelation of squares, 20 days", lambda r: square_memory(r, 20), "", 0.2, ""),
            ("leverage: return with square of the next 5 days", lambda r: leverage(r, 5), "", 0.12, ""),
        )
    ]
    return Section((*figures, *volatility_figures(market, ours), *shape_figures(market, samples)), (memory_plot(ours, real), tail_plot(ours, real)))


def volatility_figures(market: SyntheticMarket, returns: Floats) -> list[Figure]:
    """The volatility index against returns, and what it is above realised volatility."""
    level = vix_closes(market)
    change, same = np.diff(level) / level[:-1], np.expm1(returns[1:])
    slope = float(np.cov(change, same)[0, 1] / np.var(same, ddof=1))
    rows = [np.sum(returns[i + 1 : i + 1 + MONTH] ** 2) for i in range(len(level) - MONTH)]
    implied, realised = level[: len(rows)], 100.0 * np.sqrt(np.array(rows) * 252.0 / MONTH)
    fell, rose = (100 * float(change[moved].mean()) for moved in (same <= -LARGE_MOVE, same >= LARGE_MOVE))
    above = 100 * float(np.mean(implied > realised))
    moves = (int(np.sum(same <= -LARGE_MOVE)), int(np.sum(same >= LARGE_MOVE)))
    crash = f"{moves[0]} falls and {moves[1]} rises of ours; on 5 February 2018 the VIX more than doubled, as published"
    return [
        Figure("volatility", "mean of the volatility index", float(level.mean()), 19.59, "points", CFA, 3.0),
        Figure("volatility", "correlation of VIX changes with returns", correlation(change, same), -0.70, "", GARVEN, 0.08),
        Figure("volatility", "change of the VIX per unit of return", slope, 0.4887 / -0.1147, "", GARVEN, 1.5),
        Figure("volatility", "VIX on days the index falls 3 % or more", fell, 14.3, "%", LUBY, 6.0, crash),
        Figure("volatility", "VIX on days the index rises 3 % or more", rose, -9.7, "%", LUBY, 6.0, crash),
        Figure(
            "premium", "volatility of the following month", float(realised.mean()), 15.50, "points", CFA, 3.0, "our years hold 2020, without the calm 1990s"
        ),
        Figure("premium", "VIX less the volatility of the following month", float((implied - realised).mean()), 4.09, "points", CFA, 1.5),
        Figure("premium", "days with the VIX above the volatility that follows", above, 85.0, "%", SWEDROE, 10.0),
    ]


def vix_closes(market: SyntheticMarket) -> Floats:
    """(sessions,) level of the volatility index at its close."""
    frame = market.paths.frames["market"]
    states = [strip_state(row, frame.log_price, frame.log_vol, frame.slow) for row in range(1, sessions().simulated + 1)]
    return np.array([float(vix_at(state, frame.log_vol[row : row + 1])[0]) for row, state in enumerate(states, start=1)])


def shape_figures(market: SyntheticMarket, samples: Samples | None) -> list[Figure]:
    """How the day's variance is spread over its half-hours."""
    calendar = sessions()
    chosen = [i for i in range(0, calendar.simulated, calendar.simulated // REAL_DAYS) if not calendar.half[i]]
    ours = half_hours([np.diff(market.paths.session("market", i)[0][OPEN : CLOSE + 1]) for i in chosen])
    real = [regular_returns(bars) for bars in samples.minute_trades("spy")] if samples is not None else []
    real = [returns for returns in real if len(returns) >= 385]
    reference = half_hours(real) if real else np.full(13, np.nan)
    source = f"LEAN sample, SPY minutes, {len(real)} days" if real else "sample absent"
    note = "few days in the sample"
    overnight = overnight_share(market)
    opens, closes = samples.daily_bars("spy") if samples is not None else (np.empty(0), np.empty(0))
    night = night_share(np.log(opens[1:] / closes[:-1]), np.log(closes[1:] / opens[1:])) if len(opens) > LEAST_DAYS else np.nan
    nights = "LEAN sample, SPY daily 1998-2021" if len(opens) > LEAST_DAYS else "sample absent"
    return [
        Figure("day", "share of the first half-hour", 100 * float(ours[0]), 100 * float(reference[0]), "% of regular variance", source, 12.0, note),
        Figure("day", "share of 12:30 to 13:00", 100 * float(ours[6]), 100 * float(reference[6]), "% of regular variance", source, 6.0, note),
        Figure("day", "share of the last half-hour", 100 * float(ours[12]), 100 * float(reference[12]), "% of regular variance", source, 8.0, note),
        Figure("day", "share of the night in the day's variance", 100 * overnight, 100 * night, "%", nights, 12.0, NIGHTS),
    ]


def regular_returns(bars: TradeColumns) -> Floats:
    """Minute log returns of 09:30 to 16:00."""
    minute = bars.start // 60_000_000 % 1440
    keep = (minute >= 570) & (minute < 960)
    return np.diff(np.log(np.concatenate([bars.open[keep][:1], bars.close[keep]])))


def half_hours(days: list[Floats]) -> Floats:
    """(13,) share of squared minute returns in each half-hour, mean of the days' shares."""
    shares: list[Floats] = []
    for returns in days:
        squares = np.add.reduceat(returns**2, np.minimum(np.arange(0, 390, 30), len(returns) - 1))
        shares.append(squares / squares.sum())
    return np.mean(shares, axis=0)


def overnight_share(market: SyntheticMarket) -> float:
    """Squared close-to-open returns over squared the sum of both parts, every fifth session."""
    frame = market.paths.frames["market"]
    opens = np.array([market.paths.session("market", i)[0][OPEN] for i in range(0, sessions().simulated, 5)])
    before = frame.log_price[: sessions().simulated : 5]
    closes = frame.log_price[1::5][: len(opens)]
    return night_share(opens - before, closes - opens)


def night_share(night: Floats, day: Floats) -> float:
    """Squared log returns of the nights over those of nights and days."""
    return float(np.sum(night**2) / np.sum(night**2 + day**2))


def skewness(returns: Floats) -> float:
    """Third standardised moment."""
    return float(np.mean(((returns - returns.mean()) / returns.std()) ** 3))


def kurtosis(returns: Floats) -> float:
    """Fourth standardised moment less three."""
    return float(np.mean(((returns - returns.mean()) / returns.std()) ** 4) - 3.0)


def correlation(one: Floats, other: Floats) -> float:
    """Pearson's."""
    return float(np.corrcoef(one, other)[0, 1])


def square_memory(returns: Floats, lag: int) -> float:
    """Autocorrelation of squared returns, the largest 0.2 % cut to the next so that one crash does not make it."""
    squares = np.minimum(returns**2, np.quantile(returns**2, 0.998))
    return correlation(squares[:-lag], squares[lag:])


def leverage(returns: Floats, ahead: int) -> float:
    """Correlation of a return with the mean squared return of the following days."""
    squares = np.minimum(returns**2, np.quantile(returns**2, 0.998))
    after = np.convolve(squares, np.ones(ahead) / ahead, mode="valid")[1:]
    return correlation(returns[: len(after)], after)


def memory_plot(ours: Floats, real: Floats) -> Plot:
    """Autocorrelation of squares by lag."""
    lags = np.arange(1, 61)
    curves = [Curve("synthetic market", lags.astype(float), np.array([square_memory(ours, int(lag)) for lag in lags]))]
    if len(real):
        curves.append(Curve("SPY 1998-2021 (sample)", lags.astype(float), np.array([square_memory(real, int(lag)) for lag in lags])))
    return Plot("Volatility clusters: autocorrelation of squared daily returns", "lag in days", "autocorrelation", tuple(curves))


def tail_plot(ours: Floats, real: Floats) -> Plot:
    """Share of days beyond each number of sigmas."""
    sigmas = np.linspace(0.5, 8.0, 60)
    named = [("synthetic market", ours), ("SPY 1998-2021 (sample)", real)] if len(real) else [("synthetic market", ours)]
    curves = tuple(Curve(name, sigmas, np.maximum(np.array([np.mean(np.abs(r) > s * r.std()) for s in sigmas]), 1e-5)) for name, r in named)
    return Plot("Tails: days beyond a number of standard deviations", "standard deviations", "share of days", curves, log_y=True)
