"""Exit rules as values: what looks at an open position and may decide to close, reduce, roll or protect it.

A rule is pure: the same position, marks and view give the same answer, so that the desk, a backtest and a replay agree. The exit manager asks the
rules of a plan in their order; the first decision wins. Rules that need money figures return None on incomplete marks: a stale or missing quote never
triggers a trade.

What a decision of a rule means to the execution engine (structures in the position's own signs):
- CLOSE: everything that is held goes; `structure` is what is held, `units` how often.
- REDUCE: only the legs in `structure` go, `units` times; the rest of the position lives on (component exits of LT112).
- ROLL: `structure` goes and `replacement` comes in one combo. `structure` None: nothing goes, the legs of `replacement` join the position (the next
  weekly call sold against a LEAP that has none).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Protocol

from vocabulary.decisions import Decision
from vocabulary.market import MarketView
from vocabulary.positions import Marks, Position


class ExitRule(Protocol):
    """One reason to leave or change a position. `rule_id` is stable and names the source (for instance "S002-11 stop 200 %")."""

    @property
    def rule_id(self) -> str:
        """Stable id written into decisions, journals and reports."""
        ...

    def evaluate(self, position: Position, marks: Marks, view: MarketView) -> Decision | None:
        """The decision this rule takes now, None when it has nothing to say."""
        ...


@dataclass(frozen=True, slots=True)
class ExitPlan:
    """How one kind of position is left: rules in priority order, and when they must be asked beyond the desk's half-hourly round.

    check_times: wall clock New York on session days (skipped when the session has already closed). before_close: minutes before the session's own
    close, so that early closes move them.
    """

    rules: tuple[ExitRule, ...]
    check_times: tuple[time, ...] = ()
    before_close: tuple[int, ...] = ()
