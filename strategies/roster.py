"""The five strategies from flat text: which are switched on, and with which parameters.

`strategies.enabled` lists the names; every other key belongs to one strategy by its prefix. An unknown name or field is refused with what is allowed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from risk.parameters import PhaseParameters
from strategies.ipmcc import Ipmcc, IpmccParameters
from strategies.leap_ladder import LeapLadder, LeapLadderParameters
from strategies.lt112 import Lt112, Lt112Parameters
from strategies.protocol import EntryStrategy
from strategies.strangle import StrangleParameters, StrangleStrategy
from strategies.zero_dte import ZeroDte, ZeroDteParameters
from vocabulary.decisions import Strategy
from vocabulary.errors import BadInput
from vocabulary.parameters import ParameterObject, from_text, setting

# in the method's order of priority (A7): who is asked first when several are due at the same moment
PARAMETERS: Mapping[Strategy, type[ParameterObject]] = {
    Strategy.ZERO_DTE: ZeroDteParameters,
    Strategy.LT112: Lt112Parameters,
    Strategy.IPMCC: IpmccParameters,
    Strategy.STRANGLE: StrangleParameters,
    Strategy.LEAP_LADDER: LeapLadderParameters,
}
PREFIXES = ("strategies", *(strategy.value for strategy in PARAMETERS))


@dataclass(frozen=True, slots=True)
class RosterParameters:
    """Keys `strategies.<field>`."""

    enabled: tuple[Strategy, ...] = setting(tuple(PARAMETERS), "names", "S002", "strategies that may open positions; positions of others are run off")


def build_strategies(mapping: Mapping[str, str], phases: PhaseParameters) -> tuple[EntryStrategy, ...]:
    """The enabled strategies in priority order. All prefixes are read, so a wrong key of a disabled strategy is refused too (BadInput)."""
    enabled = from_text(RosterParameters, mapping, "strategies").enabled
    if not enabled:
        raise BadInput(f"parameter strategies.enabled: names none; allowed: {', '.join(strategy.value for strategy in PARAMETERS)}")
    every = all_strategies(mapping, phases)
    return tuple(strategy for strategy in every if strategy.name in enabled)


def all_strategies(mapping: Mapping[str, str], phases: PhaseParameters) -> tuple[EntryStrategy, ...]:
    """All five in priority order, whatever is enabled: exits of positions of a disabled strategy need its plan."""
    return (
        ZeroDte(from_text(ZeroDteParameters, mapping, "zero_dte"), phases),
        Lt112(from_text(Lt112Parameters, mapping, "lt112"), phases),
        Ipmcc(from_text(IpmccParameters, mapping, "ipmcc"), phases),
        StrangleStrategy(from_text(StrangleParameters, mapping, "strangle"), phases),
        LeapLadder(from_text(LeapLadderParameters, mapping, "leap_ladder"), phases),
    )
