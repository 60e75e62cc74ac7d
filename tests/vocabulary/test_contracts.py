"""A contract's strike is asked for as a figure only where there is one."""

from __future__ import annotations

from datetime import date

import pytest

from vocabulary.contracts import AssetClass, Contract, Right
from vocabulary.errors import BadInput

SHARE = Contract(AssetClass.EQUITY, "SPY", 1.0)
PUT = Contract(AssetClass.EQUITY_OPTION, "SPY", 100.0, expiry=date(2024, 11, 15), strike=450.0, right=Right.PUT)


def test_an_option_has_its_strike() -> None:
    assert PUT.strike_price == 450.0


def test_what_has_no_strike_says_so_instead_of_counting_as_a_strike_of_zero() -> None:
    with pytest.raises(BadInput, match="SPY has no strike"):
        _ = SHARE.strike_price
