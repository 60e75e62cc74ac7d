"""The weekly correlation review: do the nine groups still describe how things move? (B rules of thumb, C; S002-29)

Correlations are estimated from completed daily returns of what the desk holds and may trade, never taken from a table. Two symbols of different groups that
move together count as one group until the next review; the mean over what is held raises an alert, and beyond the breaker's level stops new risk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from risk.correlation import group_of
from risk.exposure import Exposure
from risk.parameters import CrashParameters
from risk.state import LinkedPair, RiskEvent, RiskState
from vocabulary.market import DailyBars, MarketView

MIN_RETURNS = 20


def observe_correlation(
    state: RiskState, view: MarketView, held: Sequence[Exposure], traded: Sequence[str], parameters: CrashParameters
) -> tuple[RiskState, tuple[RiskEvent, ...]]:
    """Once per calendar week: new links, the mean correlation of what is held, and one event with both."""
    today = view.now.date()
    if state.reviewed is not None and state.reviewed.isocalendar()[:2] == today.isocalendar()[:2]:
        return state, ()
    owned = sorted({entry.underlying for entry in held})
    symbols = sorted({*owned, *traded})
    correlations = estimate_correlations({symbol: view.daily(symbol, parameters.review_days + 1) for symbol in symbols})
    # inside a group things move together by definition; what is watched is whether the groups still spread the risk
    across = [(pair, value) for pair, value in correlations.items() if group_of(pair[0]) is not group_of(pair[1])]
    links = tuple(LinkedPair(first, second, value) for (first, second), value in sorted(across) if value > parameters.same_group)
    among = [value for pair, value in across if pair[0] in owned and pair[1] in owned]
    mean = round(float(np.mean(among)), 4) if among else None
    inputs = {"mean": mean, "alarm": parameters.alarm, "links": "; ".join(f"{pair.first}-{pair.second} {pair.correlation:.2f}" for pair in links)}
    code = "CORRELATION_HIGH" if mean is not None and mean >= parameters.alarm else "CORRELATION_REVIEW"
    held_text = "no two of them held in different groups" if mean is None else f"mean of what is held {mean:.2f}"
    event = RiskEvent(view.now, code, f"weekly review: {len(correlations)} pairs of {len(symbols)} symbols, {len(links)} linked, {held_text}", inputs)
    return replace(state, links=links, mean_correlation=mean, together=_together(state, mean, parameters), reviewed=today), (event,)


def estimate_correlations(bars: Mapping[str, DailyBars]) -> dict[tuple[str, str], float]:
    """Pearson correlation of daily log returns per pair of symbols (names ascending), over the days both have; pairs with fewer than 20 common returns or
    without variance are left out."""
    closes = {symbol: _closes_by_day(series) for symbol, series in bars.items()}
    found: dict[tuple[str, str], float] = {}
    for first, second in combinations(sorted(bars), 2):
        days = sorted(closes[first].keys() & closes[second].keys())
        if len(days) <= MIN_RETURNS:
            continue
        returns = np.diff(np.log([[closes[symbol][day] for day in days] for symbol in (first, second)]), axis=1)
        if np.all(returns.std(axis=1) > 0):
            found[first, second] = round(float(np.corrcoef(returns)[0, 1]), 4)
    return found


def _together(state: RiskState, mean: float | None, parameters: CrashParameters) -> bool:
    """Stop new risk from the breaker's level until a review finds less than the reset level, or nothing left to compare."""
    if mean is None:
        return False
    return mean >= (parameters.breaker_reset if state.together else parameters.breaker)


def _closes_by_day(series: DailyBars) -> dict[int, float]:
    usable = np.isfinite(series.close) & (series.close > 0)
    days = series.day[usable].astype("datetime64[D]").astype(np.int64)
    return dict(zip(days.tolist(), series.close[usable].tolist(), strict=True))
