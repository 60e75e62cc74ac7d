"""The one home of every number the risk rules use, each with its unit and the source of its default.

Where the sources contradict each other (two position tables, two VIX philosophies) the default follows the seeds first, then the method's long
documentation; the other figure stays reachable as a value of the same parameter. Tuples with five entries are indexed by phase 0 to 4, where phase 0 is an
account below the method's minimum.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from vocabulary.errors import BadInput
from vocabulary.parameters import ParameterObject, from_text, setting

# ticker:pounds, the method's table (A8); a micro is a tenth of its full contract
FUTURE_MARGINS = (
    "ES:13000",
    "MES:1300",
    "NQ:16000",
    "MNQ:1600",
    "RTY:7000",
    "M2K:700",
    "CL:5500",
    "MCL:550",
    "GC:6800",
    "MGC:680",
    "SI:7500",
    "ZB:3300",
    "ZN:1800",
    "6E:1800",
    "6B:2000",
    "6A:1900",
    "6C:1700",
    "ZC:1500",
    "ZS:2000",
    "ZW:1800",
    "LE:2500",
    "HE:2400",
)


class ResetPolicy(Enum):
    """Who takes the desk out of a latched state. MANUAL: only an audited reset; RECOVERY: the method's recovery conditions do, audited as well."""

    MANUAL = "manual"
    RECOVERY = "recovery"


class PoundSource(Enum):
    """Where the pound rate of a non-pound account comes from. FIXED: the parameter; MARKET: the view's price of GBPUSD, missing = no new risk."""

    FIXED = "fixed"
    MARKET = "market"


def _need_phases(parameters: ParameterObject, *names: str) -> None:
    for name in names:
        given = getattr(parameters, name)
        if len(given) != 5:
            raise BadInput(f"parameter {name}={given}: needs five numbers, for phases 0 to 4")


def _need_bands(parameters: ParameterObject, bounds: str, *names: str) -> None:
    edges: tuple[float, ...] = getattr(parameters, bounds)
    if list(edges) != sorted(edges):
        raise BadInput(f"parameter {bounds}={edges}: must rise")
    for name in names:
        given = getattr(parameters, name)
        if len(given) != len(edges) + 1:
            raise BadInput(f"parameter {name}={given}: needs {len(edges) + 1} numbers, one more than {bounds}")


@dataclass(frozen=True, slots=True)
class PhaseParameters:
    """Account phases 1 to 4 in pounds, promotion safeguards and demotion."""

    floors: tuple[float, ...] = setting((0.0, 30000.0, 40000.0, 60000.0, 75000.0), "GBP", "METH bands (B)", "account equity at which each phase begins", 0)
    pound_source: PoundSource = setting(PoundSource.FIXED, "", "H-10", "where the dollar/pound rate comes from")
    dollars_per_pound: float = setting(1.27, "USD per GBP", "PY (B)", "rate when pound_source is fixed", 0.5, 3)
    start: int = setting(-1, "phase", "B", "phase at the very first observation; -1 takes it from the equity", -1, 4)
    advance_trades: tuple[int, ...] = setting((0, 20, 50, 100, 0), "closed trades", "B advance rules", "needed in this phase before the next one", 0)
    advance_win_rate: tuple[float, ...] = setting((0.0, 0.6, 0.65, 0.7, 0.0), "fraction", "B advance rules", "needed in this phase before the next one", 0, 1)
    advance_days: tuple[int, ...] = setting((0, 60, 90, 120, 0), "calendar days", "B safeguards 2/3/4 months", "minimum stay in this phase", 0)
    advance_drawdown: tuple[float, ...] = setting((1.0, 0.15, 0.12, 0.10, 1.0), "fraction of peak", "B safeguards", "largest drawdown to advance", 0, 1)
    demote_buffer: float = setting(1 - 70 / 75, "fraction of the floor", "B: phase 4 is lost below 70k", "how far below its floor a phase is kept", 0, 0.5)
    demote_drawdown: float = setting(0.20, "fraction of peak", "B demote", "drawdown that costs a phase", 0, 1)

    def __post_init__(self) -> None:
        _need_phases(self, "floors", "advance_trades", "advance_win_rate", "advance_days", "advance_drawdown")
        if list(self.floors) != sorted(self.floors):
            raise BadInput(f"parameter phase.floors={self.floors}: must rise from phase 0 to phase 4")


@dataclass(frozen=True, slots=True)
class LimitParameters:
    """How many positions, and how much of the account, per phase."""

    per_group: tuple[int, ...] = setting((1, 2, 2, 2, 3), "positions", "S002-27, S002-28; phase 0 METH", "per correlation group", 0)
    total: tuple[int, ...] = setting((1, 3, 5, 7, 10), "positions", "CRIT (B)", "open at once", 0)
    trades_per_day: tuple[int, ...] = setting((2, 3, 5, 7, 10), "openings", "A7", "per session", 0)
    zero_dte: tuple[int, ...] = setting((0, 1, 2, 3, 4), "positions", "DOC1 (A1)", "per phase", 0)
    lt112: tuple[int, ...] = setting((0, 0, 2, 3, 3), "positions", "SPEC (A2)", "per phase", 0)
    strangle: tuple[int, ...] = setting((0, 1, 3, 4, 5), "positions", "DOC1 (A3)", "per phase", 0)
    ipmcc: tuple[int, ...] = setting((0, 1, 2, 3, 4), "positions", "DOC1 (A4)", "per phase", 0)
    leap_ladder: tuple[int, ...] = setting((0, 0, 2, 3, 10), "positions", "DOC1 (A5)", "per phase", 0)
    position_size: tuple[float, ...] = setting((0.05, 0.05, 0.07, 0.10, 0.15), "fraction of equity", "PY (B)", "margin and debit of one position", 0, 1)
    ipmcc_size: float = setting(0.15, "fraction of equity", "PY (A4: 15 % each)", "margin and debit of one IPMCC position, instead of position_size", 0, 1)
    risk_per_trade: tuple[float, ...] = setting((0.02, 0.03, 0.04, 0.05, 0.05), "fraction of equity", "PY (B), DOC1 2 %", "loss one position may cause", 0, 1)
    stop_multiple: float = setting(2.0, "multiples of the premium", "S002-11", "loss a structure with a naked side is charged with (its stop)", 0.1)
    bought_risk: float = setting(0.30, "fraction of the debit", "A4: exit at -30 %", "loss an IPMCC is charged with", 0.01, 1)
    strategies_per_underlying: int = setting(2, "strategies", "B rules of thumb", "different strategies on one underlying", 1)
    reserved_slots: int = setting(2, "positions", "A7 priorities", "per group, kept for strategies of higher priority that hold none there", 0)
    reserve_days: int = setting(
        6,
        "calendar days",
        "A7: the 0DTE comes first; six days reach every Friday",
        "a slot is kept from this many days before an entry day of the waiting strategy",
        0,
        40,
    )
    count_vix: tuple[float, ...] = setting((22.0, 28.0, 35.0), "VIX", "B VIX scale", "upper bounds of the bands of count_scale", 0)
    count_scale: tuple[float, ...] = setting((1.0, 0.8, 0.6, 0.4), "multiplier", "B VIX scale", "on position counts per VIX band", 0, 1)
    short_vol: int = setting(5, "positions", "C rules of August 2024", "0DTE, LT112 and strangles together", 0)
    lt112_units: int = setting(8, "units", "A2 global cap", "LT112 units together", 0)
    lt112_units_crash: int = setting(6, "units", "A2, C: 6 after the crash rule", "LT112 units at the defensive level", 0)
    lt112_units_emergency: int = setting(3, "units", "A2, C: then 3", "LT112 units at the emergency and recovery levels", 0)
    index_equivalents: int = setting(3, "positions", "C: three SPY-equivalents", "short-volatility positions on one index family", 0)
    zero_dte_bp: float = setting(0.25, "fraction of buying power", "HEAD (A1)", "all 0DTE positions together", 0, 1)

    def __post_init__(self) -> None:
        _need_phases(self, "per_group", "total", "trades_per_day", "zero_dte", "lt112", "strangle", "ipmcc", "leap_ladder", "position_size", "risk_per_trade")
        _need_bands(self, "count_vix", "count_scale")


@dataclass(frozen=True, slots=True)
class BuyingPowerParameters:
    """How much margin may be used, by phase and by VIX, and how position size follows the VIX."""

    phase_ceiling: tuple[float, ...] = setting((0.30, 0.50, 0.65, 0.75, 0.85), "fraction of equity", "PY (B); METH is 15 lower", "margin use by phase", 0, 1)
    vix_bounds: tuple[float, ...] = setting((13.0, 18.0, 25.0, 30.0), "VIX", "DOC1/v17 (C)", "upper bounds of the VIX bands", 0)
    ceiling: tuple[float, ...] = setting((0.45, 0.65, 0.775, 0.50, 0.80), "fraction of equity", "DOC1/v17 (C)", "margin use per band, bought structures", 0, 1)
    ceiling_short: tuple[float, ...] = setting(
        (0.45, 0.65, 0.775, 0.50, 0.25), "fraction of equity", "DOC1; above 30 six-regime (C)", "margin use per band, sold structures", 0, 1
    )
    reserve: float = setting(0.20, "fraction of the ceiling", "C, E: 20 % reserve", "kept free", 0, 1)
    cash_reserve: float = setting(0.20, "fraction of equity", "C rules of August 2024", "margin that must stay free after an opening", 0, 1)
    size_vix: tuple[float, ...] = setting((12.0, 25.0, 30.0, 40.0), "VIX", "METH, JS (C)", "upper bounds of the bands of size_scale", 0)
    size_scale: tuple[float, ...] = setting((0.8, 1.0, 0.75, 0.5, 0.3), "multiplier", "METH and JS (C): falls above 25", "units of sold structures", 0, 2)
    margin_breaker: tuple[float, ...] = setting(
        (0.80, 0.70, 0.60, 0.50), "fraction of equity", "HEAD (E)", "margin use that stops new risk, VIX 20/30/40", 0, 1
    )
    future_margins: tuple[str, ...] = setting(
        FUTURE_MARGINS,
        "TICKER:GBP",
        "A8 (micros: a tenth of the full contract)",
        "margin of one future, base of the futures-option estimate",
    )

    def __post_init__(self) -> None:
        _need_phases(self, "phase_ceiling")
        _need_bands(self, "vix_bounds", "ceiling", "ceiling_short")
        _need_bands(self, "size_vix", "size_scale")
        if len(self.margin_breaker) != 4:
            raise BadInput(f"parameter buying_power.margin_breaker={self.margin_breaker}: needs four numbers (VIX below 20, 30, 40, above)")


@dataclass(frozen=True, slots=True)
class BreakerParameters:
    """Losses and drawdowns that stop new risk or everything."""

    intraday: float = setting(0.03, "fraction", "HEAD (E)", "fall from the session's high: reduce only until the next day", 0, 1)
    day: float = setting(0.05, "fraction", "HEAD (E)", "fall since yesterday: reduce only until the next day", 0, 1)
    week: float = setting(0.10, "fraction", "HEAD (E)", "fall since last week: reduce only until the next week", 0, 1)
    month: float = setting(0.15, "fraction", "HEAD (E)", "fall since last month: reduce only until the next month", 0, 1)
    drawdown_halve: float = setting(0.10, "fraction of peak", "DOC1 (E)", "new units halved", 0, 1)
    drawdown_stop: float = setting(0.15, "fraction of peak", "DOC1 (E)", "reduce only, latched", 0, 1)
    drawdown_close: float = setting(0.20, "fraction of peak", "DOC1 (E)", "halted and everything closed, latched", 0, 1)
    drawdown_terminal: float = setting(0.30, "fraction of the all-time high", "DOC1 (E)", "halted for good until a manual reset", 0, 1)
    losses_in_a_row: tuple[int, ...] = setting((2, 2, 3, 3, 3), "closed trades", "HEAD (E)", "that pause new openings", 1)
    pause_hours: int = setting(24, "hours", "HEAD (E)", "pause after a losing streak", 0)
    reset: ResetPolicy = setting(ResetPolicy.MANUAL, "", "issue 3-6; HEAD recovery (E)", "who takes the desk out of a latched state")
    recovery_hours: int = setting(24, "hours", "HEAD (E)", "least time in reduce-only before recovery", 0)
    recovery_gain: float = setting(0.02, "fraction", "HEAD (E)", "rise of the equity from its low before recovery", 0, 1)
    recovery_vix: float = setting(25.0, "VIX", "HEAD (E)", "recovery only below", 0)
    halt_days: int = setting(14, "calendar days", "DOC1: two weeks off (E)", "least time in halted before recovery", 0)

    def __post_init__(self) -> None:
        _need_phases(self, "losses_in_a_row")
        levels = (self.drawdown_halve, self.drawdown_stop, self.drawdown_close, self.drawdown_terminal)
        if list(levels) != sorted(levels):
            raise BadInput(f"parameter breaker.drawdown_*={levels}: halve, stop, close, terminal must rise")


@dataclass(frozen=True, slots=True)
class CrashParameters:
    """Protection learned from August 2024: VIX levels, correlation review and what each level allows."""

    index: str = setting("SPY", "ticker", "C", "whose daily fall and which correlation reference is watched")
    defensive: float = setting(25.0, "VIX", "PY levels (C)", "defensive from here", 0)
    defensive_exit: float = setting(23.0, "VIX", "own: hysteresis, else the level flickers around 25", "defensive and recovery are left below", 0)
    emergency: float = setting(35.0, "VIX", "PY levels (C)", "emergency from here", 0)
    recovery: float = setting(30.0, "VIX", "PY levels (C)", "emergency becomes recovery below", 0)
    rise_points: float = setting(5.0, "VIX points since yesterday", "C detect", "a spike: at least defensive", 0)
    crash_points: float = setting(10.0, "VIX points since yesterday", "C detect", "a crash: emergency", 0)
    rise_fraction: float = setting(0.5, "fraction", "PY levels (C)", "rise over five readings with the VIX above recovery, or in a day: emergency", 0)
    defensive_limits: float = setting(0.8, "multiplier", "PY levels (C)", "on counts and units", 0, 1)
    emergency_limits: float = setting(0.5, "multiplier", "PY levels (C)", "on counts and units; only bought structures open", 0, 1)
    recovery_limits: float = setting(0.7, "multiplier", "PY levels (C)", "on counts and units", 0, 1)
    defensive_close: float = setting(0.15, "fraction of positions' margin", "PY levels (C)", "closed once when the level is reached", 0, 1)
    emergency_close: float = setting(0.40, "fraction of positions' margin", "PY levels (C)", "closed once when the level is reached", 0, 1)
    demand_days: int = setting(5, "calendar days", "own: one escalation is asked for once", "least time between two demands of the same level", 0)
    black_swan: float = setting(0.05, "fraction", "C: black swan day", "index fall in a day that closes 0DTE and strangles and pauses a day", 0, 1)
    review_days: int = setting(60, "sessions", "C weekly review", "returns behind the weekly correlation review", 10)
    same_group: float = setting(0.70, "correlation", "B rules of thumb", "two symbols above it count as one group", 0, 1)
    alarm: float = setting(0.60, "correlation", "JS (B)", "mean correlation across groups of what is held: alert", 0, 1)
    breaker: float = setting(0.90, "correlation", "HEAD (E)", "mean correlation across groups of what is held: no new risk", 0, 1)
    breaker_reset: float = setting(0.70, "correlation", "HEAD (E)", "stop lifted below", 0, 1)
    warn_group: int = setting(3, "positions", "C warnings", "in one group: alert", 1)
    warn_expiry: int = setting(3, "positions", "C warnings", "on one expiry: alert", 1)
    warn_bullish: int = setting(4, "positions", "C warnings", "LT112, LEAP and IPMCC together: alert", 1)


@dataclass(frozen=True, slots=True)
class RiskParameters:
    """Everything the gate needs, built from flat text by `risk_parameters`."""

    phase: PhaseParameters = PhaseParameters()
    limit: LimitParameters = LimitParameters()
    buying_power: BuyingPowerParameters = BuyingPowerParameters()
    breaker: BreakerParameters = BreakerParameters()
    crash: CrashParameters = CrashParameters()


SECTIONS: Mapping[str, type[ParameterObject]] = {
    "phase": PhaseParameters,
    "limit": LimitParameters,
    "buying_power": BuyingPowerParameters,
    "breaker": BreakerParameters,
    "crash": CrashParameters,
}


def risk_parameters(mapping: Mapping[str, str]) -> RiskParameters:
    """All risk parameters from text pairs such as `risk.limit.per_group=1,2,2,2,3`. Raises BadInput naming an unknown section or field."""
    for key in sorted(mapping):
        section = key.removeprefix("risk.").partition(".")[0]
        if key.startswith("risk.") and section not in SECTIONS:
            raise BadInput(f"parameter {key}: unknown; risk has the sections {', '.join(SECTIONS)} (for instance risk.limit.per_group)")
    return RiskParameters(
        from_text(PhaseParameters, mapping, "risk.phase"),
        from_text(LimitParameters, mapping, "risk.limit"),
        from_text(BuyingPowerParameters, mapping, "risk.buying_power"),
        from_text(BreakerParameters, mapping, "risk.breaker"),
        from_text(CrashParameters, mapping, "risk.crash"),
    )
