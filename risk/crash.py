"""Crash protection learned from 5 August 2024: levels by VIX, black-swan days, crowding warnings (C; S002-15, S002-29, S002-44).

The level is a small state machine: a calm VIX is PREVENTIVE; 25 or a jump of five points DEFENSIVE, left again below 23; 35, a jump of ten points, a rise of
half in a day, or of half over five readings with the VIX above 30, EMERGENCY; from there only below 30 into RECOVERY, and below 23 out of it. Reaching a
level asks once for a share of the positions to be closed, riskiest first. Losing the VIX changes no level: the gate refuses new risk by itself, exits go on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from risk.correlation import group_of
from risk.exposure import Exposure
from risk.parameters import CrashParameters
from risk.state import CrashLevel, Demand, DemandKind, DeskState, Latch, RiskEvent, RiskState
from vocabulary.decisions import Strategy
from vocabulary.market import MarketView

READINGS = 5
_ORDER = (CrashLevel.PREVENTIVE, CrashLevel.DEFENSIVE, CrashLevel.RECOVERY, CrashLevel.EMERGENCY)

Step = tuple[RiskState, tuple[RiskEvent, ...]]


def observe_vix(state: RiskState, view: MarketView, parameters: CrashParameters) -> Step:
    """Take one VIX reading and move the level; entering DEFENSIVE or EMERGENCY from below demands its share of closings."""
    vix = view.vix
    if vix is None:
        return state, ()
    state = replace(state, vix_readings=(*state.vix_readings, vix)[-READINGS:])
    before, level = state.crash, next_level(state.crash, state.vix_readings, yesterday_vix(view), parameters)
    if level is before:
        return state, ()
    share = {CrashLevel.DEFENSIVE: parameters.defensive_close, CrashLevel.EMERGENCY: parameters.emergency_close}.get(level, 0.0)
    worse = _ORDER.index(level) > _ORDER.index(before) and level is not CrashLevel.RECOVERY
    demand = Demand(DemandKind.CLOSE_SHARE, share) if worse and share > 0 and _may_demand(state, level, view.now.date(), parameters) else None
    inputs = {"vix": vix, "yesterday": yesterday_vix(view), "from": before.value, "to": level.value, "close_share": 0.0 if demand is None else share}
    event = RiskEvent(view.now, f"CRASH_{level.name}", f"VIX {vix:.2f}", inputs, demand)
    return replace(state, crash=level, demanded=state.demanded if demand is None else _demanded(state, level, view.now.date())), (event,)


def _may_demand(state: RiskState, level: CrashLevel, today: date, parameters: CrashParameters) -> bool:
    """False while this level has asked for its share within the last days: a VIX that flickers must not sell the book off slice by slice."""
    asked = next((entry.split()[1] for entry in state.demanded if entry.split()[0] == level.value), None)
    return asked is None or (today - date.fromisoformat(asked)).days >= parameters.demand_days


def _demanded(state: RiskState, level: CrashLevel, today: date) -> tuple[str, ...]:
    return (*(entry for entry in state.demanded if entry.split()[0] != level.value), f"{level.value} {today.isoformat()}")


def next_level(level: CrashLevel, readings: Sequence[float], yesterday: float | None, parameters: CrashParameters) -> CrashLevel:
    """The level after the newest of `readings` (oldest first). `yesterday`: last close of the VIX, None when unknown (then only levels speak)."""
    vix = readings[-1]
    jump = vix - yesterday if yesterday is not None else 0.0
    in_a_day = yesterday is not None and vix >= yesterday * (1 + parameters.rise_fraction) and vix >= parameters.defensive
    fast = len(readings) == READINGS and vix >= min(readings) * (1 + parameters.rise_fraction) and vix > parameters.recovery
    if vix >= parameters.emergency or jump >= parameters.crash_points or in_a_day or fast:
        return CrashLevel.EMERGENCY
    if level is CrashLevel.EMERGENCY:
        return CrashLevel.RECOVERY if vix < parameters.recovery else CrashLevel.EMERGENCY
    if level is CrashLevel.RECOVERY:
        return CrashLevel.PREVENTIVE if vix < parameters.defensive_exit else CrashLevel.RECOVERY
    line = parameters.defensive_exit if level is CrashLevel.DEFENSIVE else parameters.defensive
    return CrashLevel.DEFENSIVE if vix >= line or jump >= parameters.rise_points else CrashLevel.PREVENTIVE


def yesterday_vix(view: MarketView) -> float | None:
    """The VIX's last completed daily close, None when there is none."""
    closes = view.daily("VIX", 1).close
    return float(closes[-1]) if len(closes) and closes[-1] > 0 else None


def observe_index(state: RiskState, view: MarketView, parameters: CrashParameters) -> Step:
    """A black-swan day: the index more than 5 % below yesterday closes 0DTE and strangles and stops new risk until the day after tomorrow's session opens."""
    price, closes = view.price(parameters.index), view.daily(parameters.index, 1).close
    if price is None or not len(closes) or any(latch.code == "BLACK_SWAN" for latch in state.latches):
        return state, ()
    fall = 1.0 - price / float(closes[-1])
    if fall < parameters.black_swan:
        return state, ()
    following = [session.day for session in view.sessions(parameters.index, view.now.date(), view.now.date() + timedelta(days=10))][1:3]
    latch = Latch("BLACK_SWAN", DeskState.REDUCE_ONLY, view.now, following[-1] if following else None, state.last_equity)
    demand = Demand(DemandKind.CLOSE_STRATEGIES, strategies=(Strategy.ZERO_DTE.value, Strategy.STRANGLE.value))
    inputs = {"fall": round(fall, 4), "limit": parameters.black_swan, "index": parameters.index}
    return replace(state, latches=(*state.latches, latch)), (RiskEvent(view.now, "BLACK_SWAN", f"{parameters.index} fell {fall:.1%}", inputs, demand),)


def observe_crowding(state: RiskState, view: MarketView, held: Sequence[Exposure], parameters: CrashParameters) -> Step:
    """Warn once per crowding while it lasts: positions in one group, on one expiry, and bullish positions together."""
    found = _crowdings(held, parameters)
    fresh = [key for key in sorted(found) if key not in state.warned]
    events = tuple(RiskEvent(view.now, "CROWDED", f"{found[key]} positions: {key}", {"count": found[key], "where": key}) for key in fresh)
    return replace(state, warned=tuple(sorted(found))), events


def _crowdings(held: Sequence[Exposure], parameters: CrashParameters) -> dict[str, int]:
    groups = Counter(group.value for entry in held if (group := group_of(entry.underlying)) is not None)
    expiries = Counter(day.isoformat() for entry in held if (day := entry.structure.nearest_expiry) is not None)
    bullish = sum(1 for entry in held if entry.strategy in (Strategy.LT112, Strategy.LEAP_LADDER, Strategy.IPMCC))
    found = {f"group {name}": count for name, count in groups.items() if count >= parameters.warn_group}
    found |= {f"expiry {day}": count for day, count in expiries.items() if count >= parameters.warn_expiry}
    return found | ({"bullish": bullish} if bullish >= parameters.warn_bullish else {})
