"""The elementary functions against 200-bit arithmetic, and NumPy against compiled code."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

from greeks import elementary


def _mills(y: float) -> mpmath.mpf:
    x = mpmath.mpf(y)
    return mpmath.sqrt(mpmath.pi / 2) * mpmath.exp(x * x / 2) * mpmath.erfc(x / mpmath.sqrt(2))


def test_exponential_is_within_a_unit_in_the_last_place() -> None:
    x = np.random.default_rng(1).uniform(-700.0, 700.0, 2000)
    with mpmath.workprec(200):
        truth = np.array([float(mpmath.exp(mpmath.mpf(v))) for v in x.tolist()])
    assert np.max(np.abs(elementary.exponential(x) - truth) / np.spacing(truth)) <= 1.0


def test_exponential_keeps_nan_and_dies_away_below_the_smallest_double() -> None:
    with np.errstate(invalid="ignore"):
        assert np.isnan(elementary.exponential(np.array([np.nan]))).all()
    assert elementary.exponential(np.array([-800.0, 0.0])).tolist() == [0.0, 1.0]


def test_growth_keeps_relative_precision_for_small_arguments() -> None:
    x = np.array([1e-17, -1e-12, 3e-6, -0.02, 0.4, -3.0])
    power, gain = elementary.growth(x)
    assert np.allclose(gain, np.expm1(x), rtol=4e-16, atol=0.0)
    assert np.allclose(power, np.exp(x), rtol=4e-16, atol=0.0)


def test_log_ratio_of_nearly_equal_numbers_keeps_relative_precision() -> None:
    rng = np.random.default_rng(2)
    a = np.exp(rng.uniform(-20.0, 20.0, 2000))
    b = a * (1.0 + rng.normal(0.0, 1.0, 2000) * 10.0 ** rng.uniform(-14.0, -0.5, 2000))
    b = np.where(b > 0.0, b, a * 3.0)
    with mpmath.workprec(200):
        truth = np.array([float(mpmath.log(mpmath.mpf(u) / mpmath.mpf(v))) for u, v in zip(a.tolist(), b.tolist(), strict=True)])
    assert np.allclose(elementary.log_ratio(a, b), truth, rtol=4e-16, atol=0.0)


def test_mills_ratio_and_its_step_keep_relative_precision() -> None:
    rng = np.random.default_rng(3)
    y = np.concatenate([rng.uniform(-0.7, 8.0, 500), 10.0 ** rng.uniform(0.0, 2.5, 500)])
    step = 10.0 ** rng.uniform(-12.0, 1.5, 1000)
    with mpmath.workprec(300):
        ratio = np.array([float(_mills(v)) for v in y.tolist()])
        drop = np.array([float(_mills(v) - _mills(mpmath.mpf(v) + mpmath.mpf(s))) for v, s in zip(y.tolist(), step.tolist(), strict=True)])
    assert np.allclose(elementary.mills(y), ratio, rtol=2e-15, atol=0.0)
    assert np.allclose(elementary.mills_step(y, step)[1], drop, rtol=3e-15, atol=0.0)


@pytest.mark.parametrize("y", [-9.0, -0.5, 0.0, 0.5, 9.0])
def test_normal_distribution_keeps_relative_precision_in_the_lower_tail(y: float) -> None:
    with mpmath.workprec(200):
        truth = float(mpmath.ncdf(mpmath.mpf(y)))
    assert float(elementary.normal_cdf(np.array([y]))[0]) == pytest.approx(truth, rel=1e-14)
