"""Thirty-day volatility of a chain."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from greeks import european
from greeks.chain_volatility import at_the_money, chain_iv
from vocabulary.contracts import AssetClass, Contract, Right
from vocabulary.market import Chain

TODAY = date(2024, 3, 1)


def chain_of(levels: dict[int, float], strikes: np.ndarray, rate: float = 0.05) -> Chain:
    rows = [(days, right, strike) for days in sorted(levels) for right in (Right.CALL, Right.PUT) for strike in strikes]
    contracts = tuple(Contract(AssetClass.EQUITY_OPTION, "SPY", 100.0, "", TODAY + timedelta(days=d), float(k), r) for d, r, k in rows)
    days, strike = np.array([float(row[0]) for row in rows]), np.array([float(row[2]) for row in rows])
    call = np.array([row[1] is Right.CALL for row in rows])
    forward = 500.0 * np.exp(rate * days / 365)
    iv = np.array([levels[row[0]] for row in rows]) - 0.3 * np.log(strike / forward)
    mid = european.price(call, 500.0, strike, days / 365, rate, 0.0, iv)
    expiry = np.array([np.datetime64(one.expiry, "D") for one in contracts])
    blank = np.full(len(rows), np.nan)
    return Chain("SPY", datetime(2024, 3, 1, 16, tzinfo=UTC), 500.0, contracts, strike, expiry, call, mid - 0.02, mid + 0.02, iv, *[blank] * 6)


def test_at_the_money_is_at_the_forward_not_at_the_spot() -> None:
    days, iv = at_the_money(chain_of({20: 0.18, 200: 0.2}, np.arange(440.0, 561.0, 5)), TODAY, 0.05)
    assert days.tolist() == [20.0, 200.0]
    assert iv == pytest.approx([0.18, 0.20], abs=2e-4)


def test_thirty_days_lie_between_the_bracketing_expiries() -> None:
    chain = chain_of({20: 0.18, 48: 0.22}, np.arange(440.0, 561.0, 5))
    expected = np.sqrt((0.18**2 * 20 + (0.22**2 * 48 - 0.18**2 * 20) * 10 / 28) / 30)
    assert chain_iv(chain, TODAY, 0.05) == pytest.approx(expected, abs=2e-4)
    assert np.isnan(chain_iv(chain_of({40: 0.18, 60: 0.2}, np.arange(440.0, 561.0, 5)), TODAY, 0.05))


def test_an_expiry_without_volatility_on_both_sides_of_the_money_has_none() -> None:
    chain = chain_of({20: 0.18, 48: 0.22}, np.arange(510.0, 561.0, 5))
    assert np.isnan(at_the_money(chain, TODAY, 0.05)[1]).all()
    sparse = chain_of({20: 0.18, 48: 0.22}, np.array([440.0, 560.0]))
    assert np.isnan(chain_iv(sparse, TODAY, 0.05))


def test_without_quotes_the_spot_stands_for_the_forward() -> None:
    chain = chain_of({20: 0.18, 48: 0.22}, np.arange(440.0, 561.0, 5))
    unquoted = replace(chain, bid=np.full(len(chain), np.nan), ask=np.full(len(chain), np.nan))
    assert chain_iv(unquoted, TODAY, 0.05) == pytest.approx(chain_iv(chain, TODAY, 0.05), abs=3e-3)
