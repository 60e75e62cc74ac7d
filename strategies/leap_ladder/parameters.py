"""Parameters of the LEAP ladder. The sources mean three different things by it, so the side is a parameter (A5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from enum import Enum

from vocabulary.errors import BadInput
from vocabulary.parameters import setting


class LadderSide(Enum):
    """SHORT_PUT: weekly sold puts for income (DOC1). LONG_PUT: quarterly bought puts for protection (PY). LONG_CALL: quarterly bought calls (S002's word)."""

    SHORT_PUT = "short_put"
    LONG_PUT = "long_put"
    LONG_CALL = "long_call"


@dataclass(frozen=True, slots=True)
class LeapLadderParameters:
    """Keys `leap_ladder.<field>`."""

    symbols: tuple[str, ...] = setting(("SPY",), "tickers", "DOC1 (A5)", "one rung per symbol and entry day")
    side: LadderSide = setting(LadderSide.SHORT_PUT, "", "design 5, A5", "what a rung is")
    target_dte: int = setting(365, "calendar days", "DOC1 (A5)", "days to expiry of a sold rung", 60, 1100)
    dte_tolerance: int = setting(60, "calendar days", "own: quarterly cycles a year out", "accepted distance from the target", 0, 400)
    short_deltas: tuple[float, ...] = setting((0.12, 0.13, 0.14, 0.12), "absolute delta", "DOC1 (A5)", "sold put of the 1st to 4th entry of a month", 0.01, 0.5)
    weekday: int = setting(0, "0 Monday to 4 Friday", "DOC1: Monday (A5)", "entry weekday", 0, 4)
    entry_time: time = setting(time(10, 0), "New York time", "own: after the opening rotation", "first attempt")
    prepare_time: time = setting(time(9, 45), "New York time", "S002-1", "contracts are registered")
    attempts: int = setting(3, "times", "design 5", "asked again while the leg has no quote yet", 1, 20)
    retry_minutes: int = setting(10, "minutes", "design 5", "between attempts", 1, 60)
    vix_low: float = setting(15.0, "VIX", "DOC1 (A5)", "no rung below", 0)
    vix_double: float = setting(20.0, "VIX", "DOC1 (A5)", "sold rungs are doubled above", 0)
    vix_high: float = setting(40.0, "VIX", "HEAD, SPEC (A5)", "no rung above", 0)
    units: int = setting(1, "units", "A5", "per rung before doubling", 1)
    min_credit: float = setting(1.00, "price", "DOC1: about 4 per rung (A5)", "least mid credit of a sold rung", 0)
    min_open_interest: float = setting(100.0, "contracts", "S001: more than 100", "yesterday's open interest of a rung", 0)
    long_months: tuple[int, ...] = setting((1, 4, 7, 10), "month", "PY (A5)", "months with bought rungs, first entry weekday", 1, 12)
    long_put_distance: float = setting(0.10, "fraction of price", "PY: 5, 10, 15 % (A5)", "bought put out of the money", 0, 0.9)
    long_call_delta: float = setting(0.70, "delta", "own: A5 gives none", "bought call", 0.05, 0.99)
    profit: float = setting(0.30, "fraction of credit", "DOC1 (A5)", "profit target of a sold rung", 0.01, 1)
    stop: float = setting(2.0, "multiples of credit", "S002-11", "stop of a sold rung", 0.1)
    roll_dte: int = setting(150, "calendar days", "DOC1 (A5)", "a sold rung is rolled to a year out from here", 1, 700)
    max_rolls: int = setting(2, "rolls", "A2, H-49", "per rung; then it is closed at the roll day", 0, 20)
    long_profit: float = setting(1.00, "fraction of debit", "PY engine +100 % (A5)", "profit target of a bought rung", 0.05, 20)
    long_loss: float = setting(0.50, "fraction of debit", "PY -50 % (A5)", "loss that closes a bought rung", 0.05, 1)
    long_exit_dte: int = setting(90, "calendar days", "PY (A5)", "bought rungs are closed from here", 0, 700)

    def __post_init__(self) -> None:
        if not self.short_deltas or not self.symbols:
            raise BadInput("parameter leap_ladder.short_deltas and leap_ladder.symbols: need at least one entry")
        if self.roll_dte >= self.target_dte:
            raise BadInput(f"parameter leap_ladder.roll_dte={self.roll_dte}: must be below target_dte {self.target_dte}")

    @property
    def is_sold(self) -> bool:
        """True for the income ladder."""
        return self.side is LadderSide.SHORT_PUT
