"""Figures of a run, in the terms of the field: per strategy, group, exit rule and VIX regime; drawdown, worst day, margin peak.

Win rate counts closed positions with a profit after fees above zero; profit factor is gross wins over gross losses (not the ratio of averages).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, nan

import pandas as pd

from reporting.run_facts import RunFacts, records

DAYS_A_YEAR = 365.25
SHORTEST_YEAR = 0.25
HELD = ("open", "closing", "pending")


@dataclass(frozen=True, slots=True)
class TradeFigures:
    """A set of closed positions. Money in account currency after fees; profit_factor is inf without a loss, NaN without any trade."""

    name: str
    trades: int
    win_rate: float
    profit: float
    average_win: float
    average_loss: float
    profit_factor: float
    expectancy: float
    average_mfe: float
    average_mae: float
    average_days: float
    fees: float


@dataclass(frozen=True, slots=True)
class RunFigures:
    """A whole run. Fractions, not percent; drawdown and worst day negative. annual_return: NaN below a quarter of a year, where it says nothing."""

    start: str
    end: str
    first_equity: float
    last_equity: float
    total_return: float
    annual_return: float
    max_drawdown: float
    drawdown_start: str
    drawdown_end: str
    worst_day: str
    worst_day_profit: float
    best_day: str
    best_day_profit: float
    margin_peak: float
    bp_peak: float
    worst_risk_score: float
    open_positions: int
    all_trades: TradeFigures


def run_figures(facts: RunFacts) -> RunFigures:
    """Figures of the whole run."""
    equity = facts.samples["equity"].dropna()
    drawdown = equity / equity.cummax() - 1
    low = drawdown.idxmin()
    daily = daily_profit(equity)
    years = (equity.index[-1] - equity.index[0]).total_seconds() / 86_400 / DAYS_A_YEAR
    growth = float(equity.iloc[-1] / equity.iloc[0])
    return RunFigures(
        start=f"{equity.index[0]:%Y-%m-%d}",
        end=f"{equity.index[-1]:%Y-%m-%d}",
        first_equity=float(equity.iloc[0]),
        last_equity=float(equity.iloc[-1]),
        total_return=growth - 1,
        annual_return=growth ** (1 / years) - 1 if growth > 0 and years >= SHORTEST_YEAR else nan,
        max_drawdown=float(drawdown.min()),
        drawdown_start=f"{equity[:low].idxmax():%Y-%m-%d}",
        drawdown_end=f"{low:%Y-%m-%d}",
        worst_day=f"{daily.idxmin():%Y-%m-%d}" if len(daily) else "",
        worst_day_profit=float(daily.min()) if len(daily) else nan,
        best_day=f"{daily.idxmax():%Y-%m-%d}" if len(daily) else "",
        best_day_profit=float(daily.max()) if len(daily) else nan,
        margin_peak=float(facts.samples["margin_used"].max()),
        bp_peak=float(facts.samples["bp_use"].max()),
        worst_risk_score=float(facts.samples["risk_score"].min()),
        open_positions=int(facts.positions["state"].isin(HELD).sum()),
        all_trades=trade_figures("all", closed_positions(facts)),
    )


def daily_profit(equity: pd.Series[float]) -> pd.Series[float]:
    """Change of the last equity of each day."""
    days = pd.DatetimeIndex(equity.index).tz_localize(None).normalize()
    return equity.groupby(days).last().diff().dropna()


def closed_positions(facts: RunFacts) -> pd.DataFrame:
    """Closed positions with `days` held and `regime`, the VIX regime at their opening."""
    closed = facts.positions[facts.positions["state"] == "closed"].dropna(subset=["opened", "closed"]).sort_values("opened").copy()
    closed["days"] = (closed["closed"] - closed["opened"]).dt.total_seconds() / 86_400
    regimes = facts.samples[["regime"]].reset_index()
    return pd.merge_asof(closed, regimes, left_on="opened", right_on="time", direction="backward")


def trade_figures(name: str, closed: pd.DataFrame) -> TradeFigures:
    """Figures of some closed positions."""
    profit = closed["profit"].to_numpy(dtype=float)
    wins, losses = profit[profit > 0], profit[profit <= 0]
    lost = -float(losses.sum())
    factor = nan if not len(profit) else inf if lost == 0 else float(wins.sum()) / lost
    return TradeFigures(
        name=name,
        trades=len(profit),
        win_rate=len(wins) / len(profit) if len(profit) else nan,
        profit=float(profit.sum()),
        average_win=float(wins.mean()) if len(wins) else nan,
        average_loss=float(losses.mean()) if len(losses) else nan,
        profit_factor=factor,
        expectancy=float(profit.mean()) if len(profit) else nan,
        average_mfe=float(closed["mfe"].mean()) if len(profit) else nan,
        average_mae=float(closed["mae"].mean()) if len(profit) else nan,
        average_days=float(closed["days"].mean()) if len(profit) else nan,
        fees=float(closed["fees"].sum()),
    )


def figures_by(facts: RunFacts, column: str) -> list[TradeFigures]:
    """Trade figures per value of a column of the closed positions ("strategy", "grp", "exit_rule", "regime"), in name order."""
    closed = closed_positions(facts)
    return [trade_figures(str(name), part) for name, part in closed.groupby(column, sort=True)]


def refusals(facts: RunFacts) -> list[tuple[str, str, int]]:
    """(strategy, reason code, count) of every refusal: a strategy's own gate (a hold) or the risk gate's denial; most frequent first."""
    decisions = facts.decisions
    held = decisions[decisions["action"] == "hold"][["strategy", "rule"]].rename(columns={"rule": "code"})
    denied = decisions[(decisions["action"] == "open") & (decisions["code"] != "OK") & (decisions["code"] != "")][["strategy", "code"]]
    counts = pd.concat([held, denied]).value_counts().reset_index(name="times")
    ordered = counts.sort_values(["times", "strategy", "code"], ascending=[False, True, True])
    return [(row["strategy"], row["code"], int(row["times"])) for row in records(ordered)]
