"""On LEAN's real sample chains: the hidden inputs of the files are found, our kernels agree with them, and the smiles are free of arbitrage."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from benchmarks.real_chains.chain_files import load, model_years, recover
from benchmarks.real_chains.comparison import ours, recognise, steps
from benchmarks.real_chains.quotes import figures, read
from greeks import european
from greeks.status import Status

pytestmark = pytest.mark.shared


@pytest.mark.parametrize(("name", "month", "rate"), [("goog", "201512", 0.01), ("aapl", "201406", 0.0075)])
def test_file_greeks_are_ours_once_the_inputs_are_the_same(shared: Path, name: str, month: str, rate: float) -> None:
    chain = load(shared / "lean-data", name, month)[1]
    inputs = recover(chain)
    assert inputs is not None
    assert (inputs.rate, inputs.shift) == (pytest.approx(rate, abs=1e-6), pytest.approx(-1.0, abs=1e-4))
    rows = (chain.iv > 0.02) & (chain.days > 1)
    years = model_years(chain, inputs)[rows]
    model = european.greeks(chain.call[rows], inputs.spot, chain.strike[rows], years, inputs.rate, inputs.dividend_yield, chain.iv[rows])
    np.testing.assert_allclose(model.delta, chain.greeks["delta"][rows], atol=1e-6)
    np.testing.assert_allclose(model.vega / 100, chain.greeks["vega"][rows], atol=1e-6)


def test_file_volatilities_solve_for_a_close_or_for_the_open_interest(shared: Path) -> None:
    chain = load(shared / "lean-data", "goog", "201512")[2]
    inputs = recover(chain)
    assert inputs is not None
    codes = recognise(chain, inputs)
    assert np.mean(codes[codes != 7] == 6) < 0.01
    from_file = steps([(chain, inputs)], [codes])["the file's inputs"]
    assert max(abs(from_file["p1"]), abs(from_file["p99"])) < 2e-4
    assert np.mean(ours(chain, inputs).status == Status.OK) > 0.8


def test_smiles_of_real_quotes_are_free_of_arbitrage_and_inside_their_bid_and_ask(shared: Path) -> None:
    report = figures(read(shared / "lean-data", "goog", date(2015, 12, 24)))
    assert report["arbitrage"]["free"]
    assert report["within_bid_ask"] > 0.9
    assert report["status"]["OK"] > 0.9
    assert 0.15 < report["iv_30_days"] < 0.3
    assert all(line["forward_error"] < 0.2 for line in report["expiries"])
