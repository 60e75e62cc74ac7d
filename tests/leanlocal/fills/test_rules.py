"""Price rules of simulated fills."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from leanlocal.fills import rules
from leanlocal.fills.rules import SidePrices

D = Decimal
PRICE = st.decimals("0.05", 500, places=2)


def bar(low: str, high: str, close: str, opening: str | None = None) -> SidePrices:
    return SidePrices(0, 60_000_000, D(close), D(opening or close), D(high), D(low))


@st.composite
def bars(draw: st.DrawFn) -> SidePrices:
    low, high = sorted((draw(PRICE), draw(PRICE)))
    inside = st.decimals(low, high, places=2)
    return SidePrices(0, 60_000_000, draw(inside), draw(inside), high, low)


def test_a_touch_is_no_fill_for_a_limit() -> None:
    assert rules.limit_fill(buys=True, limit=D("1.05"), bar=bar("1.05", "1.10", "1.10")) is None
    assert rules.limit_fill(buys=False, limit=D("1.10"), bar=bar("1.05", "1.10", "1.10")) is None


def test_limit_fills_at_what_the_bar_offers() -> None:
    assert rules.limit_fill(buys=True, limit=D("10.30"), bar=bar("8.40", "8.40", "8.40")) == D("8.40")
    assert rules.limit_fill(buys=False, limit=D("4.51"), bar=bar("5.41", "5.41", "5.41")) == D("5.41")
    assert rules.limit_fill(buys=True, limit=D("8.50"), bar=bar("8.40", "9.00", "8.90")) == D("8.50")


def test_stop_fills_at_the_worse_of_stop_and_market() -> None:
    assert rules.stop_market_fill(buys=True, stop=D("3.28"), bar=bar("20.21", "20.21", "20.21"), slippage=D(0)) == D("20.21")
    assert rules.stop_market_fill(buys=True, stop=D("3.28"), bar=bar("3.28", "3.28", "3.28"), slippage=D(0)) is None


def test_shares_stop_on_a_touch_and_gap_to_the_open() -> None:
    assert rules.equity_stop_fill(buys=False, stop=D(100), bar=bar("100", "101", "100.5"), slippage=D(0)) == (D(100), False)
    assert rules.equity_stop_fill(buys=False, stop=D(100), bar=bar("97", "99", "98", "98.5"), slippage=D(0)) == (D("98.5"), True)


def test_shares_limit_takes_a_better_open() -> None:
    assert rules.equity_limit_fill(buys=True, limit=D(100), bar=bar("98", "101", "99", "99.5")) == (D("99.5"), True)
    assert rules.equity_limit_fill(buys=True, limit=D(100), bar=bar("98", "101", "99", "100.5")) == (D(100), False)


@given(bars(), PRICE, st.booleans())
def test_a_limit_never_fills_worse_than_itself(offered: SidePrices, limit: Decimal, buys: bool) -> None:
    fill = rules.limit_fill(buys=buys, limit=limit, bar=offered)
    if fill is not None:
        assert fill <= limit if buys else fill >= limit
        assert offered.low <= fill <= offered.high


@given(bars(), PRICE, st.booleans())
def test_a_stop_never_fills_better_than_itself(offered: SidePrices, stop: Decimal, buys: bool) -> None:
    fill = rules.stop_market_fill(buys=buys, stop=stop, bar=offered, slippage=D(0))
    if fill is not None:
        assert fill >= stop if buys else fill <= stop


@given(bars(), PRICE, PRICE, st.booleans())
def test_a_trailing_stop_never_moves_back(offered: SidePrices, stop: Decimal, amount: Decimal, buys: bool) -> None:
    moved = rules.moved_trailing_stop(buys=buys, stop=stop, bar=offered, amount=amount, as_percentage=False)
    assert moved <= stop if buys else moved >= stop
