from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leanlocal import exact

D = Decimal


def test_quotient_keeps_the_digits_of_96_bits() -> None:
    assert str(exact.div(D(1), D(3))) == "0.3333333333333333333333333333"
    assert str(exact.div(D(20), D(3))) == "6.6666666666666666666666666667"
    assert str(exact.div(D(100), D(3))) == "33.333333333333333333333333333"
    assert str(exact.div(D("15.9000"), D(2))) == "7.9500"


def test_closing_a_short_leaves_negative_zero() -> None:
    assert str(exact.add(D(-100), D(100))) == "-0"
    assert str(exact.add(D(100), D(-100))) == "0"
    assert str(exact.sub(D("-1.5"), D("-1.5"))) == "-0.0"


def test_zero_difference_is_negative_when_the_first_number_has_more_places() -> None:
    assert str(exact.sub(D("4.410"), D("4.41"))) == "-0.000"
    assert str(exact.sub(D("4.41"), D("4.410"))) == "0.000"
    assert str(exact.add(D("-4.410"), D("4.41"))) == "0.000"


@pytest.mark.parametrize(
    ("value", "expected"),
    [(2.3e-312, "0"), (-0.0, "0"), (-1e-29, "0"), (1.23456789012345678e-20, "0.0000000000000000000123456789"), (1.5e-12, "0.0000000000015")],
)
def test_floats_too_small_for_28_places_become_a_plain_zero(value: float, expected: str) -> None:
    assert format(exact.from_float(value), "f") == expected


def test_sum_of_long_and_large_loses_digits_half_even() -> None:
    third = exact.div(D(1), D(3))
    assert str(exact.add(D(100000), third)) == "100000.33333333333333333333333"


@pytest.mark.parametrize(
    ("value", "expected"), [("1234.56785", "1234.5678"), ("144.77307790400", "144.7731"), ("-2500.123456", "-2500.123"), ("100.00", "100"), ("0", "0")]
)
def test_smart_round(value: str, expected: str) -> None:
    assert exact.text(exact.smart_round(D(value))) == expected


@pytest.mark.parametrize(("value", "expected"), [("3.485", "3.49"), ("-3.485", "-3.49"), ("-0.001", "0.00")])
def test_fixed_text_rounds_half_away_from_zero(value: str, expected: str) -> None:
    assert exact.fixed_text(D(value), 2) == expected


def test_json_text_keeps_scale_and_marks_whole_numbers() -> None:
    assert exact.json_text(D("15.9000")) == "15.9000"
    assert exact.json_text(D(0)) == "0.0"
    assert exact.json_text(D("-0")) == "0.0"


def test_column_values_become_prices_with_their_scale() -> None:
    assert str(exact.from_raw(159000.0, 10000)) == "15.9000"
    assert str(exact.from_raw(3265.25, 1)) == "3265.25"
    assert str(exact.from_raw(3265.0, 1)) == "3265"
    assert str(exact.from_raw(7474250.5, 10000)) == "747.42505"


def test_float_round_trip_has_fifteen_digits() -> None:
    assert str(exact.from_float(0.1 + 0.2)) == "0.3"
    assert str(exact.from_float(1e20)) == "100000000000000000000"
    assert exact.from_float(3) == D(3)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4), st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_short_sums_and_products_are_exact(a: Decimal, b: Decimal) -> None:
    assert exact.add(a, b) == exact.EXACT.add(a, b)
    assert exact.mul(a, b) == exact.EXACT.multiply(a, b)


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=10), st.decimals(min_value="0.0001", max_value=10**6, places=4))
def test_every_quotient_fits_96_bits(a: Decimal, b: Decimal) -> None:
    quotient = exact.div(a, b)
    scale = exact.scale_of(quotient)
    assert scale <= 28
    assert abs(int(quotient.scaleb(scale, context=exact.EXACT))) < 1 << 96


@given(st.floats(min_value=-1e9, max_value=1e9))
def test_float_of_a_short_decimal_is_the_nearest(value: float) -> None:
    short = exact.from_float(round(value, 4))
    assert exact.to_float(short) == float(short)
