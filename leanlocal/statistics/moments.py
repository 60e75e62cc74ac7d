"""Sample moments of return series in double precision, with the estimators LEAN's statistics use (n - 1, bias-corrected skewness and kurtosis)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist

NAN = math.nan


def mean(values: Sequence[float]) -> float:
    """Running mean; NaN when empty."""
    result = 0.0
    for count, value in enumerate(values, start=1):
        result += (value - result) / count
    return result if values else NAN


def variance(values: Sequence[float]) -> float:
    """Unbiased sample variance; NaN below two values."""
    if len(values) < 2:
        return NAN
    total, result = values[0], 0.0
    for index in range(1, len(values)):
        total += values[index]
        difference = (index + 1) * values[index] - total
        result += difference * difference / ((index + 1.0) * index)
    return result / (len(values) - 1)


def deviation(values: Sequence[float]) -> float:
    """Unbiased sample standard deviation; NaN below two values."""
    return math.sqrt(variance(values)) if len(values) > 1 else NAN


def covariance(left: Sequence[float], right: Sequence[float]) -> float:
    """Unbiased sample covariance of two series of equal length; NaN below two values."""
    if len(left) < 2:
        return NAN
    left_mean, right_mean = mean(left), mean(right)
    return sum((x - left_mean) * (y - right_mean) for x, y in zip(left, right, strict=True)) / (len(left) - 1)


def _central(values: Sequence[float], power: int) -> float:
    center = mean(values)
    return sum((x - center) ** power for x in values) / len(values)


def skewness(values: Sequence[float]) -> float:
    """Bias-corrected sample skewness; NaN below three values or for a constant series."""
    n = len(values)
    second = _central(values, 2) if n > 2 else 0.0
    if second == 0:
        return NAN
    return math.sqrt(n * (n - 1)) / (n - 2) * _central(values, 3) / second**1.5


def excess_kurtosis(values: Sequence[float]) -> float:
    """Bias-corrected sample excess kurtosis; NaN below four values or for a constant series."""
    n = len(values)
    second = _central(values, 2) if n > 3 else 0.0
    if second == 0:
        return NAN
    plain = _central(values, 4) / second**2 - 3
    return (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * plain + 6)


def normal_quantile(center: float, spread: float, probability: float) -> float:
    """Inverse of the normal distribution; the centre itself when the spread is 0, NaN when either is NaN."""
    if math.isnan(center) or math.isnan(spread):
        return NAN
    return center if spread == 0 else NormalDist(center, spread).inv_cdf(probability)


def normal_probability(value: float) -> float:
    """Standard normal distribution function; NaN stays NaN."""
    return NAN if math.isnan(value) else 0.5 * math.erfc(-value / math.sqrt(2))
