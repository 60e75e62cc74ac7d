"""Stress: no shock is no profit, shocks are full revaluations, and the book is the sum of its legs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greeks.stress import CRASHES, Crash, StressParameters, crash_losses, crash_share, stress_grid
from greeks.valuation import Exercise, PricedLegs, VolatilitySource, intrinsic_values, later, leg_greeks, leg_volatilities, unit_values
from vocabulary.errors import BadInput

STILL = StressParameters(spot=(-0.1, 0.0, 0.1), volatility=(0.0, 0.1), days=(0.0, 5.0))


def legs_of(rows: list[tuple[int, bool, float, float]], spot: float = 100.0) -> PricedLegs:
    n = len(rows)
    exercise, call, strike, years = (np.array([row[i] for row in rows]) for i in range(4))
    terms = exercise.astype(np.int8), call.astype(bool), strike.astype(float), years.astype(float)
    return PricedLegs(*terms, np.full(n, spot), np.full(n, 0.04), np.full(n, 0.01), np.zeros(n))


LEG = st.tuples(st.sampled_from(list(Exercise)), st.booleans(), st.floats(60, 150), st.floats(0.01, 2.0))
BOOK = st.lists(st.tuples(LEG, st.floats(0.08, 1.2), st.integers(-4, 4)), min_size=1, max_size=6)


@given(BOOK)
@settings(deadline=None, max_examples=30)
def test_without_a_shock_every_position_is_worth_its_mark(book: list) -> None:
    legs = legs_of([row[0] for row in book])
    volatility, size = np.array([row[1] for row in book]), np.array([100.0 * row[2] for row in book])
    grid = stress_grid(legs, volatility, size, np.ones(len(book)), STILL)
    np.testing.assert_allclose(grid.total()[1, 0, 0], 0.0, atol=1e-9 * (1 + np.sum(np.abs(size))))


@given(BOOK)
@settings(deadline=None, max_examples=30)
def test_book_and_labels_are_sums_of_legs(book: list) -> None:
    legs = legs_of([row[0] for row in book])
    volatility, size = np.array([row[1] for row in book]), np.array([100.0 * row[2] for row in book])
    grid = stress_grid(legs, volatility, size, np.ones(len(book)), STILL)
    labels = [f"p{i % 2}" for i in range(len(book))]
    np.testing.assert_allclose(sum(grid.by(labels).values()), grid.total(), atol=1e-6)
    alone = [stress_grid(legs.rows(np.arange(len(book)) == i), volatility[[i]], size[[i]], np.ones(1), STILL).total() for i in range(len(book))]
    np.testing.assert_allclose(sum(alone), grid.total(), atol=1e-6)


def test_grid_points_are_full_revaluations() -> None:
    legs = legs_of([(1, False, 95.0, 0.25), (2, True, 105.0, 0.5)])
    grid = stress_grid(legs, [0.2, 0.25], [-100.0, 200.0], np.ones(2), STILL)
    shocked = legs_of([(1, False, 95.0, 0.25 - 5 / 365), (2, True, 105.0, 0.5 - 5 / 365)], spot=90.0)
    expected = np.array([-100.0, 200.0]) * (unit_values(shocked, [0.3, 0.35]) - unit_values(legs, [0.2, 0.25]))
    np.testing.assert_allclose(grid.by_leg[:, 0, 1, 1], expected, rtol=1e-9)


def test_shares_move_with_their_beta_and_nothing_else() -> None:
    legs = legs_of([(0, False, 0.0, 0.0)], spot=80.0)
    grid = stress_grid(legs, [0.0], [300.0], [-0.5], STILL)
    np.testing.assert_allclose(grid.total(), np.broadcast_to(np.array([0.05, 0.0, -0.05])[:, None, None] * 80 * 300, (3, 2, 2)), atol=1e-9)


def test_a_leg_that_expires_inside_the_horizon_is_worth_its_intrinsic_value() -> None:
    legs = legs_of([(1, False, 95.0, 2 / 365)])
    grid = stress_grid(legs, [0.3], [1.0], [1.0], STILL)
    now = unit_values(legs, [0.3])[0]
    np.testing.assert_allclose(grid.total()[:, 0, 1] + now, [5.0, 0.0, 0.0], atol=1e-9)


def test_a_leg_without_volatility_leaves_the_total_unknown_and_is_named() -> None:
    grid = stress_grid(legs_of([(1, False, 95.0, 0.2), (1, True, 95.0, 0.2)]), [0.2, np.nan], [1.0, 1.0], np.ones(2), STILL)
    assert grid.unknown == (1,)
    assert np.all(np.isnan(grid.total()))


def test_crashes_hurt_short_puts_and_help_long_ones_and_every_crash_is_its_own_revaluation() -> None:
    legs = legs_of([(1, False, 90.0, 90 / 365), (1, False, 90.0, 90 / 365)])
    losses = crash_losses(legs, [0.25, 0.25], [-100.0, 200.0], np.ones(2), ["short", "long"])
    assert [one.crash.name for one in losses] == [one.name for one in CRASHES]
    for one in losses:
        assert one.by_label["short"] < 0 < one.by_label["long"]
        assert one.profit == pytest.approx(sum(one.by_label.values()))
        share = np.sqrt(30 / 90)
        there = unit_values(later(legs, one.crash.days), np.full(2, 0.25 + one.crash.vix_move * share), legs.spot * (1 + one.crash.spot_move))
        here = unit_values(legs, np.full(2, 0.25))
        assert one.by_label["long"] == pytest.approx(200 * (there[0] - here[0]))


def test_vix_move_reaches_short_terms_in_full_and_fades_beyond_thirty_days() -> None:
    legs = legs_of([(1, False, 90.0, days / 365) for days in (1, 30, 120)])
    assert crash_share(legs, StressParameters()) == pytest.approx([1.0, 1.0, 0.5])
    assert Crash("x", -0.1, 20.0, 45.0, 1.0, "test").vix_move == pytest.approx(0.25)


def test_inputs_of_different_length_are_refused() -> None:
    legs = legs_of([(1, False, 95.0, 0.2)])
    with pytest.raises(BadInput, match="as many"):
        stress_grid(legs, [0.2, 0.2], [1.0], [1.0], STILL)
    with pytest.raises(BadInput, match="2 labels"):
        stress_grid(legs, [0.2], [1.0], [1.0], STILL).by(["a", "b"])
    with pytest.raises(BadInput, match="one row per leg"):
        PricedLegs(*(np.zeros(2 if i else 1) for i in range(8)))  # type: ignore[arg-type]


@given(st.lists(st.tuples(LEG, st.floats(0.08, 1.2)), min_size=1, max_size=6))
@settings(deadline=None, max_examples=25)
def test_volatility_implied_by_a_model_price_gives_the_price_back(rows: list) -> None:
    legs = legs_of([row[0] for row in rows])
    volatility = np.array([row[1] for row in rows])
    price = unit_values(legs, volatility)
    found = leg_volatilities(legs, price)
    assert not np.any(found.source == VolatilitySource.NONE)
    np.testing.assert_allclose(unit_values(legs, found.volatility), price, atol=2e-4)


def test_source_of_a_volatility_is_never_hidden() -> None:
    legs = legs_of([(1, True, 50.0, 0.2), (1, True, 50.0, 0.2), (1, True, 100.0, 0.2), (1, True, 100.0, 0.2), (0, False, 0.0, 0.0)])
    found = leg_volatilities(legs, [40.0, 40.0, 150.0, np.nan, 100.0], [0.3, np.nan, np.nan, np.nan, np.nan])
    assert found.source.tolist() == [VolatilitySource.SURFACE, VolatilitySource.INTRINSIC, VolatilitySource.NONE, VolatilitySource.NONE, VolatilitySource.QUOTE]
    greeks = leg_greeks(legs, found.volatility, np.full(5, 100.0))
    assert greeks.delta[1] == pytest.approx(100.0, rel=3e-3)
    assert np.isnan(greeks.delta[[2, 3]]).all()
    assert greeks.row(4).delta == 100.0


def test_american_legs_without_time_or_volatility_are_worth_the_better_of_now_and_later() -> None:
    legs = legs_of([(2, False, 110.0, 0.5), (2, True, 90.0, 0.5), (2, False, 110.0, 0.0)])
    value, greeks = unit_values(legs, np.zeros(3)), leg_greeks(legs, np.zeros(3), np.ones(3))
    held = 100 * np.exp(-0.005) - 90 * np.exp(-0.02)
    np.testing.assert_allclose(value, [10.0, held, 10.0])
    np.testing.assert_allclose(greeks.delta, [-1.0, np.exp(-0.005), -1.0])
    np.testing.assert_array_equal(greeks.gamma, [0.0, 0.0, 0.0])


def test_rho_of_an_option_on_a_future_holds_the_future() -> None:
    rows = [(code, False, 105.0, 0.5) for code in (Exercise.EUROPEAN_ON_FUTURE, Exercise.AMERICAN_ON_FUTURE)]
    legs = legs_of(rows)
    legs = replace(legs, dividend_yield=legs.rate)
    bumped = [unit_values(replace(legs, rate=legs.rate + h, dividend_yield=legs.rate + h), np.full(2, 0.3)) for h in (1e-4, -1e-4)]
    rho = leg_greeks(legs, np.full(2, 0.3), np.ones(2)).rho
    np.testing.assert_allclose(rho, (bumped[0] - bumped[1]) / 2e-4 / 100, rtol=5e-3)


def test_escrowed_dividends_leave_the_spot() -> None:
    with_dividend = legs_of([(Exercise.EUROPEAN, True, 100.0, 0.5)])
    with_dividend = PricedLegs(*(getattr(with_dividend, name) for name in with_dividend.__slots__[:-1]), np.array([3.0]))
    without = legs_of([(Exercise.EUROPEAN, True, 100.0, 0.5)], spot=97.0)
    assert unit_values(with_dividend, [0.2]) == pytest.approx(unit_values(without, [0.2]))


def test_intrinsic_value_is_what_exercise_brings() -> None:
    legs = legs_of([(1, True, 95.0, 0.1), (2, False, 95.0, 0.1), (0, False, 0.0, 0.0)])
    np.testing.assert_allclose(intrinsic_values(legs, np.full((3, 2), [90.0, 100.0])), [[0, 5], [5, 0], [90, 100]])
