"""Sums of Greeks: the whole is the sum of its parts, unknown stays unknown, beta weighting is a change of unit."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greeks.exposure import LegTable, beta_to, beta_weighted, sum_by
from greeks.portfolio import Benchmark, portfolio_greeks, rows_of
from greeks.report import greeks_report
from greeks.units import GreekArrays, linear_instrument, to_desk, year_fraction
from vocabulary.contracts import AssetClass, Contract, Leg, Right, Structure, StructureKind, Style
from vocabulary.decisions import Strategy
from vocabulary.errors import BadInput
from vocabulary.positions import Greeks, Holding, Position, PositionState

NAMES = ("SPY", "GLD", "TLT", "USO")
GROUPS = {"SPY": "EQUITY_INDEX", "GLD": "METALS", "TLT": "TREASURIES", "USO": "ENERGY"}
BENCHMARK = Benchmark(500.0, {"SPY": 500.0, "GLD": 180.0, "TLT": 95.0, "USO": 75.0}, {"SPY": 1.0, "GLD": 0.1, "TLT": -0.2, "USO": 0.6})
NUMBER = st.floats(-1e4, 1e4)
LEG = st.tuples(st.integers(0, 5), st.sampled_from(list(Strategy)), st.sampled_from(NAMES), st.integers(-5, 5).filter(bool), st.tuples(*[NUMBER] * 5))


def put(underlying: str, strike: float) -> Contract:
    return Contract(AssetClass.EQUITY_OPTION, underlying, 100.0, "", date(2024, 6, 21), strike, Right.PUT, Style.AMERICAN)


def table(rows: list[tuple[int, Strategy, str, int, tuple[float, ...]]]) -> tuple[LegTable, GreekArrays]:
    legs = LegTable(
        tuple(f"{strategy.value}-{underlying}-{number}" for number, strategy, underlying, _, _ in rows),
        tuple(one[1] for one in rows),
        tuple(put(one[2], 100.0 + i) for i, one in enumerate(rows)),
        np.array([float(one[3]) for one in rows]),
    )
    columns = np.array([one[4] for one in rows]).T
    return legs, GreekArrays(*columns)


def fields(greeks: Greeks) -> np.ndarray:
    return np.array([greeks.delta, greeks.gamma, greeks.theta, greeks.vega, greeks.rho])


@given(st.lists(LEG, min_size=1, max_size=20))
@settings(deadline=None, max_examples=80)
def test_every_breakdown_adds_up_to_the_total(rows: list[tuple[int, Strategy, str, int, tuple[float, ...]]]) -> None:
    legs, greeks = table(rows)
    book = portfolio_greeks(legs, greeks, BENCHMARK, GROUPS.__getitem__)
    assert book.complete
    for part in (book.by_position, book.by_strategy, book.by_underlying, book.by_group):
        np.testing.assert_allclose(sum(fields(one.native) for one in part.values()), fields(book.total.native), atol=1e-8)
        np.testing.assert_allclose(sum(fields(one.weighted) for one in part.values()), fields(book.total.weighted), atol=1e-8)


@given(st.lists(LEG, min_size=1, max_size=12))
@settings(deadline=None, max_examples=40)
def test_order_of_legs_does_not_matter(rows: list[tuple[int, Strategy, str, int, tuple[float, ...]]]) -> None:
    one, other = (portfolio_greeks(*table(order), BENCHMARK, GROUPS.__getitem__) for order in (rows, rows[::-1]))
    np.testing.assert_allclose(fields(one.total.weighted), fields(other.total.weighted), atol=1e-8)
    assert set(one.by_position) == set(other.by_position)


def test_a_leg_without_greeks_makes_its_sums_unknown_and_is_named() -> None:
    legs, _ = table([(0, Strategy.STRANGLE, "SPY", 1, (0.0,) * 5), (1, Strategy.LT112, "GLD", -1, (0.0,) * 5)])
    book = portfolio_greeks(legs, rows_of([Greeks(10.0, 1.0, 2.0, 3.0, 4.0), None]), BENCHMARK, GROUPS.__getitem__)
    assert book.unknown == (legs.contract[1].key,)
    assert not book.complete
    assert np.isnan(book.total.weighted.delta)
    assert np.isnan(book.by_group["METALS"].native.vega)
    assert book.by_group["EQUITY_INDEX"].native == Greeks(10.0, 1.0, 2.0, 3.0, 4.0)


def test_an_underlying_without_beta_has_no_weighted_delta_but_keeps_its_vega() -> None:
    legs, greeks = table([(0, Strategy.STRANGLE, "USO", 1, (5.0, 1.0, -2.0, 3.0, 0.0))])
    book = portfolio_greeks(legs, greeks, Benchmark(500.0, {"USO": 75.0}, {}), GROUPS.__getitem__)
    assert book.unweighted == ("USO",)
    assert np.isnan(book.total.weighted.delta)
    assert book.total.weighted.vega == 3.0


@given(NUMBER, NUMBER, st.floats(-2, 2), st.floats(10, 1000), st.floats(100, 1000))
def test_beta_weighted_profit_equals_the_profit_of_the_move_it_stands_for(delta: float, gamma: float, beta: float, spot: float, benchmark: float) -> None:
    zero = np.zeros(1)
    weighted = beta_weighted(GreekArrays(np.array([delta]), np.array([gamma]), zero, zero, zero), beta, spot, benchmark)
    points = 0.013 * benchmark
    own_points = 0.013 * beta * spot
    own = delta * own_points + gamma * own_points**2 / 2
    assert weighted.delta[0] * points + weighted.gamma[0] * points**2 / 2 == pytest.approx(own, rel=1e-9, abs=1e-6)


def test_beta_is_the_slope_on_the_benchmark_and_unknown_without_enough_days() -> None:
    random = np.random.default_rng(5)
    market = random.normal(0, 0.01, 250)
    returns = np.stack([market, -0.3 * market + 0.001, 1.7 * market])
    returns[2, :10] = np.nan
    assert beta_to(returns, market) == pytest.approx([1.0, -0.3, 1.7])
    assert np.isnan(beta_to(market[:30], market[:30]))
    assert np.isnan(beta_to(market, np.zeros(250)))


def test_desk_units_scale_kernel_greeks() -> None:
    desk = to_desk([0.5], [0.02], [-7.3], [20.0], [30.0], -2 * 100.0)
    assert desk.row(0) == Greeks(-100.0, -4.0, pytest.approx(4.0), pytest.approx(-40.0), pytest.approx(-60.0))
    assert linear_instrument([300.0]).row(0) == Greeks(300.0, 0.0, 0.0, 0.0, 0.0)
    assert year_fraction([525_600.0, -5.0]).tolist() == [1.0, 0.0]


def test_leg_table_lists_what_positions_hold() -> None:
    contract, shares = put("SPY", 480.0), Contract(AssetClass.EQUITY, "SPY", 1.0)
    structure = Structure(StructureKind.SHORT_PUT, (Leg(contract, -1),))
    held = (Holding(contract, -2, Decimal(1)), Holding(shares, 100, Decimal(500)))
    zero = Decimal(0)
    position = Position("p1", Strategy.LT112, structure, 2, PositionState.OPEN, None, None, held, zero, zero, zero, 30, 0.0, 0.0, 0, "")
    legs = LegTable.of([position])
    assert len(legs) == 2
    assert legs.size.tolist() == [-200.0, 100.0]
    assert legs.underlying == ("SPY", "SPY")


def test_labels_must_match_the_rows() -> None:
    with pytest.raises(BadInput, match="2 labels for 1 rows"):
        sum_by(["a", "b"], linear_instrument([1.0]))


def test_report_lists_total_then_every_part_and_shows_own_delta_only_where_it_means_something() -> None:
    legs, greeks = table([(0, Strategy.STRANGLE, "SPY", -1, (-12.0, -0.5, 40.0, -90.0, 3.0)), (1, Strategy.LT112, "GLD", -1, (30.0, -1.0, 8.0, -20.0, 1.0))])
    book = portfolio_greeks(legs, greeks, BENCHMARK, GROUPS.__getitem__)
    report = greeks_report(datetime(2024, 5, 1, 16, tzinfo=UTC), book, 1)
    assert [row.part for row in report.rows] == ["total"] + ["group"] * 2 + ["underlying"] * 2 + ["strategy"] * 2 + ["position"] * 2
    assert np.isnan(report.rows[0].delta)
    assert {row.name: row.delta for row in report.rows if row.part == "underlying"} == {"SPY": -12.0, "GLD": 30.0}
    assert report.rows[0].spy_delta == pytest.approx(-12.0 + 30.0 * 0.1 * 180 / 500)
    assert report.score.value == pytest.approx(100.0)
    assert [one.breached for one in report.limits] == [False] * 4
