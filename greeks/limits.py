"""How much delta, gamma, theta and vega the book may carry in each account phase, and the reason code when it may not.

Limits hold for the weighted total (delta in SPY shares). An order that brings an exposure nearer to zero is always allowed, also beyond the limit: limits stop
new risk, never the way out. Unknown Greeks allow nothing new. The sources disagree (methodology D lists four tables); the defaults are those that meet the
seeds' figures: HEAD's table for delta, gamma and theta (its phase 1 is S002's +-50, its phase 3 S002's -500) and METH's for vega (its phase 3 is S002's
1,000, its phase 4 S000's warning of 1,500).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

from vocabulary.decisions import Verdict
from vocabulary.errors import BadInput
from vocabulary.parameters import setting
from vocabulary.positions import Greeks

LAST_PHASE = 4

DELTA = "GREEKS_DELTA_LIMIT"
GAMMA = "GREEKS_GAMMA_LIMIT"
THETA = "GREEKS_THETA_LIMIT"
VEGA = "GREEKS_VEGA_LIMIT"
UNKNOWN = "GREEKS_UNKNOWN"
OK = "OK"


@dataclass(frozen=True, slots=True)
class LimitParameters:
    """Limits of phases 1 to 4, in order. Below the first phase's band (phase 0) those of phase 1 hold."""

    delta: tuple[float, ...] = setting((50.0, 75.0, 100.0, 150.0), "SPY shares", "methodology D, HEAD; phase 1 = S002", "largest absolute delta", 0.0)
    gamma: tuple[float, ...] = setting((10.0, 15.0, 20.0, 30.0), "SPY delta per point", "methodology D, HEAD", "largest absolute gamma", 0.0)
    theta: tuple[float, ...] = setting((-250.0, -375.0, -500.0, -750.0), "currency per day", "methodology D, HEAD; phase 3 = S002", "lowest theta", high=0.0)
    vega: tuple[float, ...] = setting(
        (500.0, 750.0, 1000.0, 1500.0), "currency per vol point", "methodology D, METH; phase 3 = S002", "largest absolute vega", 0.0
    )
    warn_share: float = setting(0.8, "fraction of limit", "methodology D, METH", "share of a limit where the warning begins", 0.0, 1.0)

    def __post_init__(self) -> None:
        for name in ("delta", "gamma", "theta", "vega"):
            if len(getattr(self, name)) != LAST_PHASE:
                raise BadInput(f"Greek limits: {name} needs {LAST_PHASE} values, one per phase, got {getattr(self, name)}")

    def of_phase(self, phase: int) -> tuple[tuple[str, str, float], ...]:
        """Code, field of Greeks and signed limit for a phase from 0 to 4."""
        if not 0 <= phase <= LAST_PHASE:
            raise BadInput(f"Greek limits: phase {phase} is not one of 0 to {LAST_PHASE}")
        row = max(phase, 1) - 1
        return ((DELTA, "delta", self.delta[row]), (GAMMA, "gamma", self.gamma[row]), (THETA, "theta", self.theta[row]), (VEGA, "vega", self.vega[row]))


@dataclass(frozen=True, slots=True)
class LimitState:
    """One limit now: its code, the figure, the limit, and the share of the limit that is used (above 1: breached)."""

    code: str
    value: float
    limit: float
    used: float
    warning: bool
    breached: bool


def limit_states(total: Greeks, phase: int, parameters: LimitParameters | None = None) -> tuple[LimitState, ...]:
    """Every limit with its use. An unknown figure has use NaN and counts as breached."""
    p = parameters or LimitParameters()
    return tuple(_state(code, getattr(total, name), limit, p.warn_share) for code, name, limit in p.of_phase(phase))


def breaches(total: Greeks, phase: int, parameters: LimitParameters | None = None) -> tuple[LimitState, ...]:
    """The limits that are breached, in the order delta, gamma, theta, vega."""
    return tuple(one for one in limit_states(total, phase, parameters) if one.breached)


def check_addition(total: Greeks, per_unit: Greeks, units: int, phase: int, parameters: LimitParameters | None = None) -> Verdict:
    """May `units` of a structure with Greeks `per_unit` join the book? Denied with the code of the first limit; allowed_units is what fits all limits.

    total: the book's weighted Greeks including pending openings; per_unit: weighted Greeks of one unit. An addition that does not enlarge an exposure is
    never denied for it.
    """
    p = parameters or LimitParameters()
    fits, code, inputs = units, OK, dict[str, float | int | str | bool | None](phase=phase, units=units)
    for name_of_limit, name, limit in p.of_phase(phase):
        now, each = getattr(total, name), getattr(per_unit, name)
        room = _units_within(now, each, units, limit, name_of_limit == THETA)
        if room < fits:
            fits, code = room, (UNKNOWN if isnan(now) or isnan(each) else name_of_limit)
            inputs |= {"now": now, "per_unit": each, "limit": limit}
    reason = "within every Greek limit" if code == OK else f"{code}: {fits} of {units} units fit in phase {phase}"
    return Verdict(fits >= units, code, reason, fits, inputs)


def _units_within(now: float, each: float, units: int, limit: float, one_sided: bool) -> int:
    """How many of `units` keep the figure inside the limit or do not enlarge it; one-sided: bounded from below only."""
    if isnan(now) or isnan(each):
        return 0
    for count in range(units, 0, -1):
        after = now + count * each
        if one_sided:
            inside = after >= limit or after >= now
        else:
            inside = abs(after) <= abs(limit) or abs(after) <= abs(now)
        if inside:
            return count
    return 0


def _state(code: str, value: float, limit: float, warn_share: float) -> LimitState:
    size = max(-value, 0.0) if code == THETA else abs(value)
    bound = abs(limit)
    used = size / bound if bound > 0 else (0.0 if size == 0 else float("inf"))
    return LimitState(code, value, limit, used, not used < warn_share, not used <= 1.0)
