"""Phases: bands in pounds, safeguards on the way up, none on the way down."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.breakers import observe_equity
from risk.parameters import PhaseParameters, PoundSource
from risk.phases import band_of, dollars_per_pound, observe_phase, win_rate
from risk.state import RiskState
from tests.priced_world import PlainBook, PricedWorld, position_of
from tests.risk.cases import spread
from vocabulary.decisions import Strategy
from vocabulary.errors import BadInput
from vocabulary.market import AccountView
from vocabulary.positions import Position, PositionState

PHASES = PhaseParameters()


def seen(state: RiskState, equity: float, world: PricedWorld, book: PlainBook | None = None) -> tuple[RiskState, list[str]]:
    world.account = AccountView("GBP", equity, equity, 0.0, equity)
    after, events = observe_phase(observe_equity(state, world.now, equity), world, book or PlainBook(), PHASES)
    return after, [event.code for event in events]


def closed_trades(world: PricedWorld, wins: int, losses: int) -> PlainBook:
    base = position_of(world, Strategy.LT112, spread())
    made = [_ended(base, world.now, Decimal(50 if number < wins else -50), number) for number in range(wins + losses)]
    return PlainBook([], made)


def _ended(base: Position, now: datetime, cash: Decimal, number: int) -> Position:
    return replace(base, id=f"c{number}", state=PositionState.CLOSED, closed=now, net_cash=cash)


@pytest.mark.parametrize(("pounds", "phase"), [(1, 0), (29_999, 0), (30_000, 1), (40_000, 2), (59_999, 2), (60_000, 3), (75_000, 4), (1e7, 4)])
def test_bands(pounds: float, phase: int) -> None:
    assert band_of(pounds, PHASES.floors) == phase


def test_a_dollar_account_is_converted_and_an_unknown_currency_has_no_phase() -> None:
    world = PricedWorld()
    assert dollars_per_pound(world, PHASES) == 1.27
    market = replace(PHASES, pound_source=PoundSource.MARKET)
    assert dollars_per_pound(world, market) is None
    world.prices["GBPUSD"] = 1.31
    assert dollars_per_pound(world, market) == 1.31
    world.account = AccountView("JPY", 1.0, 1.0, 0.0, 1.0)
    assert dollars_per_pound(world, PHASES) is None


def test_the_first_look_takes_the_band() -> None:
    state, codes = seen(RiskState(), 62_000.0, PricedWorld())
    assert (state.phase, codes) == (3, ["PHASE_START"])


@pytest.mark.parametrize(("days", "wins", "losses", "phase"), [(60, 15, 5, 2), (59, 15, 5, 1), (60, 10, 5, 1), (60, 11, 9, 1)])
def test_advancing_needs_stay_trades_and_win_rate(days: int, wins: int, losses: int, phase: int) -> None:
    world = PricedWorld()
    state, _ = seen(RiskState(), 35_000.0, world)
    world.now += timedelta(days=days)
    state, _ = seen(state, 41_000.0, world, closed_trades(world, wins, losses))
    assert state.phase == phase


def test_advancing_needs_a_small_drawdown() -> None:
    world = PricedWorld()
    state, _ = seen(RiskState(), 50_000.0, world)
    state = replace(state, phase=1)
    world.now += timedelta(days=90)
    state, _ = seen(state, 42_000.0, world, closed_trades(world, 20, 0))  # 16 % below the peak
    assert state.phase == 1


@pytest.mark.parametrize(("equity", "phase"), [(74_000.0, 4), (70_100.0, 4), (69_900.0, 3)])
def test_phase_four_is_lost_below_seventy_thousand(equity: float, phase: int) -> None:
    state, _ = seen(RiskState(), 76_000.0, PricedWorld())
    assert seen(state, equity, PricedWorld())[0].phase == phase


def test_a_drawdown_costs_one_phase_and_not_one_at_every_look() -> None:
    world = PricedWorld()
    state, _ = seen(RiskState(), 200_000.0, world)
    state, codes = seen(state, 155_000.0, world)
    assert (state.phase, codes) == (3, ["PHASE_DEMOTED"])
    state, codes = seen(state, 154_000.0, world)
    assert (state.phase, codes) == (3, [])


@given(st.lists(st.floats(1_000, 200_000), min_size=2, max_size=30))
def test_phase_moves_one_step_at_a_time_and_never_up_without_trades(equities: list[float]) -> None:
    world, state = PricedWorld(), RiskState()
    phases: list[int] = []
    for equity in equities:
        state, _ = seen(state, equity, world)
        phases.append(state.phase if state.phase is not None else -1)
        world.now += timedelta(days=30)
    assert all(before - after <= 1 for before, after in itertools.pairwise(phases))
    assert all(after <= max(before, 1) for before, after in itertools.pairwise(phases))


def test_win_rate_counts_money_after_fees() -> None:
    world = PricedWorld()
    book = closed_trades(world, 1, 1)
    assert win_rate(book.ended) == 0.5
    assert win_rate([replace(position, fees=Decimal(60)) for position in book.ended]) == 0.0


def test_bands_out_of_order_are_refused() -> None:
    with pytest.raises(BadInput, match="floors"):
        PhaseParameters(floors=(0.0, 40_000.0, 30_000.0, 60_000.0, 75_000.0))
