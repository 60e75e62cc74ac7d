"""Breakers: periods end by themselves, drawdowns latch, resets are audited."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.breakers import drawdown_scale, observe_breakers, observe_equity, reset
from risk.parameters import BreakerParameters, ResetPolicy
from risk.state import DemandKind, DeskState, RiskState
from tests.priced_world import NEW_YORK, PricedWorld
from vocabulary.errors import BadInput

MANUAL, RECOVERING = BreakerParameters(), BreakerParameters(reset=ResetPolicy.RECOVERY)
START = datetime(2024, 6, 12, 10, 0, tzinfo=NEW_YORK)


def look(state: RiskState, now: datetime, equity: float, parameters: BreakerParameters = MANUAL, vix: float | None = 16.0) -> tuple[RiskState, list[str]]:
    world = PricedWorld(now=now, vix=vix)
    state, events = observe_breakers(observe_equity(state, now, equity), world, parameters)
    return state, [event.code for event in events]


def run(equities: list[float], step: timedelta, parameters: BreakerParameters = MANUAL) -> tuple[RiskState, list[str]]:
    state, codes, now = RiskState(), list[str](), START
    for equity in equities:
        state, fresh = look(state, now, equity, parameters)
        codes += fresh
        now += step
    return state, codes


def test_three_percent_from_the_sessions_high_stops_new_risk_until_tomorrow() -> None:
    state, codes = run([100_000, 101_000, 97_900], timedelta(minutes=30))
    assert codes == ["LOSS_INTRADAY"] and state.desk_state() is DeskState.REDUCE_ONLY
    state, codes = look(state, START + timedelta(days=1), 98_000)
    assert codes == ["PERIOD_OVER"] and state.desk_state() is DeskState.ACTIVE


def test_day_week_and_month_are_measured_from_the_period_before() -> None:
    state, codes = run([100_000] + [100_000 * 0.98**day for day in range(1, 6)], timedelta(days=1))
    assert "LOSS_DAY" not in codes  # 2 % a day
    state, codes = run([100_000, 94_900], timedelta(days=1))
    assert codes[0] == "LOSS_DAY"
    mondays = [100_000.0] + [100_000 * 0.97**day for day in range(1, 5)]
    state, now, seen = RiskState(), datetime(2024, 6, 7, 15, tzinfo=NEW_YORK), list[str]()
    for number, equity in enumerate(mondays):
        state, fresh = look(state, now if number == 0 else datetime(2024, 6, 9 + number, 15, tzinfo=NEW_YORK), equity)
        seen += fresh
    assert "LOSS_WEEK" in seen
    week = next(latch for latch in state.latches if latch.code == "LOSS_WEEK")
    assert week.until == date(2024, 6, 17)


def test_drawdown_is_measured_from_the_peak_not_from_the_start() -> None:
    state, codes = run([100_000, 130_000, 128_000, 110_000], timedelta(days=40))
    assert "DRAWDOWN_STOP" in codes  # 15.4 % below 130, though above the start
    assert state.desk_state() is DeskState.REDUCE_ONLY


def test_levels_escalate_to_halted_and_demand_the_closing_of_everything() -> None:
    state = RiskState()
    world = PricedWorld(now=START)
    state, _ = look(state, START, 100_000)
    state, events = observe_breakers(observe_equity(state, START + timedelta(days=3), 79_000), world.at(date(2024, 6, 15)), MANUAL)
    assert state.desk_state() is DeskState.HALTED
    closing = next(event for event in events if event.code == "DRAWDOWN_CLOSE")
    assert closing.demand is not None and closing.demand.kind is DemandKind.CLOSE_ALL


def test_a_latched_state_stays_although_the_equity_comes_back() -> None:
    state, _ = run([100_000, 84_000, 120_000, 150_000], timedelta(days=40))
    assert state.desk_state() is DeskState.REDUCE_ONLY


def test_a_manual_reset_needs_a_name_and_a_reason_and_does_not_trip_again() -> None:
    state, _ = run([100_000, 79_000], timedelta(days=40))
    for who, why in (("", "checked"), ("Ann", " ")):
        with pytest.raises(BadInput, match="who resets"):
            reset(state, START, who, why)
    state, events = reset(state, START + timedelta(days=41), "Ann", "positions reviewed")
    assert state.desk_state() is DeskState.ACTIVE
    assert "Ann" in events[0].reason and events[0].inputs["from"] == "halted"
    state, codes = look(state, START + timedelta(days=41), 79_000)
    assert state.desk_state() is DeskState.ACTIVE and codes == []


def test_recovery_needs_time_a_gain_and_a_calm_vix() -> None:
    state, _ = run([100_000, 84_000], timedelta(days=40), RECOVERING)
    now = START + timedelta(days=80)
    assert look(state, now, 84_500, RECOVERING)[0].desk_state() is DeskState.REDUCE_ONLY
    assert look(state, now, 86_000, RECOVERING, vix=26.0)[0].desk_state() is DeskState.REDUCE_ONLY
    assert look(state, now, 86_000, RECOVERING, vix=None)[0].desk_state() is DeskState.REDUCE_ONLY
    after, codes = look(state, now, 86_000, RECOVERING)
    assert after.desk_state() is DeskState.ACTIVE and "RECOVERED" in codes


def test_halted_recovers_after_two_weeks_and_the_terminal_level_only_by_hand() -> None:
    state, _ = run([100_000, 79_000], timedelta(days=1), RECOVERING)
    early, late = START + timedelta(days=10), START + timedelta(days=16)
    assert look(state, early, 79_000, RECOVERING)[0].desk_state() is DeskState.HALTED
    assert look(state, late, 79_000, RECOVERING)[0].desk_state() is not DeskState.HALTED
    state, _ = run([100_000, 69_000], timedelta(days=1), RECOVERING)
    assert look(state, START + timedelta(days=100), 200_000, RECOVERING)[0].desk_state() is DeskState.HALTED


def test_ten_percent_down_halves_new_units() -> None:
    state, _ = run([100_000, 91_000], timedelta(days=40))
    assert drawdown_scale(state, MANUAL) == 1.0
    state, _ = run([100_000, 90_000], timedelta(days=40))
    assert drawdown_scale(state, MANUAL) == 0.5


@given(st.lists(st.floats(10_000, 200_000), min_size=1, max_size=25))
def test_without_a_reset_a_drawdown_latch_never_gets_milder(equities: list[float]) -> None:
    state, worst, now = RiskState(), DeskState.ACTIVE, START
    for equity in equities:
        state, _ = look(state, now, equity)
        lasting = max((latch.state for latch in state.latches if latch.until is None), key=lambda level: level.severity, default=DeskState.ACTIVE)
        assert lasting.severity >= worst.severity
        worst = lasting
        now += timedelta(days=1)


@given(st.lists(st.floats(10_000, 200_000), min_size=1, max_size=15))
def test_the_state_survives_text_at_every_step(equities: list[float]) -> None:
    state, copy = RiskState(), RiskState()
    now = datetime.combine(date(2024, 6, 12), time(10), tzinfo=NEW_YORK)
    for equity in equities:
        state, codes = look(state, now, equity)
        again, others = look(RiskState.from_text(copy.to_text()), now, equity)
        assert (again, others) == (state, codes)
        copy = again
        now += timedelta(hours=7)


def test_levels_that_do_not_rise_are_refused() -> None:
    with pytest.raises(BadInput, match="drawdown"):
        BreakerParameters(drawdown_stop=0.05)
