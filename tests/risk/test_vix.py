"""VIX regimes: ceilings by band, sizes that fall above 25."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.parameters import BuyingPowerParameters, LimitParameters, risk_parameters
from risk.vix import band, regime_of
from vocabulary.errors import BadInput

POWER, LIMITS = BuyingPowerParameters(), LimitParameters()


@pytest.mark.parametrize(("vix", "ceiling"), [(10, 0.45), (13, 0.65), (17.9, 0.65), (18, 0.775), (25, 0.50), (29.9, 0.50), (30, 0.80), (80, 0.80)])
def test_bands_of_the_ceiling(vix: float, ceiling: float) -> None:
    assert regime_of(vix, POWER, LIMITS).ceiling_bought == ceiling


def test_sold_structures_get_less_above_thirty() -> None:
    assert regime_of(32, POWER, LIMITS).ceiling_sold == 0.25


@pytest.mark.parametrize(("vix", "scale"), [(22.0, 1.0), (22.1, 0.8), (28.0, 0.8), (35.0, 0.6), (35.1, 0.4)])
def test_counts_shrink_with_the_vix(vix: float, scale: float) -> None:
    assert regime_of(vix, POWER, LIMITS).count_scale == scale


@given(st.floats(25, 200), st.floats(25, 200))
def test_sizes_never_rise_above_twenty_five(low: float, high: float) -> None:
    small, large = sorted((low, high))
    assert regime_of(large, POWER, LIMITS).size_scale <= regime_of(small, POWER, LIMITS).size_scale


@given(st.floats(0, 200), st.lists(st.floats(1, 100), unique=True, max_size=6))
def test_a_band_is_the_number_of_bounds_reached(value: float, bounds: list[float]) -> None:
    edges = sorted(bounds)
    index = band(value, edges)
    assert all(value >= bound for bound in edges[:index]) and all(value < bound for bound in edges[index:])


@pytest.mark.parametrize(
    ("key", "text", "named"),
    [
        ("risk.limit.per_group", "2,2,2", "per_group"),
        ("risk.limits.per_group", "2", "sections"),
        ("risk.buying_power.vix_bounds", "18,13,25,30", "vix_bounds"),
        ("risk.buying_power.ceiling", "0.5", "ceiling"),
        ("risk.breaker.reset", "never", "manual | recovery"),
        ("risk.breaker.day", "5", "out of range"),
    ],
)
def test_wrong_risk_parameters_are_refused_by_name(key: str, text: str, named: str) -> None:
    with pytest.raises(BadInput, match=named.replace("|", r"\|")):
        risk_parameters({key: text})


def test_risk_parameters_are_read_by_section() -> None:
    given_text = {"risk.limit.per_group": "1,1,1,1,1", "risk.breaker.reset": "recovery", "lt112.target_dte": "90"}
    found = risk_parameters(given_text)
    assert found.limit.per_group == (1, 1, 1, 1, 1) and found.breaker.reset.value == "recovery"
