"""The distribution behind a smile is one, prices the options it came from, and knows the skew."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greeks import european
from greeks.essvi import Slices, total_variance
from greeks.implied_distribution import smile_distribution
from greeks.probability import lognormal_distribution
from greeks.smile import from_cube
from vocabulary.errors import BadInput


def a_slice(theta: float, rho: float, psi: float) -> Slices:
    return Slices(np.array([0.25]), np.array([theta]), np.array([rho]), np.array([psi]))


@given(st.tuples(*[st.floats(0.01, 0.99)] * 3))
@settings(deadline=None, max_examples=80)
def test_distribution_rises_from_zero_to_one(point: tuple[float, float, float]) -> None:
    theta, rho, psi = from_cube(np.array([point[0], point[1] * 0.6, point[2]]), 1e-4, None)
    below = smile_distribution(a_slice(float(theta), float(rho), float(psi)), 100.0)
    chance = below(100.0 * np.exp(np.linspace(-8, 8, 801)))
    assert np.all(np.diff(chance) >= -1e-12)
    assert chance[0] <= 0.2
    assert chance[-1] >= 0.9
    assert float(below(np.array(0.0))) == 0.0


def test_flat_smile_is_lognormal() -> None:
    below, flat = smile_distribution(a_slice(0.01, 0.0, 1e-7), 100.0), lognormal_distribution(100.0, 0.2, 0.25)
    prices = np.linspace(60, 160, 51)
    np.testing.assert_allclose(below(prices), flat(prices), atol=1e-6)


def test_puts_are_the_integral_of_the_distribution() -> None:
    one = a_slice(0.01, -0.6, 0.15)
    below, strike = smile_distribution(one, 100.0), 92.0
    grid = np.linspace(1e-6, strike, 200_001)
    chance = below(grid)
    integral = float(np.sum((chance[1:] + chance[:-1]) / 2 * np.diff(grid)))
    volatility = float(np.sqrt(total_variance(one, np.log(strike / 100.0))[0] / 0.25))
    assert integral == pytest.approx(float(european.price(False, 100.0, strike, 0.25, 0.0, 0.0, volatility)), rel=1e-6)


def test_negative_skew_fattens_the_lower_tail() -> None:
    skewed, flat = smile_distribution(a_slice(0.01, -0.7, 0.15), 100.0), lognormal_distribution(100.0, 0.2, 0.25)
    assert float(skewed(np.array(75.0))) > 2 * float(flat(np.array(75.0)))


def test_several_slices_are_refused() -> None:
    two = Slices(np.array([0.1, 0.2]), np.array([0.01, 0.02]), np.zeros(2), np.full(2, 0.05))
    with pytest.raises(BadInput, match="one slice"):
        smile_distribution(two, 100.0)
