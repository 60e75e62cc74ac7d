"""Loss and drawdown breakers with latched states ACTIVE -> REDUCE_ONLY -> HALTED (E; S002-29).

A limit on a period (session, day, week, month) stops new risk until that period ends. A drawdown from the equity's peak, never from a constant start,
latches: only a reset takes it back, by a person with a name and a reason, or by the method's recovery conditions where the parameters allow that.
Either way the reset is an event in the journal. After a reset of a drawdown the peak is taken anew, else the breaker would trip again at the next look;
the all-time high, which the terminal limit is measured from, is never taken anew.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from risk.parameters import BreakerParameters, ResetPolicy
from risk.state import Demand, DemandKind, DeskState, Latch, RiskEvent, RiskState
from vocabulary.errors import BadInput
from vocabulary.market import MarketView

DRAWDOWN_CODES = ("DRAWDOWN_STOP", "DRAWDOWN_CLOSE", "DRAWDOWN_TERMINAL")
ROUNDING = 1e-9  # a loss of exactly the limit trips although its fraction is not exact in binary

Step = tuple[RiskState, tuple[RiskEvent, ...]]


def observe_equity(state: RiskState, now: datetime, equity: float) -> RiskState:
    """Roll day, week and month references and the highs forward to this equity. References are the last equity of the period before."""
    today, last = now.date(), state.last_equity or equity
    if state.day != today:
        new_week = state.day is None or state.day.isocalendar()[:2] != today.isocalendar()[:2]
        new_month = state.day is None or (state.day.year, state.day.month) != (today.year, today.month)
        state = replace(
            state,
            day=today,
            day_start=last,
            day_high=equity,
            week_start=last if new_week else state.week_start,
            month_start=last if new_month else state.month_start,
        )
    return replace(
        state,
        last_equity=equity,
        day_high=max(state.day_high, equity),
        peak=max(state.peak, equity),
        high_water=max(state.high_water, equity),
        phase_peak=max(state.phase_peak, equity),
        latches=tuple(replace(latch, low=min(latch.low, equity)) for latch in state.latches),
    )


def observe_breakers(state: RiskState, view: MarketView, parameters: BreakerParameters) -> Step:
    """Release what has run out or recovered, then trip what is beyond its limit. `state` has already seen this equity."""
    state, released = _release(state, view, parameters)
    events = list(released)
    held = {latch.code for latch in state.latches}
    for code, loss, limit, until in _losses(state, view.now.date(), parameters):
        if loss >= limit - ROUNDING and code not in held:
            state, event = _trip(state, view.now, code, DeskState.REDUCE_ONLY, until, loss, limit)
            events.append(event)
    for code, level, loss, limit in _drawdowns(state, parameters):
        if loss >= limit - ROUNDING and code not in held:
            state, event = _trip(state, view.now, code, level, None, loss, limit)
            events.append(event)
    return state, tuple(events)


def reset(state: RiskState, now: datetime, who: str, reason: str) -> Step:
    """A person takes the desk back to ACTIVE. Raises BadInput without a name and a reason: the reset is audited."""
    if not who.strip() or not reason.strip():
        raise BadInput("reset of a latched risk state: needs who resets it and why, both are kept in the journal")
    after, events = _cleared(state, now, state.latches, f"{reason} (reset by {who})", "RESET")
    equity = state.last_equity  # the running periods start anew as well, else their breakers trip again at the next look
    return replace(after, day_high=equity, day_start=equity, week_start=equity, month_start=equity), events


def drawdown_scale(state: RiskState, parameters: BreakerParameters) -> float:
    """Multiplier on new units: one half beyond the first drawdown level, else one (DOC1)."""
    return 0.5 if state.drawdown() >= parameters.drawdown_halve - ROUNDING else 1.0


def _losses(state: RiskState, today: date, limits: BreakerParameters) -> tuple[tuple[str, float, float, date], ...]:
    monday = today + timedelta(days=7 - today.weekday())
    next_month = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    equity = state.last_equity
    return (
        ("LOSS_INTRADAY", _fall(equity, state.day_high), limits.intraday, today + timedelta(days=1)),
        ("LOSS_DAY", _fall(equity, state.day_start), limits.day, today + timedelta(days=1)),
        ("LOSS_WEEK", _fall(equity, state.week_start), limits.week, monday),
        ("LOSS_MONTH", _fall(equity, state.month_start), limits.month, next_month),
    )


def _drawdowns(state: RiskState, limits: BreakerParameters) -> tuple[tuple[str, DeskState, float, float], ...]:
    return (
        ("DRAWDOWN_STOP", DeskState.REDUCE_ONLY, state.drawdown(), limits.drawdown_stop),
        ("DRAWDOWN_CLOSE", DeskState.HALTED, state.drawdown(), limits.drawdown_close),
        ("DRAWDOWN_TERMINAL", DeskState.HALTED, _fall(state.last_equity, state.high_water), limits.drawdown_terminal),
    )


def _fall(equity: float, reference: float) -> float:
    return 1.0 - equity / reference if reference > 0 else 0.0


def _trip(state: RiskState, now: datetime, code: str, level: DeskState, until: date | None, loss: float, limit: float) -> tuple[RiskState, RiskEvent]:
    latch = Latch(code, level, now, until, state.last_equity)
    after = replace(state, latches=(*state.latches, latch))
    inputs = {"loss": round(loss, 4), "limit": limit, "equity": state.last_equity, "from": state.desk_state().value, "to": after.desk_state().value}
    demand = Demand(DemandKind.CLOSE_ALL) if level is DeskState.HALTED else None
    return after, RiskEvent(now, code, f"equity fell {loss:.1%}, limit {limit:.1%}", inputs, demand)


def _release(state: RiskState, view: MarketView, parameters: BreakerParameters) -> Step:
    today = view.now.date()
    over = tuple(latch for latch in state.latches if latch.until is not None and today >= latch.until)
    state, events = _cleared(state, view.now, over, "the period it limits is over", "PERIOD_OVER")
    if parameters.reset is not ResetPolicy.RECOVERY:
        return state, events
    recovered = tuple(latch for latch in state.latches if _recovered(latch, state, view, parameters))
    state, more = _cleared(state, view.now, recovered, "the recovery conditions hold", "RECOVERED")
    return state, (*events, *more)


def _recovered(latch: Latch, state: RiskState, view: MarketView, parameters: BreakerParameters) -> bool:
    if latch.until is not None or latch.code == "DRAWDOWN_TERMINAL":
        return False
    calm = view.vix is not None and view.vix < parameters.recovery_vix
    if latch.state is DeskState.HALTED:  # everything is closed, so the equity cannot recover: time is what is asked for
        return calm and view.now >= latch.since + timedelta(days=parameters.halt_days)
    rested = view.now >= latch.since + timedelta(hours=parameters.recovery_hours)
    return calm and rested and state.last_equity >= latch.low * (1 + parameters.recovery_gain)


def _cleared(state: RiskState, now: datetime, gone: tuple[Latch, ...], reason: str, code: str) -> Step:
    if not gone:
        return state, ()
    after = replace(state, latches=tuple(latch for latch in state.latches if latch not in gone))
    if any(latch.code in DRAWDOWN_CODES for latch in gone):
        after = replace(after, peak=state.last_equity)
    if any(latch.code == "DRAWDOWN_TERMINAL" for latch in gone):
        after = replace(after, high_water=state.last_equity)
    inputs = {"released": ", ".join(latch.code for latch in gone), "from": state.desk_state().value, "to": after.desk_state().value, "peak": after.peak}
    return after, (RiskEvent(now, code, reason, inputs),)
