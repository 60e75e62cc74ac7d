"""Decide, then do: a decision is a value with its reasons in it; the risk gate answers with a verdict; only the execution engine acts.

`rule` is the stable id of what decided (for instance "S002-11 stop 200 %"), `inputs` the numbers it looked at and the threshold they were held
against, so that "why did it trade?" is answered by the journal alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from vocabulary.contracts import Structure


class Action(Enum):
    """What a decision wants done with a structure or position."""

    OPEN = "open"
    CLOSE = "close"
    REDUCE = "reduce"
    ROLL = "roll"
    PROTECT = "protect"
    HOLD = "hold"
    ALERT = "alert"


class Strategy(Enum):
    """The five strategies; the value is the name used in parameters, journals and reports."""

    ZERO_DTE = "zero_dte"
    LT112 = "lt112"
    STRANGLE = "strangle"
    IPMCC = "ipmcc"
    LEAP_LADDER = "leap_ladder"


Inputs = Mapping[str, float | int | str | bool | None]


@dataclass(frozen=True, slots=True)
class Decision:
    """What should happen and why.

    structure and units: what to open, or (close, reduce, roll) which legs of the position to trade away, as a structure in the position's own signs.
    replacement: the structure a roll opens. position_id: None for an opening. limit: net price per unit the decision expects, credit positive.
    """

    action: Action
    strategy: Strategy
    rule: str
    reason: str
    structure: Structure | None = None
    units: int = 0
    position_id: str | None = None
    replacement: Structure | None = None
    limit: float | None = None
    inputs: Inputs = field(default_factory=dict[str, float | int | str | bool | None])


@dataclass(frozen=True, slots=True)
class Verdict:
    """The risk gate's answer. code is "OK" or the reason code of the check that denied; allowed_units may be below what was asked."""

    allowed: bool
    code: str
    reason: str
    allowed_units: int = 0
    inputs: Inputs = field(default_factory=dict[str, float | int | str | bool | None])
