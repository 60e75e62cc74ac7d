"""How many units of an opening are allowed: the least of what each rule leaves (B, C, E; S002-43).

A rule that leaves less than one unit is the reason of the refusal. The strategy asks for what the method's account table says; here VIX, drawdown, crash
level, risk per trade, position size, buying power and reserves cut it down. Nothing is ever raised above what was asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

from risk.breakers import drawdown_scale
from risk.exposure import is_bought
from risk.limits import OpeningCase
from risk.margin import MarginEstimate
from risk.reasons import ReasonCode
from risk.state import CrashLevel
from vocabulary.decisions import Strategy
from vocabulary.market import AccountView


@dataclass(frozen=True, slots=True)
class Room:
    """What one rule leaves: units, and the two figures it compared."""

    code: ReasonCode
    units: int
    used: float
    limit: float


@dataclass(frozen=True, slots=True)
class Committed:
    """Money already spoken for, in account currency: by what the broker counts, by intents it does not count yet, and by 0DTE alone."""

    margin_used: float
    intents: float
    zero_dte: float


def rooms(case: OpeningCase, one: MarginEstimate, account: AccountView, committed: Committed) -> tuple[Room, ...]:
    """Every rule's room for this opening, in the order of the checks. `one`: estimate of a single unit."""
    return (
        _vix_room(case),
        *_lt112_room(case),
        _risk_room(case, one, account),
        _position_room(case, one, account),
        *_money_rooms(case, one, account, committed),
    )


def scarcest(options: Sequence[Room]) -> Room:
    """The binding rule: the first among those that leave least."""
    return min(options, key=lambda room: room.units)


def risk_per_unit(case: OpeningCase, one: MarginEstimate) -> float:
    """Loss one unit is charged with: of an IPMCC the exit share of its debit; else the worst loss when bounded; else, where a side is naked, the stop's
    multiple of the naked premium (account currency)."""
    limits = case.parameters.limit
    if case.decision.strategy is Strategy.IPMCC and one.debit > 0:
        return one.debit * limits.bought_risk
    if one.worst_loss is not None:
        return one.worst_loss
    return max(one.debit, one.naked_premium * limits.stop_multiple)


def usable_buying_power(case: OpeningCase, equity: float) -> float:
    """Margin the account may use now: the VIX band less its reserve, never above the phase's own ceiling (C)."""
    power = case.parameters.buying_power
    ceiling = case.regime.ceiling_bought if is_bought(case.structure) else case.regime.ceiling_sold
    return equity * min(ceiling * (1 - power.reserve), power.phase_ceiling[case.phase])


def _vix_room(case: OpeningCase) -> Room:
    scale = drawdown_scale(case.state, case.parameters.breaker) * case.crash_scale
    if not is_bought(case.structure):
        scale *= case.regime.size_scale
    # to the nearest unit, halves up: a one-lot account keeps its lot at three quarters and loses it below one half
    units = min(case.decision.units, floor(case.decision.units * scale + 0.5))
    return Room(ReasonCode.VIX_SIZE, units, scale, case.decision.units)


def _lt112_room(case: OpeningCase) -> tuple[Room, ...]:
    if case.decision.strategy is not Strategy.LT112:
        return ()
    limits = case.parameters.limit
    caps = {CrashLevel.PREVENTIVE: limits.lt112_units, CrashLevel.DEFENSIVE: limits.lt112_units_crash}
    cap = caps.get(case.state.crash, limits.lt112_units_emergency)
    held = sum(entry.units for entry in case.held if entry.strategy is Strategy.LT112)
    return (Room(ReasonCode.LT112_UNITS, max(0, cap - held), held, cap),)


def _risk_room(case: OpeningCase, one: MarginEstimate, account: AccountView) -> Room:
    limit = account.equity * case.parameters.limit.risk_per_trade[case.phase]
    return Room(ReasonCode.RISK_PER_TRADE, _units(limit, risk_per_unit(case, one)), risk_per_unit(case, one), limit)


def _position_room(case: OpeningCase, one: MarginEstimate, account: AccountView) -> Room:
    limits = case.parameters.limit
    share = limits.ipmcc_size if case.decision.strategy is Strategy.IPMCC else limits.position_size[case.phase]
    return Room(ReasonCode.POSITION_SIZE, _units(account.equity * share, one.buying_power), one.buying_power, account.equity * share)


def _money_rooms(case: OpeningCase, one: MarginEstimate, account: AccountView, committed: Committed) -> tuple[Room, ...]:
    taken = committed.margin_used + committed.intents
    usable = usable_buying_power(case, account.equity)
    reserve = account.equity * case.parameters.buying_power.cash_reserve
    free = account.margin_free - committed.intents
    found = [
        Room(ReasonCode.BP_CEILING, _units(usable - taken, one.buying_power), taken, usable),
        Room(ReasonCode.CASH_RESERVE, _units(free - reserve, one.buying_power), free, reserve),
        Room(ReasonCode.FREE_MARGIN, _units(free, one.buying_power), free, one.buying_power),
    ]
    if case.decision.strategy is Strategy.ZERO_DTE:
        share = usable * case.parameters.limit.zero_dte_bp
        found.insert(1, Room(ReasonCode.ZERO_DTE_BP, _units(share - committed.zero_dte, one.buying_power), committed.zero_dte, share))
    return tuple(found)


def _units(money: float, each: float) -> int:
    if each <= 0:
        return 10**6 if money >= 0 else 0
    return max(0, floor(money / each + 1e-9))
