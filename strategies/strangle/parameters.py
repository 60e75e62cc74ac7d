"""Parameters of the strangles. Seeds: 90 days, IV rank above 30, 50 % / 200 % / 21 days; deltas and ladder from the method's documentation (A3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import Enum

from vocabulary.errors import BadInput
from vocabulary.parameters import setting


class IvRankSource(Enum):
    """What stands for the underlying's implied volatility history: the VIX for all, or the underlying's own 20-day realised volatility."""

    VIX = "vix"
    REALISED = "realised"


@dataclass(frozen=True, slots=True)
class StrangleParameters:
    """Keys `strangle.<field>`."""

    futures: tuple[str, ...] = setting(("CL", "GC", "ES"), "tickers", "A3 by phase", "futures whose options are sold where the phase may hold them")
    funds: tuple[str, ...] = setting(
        ("TLT", "GLD"), "tickers", "A3 phase 1; first what moves least with the futures", "funds sold where futures may not be, and beside them"
    )
    futures_from: int = setting(3, "phase", "A3: P3 ES, CL, GC", "phase from which futures are sold", 0, 5)
    funds_beside_futures: bool = setting(True, "", "A3: phase 4 trades all", "funds are sold after the futures, not only instead of them")
    target_dte: int = setting(90, "calendar days", "S002-38", "days to expiry aimed at", 7, 400)
    dte_tolerance: int = setting(25, "calendar days", "own: always reaches a monthly cycle", "accepted distance from the target", 0, 200)
    put_delta: float = setting(0.06, "absolute delta", "DOC1: 5 to 7 (A3); PY 0.16 to 0.20", "sold put", 0.005, 0.5)
    call_delta: float = setting(0.055, "absolute delta", "DOC1: 5 to 6 (A3)", "sold call", 0.005, 0.5)
    entry_time: time = setting(time(9, 35), "New York time", "DOC1 (A3)", "first attempt")
    prepare_time: time = setting(time(9, 31), "New York time", "S002-1", "contracts are registered, roll candidates every session")
    attempts: int = setting(4, "times", "design 5", "asked again while legs have no quote yet", 1, 20)
    retry_minutes: int = setting(10, "minutes", "design 5", "between attempts", 1, 60)
    weekday: int = setting(1, "0 Monday to 4 Friday", "DOC1: Tuesday (A3)", "entry weekday", 0, 4)
    weeks: tuple[int, ...] = setting((2,), "nth of the month", "DOC1: second (A3)", "which such weekdays", 1, 5)
    iv_rank: float = setting(0.30, "fraction", "DOC1, S001 (A3)", "IV rank must be above; 0 switches the gate off", 0, 1)
    iv_rank_source: IvRankSource = setting(IvRankSource.VIX, "", "own: the view carries no IV history per underlying", "history the rank is taken in")
    vix_low: float = setting(13.0, "VIX", "DOC1 (A3)", "no entry below", 0)
    vix_high: float = setting(40.0, "VIX", "SPEC (A3)", "no entry above", 0)
    vix_neutral: float = setting(20.0, "VIX", "DOC1: contracts times VIX/20 (A3)", "VIX at which the base units are sold", 1)
    vix_scale_cap: float = setting(2.0, "multiplier", "DOC1 (A3)", "largest VIX scaling", 1, 5)
    base_units: int = setting(1, "units", "A3", "per strangle before VIX scaling", 1)
    event_dates: tuple[date, ...] = setting((), "YYYY-MM-DD", "DOC1 (A3): no event within 30 days", "events to keep away from; empty watches none")
    event_days: int = setting(30, "calendar days", "DOC1 (A3)", "how near an event refuses", 0, 365)
    min_credit: float = setting(0.25, "price", "A7", "least mid credit per unit", 0)
    profit: float = setting(0.50, "fraction of credit", "S002-9", "profit target", 0.01, 1)
    stop: float = setting(2.0, "multiples of credit", "S002-11", "stop loss", 0.1)
    exit_dte: int = setting(21, "calendar days", "S002-12", "mandatory exit", 0, 400)
    ladder_hold: float = setting(0.16, "absolute delta", "DOC1 (A3)", "tested side up to here: hold", 0.01, 1)
    ladder_roll: float = setting(0.20, "absolute delta", "DOC1 (A3)", "from here: roll the untested side", 0.01, 1)
    ladder_close_side: float = setting(0.25, "absolute delta", "DOC1 (A3)", "from here: close the tested side", 0.01, 1)
    ladder_close_all: float = setting(0.30, "absolute delta", "DOC1 (A3)", "from here: close everything", 0.01, 1)
    roll_delta: float = setting(0.10, "absolute delta", "own: between entry delta and the hold line", "delta the untested side is rolled to", 0.01, 0.5)
    max_rolls: int = setting(2, "rolls", "A2, H-49", "per position", 0, 20)

    def __post_init__(self) -> None:
        ladder = (self.ladder_hold, self.ladder_roll, self.ladder_close_side, self.ladder_close_all)
        if list(ladder) != sorted(ladder):
            raise BadInput(f"parameter strangle.ladder_*={ladder}: hold, roll, close_side, close_all must rise")
        if not self.futures and not self.funds:
            raise BadInput("parameter strangle.futures and strangle.funds: at least one of them needs a ticker")
