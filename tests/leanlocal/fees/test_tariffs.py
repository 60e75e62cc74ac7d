"""Broker tariffs."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leanlocal.fees.tariffs import ib_equity_fee, ib_future_fee, ib_option_fee, schwab_fee, tastytrade_fee

D = Decimal


@pytest.mark.parametrize(
    ("quantity", "price", "fee"),
    [("1", "747.51", "1"), ("100", "747.51", "1"), ("1000", "747.51", "5"), ("-1101", "746.67", "5.505"), ("10000", "0.50", "25")],
)
def test_ib_shares(quantity: str, price: str, fee: str) -> None:
    assert ib_equity_fee(D(quantity), D(price)) == D(fee)


@pytest.mark.parametrize(
    ("quantity", "premium", "fee"),
    [("1", "10.6", "1"), ("10", "10.6", "6.5"), ("100", "0.05", "50"), ("10", "0", "2.5"), ("-3", "-2.44", "1"), ("-15", "0.0999", "7.5")],
)
def test_ib_options_by_premium(quantity: str, premium: str, fee: str) -> None:
    assert ib_option_fee(D(quantity), D(premium)) == D(fee)


def test_ib_futures_and_their_options() -> None:
    assert ib_future_fee(D(1), "ES", is_option=False) == D("2.15")
    assert ib_future_fee(D(-2), "ES", is_option=True) == D("2.84")
    assert ib_future_fee(D(1), "MES", is_option=False) == D("0.57")


def test_schwab_and_tastytrade() -> None:
    assert schwab_fee(D(-3), is_option=True, is_index_option=False) == D("1.95")
    assert schwab_fee(D(3), is_option=False, is_index_option=True) == 3
    opening = {"is_option": True, "is_future": False, "is_future_option": False}
    assert tastytrade_fee(D(15), opens=True, **opening) == 15
    assert tastytrade_fee(D(-18), opens=False, **opening) == 0


@given(st.integers(1, 10_000), st.decimals("0.01", 500, places=2))
def test_option_fee_grows_with_size_and_never_falls_below_the_minimum(quantity: int, premium: Decimal) -> None:
    fee = ib_option_fee(D(quantity), premium)
    assert fee >= 1
    assert ib_option_fee(D(quantity + 1), premium) >= fee
    assert ib_option_fee(D(-quantity), premium) == fee
