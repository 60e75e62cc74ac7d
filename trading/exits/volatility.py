"""The VIX-spike defence: short premium goes when volatility jumps, before the stop would be met at a much worse price."""

from __future__ import annotations

from dataclasses import dataclass

from trading.exits.leaving import close_all
from vocabulary.decisions import Decision
from vocabulary.market import MarketView
from vocabulary.positions import Marks, Position


@dataclass(frozen=True, slots=True)
class VixSpike:
    """Close positions with shorts when VIX stands at `level`, or `daily_rise` above yesterday's close (method E: 35, +50 %).

    profitable_only: leave losing positions to the other rules (method C, protocol above 30: profitable strangles are closed). A missing VIX closes nothing.
    """

    level: float = 35.0
    daily_rise: float = 0.5
    profitable_only: bool = False

    @property
    def rule_id(self) -> str:
        """Stable id."""
        return f"E VIX spike {self.level:g}"

    def evaluate(self, position: Position, marks: Marks, view: MarketView) -> Decision | None:
        """CLOSE when VIX spikes."""
        vix = view.vix
        if vix is None or not position.short_holdings() or (self.profitable_only and not (marks.complete and marks.profit_natural > 0)):
            return None
        before = view.daily("VIX", 1).close
        rise = vix / float(before[-1]) - 1 if len(before) else 0.0
        if vix < self.level and rise < self.daily_rise:
            return None
        reason = f"VIX {vix:.2f} ({rise:+.0%} on the day)"
        return close_all(position, self.rule_id, reason, {"vix": vix, "rise": rise, "level": self.level, "daily_rise": self.daily_rise})
