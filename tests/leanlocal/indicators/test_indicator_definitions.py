"""Indicators against their definitions written out plainly, and what they show before they are ready, which LEAN settles one by one.

Source: the classes of the same name under Indicators/ of QuantConnect/Lean, and its Tests/TestData (the figures of the adaptive average).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leanlocal.enums import MovingAverageType
from leanlocal.indicators import averages, candles, oscillators, ranges, trend, volumes, windowed
from leanlocal.indicators.readings import BarPrices, Reading

START = datetime(2024, 1, 2, 10)
Row = tuple[int, int, int, int]
"""High, low, close, volume."""


def values_of(indicator: Any, numbers: Sequence[float]) -> list[float]:
    shown: list[float] = []
    for i, number in enumerate(numbers):
        indicator.update(START + timedelta(minutes=i), number)
        shown.append(indicator.current.value)
    return shown


def bars_into(indicator: Any, rows: Sequence[Row]) -> list[float]:
    shown: list[float] = []
    for i, (high, low, close, volume) in enumerate(rows):
        prices = BarPrices(Decimal(close), Decimal(high), Decimal(low), Decimal(close), Decimal(volume))
        indicator.update(Reading(START + timedelta(minutes=i), prices.close, prices))
        shown.append(indicator.current.value)
    return shown


def level(*prices: int) -> list[Row]:
    """Bars around prices, one point up and down, closing in the middle."""
    return [(price + 1, price - 1, price, 100) for price in prices]


rows = st.lists(
    st.tuples(st.integers(50, 99), st.integers(0, 20), st.integers(0, 20), st.integers(1, 500)).map(
        lambda drawn: (drawn[0] + drawn[1], drawn[0], drawn[0] + min(drawn[1], drawn[2]), drawn[3])
    ),
    min_size=8,
    max_size=30,
)


def test_adaptive_average_shows_the_published_figures() -> None:
    closes = [151.89, 149, 150.02, 151.91, 151.61, 152.11, 152.92, 154.29, 154.5, 154.78, 155.44, 156.03]
    shown = values_of(averages.KaufmanAdaptiveMovingAverage(5), closes)
    assert shown[:5] == closes[:5]
    assert shown[5:] == pytest.approx(
        [151.613577549107, 152.063324152226, 152.844959173542, 153.351835433195, 153.986575240664, 154.632541800369, 155.253634333538], abs=1e-11
    )


def test_efficiency_ratio_is_net_change_over_path_and_the_input_before() -> None:
    ratio = averages.KaufmanEfficiencyRatio(3)
    assert values_of(ratio, [10, 12, 11, 14, 12]) == [10, 12, 11, pytest.approx(1 if 4 >= 6 else 4 / 6), 0]
    assert ratio.warm_up_period == 4


def test_double_average_lacks_its_second_part_while_that_fills() -> None:
    shown = values_of(averages.DoubleExponentialMovingAverage(3), [7] * 6)
    assert shown == [0, 0, 14, 14, 7, 7]


def test_volume_factor_weighs_the_second_average() -> None:
    numbers = [3, 5, 4, 8, 9, 7, 6]
    first, second, subject = averages.ExponentialMovingAverage(2), averages.ExponentialMovingAverage(2), averages.DoubleExponentialMovingAverage("x", 2, 0.5)
    once = values_of(first, numbers)
    values_of(second, once[1:])
    assert values_of(subject, numbers)[-1] == pytest.approx(1.5 * once[-1] - 0.5 * second.current.value)


def test_t3_shows_the_stage_that_still_fills() -> None:
    subject, one = averages.T3MovingAverage(3, 0.7), averages.DoubleExponentialMovingAverage("one", 3, 0.7)
    numbers = [5, 6, 8, 7, 9, 4, 6, 8, 9, 5, 4, 6, 7, 8]
    shown, stage = values_of(subject, numbers), values_of(one, numbers)
    assert shown[:4] == stage[:4]
    assert subject.is_ready
    assert subject.warm_up_period == 13


@given(rows)
def test_stochastic_averages_only_bars_with_a_range(drawn: list[Row]) -> None:
    subject = oscillators.Stochastic(3, 2, 2)
    fast: list[float] = []
    sums: list[float] = []
    slow: list[float] = []
    for i, (_, _, close, _) in enumerate(drawn):
        seen = drawn[max(0, i - 2) : i + 1]
        top, bottom = max(row[0] for row in seen), min(row[1] for row in seen)
        value = (close - bottom) / (top - bottom) if i >= 2 and top != bottom else 0.0
        if i >= 2 and top != bottom:
            sums.append(value)
        fast.append(100 * value)
        if len(sums) >= 2:
            slow.append(sum(sums[-2:]) / 2)
    assert bars_into(subject, drawn) == pytest.approx(fast)
    assert subject.stoch_k.current.value == pytest.approx(100 * slow[-1] if slow else 0)
    assert subject.stoch_d.current.value == pytest.approx(100 * sum(slow[-2:]) / 2 if len(slow) >= 2 else 0)
    assert subject.is_ready == (len(slow) >= 2)


def test_stop_of_a_first_rise_starts_from_the_lower_high() -> None:
    subject = trend.ParabolicStopAndReverse()
    shown = bars_into(subject, [(12, 8, 10, 1), (11, 9, 11, 1), (13, 10, 12, 1), (14, 11, 13, 1)])
    assert shown[1] == 8
    assert shown[2] == 8
    assert shown[3] == pytest.approx(8 + 0.04 * (13 - 8))


@given(rows)
def test_super_trend_is_one_of_its_trailing_bands(drawn: list[Row]) -> None:
    subject = trend.SuperTrend(3, 2)
    before: tuple[float, float, int] | None = None
    for i, row in enumerate(drawn):
        prices = BarPrices(*(Decimal(value) for value in (row[2], row[0], row[1], row[2], row[3])))
        subject.update(Reading(START + timedelta(minutes=i), prices.close, prices))
        if not subject.is_ready:
            assert subject.current.value == 0
            continue
        upper, lower = subject.current_trailing_upper_band, subject.current_trailing_lower_band
        assert subject.current.value in (pytest.approx(upper), pytest.approx(lower))
        if before is not None and before[2] >= before[1]:
            assert lower >= before[1]
        if before is not None and before[2] <= before[0]:
            assert upper <= before[0]
        before = (upper, lower, row[2])


def test_aroon_counts_from_the_first_bar() -> None:
    assert bars_into(trend.AroonOscillator(4, 4), level(10, 9, 8)) == [0, -25, -50]


def test_rating_averages_the_ends_of_a_window_of_index_values() -> None:
    subject, index = trend.AverageDirectionalMovementIndexRating(3), trend.AverageDirectionalIndex(3)
    drawn = level(10, 12, 11, 15, 17, 16, 20, 18, 19, 25)
    shown, plain = bars_into(subject, drawn), bars_into(index, drawn)
    assert shown[:7] == [50] * 7
    assert shown[7:] == pytest.approx([(plain[i] + plain[i - 2]) / 2 for i in (7, 8, 9)])


@given(rows)
def test_vortex_measures_against_the_bar_before(drawn: list[Row]) -> None:
    subject, n = trend.Vortex(4), 4
    shown = bars_into(subject, drawn)
    spans = [max(h - low, abs(h - drawn[i - 1][2]), abs(low - drawn[i - 1][2])) if i else h - low for i, (h, low, _, _) in enumerate(drawn)]
    ups = [abs(now[0] - old[1]) for old, now in pairwise(drawn)]
    downs = [abs(now[1] - old[0]) for old, now in pairwise(drawn)]
    reach = sum(spans[-n:])
    assert shown[: n - 1] == [0] * (n - 1)
    if reach:
        assert subject.plus_vortex.current.value == pytest.approx(sum(ups[-n:]) / reach)
        assert shown[-1] == pytest.approx((sum(ups[-n:]) + sum(downs[-n:])) / reach / 2)


def test_keltner_bands_are_zero_until_the_middle_is_ready() -> None:
    subject = ranges.KeltnerChannels(3, 2)
    bars_into(subject, level(10, 12))
    assert (subject.upper_band.current.value, subject.lower_band.current.value) == (0, 0)
    subject.reset()
    bars_into(subject, level(10, 12, 14))
    assert subject.upper_band.current.value > subject.middle_band.current.value > subject.lower_band.current.value > 0


def test_money_flow_counts_the_first_bar_as_a_rise() -> None:
    assert bars_into(volumes.MoneyFlowIndex(3), level(10, 9, 8)) == pytest.approx([100, 100 * 10 / 19, 100 * 10 / 27])


def test_chaikin_money_flow_is_zero_until_ready() -> None:
    assert bars_into(volumes.ChaikinMoneyFlow("x", 2), [(10, 8, 10, 5), (12, 8, 9, 10)]) == [0, pytest.approx((5 - 0.5 * 10) / 15)]


def test_day_average_starts_anew_and_is_the_price_without_volume() -> None:
    subject = volumes.IntradayVwap()
    assert bars_into(subject, [(12, 9, 9, 100), (20, 20, 20, 300)]) == [10, 17.5]
    prices = BarPrices(Decimal(3), Decimal(5), Decimal(3), Decimal(4), Decimal(0))
    subject.update(Reading(START + timedelta(days=1), prices.close, prices))
    assert subject.current.value == 4
    assert not subject.is_ready


def test_force_index_averages_price_change_times_volume() -> None:
    drawn = [(10 + i % 3, 8, 9 + i % 3, 10 * (i + 1)) for i in range(9)]
    for kind in (MovingAverageType.WILDERS, MovingAverageType.EXPONENTIAL):
        smooth = averages.moving_average(kind, "y", 3)
        changes = [(now[2] - old[2]) * now[3] for old, now in pairwise(drawn)]
        assert bars_into(volumes.ForceIndex(3, kind), drawn) == pytest.approx([0, *values_of(smooth, changes)])


def test_price_oscillator_shows_the_difference_from_the_first_input() -> None:
    subject = oscillators.AbsolutePriceOscillator(2, 3)
    assert values_of(subject, [3, 6, 9]) == pytest.approx([0, 0, 1.5])
    assert subject.is_ready
    assert values_of(oscillators.PercentagePriceOscillator(2, 3), [3, 6, 9]) == pytest.approx([0, 0, 25])
    assert not subject.signal.is_ready


def test_delay_shows_the_first_value_until_it_has_passed() -> None:
    delay = windowed.Delay(2)
    assert values_of(delay, [4, 5, 6, 7]) == [4, 4, 4, 5]
    assert values_of(oscillators.DetrendedPriceOscillator(4), [4, 5, 6, 7, 8]) == [0, -0.5, -1, -1.5, -1.5]


def test_strength_index_keeps_its_value_while_nothing_moves() -> None:
    subject = oscillators.TrueStrengthIndex(2, 2, 2)
    shown = values_of(subject, [5, 6, 7, 8, 9])
    assert shown == [0, 0, 0, 100, 100]
    assert subject.is_ready


def test_zero_lag_average_rounds_half_a_lag_to_even() -> None:
    subject, plain = averages.ZeroLagExponentialMovingAverage(6), averages.ExponentialMovingAverage(6)
    numbers = [3, 5, 4, 8, 9, 7, 6, 8, 9, 4]
    pushed = [2 * now - then for then, now in zip(numbers, numbers[2:], strict=False)]
    assert values_of(subject, numbers) == pytest.approx([0, 0, *values_of(plain, pushed)])
    assert subject.warm_up_period == 9


def test_ease_of_movement_is_not_moved_from_a_bar_without_range() -> None:
    shown = bars_into(volumes.EaseOfMovementValue(1, 100), [(12, 8, 10, 200), (20, 20, 20, 200), (16, 12, 14, 400)])
    assert shown == [0, 0, pytest.approx((14 - 10) / (400 / 100 / 4))]


def test_forecast_goes_on_along_a_line() -> None:
    assert values_of(averages.TimeSeriesForecast(4), [1, 3, 5, 7, 9]) == [0, 0, 0, pytest.approx(9), pytest.approx(11)]


def test_relative_average_combines_three_windows() -> None:
    subject = averages.RelativeMovingAverage(2)
    shown = values_of(subject, [1, 2, 3, 4, 5, 6])
    assert shown[-1] == pytest.approx(3.5 - 4.5 + 5.5)
    assert subject.short_average.current.value == 5.5
    assert subject.is_ready


def test_stochastic_strength_places_the_rsi_in_its_window() -> None:
    subject, strength = oscillators.StochasticRelativeStrengthIndex(2, 3, 2, 2), oscillators.RelativeStrengthIndex(2)
    numbers = [10, 12, 11, 14, 13, 12, 15, 16, 14]
    shown, rsi = values_of(subject, numbers), values_of(strength, numbers)
    places = [100 * (rsi[i] - min(rsi[i - 2 : i + 1])) / (max(rsi[i - 2 : i + 1]) - min(rsi[i - 2 : i + 1])) for i in range(3, 9)]
    assert shown == [0, 0, *numbers[2:]]
    assert subject.k.current.value == pytest.approx((places[-1] + places[-2]) / 2)
    assert subject.d.current.value == pytest.approx((places[-1] + 2 * places[-2] + places[-3]) / 4)


def test_choppiness_is_a_hundred_for_a_path_of_whole_ranges_and_without_range() -> None:
    assert bars_into(ranges.ChoppinessIndex(3), level(10, 10, 10)) == [0, 0, pytest.approx(100)]
    assert bars_into(ranges.ChoppinessIndex(2), [(10, 10, 10, 1)] * 2)[-1] == 100


def test_mass_index_is_the_period_of_its_sum_for_steady_ranges() -> None:
    subject = ranges.MassIndex(3, 4)
    assert bars_into(subject, level(*range(10, 20))) == [4] * 10
    assert subject.is_ready
    assert subject.warm_up_period == 8


def test_averaged_bars_open_in_the_middle_of_the_one_before() -> None:
    subject = candles.HeikinAshi()
    assert bars_into(subject, [(12, 8, 10, 5), (16, 11, 14, 7)]) == [10, 13.75]
    assert (subject.open.current.value, subject.high.current.value, subject.low.current.value, subject.volume.current.value) == (10, 16, 10, 7)


def test_bar_without_range_closes_at_its_top() -> None:
    assert bars_into(candles.InternalBarStrength(), [(12, 8, 11, 1), (9, 9, 9, 1)]) == [0.75, 1]


def test_leading_spans_come_from_as_many_bars_ago_and_the_second_one_bar_later() -> None:
    subject = candles.IchimokuKinkoHyo(2, 3, 3, 4, 2, 2)
    drawn = level(10, 12, 11, 15, 17, 16, 20)
    assert bars_into(subject, drawn) == [10, 12, 11, 15, 17, 16, 20]
    assert (subject.tenkan.current.value, subject.kijun.current.value) == (18, 18)
    assert subject.senkou_a.current.value == pytest.approx((16 + 14) / 2)
    assert subject.senkou_b.current.value == pytest.approx((16 + 9) / 2)
    assert subject.chikou.current.value == 17
    assert subject.warm_up_period == 6


def test_rolling_sum_of_an_average_can_be_asked_for_at_any_time() -> None:
    average = averages.SimpleMovingAverage(3)
    values_of(average, [1, 2, 3, 4])
    assert average.rolling_sum.current.value == 9
    average.update(START + timedelta(hours=1), 5)
    assert (average.rolling_sum.current.value, average.rolling_sum.current.end_time) == (12, START + timedelta(hours=1))
    average.reset()
    assert average.rolling_sum.current.value == 0
