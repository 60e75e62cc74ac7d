"""A tree's value has the same bits from arrays and from compiled code, and the change from one to the other happens once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from leanlocal.pricing import tree_compiled, tree_plain

ROOT = Path(__file__).resolve().parents[3]
MONEY = st.floats(1.0, 9000.0)
RATES = st.floats(-0.01, 0.08)


@settings(max_examples=60, deadline=None)
@given(MONEY, MONEY, st.floats(0.0, 3.0), RATES, RATES, st.one_of(st.just(0.0), st.floats(1e-7, 4.0)), st.booleans(), st.booleans())
def test_arrays_and_compiled_code_give_the_same_bits(
    spot: float, strike: float, years: float, rate: float, dividend: float, sigma: float, call: bool, forward: bool
) -> None:
    plain = tree_plain.tree_price(spot, strike, years, rate, dividend, sigma, call, forward)
    compiled = tree_compiled.tree_price(spot, strike, years, rate, dividend, sigma, call, forward)
    swept = tree_plain.tree_prices([(strike, spot, years, rate, dividend, sigma), (spot, strike, years, rate, dividend, sigma)], call, forward)[1]
    for other in (compiled, swept):
        assert np.float64(plain).tobytes() == np.float64(other).tobytes() or (np.isnan(plain) and np.isnan(other))


LOADING = """
import sys
from leanlocal.pricing.black_scholes import Inputs
from leanlocal.pricing.tree import TreePrices
prices = TreePrices(few=2)
for _ in range(3):
    value = prices.price(Inputs(100.0, 95.0, 0.5, 0.02, 0.0, True), 0.2, True)
    print(value.hex(), "numba" in sys.modules)
"""


def test_compiler_is_loaded_only_when_many_prices_are_asked_for() -> None:
    said = subprocess.run([sys.executable, "-c", LOADING], cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\n")
    values, loaded = zip(*(line.split() for line in said if line), strict=True)
    assert loaded == ("False", "False", "True")
    assert len(set(values)) == 1
