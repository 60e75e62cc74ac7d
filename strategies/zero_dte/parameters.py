"""Parameters of the 0DTE strategy. Seeds first (0.7 ATR, iron condor, 25 % profit, 200 % stop), the method's documentation where they are silent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from vocabulary.errors import BadInput
from vocabulary.parameters import setting


@dataclass(frozen=True, slots=True)
class ZeroDteParameters:
    """Keys `zero_dte.<field>`."""

    symbols: tuple[str, ...] = setting(
        ("SPX", "SPY"), "tickers", "A1 (ES, SPX second; H-5: LEAN has no ES 0DTE series)", "tried in order: the first whose one unit is small enough"
    )
    weekdays: tuple[int, ...] = setting((4,), "0 Monday to 4 Friday", "S002-37", "session days with an entry; needs an expiry on that very day", 0, 4)
    entry_time: time = setting(time(10, 30), "New York time", "DOC1 (A1)", "never before")
    prepare_time: time = setting(time(9, 45), "New York time", "S002-1", "contracts are registered")
    attempts: int = setting(3, "times", "design 5", "asked again while legs have no quote yet", 1, 20)
    retry_minutes: int = setting(5, "minutes", "design 5", "between attempts", 1, 60)
    atr_multiple: float = setting(0.7, "ATR", "S002-4", "distance of the short strikes", 0.1, 5)
    atr_days: int = setting(20, "sessions", "PY (A1)", "length of the ATR", 2, 250)
    directional_move: float = setting(0.005, "fraction", "DOC1 (A1)", "move since the open that turns the condor into a faded spread", 0, 0.1)
    wing: float = setting(0.006, "fraction of price", "DOC1: 30 points at 5000", "width of a spread", 0.0005, 0.1)
    wing_tested: float = setting(0.010, "fraction of price", "DOC1: 50 points at 5000", "width on the tested side when broken_wing", 0.0005, 0.1)
    broken_wing: bool = setting(False, "", "DOC1 prefers it; off: it nearly doubles what one unit can lose", "wider wing on the side the day moved to")
    max_short_delta: float = setting(0.30, "absolute delta", "DOC1 (A1): never 30 or more", "short legs stay below", 0.01, 1)
    min_credit: float = setting(0.10, "price", "A7", "least mid credit per unit", 0)
    vix_low: float = setting(0.0, "VIX", "DOC1 has none (SPEC, HEAD: 22)", "no entry below", 0)
    vix_high: float = setting(40.0, "VIX", "DOC1 (A1)", "no entry above", 0)
    max_gap: float = setting(1.0, "fraction", "DOC1 has none (HEAD: 0.015)", "opening gap that skips the day", 0, 1)
    skip_dates: tuple[str, ...] = setting((), "YYYY-MM-DD", "HEAD (A1): FOMC days", "days without an entry")
    buying_power: float = setting(2000.0, "GBP", "DOC1 (A1)", "free margin needed", 0)
    unit_floors: tuple[float, ...] = setting((30000.0, 40000.0, 75000.0, 100000.0, 150000.0), "GBP", "DOC1 (A1)", "one more unit from each equity", 0)
    max_loss_share: float = setting(0.04, "fraction of equity", "PY (B): 3 to 5 % per trade", "most one unit of a symbol may lose, else the next symbol", 0, 1)
    profit: float = setting(0.25, "fraction of credit", "S002-10", "profit target", 0.01, 1)
    stop: float = setting(2.0, "multiples of credit", "S002-11", "stop loss", 0.1)
    review_time: time = setting(time(14, 30), "New York time", "DOC1 (A1)", "from here a small profit is taken")
    review_before_close: int = setting(90, "minutes", "DOC1: 14:30 of a 16:00 close", "the same before an early close", 0, 380)
    review_profit: float = setting(0.10, "fraction of credit", "S001 (G1)", "small profit", 0, 1)
    flat_time: time = setting(time(15, 0), "New York time", "DOC1 (A1)", "everything is closed")
    flat_before_close: int = setting(60, "minutes", "DOC1: 15:00 of a 16:00 close", "the same before an early close", 0, 380)

    def __post_init__(self) -> None:
        if self.prepare_time >= self.entry_time:
            raise BadInput(f"parameter zero_dte.prepare_time={self.prepare_time}: must be before entry_time {self.entry_time}")
        if not self.symbols:
            raise BadInput("parameter zero_dte.symbols: needs at least one ticker")
