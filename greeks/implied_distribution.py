"""The distribution of the price at expiry that a fitted smile implies, skew and all, for the chances in `greeks.probability`.

The distribution function is the derivative of undiscounted put prices by strike (Breeden & Litzenberger 1978): with total variance w(k), k = ln(x / forward),
and d2 = -k / sqrt(w) - sqrt(w) / 2 it is N(-d2) + n(d2) w'(k) / (2 sqrt(w)). It rises from 0 to 1 exactly because the slice has no butterfly arbitrage.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from greeks.essvi import Slices, variance_slopes
from greeks.probability import Distribution
from vocabulary.errors import BadInput

Floats = NDArray[np.float64]

INV_SQRT_2PI = 0.3989422804014327


def smile_distribution(one: Slices, forward: float) -> Distribution:
    """P(price at expiry <= x) under a single slice (parameters of one expiry) around its forward."""
    if len(one) != 1 or not forward > 0:
        raise BadInput(f"smile distribution: needs one slice and a positive forward, got {len(one)} slices and {forward}")

    def below(price: Floats) -> Floats:
        x = np.asarray(price, dtype=np.float64)
        k = np.log(np.maximum(x, 1e-300) / forward)
        w, slope, _ = variance_slopes(one, np.atleast_1d(k))
        root = np.sqrt(w)
        d2 = -np.atleast_1d(k) / root - root / 2
        chance = ndtr(-d2) + INV_SQRT_2PI * np.exp(-(d2**2) / 2) * slope / (2 * root)
        return np.where(x > 0, np.clip(chance, 0.0, 1.0).reshape(x.shape), 0.0)

    return below
