"""What closed positions earned: win rate, profit factor, expectancy, excursions; for all, per strategy, per group, per exit rule.

Profit is booked cash after fees. A win is a profit above zero; profit factor is gross wins over gross losses, not the ratio of averages (method F).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import inf, nan

from trading.bookkeeping import profit_of
from vocabulary.positions import Position


@dataclass(frozen=True, slots=True)
class Performance:
    """Figures of a set of closed positions. Money in account currency; averages NaN without trades on that side; profit factor inf without losses."""

    trades: int
    wins: int
    net_profit: float
    gross_win: float
    gross_loss: float
    fees: float
    average_mfe: float
    average_mae: float
    worst: float

    @property
    def win_rate(self) -> float:
        """Share of wins, NaN without trades."""
        return self.wins / self.trades if self.trades else nan

    @property
    def profit_factor(self) -> float:
        """Gross wins over gross losses; infinite without losses, NaN without either."""
        if self.gross_loss == 0:
            return inf if self.gross_win > 0 else nan
        return self.gross_win / self.gross_loss

    @property
    def expectancy(self) -> float:
        """Average net profit per trade, NaN without trades."""
        return self.net_profit / self.trades if self.trades else nan

    @property
    def average_win(self) -> float:
        """Average winning trade, NaN without wins."""
        return self.gross_win / self.wins if self.wins else nan

    @property
    def average_loss(self) -> float:
        """Average losing trade as a positive figure, NaN without losses."""
        losses = self.trades - self.wins
        return self.gross_loss / losses if losses else nan


def performance(positions: Iterable[Position]) -> Performance:
    """Figures of closed positions."""
    closed = list(positions)
    profits = [float(profit_of(position)) for position in closed]
    gains, losses = [profit for profit in profits if profit > 0], [-profit for profit in profits if profit <= 0]
    count = len(closed)
    return Performance(
        trades=count,
        wins=len(gains),
        net_profit=sum(profits),
        gross_win=sum(gains),
        gross_loss=sum(losses),
        fees=sum(float(position.fees) for position in closed),
        average_mfe=sum(position.mfe for position in closed) / count if count else nan,
        average_mae=sum(position.mae for position in closed) / count if count else nan,
        worst=min(profits, default=nan),
    )


def performance_by(positions: Iterable[Position], label: Callable[[Position], str]) -> Mapping[str, Performance]:
    """Figures per label (strategy, group, exit rule), labels ascending."""
    parts: dict[str, list[Position]] = {}
    for position in positions:
        parts.setdefault(label(position), []).append(position)
    return {name: performance(parts[name]) for name in sorted(parts)}
