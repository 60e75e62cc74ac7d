"""Parameters of LT112. Seeds: 120 days, 0.7 ATR, 50 % / 200 % / 21 days; the structure itself is the method's documentation (A2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from enum import Enum

from vocabulary.errors import BadInput
from vocabulary.parameters import setting


class Lt112Structure(Enum):
    """ONE_ONE_TWO: debit spread plus two naked puts; PUT_SPREAD: the defined-risk credit spread of S002's letter."""

    ONE_ONE_TWO = "one_one_two"
    PUT_SPREAD = "put_spread"


class AtrScaling(Enum):
    """SQRT_TIME: 0.7 ATR times the root of the trading days to expiry (near 7 % at 120 days); LITERAL: 0.7 ATR as written, close to the money (H-28)."""

    SQRT_TIME = "sqrt_time"
    LITERAL = "literal"


@dataclass(frozen=True, slots=True)
class Lt112Parameters:
    """Keys `lt112.<field>`."""

    symbols: tuple[str, ...] = setting(("SPY",), "tickers", "A2 (group equity index)", "one entry per symbol and entry day")
    structure: Lt112Structure = setting(Lt112Structure.ONE_ONE_TWO, "", "DOC1 (A2), design 5", "what is opened")
    target_dte: int = setting(120, "calendar days", "S002-36", "days to expiry aimed at", 20, 400)
    dte_tolerance: int = setting(20, "calendar days", "DOC1 10; 20 so that a monthly cycle is always reached", "accepted distance from the target", 0, 200)
    atr_multiple: float = setting(0.7, "ATR", "S002-4", "distance of the spread", 0.05, 5)
    atr_days: int = setting(20, "sessions", "PY (A1)", "length of the ATR", 2, 250)
    atr_scaling: AtrScaling = setting(AtrScaling.SQRT_TIME, "", "design 5, H-28", "how the ATR distance grows with time")
    spread_width: float = setting(0.01, "fraction of price", "DOC1: 50 points at 5000", "between the two spread strikes of the 1-1-2", 0.001, 0.2)
    credit_spread_share: float = setting(0.5, "of the ATR distance", "PY (A2)", "width of the put_spread form", 0.05, 2)
    naked_delta: float = setting(0.05, "absolute delta", "DOC1 (A2)", "each naked put", 0.005, 0.5)
    max_spread_delta: float = setting(0.40, "absolute delta", "H-28 delta cap", "the nearer spread leg stays below", 0.01, 1)
    min_credit: float = setting(0.05, "price", "PY (A2); A7 has 0.50", "least credit per unit at natural prices; never a debit", 0)
    entry_time: time = setting(time(10, 0), "New York time", "DOC1 (A2)", "first attempt")
    prepare_time: time = setting(time(9, 45), "New York time", "S002-1", "contracts are registered")
    attempts: int = setting(3, "times", "DOC1: 10:00 to 10:10", "asked again while legs have no quote yet", 1, 20)
    retry_minutes: int = setting(5, "minutes", "DOC1", "between attempts", 1, 60)
    weekday: int = setting(2, "0 Monday to 4 Friday", "DOC1: Wednesday (A2)", "entry weekday", 0, 4)
    week_floors: tuple[float, ...] = setting((0.0, 75000.0, 100000.0, 150000.0), "GBP", "DOC1 (A2)", "equity from which the 1st to 4th such weekday is used", 0)
    vix_low: float = setting(12.0, "VIX", "SPEC, HEAD (A2)", "no entry below", 0)
    vix_high: float = setting(35.0, "VIX", "SPEC, HEAD (A2)", "no entry above", 0)
    year_high_gate: bool = setting(True, "", "DOC1 (A2)", "no entry at the 52-week high")
    trend_gate: bool = setting(False, "", "SPEC only (A2)", "only while EMA fast is above EMA slow")
    ema_fast: int = setting(8, "sessions", "SPEC (A2)", "fast average", 2, 200)
    ema_slow: int = setting(21, "sessions", "SPEC (A2)", "slow average", 2, 400)
    buying_power: float = setting(6000.0, "GBP", "DOC1 (A2)", "free margin needed", 0)
    unit_floors: tuple[float, ...] = setting((30000.0, 60000.0, 75000.0, 100000.0), "GBP", "A2 phase table", "one more unit from each equity", 0)
    component_exits: bool = setting(True, "", "DOC1 (A2)", "naked puts and spread are left by their own rules")
    naked_decay: float = setting(0.90, "fraction of premium", "DOC1 (A2)", "naked puts bought back after this decay", 0.1, 1)
    naked_dte: int = setting(30, "calendar days", "DOC1 (A2)", "naked puts bought back from here", 0, 400)
    spread_profit: float = setting(0.50, "fraction of debit", "DOC1 (A2)", "debit spread sold at this profit", 0.05, 10)
    keep_hedge: bool = setting(True, "", "C: keep hedges (August 2024); A7 sells the spread alone", "the spread is sold only once the naked puts are gone")
    delta_exit: float = setting(0.40, "absolute delta", "PY (A2)", "short delta that closes the whole unit", 0.05, 1)
    distance_close: float = setting(0.005, "fraction of price", "DOC1: 25 points at 5000", "underlying this near the naked strike: close all", 0, 0.5)
    distance_prepare: float = setting(0.010, "fraction of price", "DOC1: 50 points at 5000", "alert: prepare", 0, 0.5)
    distance_watch: float = setting(0.015, "fraction of price", "DOC1: 75 points at 5000", "alert: watch", 0, 0.5)
    profit: float = setting(0.50, "fraction of premium", "S002-9", "profit of the unit, on the naked puts' premium (put_spread: net credit)", 0.01, 5)
    stop: float = setting(2.0, "multiples of premium", "S002-11; HEAD (A2)", "loss of the naked puts that closes the unit (put_spread: net credit)", 0.1)
    exit_dte: int = setting(21, "calendar days", "S002-12", "mandatory exit", 0, 400)

    def __post_init__(self) -> None:
        if not self.distance_close <= self.distance_prepare <= self.distance_watch:
            raise BadInput("parameter lt112.distance_*: close, prepare, watch must rise")
        if self.prepare_time >= self.entry_time:
            raise BadInput(f"parameter lt112.prepare_time={self.prepare_time}: must be before entry_time {self.entry_time}")
        if not self.symbols:
            raise BadInput("parameter lt112.symbols: needs at least one ticker")
