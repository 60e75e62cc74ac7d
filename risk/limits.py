"""Position counts: per phase, strategy, group, underlying and expiry (B, C; S002-26 to S002-29, S002-41, S002-42).

Each check looks at one rule and returns the code of its refusal or None; the gate runs them in the order of `COUNT_CHECKS`. Counts scaled by VIX or crash
level never fall below one: whether anything at all may be opened is said by the states and levels, not by rounding.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from risk.correlation import INDEX_FAMILY, Group, crisis_cap, fine_group_of, group_of
from risk.exposure import Exposure
from risk.parameters import RiskParameters
from risk.reasons import ReasonCode
from risk.state import CrashLevel, RiskState
from risk.vix import VixRegime
from vocabulary.contracts import Structure
from vocabulary.decisions import Decision, Strategy

PRIORITY = (Strategy.ZERO_DTE, Strategy.LT112, Strategy.IPMCC, Strategy.STRANGLE, Strategy.LEAP_LADDER)  # A7
# products each phase adds (A3, A8); index funds, indices and shares are open to every phase
PHASE_PRODUCTS: Mapping[str, int] = {
    **dict.fromkeys(("MCL", "MGC"), 1),
    **dict.fromkeys(("MES", "MNQ", "M2K", "MYM", "6A", "M6E", "M6A"), 2),
    **dict.fromkeys(("ES", "NQ", "RTY", "YM", "CL", "GC", "SI", "HG", "QM", "RB", "HO"), 3),
    **dict.fromkeys(("LE", "HE", "GF", "ZC", "ZS", "ZW", "6E", "6B", "6C", "6J", "6S", "ZB", "ZN", "ZF", "ZT"), 3),
}


@dataclass(frozen=True, slots=True)
class OpeningCase:
    """Everything a check may look at. `held`: positions and intents. `traded`: the symbols each enabled strategy trades. `near_entry`: strategies with an
    entry day within `reserve_days`."""

    decision: Decision
    structure: Structure
    group: Group
    phase: int
    state: RiskState
    regime: VixRegime
    held: tuple[Exposure, ...]
    opened_today: int
    today: date
    parameters: RiskParameters
    traded: Mapping[Strategy, tuple[str, ...]]
    near_entry: frozenset[Strategy]

    @property
    def symbol(self) -> str:
        """Ticker of what would be opened."""
        return self.structure.underlying

    @property
    def crash_scale(self) -> float:
        """Multiplier on counts and units at this crash level."""
        return crash_scale(self.state.crash, self.parameters)

    def scaled(self, count: int) -> int:
        """A count limit after VIX and crash scaling; at least one when it was at least one."""
        scale = min(self.regime.count_scale, self.crash_scale)
        return min(count, max(1, int(count * scale + 1e-9)))


Check = Callable[[OpeningCase], ReasonCode | None]


def crash_scale(level: CrashLevel, parameters: RiskParameters) -> float:
    """Multiplier of a crash level on counts and units."""
    crash = parameters.crash
    return {
        CrashLevel.PREVENTIVE: 1.0,
        CrashLevel.DEFENSIVE: crash.defensive_limits,
        CrashLevel.RECOVERY: crash.recovery_limits,
        CrashLevel.EMERGENCY: crash.emergency_limits,
    }[level]


def strategy_limit(strategy: Strategy, phase: int, parameters: RiskParameters) -> int:
    """Positions of one strategy a phase may hold, before scaling."""
    by_phase: tuple[int, ...] = getattr(parameters.limit, strategy.value)
    return by_phase[phase]


def group_limit(case: OpeningCase) -> int:
    """Positions the decision's group may hold now: the seed's limit, VIX and crash scaled, and the crisis cap at the emergency level."""
    limit = case.scaled(case.parameters.limit.per_group[case.phase])
    return min(limit, crisis_cap(case.group)) if case.state.crash is CrashLevel.EMERGENCY else limit


def in_group(case: OpeningCase) -> tuple[Exposure, ...]:
    """What counts in the decision's group: its members and the symbols the last review linked to this one."""
    linked = {pair.second if pair.first == case.symbol else pair.first for pair in case.state.links if case.symbol in (pair.first, pair.second)}
    return tuple(entry for entry in case.held if group_of(entry.underlying) is case.group or entry.underlying in linked)


def _phase_strategy(case: OpeningCase) -> ReasonCode | None:
    return ReasonCode.PHASE_STRATEGY if strategy_limit(case.decision.strategy, case.phase, case.parameters) == 0 else None


def _phase_symbol(case: OpeningCase) -> ReasonCode | None:
    return ReasonCode.PHASE_SYMBOL if case.phase < PHASE_PRODUCTS.get(case.symbol, 0) else None


def _trades_per_day(case: OpeningCase) -> ReasonCode | None:
    done = case.opened_today + sum(1 for entry in case.held if entry.opened is None)
    return ReasonCode.TRADES_PER_DAY if done >= case.parameters.limit.trades_per_day[case.phase] else None


def _total(case: OpeningCase) -> ReasonCode | None:
    return ReasonCode.TOTAL_POSITIONS if len(case.held) >= case.scaled(case.parameters.limit.total[case.phase]) else None


def _strategy(case: OpeningCase) -> ReasonCode | None:
    held = sum(1 for entry in case.held if entry.strategy is case.decision.strategy)
    allowed = case.scaled(strategy_limit(case.decision.strategy, case.phase, case.parameters))
    return ReasonCode.STRATEGY_LIMIT if held >= allowed else None


def _group(case: OpeningCase) -> ReasonCode | None:
    return ReasonCode.GROUP_LIMIT if len(in_group(case)) >= group_limit(case) else None


def _fine_group(case: OpeningCase) -> ReasonCode | None:
    fine = fine_group_of(case.symbol)
    held = sum(1 for entry in case.held if fine is not None and entry.underlying in fine.members)
    return ReasonCode.FINE_GROUP_LIMIT if fine is not None and held >= fine.cap else None


def _reserved(case: OpeningCase) -> ReasonCode | None:
    """A first position leaves slots to the waiting strategies of higher priority, a second one to every waiting strategy; one slot is never reserved away.

    A strategy waits while it holds nothing in the group and an entry day of its own is near.
    """
    inside, limit = in_group(case), group_limit(case)
    present = {entry.strategy for entry in inside}
    own = case.decision.strategy
    ahead = PRIORITY if own in present else PRIORITY[: PRIORITY.index(own)]
    waiting = [strategy for strategy in ahead if strategy is not own and strategy not in present and _waits_for_group(case, strategy)]
    most = limit - 1 if own in present else min(case.parameters.limit.reserved_slots, limit - 1)
    return ReasonCode.GROUP_RESERVED if limit - len(inside) - 1 < min(len(waiting), most) else None


def _waits_for_group(case: OpeningCase, strategy: Strategy) -> bool:
    allowed = strategy_limit(strategy, case.phase, case.parameters) > 0
    return allowed and strategy in case.near_entry and any(group_of(symbol) is case.group for symbol in case.traded.get(strategy, ()))


def _underlying_strategies(case: OpeningCase) -> ReasonCode | None:
    others = {entry.strategy for entry in case.held if entry.underlying == case.symbol} | {case.decision.strategy}
    return ReasonCode.UNDERLYING_STRATEGIES if len(others) > case.parameters.limit.strategies_per_underlying else None


def _short_volatility(case: OpeningCase) -> ReasonCode | None:
    if not _adds_short_volatility(case):
        return None
    held = sum(1 for entry in case.held if entry.short_volatility)
    return ReasonCode.SHORT_VOL_LIMIT if held >= case.scaled(case.parameters.limit.short_vol) else None


def _index_equivalents(case: OpeningCase) -> ReasonCode | None:
    if not _adds_short_volatility(case) or case.symbol not in INDEX_FAMILY:
        return None
    held = sum(1 for entry in case.held if entry.short_volatility and entry.underlying in INDEX_FAMILY)
    return ReasonCode.INDEX_EQUIVALENTS if held >= case.parameters.limit.index_equivalents else None


def _same_expiry(case: OpeningCase) -> ReasonCode | None:
    if case.decision.strategy is not Strategy.LT112:
        return None
    day = case.structure.nearest_expiry
    clash = any(entry.strategy is Strategy.LT112 and entry.expires_on(day) for entry in case.held)
    return ReasonCode.SAME_EXPIRY if clash else None


def _adds_short_volatility(case: OpeningCase) -> bool:
    return Exposure(case.decision.strategy, case.structure, case.decision.units, False, None).short_volatility


COUNT_CHECKS: tuple[Check, ...] = (
    _phase_strategy,
    _phase_symbol,
    _same_expiry,
    _trades_per_day,
    _total,
    _strategy,
    _group,
    _fine_group,
    _reserved,
    _underlying_strategies,
    _short_volatility,
    _index_equivalents,
)
