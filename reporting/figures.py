"""The pictures of a report, as Plotly figures: equity and drawdown, profit per strategy, Greeks, buying power and VIX regime over time, MFE against MAE.

Each answers one question a trader asks of a run. Colours are fixed per strategy and per regime, so that pictures can be read beside each other.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from reporting.performance import closed_positions
from reporting.run_facts import RunFacts

STRATEGY_COLOURS = {"zero_dte": "#4c78a8", "lt112": "#f58518", "strangle": "#54a24b", "ipmcc": "#b279a2", "leap_ladder": "#e45756"}
REGIME_COLOURS = ["#d9f0d3", "#f7f7e5", "#fee8c8", "#fdbb84", "#ef6548", "#b30000"]
MARGIN = {"l": 60, "r": 20, "t": 40, "b": 40}
LAYOUT: dict[str, Any] = {"template": "plotly_white", "margin": MARGIN, "hovermode": "x unified", "legend": {"orientation": "h", "y": -0.15}}
ROOMY: dict[str, Any] = {**LAYOUT, "margin": {**MARGIN, "t": 80}}
NEAREST: dict[str, Any] = {**LAYOUT, "hovermode": "closest"}


def equity_figure(facts: RunFacts) -> go.Figure:
    """Equity, and its distance from the last peak."""
    equity = facts.samples["equity"]
    drawdown = 100 * (equity / equity.cummax() - 1)
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, row_heights=[0.7, 0.3], vertical_spacing=0.05)
    figure.add_trace(go.Scatter(x=equity.index, y=equity, name="equity", mode="lines", line={"color": "#222"}), row=1, col=1)
    figure.add_trace(go.Scatter(x=drawdown.index, y=drawdown, name="drawdown %", fill="tozeroy", line={"color": "#e45756"}), row=2, col=1)
    return figure.update_layout(title="Equity and drawdown (background: VIX regime)", height=460, shapes=regime_bands(facts), **LAYOUT)


def regime_bands(facts: RunFacts) -> list[dict[str, Any]]:
    """Background by VIX regime, calm to crisis, as layout shapes (one list: adding them singly takes minutes for a year)."""
    regime = facts.samples["regime"].dropna()
    order = facts.samples.groupby("regime")["vix"].median().sort_values().index.tolist()
    starts = regime[regime != regime.shift()]
    ends = [*starts.index[1:], regime.index[-1]] if len(starts) else []
    return [
        band(start, end, REGIME_COLOURS[min(order.index(name), len(REGIME_COLOURS) - 1)]) for start, end, name in zip(starts.index, ends, starts, strict=True)
    ]


def band(start: Any, end: Any, colour: str) -> dict[str, Any]:
    """One vertical stripe over the whole height."""
    where = {"xref": "x", "yref": "paper", "x0": start, "x1": end, "y0": 0, "y1": 1}
    return {"type": "rect", "fillcolor": colour, "opacity": 0.5, "line_width": 0, "layer": "below", **where}


def strategy_figure(facts: RunFacts) -> go.Figure:
    """Booked profit per strategy, summed over time."""
    figure = go.Figure()
    closed = closed_positions(facts).sort_values("closed")
    for name, part in closed.groupby("strategy"):
        profit = part["profit"].cumsum()
        figure.add_trace(go.Scatter(x=part["closed"], y=profit, name=str(name), mode="lines+markers", line={"color": STRATEGY_COLOURS.get(str(name))}))
    return figure.update_layout(title="Booked profit per strategy, after fees", height=360, **LAYOUT)


def greeks_figure(facts: RunFacts) -> go.Figure:
    """The portfolio's Greeks in the desk's units."""
    titles = ("beta-weighted delta (SPY shares)", "gamma (delta per 1.00)", "theta (currency per day)", "vega (per vol point)")
    figure = make_subplots(rows=2, cols=2, subplot_titles=titles, shared_xaxes=True, vertical_spacing=0.12)
    for i, column in enumerate(("beta_delta", "gamma", "theta", "vega")):
        series = facts.samples[column].dropna()
        figure.add_trace(go.Scatter(x=series.index, y=series, name=column, showlegend=False), row=i // 2 + 1, col=i % 2 + 1)
    return figure.update_layout(title="Greeks", height=520, **ROOMY)


def margin_figure(facts: RunFacts) -> go.Figure:
    """Buying power used, and VIX."""
    figure = make_subplots(specs=[[{"secondary_y": True}]])
    samples = facts.samples
    figure.add_trace(go.Scatter(x=samples.index, y=100 * samples["bp_use"], name="buying power used %", fill="tozeroy"), secondary_y=False)
    figure.add_trace(go.Scatter(x=samples.index, y=samples["vix"], name="VIX", line={"color": "#b30000", "width": 1}), secondary_y=True)
    return figure.update_layout(title="Buying power and VIX", height=360, **LAYOUT)


def score_figure(facts: RunFacts) -> go.Figure:
    """Risk score (100 is calm; it is known where Greeks were) and open positions."""
    figure = make_subplots(specs=[[{"secondary_y": True}]])
    samples = facts.samples
    score = samples["risk_score"].dropna()
    figure.add_trace(go.Scatter(x=score.index, y=score, name="risk score", mode="lines", line={"color": "#4c78a8", "shape": "hv"}), secondary_y=False)
    positions = go.Scatter(x=samples.index, y=samples["open_positions"], name="open positions", line={"color": "#54a24b", "shape": "hv"})
    figure.add_trace(positions, secondary_y=True)
    return figure.update_layout(title="Risk score and open positions", height=320, **LAYOUT)


def excursion_figure(facts: RunFacts) -> go.Figure:
    """How far each closed position went for and against before it ended."""
    figure = go.Figure()
    closed = closed_positions(facts)
    for name, part in closed.groupby("strategy"):
        texts = (part["underlying"] + " " + part["exit_rule"]).tolist()
        marker = {"color": STRATEGY_COLOURS.get(str(name)), "size": 8, "symbol": ["circle" if profit > 0 else "x" for profit in part["profit"]]}
        figure.add_trace(go.Scatter(x=part["mae"], y=part["mfe"], text=texts, name=str(name), mode="markers", marker=marker))
    figure.update_layout(title="Best against worst open profit (circle: won, cross: lost)", height=380, **NEAREST)
    return figure.update_xaxes(title="worst open profit (MAE)").update_yaxes(title="best open profit (MFE)")


def monthly_profit(facts: RunFacts) -> pd.Series:
    """Change of equity per calendar month."""
    equity = facts.samples["equity"].dropna()
    months = pd.DatetimeIndex(equity.index).tz_localize(None).to_period("M")
    last = equity.groupby(months).last()
    first = pd.Series([equity.iloc[0]], index=[last.index[0] - 1])
    return pd.concat([first, last]).diff().dropna()


def monthly_figure(facts: RunFacts) -> go.Figure:
    """Profit per month."""
    profit = monthly_profit(facts)
    colours = ["#54a24b" if value > 0 else "#e45756" for value in profit]
    figure = go.Figure(go.Bar(x=[str(month) for month in profit.index], y=profit.to_numpy(), marker_color=colours))
    return figure.update_layout(title="Change of equity per month", height=360, xaxis_type="category", **LAYOUT)
