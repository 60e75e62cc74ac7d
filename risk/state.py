"""What the risk rules remember between looks at the market, as one plain value that can be written to the journal and read back.

The gate itself holds nothing else: state after observation n is a function of state n-1 and what was seen, so a restart that reads the last written
state goes on exactly where it stopped.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any

from vocabulary.decisions import Inputs
from vocabulary.errors import CorruptData


class DeskState(Enum):
    """What the desk may do. ACTIVE: everything; REDUCE_ONLY: only closing and risk-reducing orders; HALTED: only closing, everything is to be closed."""

    ACTIVE = "active"
    REDUCE_ONLY = "reduce_only"
    HALTED = "halted"

    @property
    def severity(self) -> int:
        """0, 1, 2 in the order of severity."""
        return list(DeskState).index(self)


class CrashLevel(Enum):
    """Levels of the August-2024 protection (PY): each has its own limits."""

    PREVENTIVE = "preventive"
    DEFENSIVE = "defensive"
    RECOVERY = "recovery"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class Latch:
    """One tripped breaker. until: day on which it ends by itself, None when only a reset (or recovery) ends it. low: lowest equity since it tripped."""

    code: str
    state: DeskState
    since: datetime
    until: date | None
    low: float


@dataclass(frozen=True, slots=True)
class LinkedPair:
    """Two symbols of different groups whose returns moved together at the last review: they count as one group until the next."""

    first: str
    second: str
    correlation: float


@dataclass(frozen=True, slots=True)
class RiskState:
    """Everything remembered. Equities in account currency; phase None until the first observation.

    phase_peak: equity high since the phase began. peak: equity high since the last reset, what drawdowns are measured from; high_water: all-time high.
    day_start, week_start, month_start: last equity of the period before. vix_readings: the last five, oldest first. mean_correlation: across groups of
    what was held at the last review, None when no two groups were. together: the correlation breaker is on. warned: crowdings already told. demanded:
    when each crash level last asked for closings, as `level day`.
    """

    phase: int | None = None
    phase_since: date | None = None
    phase_peak: float = 0.0
    peak: float = 0.0
    high_water: float = 0.0
    day: date | None = None
    day_high: float = 0.0
    day_start: float = 0.0
    week_start: float = 0.0
    month_start: float = 0.0
    last_equity: float = 0.0
    latches: tuple[Latch, ...] = ()
    crash: CrashLevel = CrashLevel.PREVENTIVE
    vix_readings: tuple[float, ...] = ()
    links: tuple[LinkedPair, ...] = ()
    mean_correlation: float | None = None
    together: bool = False
    reviewed: date | None = None
    warned: tuple[str, ...] = ()
    demanded: tuple[str, ...] = ()

    def desk_state(self) -> DeskState:
        """The most severe state among the latches."""
        return max((latch.state for latch in self.latches), key=lambda state: state.severity, default=DeskState.ACTIVE)

    def drawdown(self) -> float:
        """Fall of the last equity from the peak, as a fraction of the peak."""
        return max(0.0, 1.0 - self.last_equity / self.peak) if self.peak > 0 else 0.0

    def phase_drawdown(self) -> float:
        """Fall of the last equity from its high in the present phase, as a fraction of that high."""
        return max(0.0, 1.0 - self.last_equity / self.phase_peak) if self.phase_peak > 0 else 0.0

    def to_text(self) -> str:
        """One line of JSON that `from_text` reads back to an equal state."""
        return json.dumps(asdict(self), default=_plain, sort_keys=True)

    @staticmethod
    def from_text(text: str) -> RiskState:
        """Read what `to_text` wrote; raises CorruptData when it is not that."""
        try:
            return _state(json.loads(text))
        except (ValueError, KeyError, TypeError) as broken:
            raise CorruptData(f"risk state in the journal cannot be read ({broken}): {text[:120]}") from broken


@dataclass(frozen=True, slots=True)
class RiskEvent:
    """Something the journal must keep: a breaker tripped or reset, a phase or crash level changed, a warning. `demand`: what is to be closed now."""

    time: datetime
    code: str
    reason: str
    inputs: Inputs = field(default_factory=dict[str, float | int | str | bool | None])
    demand: Demand | None = None


class DemandKind(Enum):
    """What a crash or breaker rule wants closed."""

    CLOSE_ALL = "close_all"
    CLOSE_SHARE = "close_share"
    CLOSE_STRATEGIES = "close_strategies"


@dataclass(frozen=True, slots=True)
class Demand:
    """Close everything, a share of the positions' margin (riskiest first), or the positions of some strategies (by their value)."""

    kind: DemandKind
    share: float = 1.0
    strategies: tuple[str, ...] = ()


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return value.isoformat()


def _state(raw: dict[str, Any]) -> RiskState:
    read: dict[str, Any] = dict(raw)
    for name in ("phase_since", "day", "reviewed"):
        read[name] = None if raw[name] is None else date.fromisoformat(raw[name])
    read["latches"] = tuple(_latch(entry) for entry in raw["latches"])
    read["links"] = tuple(LinkedPair(**entry) for entry in raw["links"])
    for name in ("vix_readings", "warned", "demanded"):
        read[name] = tuple(raw[name])
    read["crash"] = CrashLevel(raw["crash"])
    return RiskState(**read)


def _latch(raw: dict[str, Any]) -> Latch:
    until = None if raw["until"] is None else date.fromisoformat(raw["until"])
    return Latch(raw["code"], DeskState(raw["state"]), datetime.fromisoformat(raw["since"]), until, raw["low"])
