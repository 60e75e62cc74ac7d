"""NumPy alone and compiled loops give the same bits, in process and from a process that has no numba."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from greeks import american, compiled, european, implied
from greeks.american import lane_loops, lanes, puts, schemes
from greeks.compiled import HAS_NUMBA
from greeks.rows import FEW, Kernel, as_rows, in_blocks, one_by_one

Floats = NDArray[np.float64]
ROOT = Path(__file__).resolve().parents[2]
needs_numba = pytest.mark.skipif(not HAS_NUMBA, reason="numba is not installed or switched off: there is only one path")

DIGEST = """
import hashlib, numpy as np
from greeks import american, compiled, european, implied
from greeks.compiled import HAS_NUMBA
rng = np.random.default_rng(5)
n = 300
call, spot, strike = (rng.random(n) < 0.5), rng.uniform(50, 150, n), rng.uniform(50, 150, n)
years, rate, carry, vol = rng.uniform(0.01, 2, n), rng.uniform(-0.02, 0.1, n), rng.uniform(0, 0.08, n), rng.uniform(0.08, 0.8, n)
g = european.greeks(call, spot, strike, years, rate, carry, vol)
iv = implied.implied_volatility(call, g.price, spot, strike, years, rate, carry)
a = american.greeks(call, spot, strike, years, np.abs(rate), carry, vol)
parts = [g.price, g.delta, g.gamma, g.theta, g.vega, g.rho, g.vanna, g.charm, g.vomma, iv.volatility, iv.status, a.price, a.delta, a.gamma, a.vega, a.rho]
print(HAS_NUMBA, hashlib.sha256(b"".join(np.ascontiguousarray(x).tobytes() for x in parts)).hexdigest())
"""


def _options(count: int) -> list[Floats]:
    rng = np.random.default_rng(11)
    spot = rng.uniform(20.0, 400.0, count)
    strike = spot * np.exp(rng.normal(0.0, 0.4, count))
    years = np.exp(rng.uniform(np.log(1e-4), np.log(3.0), count))
    volatility = np.exp(rng.uniform(np.log(0.02), np.log(3.0), count))
    call = (rng.random(count) < 0.5).astype(np.float64)
    return [call, spot, strike, years, rng.uniform(-0.03, 0.1, count), rng.uniform(-0.02, 0.08, count), volatility]


def _both(kernel: Kernel, rows: list[Floats]) -> tuple[Floats, Floats]:
    plain, looped = np.empty((kernel.outputs, rows[0].size)), np.empty((kernel.outputs, rows[0].size))
    in_blocks(kernel, rows, plain)
    kernel.loop(*rows, looped)
    return plain, looped


@needs_numba
def test_european_greeks_agree_to_the_bit() -> None:
    plain, looped = _both(european.GREEKS, _options(5001))
    assert np.array_equal(plain, looped, equal_nan=True)


@needs_numba
def test_implied_volatility_agrees_to_the_bit_including_statuses() -> None:
    call, spot, strike, years, rate, carry, volatility = _options(5001)
    price = european.price(call, spot, strike, years, rate, carry, volatility)
    price[::50], price[7::50], price[13::50] = 0.0, np.nan, 1e9
    rows, _ = as_rows((call, price, spot, strike, years, rate, carry))
    plain, looped = _both(implied.VOLATILITY, rows)
    assert np.array_equal(plain, looped, equal_nan=True)


@pytest.mark.parametrize("kernel", [european.GREEKS, european.PRICE, implied.VOLATILITY], ids=["greeks", "price", "volatility"])
def test_numbers_one_by_one_agree_with_arrays_to_the_bit_or_step_aside(kernel: Kernel) -> None:
    rng, special = np.random.default_rng(7), [0.0, -0.0, 5e-324, 1e300, np.inf, -np.inf, np.nan, -1.0, 1e-16]
    call, spot, strike, years, rate, carry, volatility = _options(600)
    last = [volatility] if kernel is not implied.VOLATILITY else []
    price = [] if last else [european.price(call, spot, strike, years, rate, carry, volatility)]
    rows = np.array([call, *price, spot, strike, years, rate, carry, *last])
    odd = rng.integers(0, rows.shape[1], 250)
    rows[rng.integers(0, len(rows), 250), odd] = rng.choice(special, 250)
    answered = 0
    for column in rows.T:
        one, plain, single = [np.array([value]) for value in column], np.empty((kernel.outputs, 1)), np.empty((kernel.outputs, 1))
        in_blocks(kernel, one, plain)
        if one_by_one(kernel, one, single):
            answered += 1
            assert np.array_equal(plain, single, equal_nan=True), column
    assert answered > 400


def test_a_few_rows_are_answered_in_their_order() -> None:
    rows, out, plain = [row[:FEW] for row in _options(FEW)], np.empty((9, FEW)), np.empty((9, FEW))
    assert one_by_one(european.GREEKS, rows, out)
    in_blocks(european.GREEKS, rows, plain)
    assert np.array_equal(out, plain, equal_nan=True)


@needs_numba
def test_american_lanes_agree_to_the_bit() -> None:
    call, spot, strike, years, rate, carry, volatility = _options(401)
    options = puts.as_puts(call, spot, strike, years, np.abs(rate) + 0.001, np.abs(carry) + 0.001, volatility)
    put = np.array([options.rate, options.dividend_yield, options.volatility, np.sqrt(options.years), 0.0 * years, 0.0 * years + 1.0, options.moneyness])
    put[4] = np.log(np.minimum(1.0, options.rate / options.dividend_yield))
    fixed, answers = schemes.tables(american.FAST), []
    for solve, integrate in ((lane_loops.solve_boundary, lane_loops.integrate_premium), (lanes.solve_boundary, lanes.integrate_premium)):
        gap, out = np.empty((american.FAST.nodes, 401)), np.empty((3, 401))
        with np.errstate(all="ignore"):
            squared = solve(put, fixed.roots, fixed.sines, fixed.weights, fixed.inner_map, american.FAST.steps, gap)
            integrate(put, squared, fixed.outer_sines, fixed.outer_weights, fixed.outer_map, out)
        answers.append((gap, out))
    assert np.array_equal(answers[0][0], answers[1][0], equal_nan=True)
    assert np.array_equal(answers[0][1], answers[1][1], equal_nan=True)


@needs_numba
def test_a_process_without_numba_prints_the_same_digest() -> None:
    prints: list[list[str]] = []
    for switch in ("on", "off"):
        environment = {**os.environ, "THETADESK_NUMBA": switch, "PYTHONPATH": str(ROOT)}
        done = subprocess.run([sys.executable, "-c", DIGEST], env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
        prints.append(done.stdout.split())
    assert [line[0] for line in prints] == ["True", "False"]
    assert prints[0][1] == prints[1][1]


@needs_numba
def test_machine_code_is_cached_on_disk() -> None:
    european.price(1.0, 100.0, 100.0, 1.0, 0.0, 0.0, 0.2)
    loop: Any = european.PRICE.loop
    statistics = loop.stats
    assert sum(statistics.cache_hits.values()) + sum(statistics.cache_misses.values()) >= 1
    assert statistics.cache_path


@needs_numba
def test_the_cache_folder_changes_with_any_source_of_the_room() -> None:
    folder = Path(compiled.cache_folder() or "")
    digest = hashlib.sha256(b"".join(source.read_bytes() for source in sorted((ROOT / "greeks").rglob("*.py")))).hexdigest()
    assert folder.name == f"numba-{digest[:16]}"
    assert list(folder.rglob("*.nbi"))
