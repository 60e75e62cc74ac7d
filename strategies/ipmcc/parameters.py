"""Parameters of the IPMCC; the seeds only name the strategy, so the defaults are the method's documentation (A4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from enum import Enum

from vocabulary.errors import BadInput
from vocabulary.parameters import setting


class EntryLevel(Enum):
    """How far the price must have come back before a LEAP is bought."""

    ANY = "any"
    AVERAGE_21 = "average_21"
    AVERAGE_50 = "average_50"
    LOWER_BAND = "lower_band"


class SafeInvariant(Enum):
    """How the LEAP strike counts in the invariant.

    LITERAL: at face, as if the LEAP were exercised. DISCOUNTED: at its present value on the day the call ends, since a called-away LEAP is sold and a call
    is never worth less than price minus discounted strike. OFF: not asked.
    """

    LITERAL = "literal"
    DISCOUNTED = "discounted"
    OFF = "off"


class CalledAway(Enum):
    """What happens to an in-the-money weekly call at its end: rolled while that brings money, or the whole position is closed."""

    ROLL = "roll"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class IpmccParameters:
    """Keys `ipmcc.<field>`."""

    symbols: tuple[str, ...] = setting(("QQQ", "IWM", "SPY"), "tickers", "DOC1 (A4)", "one position each; those too large for the account are refused")
    leap_dte: int = setting(365, "calendar days", "DOC1 (A4)", "days to expiry of the LEAP aimed at", 60, 1100)
    leap_dte_low: int = setting(180, "calendar days", "DOC1 (A4)", "shortest LEAP", 30, 1100)
    leap_dte_high: int = setting(730, "calendar days", "DOC1 (A4)", "longest LEAP", 30, 1500)
    leap_delta: float = setting(0.80, "delta", "DOC1 (A4)", "LEAP aimed at", 0.5, 0.99)
    leap_delta_low: float = setting(0.70, "delta", "DOC1 (A4)", "least delta of the LEAP", 0.3, 0.99)
    leap_delta_high: float = setting(0.90, "delta", "DOC1 (A4)", "largest delta of the LEAP", 0.5, 1)
    max_extrinsic: float = setting(0.05, "fraction of strike", "DOC1 (A4)", "time value of the LEAP beyond the interest on its strike", 0, 1)
    max_spread: float = setting(0.02, "fraction of mid", "S001 2 %; DOC1 0.5 %", "quoted spread of the LEAP", 0, 1)
    min_volume: float = setting(0.0, "contracts", "DOC1 1,000 a day; off: single LEAPs rarely trade so much", "yesterday's volume of the LEAP", 0)
    min_open_interest: float = setting(100.0, "contracts", "S001: more than 100", "yesterday's open interest of the LEAP", 0)
    entry_level: EntryLevel = setting(EntryLevel.AVERAGE_21, "", "DOC1: 21MA fair, 50MA better, band best", "price must be at or below this level")
    entry_tolerance: float = setting(0.01, "fraction of price", "own: at the average means within 1 %", "above the level still accepted", 0, 0.2)
    entry_time: time = setting(time(10, 0), "New York time", "A4", "LEAP entry, any session")
    prepare_time: time = setting(time(9, 35), "New York time", "DOC1: computed 09:15 (A4)", "contracts are registered, weekly calls included")
    attempts: int = setting(1, "times", "own: tomorrow is asked again anyway", "asked again while the LEAP has no quote yet", 1, 20)
    retry_minutes: int = setting(10, "minutes", "design 5", "between attempts", 1, 60)
    vix_high: float = setting(35.0, "VIX", "PY (A4)", "no LEAP entry above", 0)
    max_share: float = setting(0.15, "fraction of equity", "PY (A4): 15 % each", "cost of one LEAP", 0.01, 1)
    max_bound: float = setting(
        0.25, "fraction of equity", "own: LEAN margins the short call as naked", "cost of one LEAP and margin of its short call", 0.01, 2
    )
    units: int = setting(1, "units", "DOC1: 8 % per unit (A4)", "per position", 1)
    short_dte: int = setting(7, "calendar days", "DOC1 (A4)", "weekly call aimed at", 1, 60)
    short_dte_low: int = setting(4, "calendar days", "own: the next weekly even after a holiday", "shortest call sold", 1, 60)
    short_dte_high: int = setting(12, "calendar days", "own: the next weekly even after a holiday", "longest call sold", 1, 90)
    sell_time: time = setting(time(10, 0), "New York time", "DOC1: worked from 09:30 (A4)", "on the week's last session: first sale when none is held")
    roll_before_close: int = setting(30, "minutes", "DOC1: market by 15:45 (A4)", "before the close of its last session a weekly call is rolled", 5, 380)
    ema_fast: int = setting(8, "sessions", "DOC1 (A4)", "fast average", 2, 100)
    ema_slow: int = setting(21, "sessions", "DOC1 (A4)", "slow average", 3, 300)
    down_depth: float = setting(0.005, "fraction of price", "DOC1: multiplier 0.995 (A4)", "in the money when the averages point down", 0, 0.2)
    stretched: float = setting(0.02, "fraction", "DOC1 (A4)", "price this far above the fast average counts as stretched", 0, 0.5)
    stretched_depth: float = setting(0.010, "fraction of price", "DOC1: 2 to 3 strikes (A4)", "in the money when stretched", 0, 0.2)
    max_otm: float = setting(0.04, "fraction of price", "own: bound of what the safe invariant may ask", "farthest out of the money a call is sold", 0, 0.5)
    safe_invariant: SafeInvariant = setting(SafeInvariant.DISCOUNTED, "", "A4: else a called-away exit locks a loss", "strike + credits >= LEAP strike + debit")
    min_short_credit: float = setting(0.05, "price", "own: below it fees eat the sale", "least bid of a call sold", 0)
    extrinsic_gone: float = setting(0.90, "fraction of premium", "DOC1 (A4)", "a weekly call this far decayed is bought back or rolled", 0.1, 1)
    deep_in_money: float = setting(0.04, "fraction of strike", "own: early assignment is a matter of days", "called away before its end from here", 0, 1)
    called_away: CalledAway = setting(CalledAway.ROLL, "", "A4", "in-the-money weekly call at its end")
    leap_roll_dte: int = setting(90, "calendar days", "v17 (A4)", "a shorter LEAP is rolled out", 1, 700)
    leap_deeper: float = setting(0.10, "fraction", "DOC1 (A4)", "LEAP loss from which calls are sold one depth deeper", 0, 1)
    leap_reduce: float = setting(0.15, "fraction", "DOC1 (A4)", "LEAP loss that halves a position of several units", 0, 1)
    leap_alert: float = setting(0.20, "fraction", "DOC1: defensive (A4)", "LEAP loss that raises an alert", 0, 1)
    leap_exit: float = setting(0.30, "fraction", "DOC1 (A4)", "LEAP loss that closes the position", 0, 1)

    def __post_init__(self) -> None:
        if not self.leap_delta_low <= self.leap_delta <= self.leap_delta_high:
            raise BadInput("parameter ipmcc.leap_delta: must lie between leap_delta_low and leap_delta_high")
        if not self.short_dte_low <= self.short_dte <= self.short_dte_high:
            raise BadInput("parameter ipmcc.short_dte: must lie between short_dte_low and short_dte_high")
        if not self.leap_deeper <= self.leap_reduce <= self.leap_alert <= self.leap_exit:
            raise BadInput("parameter ipmcc.leap_*: deeper, reduce, alert, exit must rise")
        if not self.symbols:
            raise BadInput("parameter ipmcc.symbols: needs at least one ticker")
