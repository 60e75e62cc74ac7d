"""The margin estimate on worked examples; test_margin_recordings holds it against recorded runs."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.margin import estimate_margin, naked_premium, structure_margin, worst_loss
from tests.priced_world import PricedWorld, option
from tests.risk.cases import rich_world, spread, strangle
from vocabulary.contracts import Contract, Leg, Right, Structure, StructureKind

EXPIRY, LATER = date(2024, 9, 20), date(2024, 12, 20)


def put(strike: float, expiry: date = EXPIRY) -> Contract:
    return option("SPY", expiry, Right.PUT, strike)


def call(strike: float, expiry: date = EXPIRY) -> Contract:
    return option("SPY", expiry, Right.CALL, strike)


def margin(*legs: tuple[Contract, int], spot: float = 500.0, premium: float = 2.0) -> float:
    return structure_margin([Leg(contract, ratio) for contract, ratio in legs], spot, lambda _: premium, 10_000.0)


@pytest.mark.parametrize(
    ("legs", "expected"),
    [
        ([(put(480), -1)], 100 * (0.20 * 500 - 20 + 2)),
        ([(put(300), -1)], 100 * (0.10 * 300 + 2)),  # the floor of a put is a tenth of its strike
        ([(call(700), -1)], 100 * (0.10 * 500 + 2)),  # and of a call a tenth of the underlying
        ([(call(520), -1)], 100 * (0.20 * 500 - 20 + 2)),
        ([(put(480), -1), (put(470), 1)], 1_000),
        ([(put(470), -1), (put(480), 1)], 0.0),  # debit spread
        ([(call(520), -1), (call(530), 1)], 1_000),
        ([(put(480), -1), (put(450), 1), (call(520), -1), (call(530), 1)], 3_000),  # the wider side once
        ([(put(480), -1), (call(520), -1)], 100 * (80 + 2) + 200),  # dearer side plus the other premium
        ([(put(480), 1), (put(475), -1), (put(440), -2)], 2 * 100 * (0.10 * 440 + 2)),  # the 1-1-2 is its two naked puts
        ([(call(400, LATER), 1), (call(500), -1)], 100 * (0.20 * 500 + 2)),  # a diagonal's short leg is naked
        ([(call(400), 1)], 0.0),
    ],
)
def test_shapes(legs: list[tuple[Contract, int]], expected: float) -> None:
    assert margin(*legs) == pytest.approx(expected)


def test_a_naked_put_out_of_the_money_costs_a_fifth_less_the_distance() -> None:
    """Worked by hand: 20 % of 748.40 less 48.40 out of the money plus the premium of 0.35, times 100."""
    contract = option("GOOG", date(2015, 12, 24), Right.PUT, 700.0)
    assert structure_margin([Leg(contract, -1)], 748.4, lambda _: 0.35, 0.0) == pytest.approx(100 * (149.68 - 48.4 + 0.35))


def test_futures_options_reserve_a_share_of_the_future() -> None:
    near, far = option("ES", EXPIRY, Right.PUT, 5350.0), option("ES", EXPIRY, Right.PUT, 4600.0)
    shares = [structure_margin([Leg(contract, -1)], 5400.0, lambda _: 10.0, 10_000.0) for contract in (near, far)]
    assert 0 < shares[1] < shares[0] <= 12_500
    calls = [structure_margin([Leg(option("ES", EXPIRY, Right.CALL, strike), -1)], 5400.0, lambda _: 10.0, 10_000.0) for strike in (5500.0, 6000.0)]
    assert 0 < calls[1] < calls[0] <= 10_000


def test_a_missing_quote_price_or_future_margin_gives_no_estimate() -> None:
    world = rich_world()
    wanted = spread()
    assert estimate_margin(wanted, 1, world, lambda _: None) is not None
    assert estimate_margin(strangle("CL"), 1, world, lambda _: None) is None
    world.hidden = {wanted.legs[0].contract}
    assert estimate_margin(wanted, 1, world, lambda _: None) is None
    world.hidden = set()
    world.prices.pop("SPY")
    assert estimate_margin(wanted, 1, world, lambda _: None) is None


def test_worst_loss_of_defined_and_undefined_structures() -> None:
    condor = [Leg(put(450), 1), Leg(put(480), -1), Leg(call(520), -1), Leg(call(530), 1)]
    assert worst_loss(condor, -300.0) == pytest.approx(3_000 - 300)
    assert worst_loss([Leg(call(500), 1)], 900.0) == pytest.approx(900)
    assert worst_loss([Leg(put(480), -1), Leg(call(520), -1)], -300.0) is None
    assert worst_loss([Leg(put(480), 1), Leg(put(475), -1), Leg(put(440), -2)], -100.0) is None
    assert worst_loss([Leg(call(400, LATER), 1), Leg(call(500), -1)], 900.0) is None


def test_the_premium_at_risk_is_that_of_uncovered_shorts() -> None:
    premium = {480.0: 3.0, 475.0: 2.5, 440.0: 1.0, 520.0: 2.0, 530.0: 1.0}

    def naked(*legs: tuple[Contract, int]) -> float:
        return naked_premium([Leg(contract, ratio) for contract, ratio in legs], lambda contract: premium[contract.strike or 0.0])

    assert naked((put(480), 1), (put(475), -1), (put(440), -2)) == pytest.approx(200)  # 150 net, but 200 is what the stop stands on
    assert naked((put(480), -1), (call(520), -1)) == pytest.approx(500)
    assert naked((put(480), -1), (put(475), 1), (call(520), -1), (call(530), 1)) == 0.0


@given(st.integers(300, 700), st.integers(1, 60), st.integers(1, 5))
def test_margin_grows_with_units_and_covers_the_worst_loss_of_a_credit_spread(short: int, width: int, units: int) -> None:
    world = PricedWorld()
    structure = Structure(StructureKind.PUT_SPREAD, (Leg(put(float(short)), -1), Leg(put(float(short - width)), 1)))
    one, many = estimate_margin(structure, 1, world, lambda _: None), estimate_margin(structure, units, world, lambda _: None)
    assert one is not None and many is not None and one.worst_loss is not None
    assert many.margin == pytest.approx(units * one.margin)
    assert one.margin == pytest.approx(100 * width) and one.worst_loss <= one.margin + max(0.0, one.debit) + 1e-6


@given(st.integers(250, 499), st.integers(501, 900))
def test_a_strangle_never_costs_more_than_its_sides_alone(low: int, high: int) -> None:
    both = margin((put(float(low)), -1), (call(float(high)), -1))
    sides = [margin((put(float(low)), -1)), margin((call(float(high)), -1))]
    assert max(sides) <= both <= sum(sides)


def test_a_naked_index_option_is_charged_fifteen_per_cent() -> None:
    sold = Leg(option("SPX", EXPIRY, Right.PUT, 4900.0), -1)
    assert structure_margin([sold], 5000.0, lambda _: 20.0, 0.0) == pytest.approx(100 * (750 - 100 + 20))
