"""IV rank sees a full past year and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greeks.iv_rank import PAST_DAYS, RankStatus, constant_maturity_iv, iv_rank, rank_series
from vocabulary.errors import BadInput


def test_constant_maturity_is_linear_in_total_variance_between_the_bracketing_expiries() -> None:
    expected = np.sqrt((0.2**2 * 23 + (0.3**2 * 37 - 0.2**2 * 23) * (30 - 23) / (37 - 23)) / 30)
    assert constant_maturity_iv([37, 23, 90], [0.3, 0.2, 0.9]) == pytest.approx(expected)
    assert constant_maturity_iv([30, 60], [0.25, 0.5]) == pytest.approx(0.25)


@pytest.mark.parametrize(("days", "iv"), [([35, 60], [0.2, 0.2]), ([5, 20], [0.2, 0.2]), ([], []), ([20, 40], [0.2, np.nan])])
def test_constant_maturity_never_extrapolates(days: list[float], iv: list[float]) -> None:
    assert np.isnan(constant_maturity_iv(days, iv))


def test_constant_maturity_refuses_lists_of_different_length() -> None:
    with pytest.raises(BadInput, match="equally long"):
        constant_maturity_iv([30, 60], [0.2])


def test_rank_and_percentile_of_a_known_year() -> None:
    past = np.linspace(0.10, 0.30, PAST_DAYS)
    found = iv_rank(past, 0.20)
    assert (found.rank, found.percentile, found.status) == (pytest.approx(0.5), pytest.approx(0.5, abs=0.003), RankStatus.OK)
    assert iv_rank(past, 0.99).rank == 1.0
    assert iv_rank(past, 0.01).percentile == 0.0


def test_rank_needs_252_valid_past_days() -> None:
    past = np.full(PAST_DAYS + 5, 0.2)
    past[:5] = 0.1
    past[-6:] = np.nan
    assert iv_rank(past, 0.2).status is RankStatus.SHORT_HISTORY
    assert np.isnan(iv_rank(past, 0.2).rank)
    assert iv_rank(np.full(PAST_DAYS, 0.2), 0.2).status is RankStatus.FLAT_HISTORY
    assert iv_rank(np.linspace(0.1, 0.2, PAST_DAYS), float("nan")).status is RankStatus.NO_CURRENT


@given(st.integers(0, 2**32 - 1), st.integers(1, 60))
@settings(deadline=None, max_examples=40)
def test_rank_series_knows_no_later_day(seed: int, cut: int) -> None:
    random = np.random.default_rng(seed)
    series = np.exp(random.normal(-1.6, 0.3, 330))
    series[random.choice(330, 12, replace=False)] = np.nan
    changed = series.copy()
    changed[-cut:] = random.uniform(0.01, 5.0, cut)
    for whole, altered in zip(rank_series(series), rank_series(changed), strict=True):
        np.testing.assert_array_equal(whole[:-cut], altered[:-cut])


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=25)
def test_rank_series_agrees_with_the_single_day(seed: int) -> None:
    random = np.random.default_rng(seed)
    series = np.exp(random.normal(-1.6, 0.3, 300))
    series[random.choice(300, 7, replace=False)] = np.nan
    rank, percentile = rank_series(series)
    for day in range(300):
        one = iv_rank(series[:day], float(series[day]))
        np.testing.assert_allclose([rank[day], percentile[day]], [one.rank, one.percentile], rtol=1e-12)
        assert not rank[day] > 1.0
        assert not rank[day] < 0.0
