"""Figures of one position in the terms of its strategy."""

from __future__ import annotations

import numpy as np
import pytest

from greeks.position_figures import gamma_impact, gamma_level, is_neutral, nearest_short_strike, short_strikes, theta_per_hour, vega_level
from greeks.probability import probability_of_touch
from greeks.score import Level


def test_gamma_impact_is_the_delta_of_a_one_percent_move() -> None:
    assert gamma_impact([-20.0, 5.0], [500.0, 100.0]).tolist() == [100.0, 5.0]
    assert [gamma_level(gamma, 500.0) for gamma in (5.0, -20.0, 40.0, 90.0)] == list(Level)


def test_vega_bands_are_tighter_when_volatility_is_high() -> None:
    assert [vega_level(-250.0, 0.2), vega_level(-250.0, 0.4), vega_level(600.0, 0.4), vega_level(600.0, 0.2)] == [
        Level.LOW,
        Level.MEDIUM,
        Level.HIGH,
        Level.MEDIUM,
    ]


def test_unknown_delta_is_not_neutral() -> None:
    assert is_neutral([49.0, -51.0, np.nan]).tolist() == [True, False, False]
    assert theta_per_hour(48.0) == 2.0


def test_short_strikes_of_a_strangle_and_its_tested_side() -> None:
    found = short_strikes([False, True], [95.0, 103.0], 100.0, 0.2, 0.25)
    np.testing.assert_allclose(found.fraction, [0.05, 0.03])
    np.testing.assert_allclose(found.sigmas, [-np.log(0.95) / 0.1, np.log(1.03) / 0.1])
    assert found.touch[1] == pytest.approx(float(probability_of_touch(100.0, 103.0, 0.2, 0.25)))
    assert nearest_short_strike(found) == 1


def test_a_strike_in_the_money_is_behind_and_surely_touched() -> None:
    found = short_strikes([False, True, True], [105.0, 103.0, np.nan], 100.0, 0.2, [0.25, 0.0, 0.1])
    assert found.fraction[0] == pytest.approx(-0.05)
    assert found.touch[:2].tolist() == [1.0, 0.0]
    assert found.sigmas[1] == np.inf
    assert nearest_short_strike(found) == 0
    assert np.isnan(found.touch[2])
