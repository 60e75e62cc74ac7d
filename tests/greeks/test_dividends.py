"""Cash dividends on American options, and the tree they are priced on."""

from __future__ import annotations

import numpy as np
import pytest

from greeks import american, european
from greeks.american import dividends
from greeks.american.tree import tree_price
from greeks.status import Status

QUARTERLY = [(0.1, 1.0), (0.35, 1.0), (0.6, 1.0), (0.85, 1.0)]


def test_tree_without_dividends_is_the_boundary_solution() -> None:
    for call, rate, carry in ((False, 0.05, 0.0), (True, 0.03, 0.06)):
        exact = float(american.price(call, 100.0, 102.0, 1.0, rate, carry, 0.25, american.ACCURATE).value)
        assert tree_price(call, 100.0, 102.0, 1.0, rate, carry, 0.25, steps=2048) == pytest.approx(exact, abs=1e-4)


def test_default_tree_is_within_half_a_cent_per_hundred_of_one_eight_times_as_fine() -> None:
    strikes = np.array([80.0, 95.0, 105.0, 125.0])
    for call in (0.0, 1.0):
        value, _ = dividends.price(call, 100.0, strikes, 1.0, 0.04, QUARTERLY, 0.25)
        fine = [tree_price(bool(call), 100.0, k, 1.0, 0.04, 0.0, 0.25, QUARTERLY, steps=4096) for k in strikes.tolist()]
        assert np.abs(value - fine).max() < 5e-3


def test_no_dividends_before_expiry_changes_nothing() -> None:
    late, _ = dividends.price(0.0, 100.0, 100.0, 0.5, 0.04, [(0.7, 5.0), (-0.1, 3.0)], 0.25)
    none, _ = dividends.price(0.0, 100.0, 100.0, 0.5, 0.04, [], 0.25)
    assert late == none


def test_dividends_lower_calls_and_raise_puts() -> None:
    plain, _ = dividends.price([1.0, 0.0], 100.0, 100.0, 1.0, 0.04, [], 0.25)
    paying, _ = dividends.price([1.0, 0.0], 100.0, 100.0, 1.0, 0.04, QUARTERLY, 0.25)
    assert paying[0] < plain[0]
    assert paying[1] > plain[1]


def test_deep_call_is_exercised_just_before_a_large_dividend() -> None:
    value, _ = dividends.price(1.0, 100.0, 60.0, 0.5, 0.03, [(0.02, 8.0)], 0.2)
    before = float(european.price(1.0, 100.0, 60.0, 0.02, 0.03, 0.0, 0.2))
    held = float(european.price(1.0, 100.0 - 8.0 * np.exp(-0.03 * 0.02), 60.0, 0.5, 0.03, 0.0, 0.2))
    assert held < 40.0 < before
    assert float(value) == pytest.approx(before, abs=2e-2)


def test_greeks_are_finite_and_signed_as_expected() -> None:
    found = dividends.greeks([1.0, 0.0], 100.0, 100.0, 1.0, 0.04, QUARTERLY, 0.25)
    assert 0.0 < found.delta[0] < 1.0 and -1.0 < found.delta[1] < 0.0
    assert (found.gamma > 0.0).all() and (found.vega > 0.0).all() and (found.theta < 0.0).all()
    assert found.rho[0] > 0.0 > found.rho[1]


def test_statuses_of_rows_that_cannot_be_priced() -> None:
    value, status = dividends.price([1.0, 1.0, 1.0, np.nan], [100.0, 3.0, 100.0, 100.0], 90.0, [1.0, 1.0, 0.0, 1.0], 0.04, QUARTERLY, 0.25)
    assert status.tolist() == [Status.OK, Status.BAD_INPUT, Status.EXPIRED, Status.BAD_INPUT]
    assert value[2] == 10.0 and np.isnan(value[[1, 3]]).all()
