"""American quotes give back the forward they were priced on once their early-exercise premium is off."""

from __future__ import annotations

import numpy as np
import pytest

from greeks import american
from greeks.american_forward import fit_american_forward, without_premium
from greeks.forward import ForwardStatus, Parity, fit_forward

STRIKES = np.arange(80.0, 121.0, 2.5)


def american_pairs(years: float, rate: float, dividend_yield: float, volatility: float) -> Parity:
    terms = (100.0, STRIKES, years, rate, dividend_yield, volatility)
    call, put = american.price(True, *terms).value, american.price(False, *terms).value
    return Parity(STRIKES, call, put, np.full(STRIKES.size, 0.05))


@pytest.mark.parametrize(("rate", "dividend_yield"), [(0.05, 0.0), (0.05, 0.02), (0.01, 0.04), (0.03, 0.03)])
@pytest.mark.parametrize("years", [0.1, 0.5, 1.5])
def test_forward_of_american_quotes_is_found_where_plain_parity_is_biased(years: float, rate: float, dividend_yield: float) -> None:
    pairs = american_pairs(years, rate, dividend_yield, 0.25)
    truth, discount = 100 * np.exp((rate - dividend_yield) * years), float(np.exp(-rate * years))
    fit = fit_american_forward(pairs, years, 100.0, discount)
    assert fit.status is ForwardStatus.OK
    assert fit.forward == pytest.approx(truth, abs=0.01)
    plain = fit_forward(pairs, years, discount)
    assert abs(fit.forward - truth) <= abs(plain.forward - truth) + 1e-3


def test_a_stale_quote_does_not_move_it() -> None:
    pairs = american_pairs(0.5, 0.05, 0.02, 0.25)
    pairs.put[3] += 2.0
    fit = fit_american_forward(pairs, 0.5, 100.0, float(np.exp(-0.025)))
    assert fit.forward == pytest.approx(100 * np.exp(0.015), abs=0.02)


def test_premium_is_never_negative_and_quotes_below_exercise_are_dropped() -> None:
    pairs = american_pairs(0.5, 0.05, 0.0, 0.25)
    pairs.put[-1] = 15.0
    stripped = without_premium(pairs, 0.5, 100.0, 0.05, 0.0)
    assert stripped.strike.tolist() == STRIKES[:-1].tolist()
    assert np.all(stripped.put <= pairs.put[:-1] + 1e-3)
    assert np.max(pairs.put[:-1] - stripped.put) > 0.3
