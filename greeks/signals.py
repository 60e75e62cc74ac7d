"""Adjustment signals: what the Greeks ask for, as values with the figure, the threshold and the rule behind each.

Positions are looked at per unit of their structure, so that ten strangles are not ten times as nervous as one (methodology H48); gamma by its size whatever
its sign. Nothing here trades: a signal goes to the exit rules, the alerts and the report. `settled` adds hysteresis, because a delta that sits on its threshold
must not signal on every tick (H49).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from greeks.units import GreekArrays
from vocabulary.decisions import Action
from vocabulary.errors import BadInput
from vocabulary.parameters import setting
from vocabulary.positions import Greeks

Floats = NDArray[np.float64]


class Severity(Enum):
    """How urgent a signal is."""

    WARNING = "warning"
    ACTION = "action"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal. subject: position id, or "portfolio"; action: what it asks for; value and threshold in the unit the rule names."""

    rule: str
    subject: str
    action: Action
    severity: Severity
    value: float
    threshold: float

    @property
    def key(self) -> tuple[str, str]:
        """Identity across time: the rule and what it is about."""
        return self.rule, self.subject


@dataclass(frozen=True, slots=True)
class SignalParameters:
    """Thresholds; figures of positions are per unit of the structure and per share (delta, gamma) or in account currency (theta, vega)."""

    delta: float = setting(0.20, "delta per unit and share", "methodology D, position adjust", "absolute delta that asks for an adjustment", 0.0)
    gamma: float = setting(0.10, "gamma per unit and share", "methodology D, position adjust; S001 warning", "absolute gamma that warns", 0.0)
    gamma_cut: float = setting(0.15, "gamma per unit and share", "S001 G1", "absolute gamma that asks to cut a winning position", 0.0)
    theta: float = setting(-50.0, "currency per day and unit", "methodology D, position adjust", "theta below which a position costs too much", high=0.0)
    vega: float = setting(100.0, "currency per vol point and unit", "methodology D, position adjust", "absolute vega that asks for an adjustment", 0.0)
    neutral: float = setting(10.0, "SPY shares", "S002 / methodology D", "portfolio delta inside which the book is neutral", 0.0)
    theta_per_delta: float = setting(0.2, "currency per day and share", "methodology D, METH", "theta over absolute delta below which risk is badly paid", 0.0)
    short_vega: float = setting(-1000.0, "currency per vol point", "methodology D, METH", "vega below which a quiet VIX is dangerous", high=0.0)
    quiet_vix: float = setting(15.0, "VIX points", "methodology D, METH", "VIX below which short vega warns", 0.0)
    release: float = setting(0.9, "fraction of threshold", "methodology H49", "share of the threshold below which a signal that stands is released", 0.0, 1.0)


STRANGLE_BANDS = ((0.15, Severity.EMERGENCY, Action.CLOSE), (0.10, Severity.ACTION, Action.ROLL), (0.08, Severity.WARNING, Action.ALERT))
"""S001 G1: combined delta of a strangle per unit: .08 warn, .10 roll the untested side, .15 emergency."""

TESTED_SIDE_BANDS = ((0.30, Severity.EMERGENCY, Action.CLOSE), (0.25, Severity.ACTION, Action.REDUCE), (0.20, Severity.ACTION, Action.ROLL))
"""Methodology A3: delta of the tested short of a 90-day strangle: 20 roll the untested side, 25 close the tested side, 30 close all."""


def position_signals(subjects: Sequence[str], greeks: GreekArrays, size: Floats, units: Floats, parameters: SignalParameters | None = None) -> list[Signal]:
    """Signals of positions, one row each. greeks: desk units; size: units x multiplier; units: structures held. Rows with unknown Greeks signal UNKNOWN."""
    p = parameters or SignalParameters()
    if not len(subjects) == greeks.delta.size == size.size == units.size:
        raise BadInput(f"position signals: {len(subjects)} subjects need as many rows of Greeks, sizes and units")
    tests = (
        ("GREEKS_DELTA_ADJUST", np.abs(greeks.delta / size), p.delta, Action.ROLL, Severity.ACTION),
        ("GREEKS_GAMMA_WARNING", np.abs(greeks.gamma / size), p.gamma, Action.ALERT, Severity.WARNING),
        ("GREEKS_GAMMA_CUT", np.abs(greeks.gamma / size), p.gamma_cut, Action.REDUCE, Severity.ACTION),
        ("GREEKS_THETA_COST", -greeks.theta / units, -p.theta, Action.ALERT, Severity.WARNING),
        ("GREEKS_VEGA_ADJUST", np.abs(greeks.vega / units), p.vega, Action.REDUCE, Severity.ACTION),
    )
    found: list[Signal] = []
    for rule, value, threshold, action, severity in tests:
        over: list[int] = np.flatnonzero(value > threshold).tolist()
        found += [Signal(rule, subjects[row], action, severity, float(value[row]), threshold) for row in over]
    unknown: list[int] = np.flatnonzero(np.any([np.isnan(column) for column in greeks.columns()], axis=0)).tolist()
    return found + [Signal("GREEKS_UNKNOWN", subjects[row], Action.ALERT, Severity.WARNING, float("nan"), 0.0) for row in unknown]


def strangle_signals(subjects: Sequence[str], delta: Floats, size: Floats) -> list[Signal]:
    """The highest S001 band each strangle's combined delta has reached, per unit and share; delta in shares, size = units x multiplier."""
    return _banded("S001_STRANGLE_DELTA", subjects, np.abs(delta / size), STRANGLE_BANDS)


def signals_of_tested_side(subjects: Sequence[str], call_delta: Floats, put_delta: Floats) -> list[Signal]:
    """The highest band the tested short of each strangle has reached; deltas of one option, any sign."""
    return _banded("A3_TESTED_SIDE_DELTA", subjects, np.maximum(np.abs(call_delta), np.abs(put_delta)), TESTED_SIDE_BANDS)


def portfolio_signals(weighted: Greeks, vix: float | None, parameters: SignalParameters | None = None) -> list[Signal]:
    """Signals of the whole book from its weighted Greeks; vix None (unknown) counts as quiet for the short-vega warning."""
    p = parameters or SignalParameters()
    found: list[Signal] = []
    if not abs(weighted.delta) <= p.neutral:
        found.append(Signal("GREEKS_NOT_NEUTRAL", "portfolio", Action.ALERT, Severity.WARNING, weighted.delta, p.neutral))
    paid = weighted.theta / abs(weighted.delta) if abs(weighted.delta) > p.neutral else float("inf")
    if not paid >= p.theta_per_delta:
        found.append(Signal("GREEKS_DELTA_BADLY_PAID", "portfolio", Action.ALERT, Severity.WARNING, paid, p.theta_per_delta))
    if weighted.vega < p.short_vega and (vix is None or vix < p.quiet_vix):
        found.append(Signal("GREEKS_SHORT_VEGA_IN_QUIET", "portfolio", Action.PROTECT, Severity.WARNING, weighted.vega, p.short_vega))
    return found


def settled(standing: Sequence[Signal], current: Sequence[Signal], relaxed: Sequence[Signal]) -> list[Signal]:
    """Signals with hysteresis: everything that fires now, and what stood before and still fires at the `relaxed` thresholds.

    standing: the result of the previous call; relaxed: the same rules evaluated with `relaxed_parameters`.
    """
    before, firing = {one.key for one in standing}, {one.key for one in current}
    return [*current, *(one for one in relaxed if one.key in before and one.key not in firing)]


def relaxed_parameters(parameters: SignalParameters) -> SignalParameters:
    """The thresholds a standing signal is held against until it is released: each nearer to zero by the release share."""
    p, share = parameters, parameters.release
    return SignalParameters(
        p.delta * share,
        p.gamma * share,
        p.gamma_cut * share,
        p.theta * share,
        p.vega * share,
        p.neutral * share,
        p.theta_per_delta / share if share > 0 else p.theta_per_delta,
        p.short_vega * share,
        p.quiet_vix / share if share > 0 else p.quiet_vix,
        p.release,
    )


def _banded(rule: str, subjects: Sequence[str], value: Floats, bands: tuple[tuple[float, Severity, Action], ...]) -> list[Signal]:
    found: list[Signal] = []
    for row, subject in enumerate(subjects):
        reached = next((band for band in bands if value[row] >= band[0]), None)
        if reached is not None:
            found.append(Signal(rule, subject, reached[2], reached[1], float(value[row]), reached[0]))
    return found
