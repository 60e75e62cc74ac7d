"""Chain files as frames: rows, order and symbols."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from leanlocal.enums import OptionRight, SecurityType
from leanlocal.market_hours import HoursDatabase
from leanlocal.symbol_book import canonical_option
from leanlocal.symbols import Symbol
from leanlocal.universes.files import ChainFiles, ChainTable
from leanlocal.universes.frames import by_text, file_frame, yearly
from marketdata.synthetic import MarketParameters, SyntheticMarket

DAY = date(2024, 7, 1)


@pytest.fixture(scope="module")
def table() -> ChainTable:
    market = SyntheticMarket(MarketParameters(seed=1, first=DAY, last=DAY))
    hours = HoursDatabase(market.market_hours())
    spy = Symbol.create("SPY", SecurityType.EQUITY, "usa")
    found = ChainFiles(market, lambda _symbol: hours.hours(SecurityType.EQUITY, "usa", "SPY")).of_day(canonical_option(spy), DAY)
    assert found is not None
    return found


def test_a_row_of_the_frame_is_the_row_of_the_file(table: ChainTable) -> None:
    rows = by_text(table, np.arange(len(table)))
    frame = file_frame(table, rows, Decimal(1))
    for place in range(0, len(frame), 101):
        row, symbol = int(rows[place]), frame.index[place]
        assert symbol is table.symbol(row)
        assert frame["strike"].iloc[place] == float(table.rows.strike[row]) == symbol.id.strike_price
        assert frame["expiry"].iloc[place].date() == table.rows.expiry[row] == symbol.id.date.date()
        assert frame["right"].iloc[place] is symbol.id.option_right
        assert frame["bidprice"].iloc[place] == table.rows.close[row]


def test_rows_are_in_the_order_of_their_texts(table: ChainTable) -> None:
    rows = by_text(table, np.arange(len(table)))
    texts = [symbol.value for symbol in table.symbols_of(rows)]
    assert texts == sorted(texts)


def test_every_contract_has_a_symbol_of_its_own(table: ChainTable) -> None:
    symbols = table.symbols_of(np.arange(len(table)))
    assert len({str(symbol.id) for symbol in symbols}) == len(table)
    assert {symbol.id.option_right for symbol in symbols} == set(OptionRight)


def test_theta_of_a_year_is_the_decimal_product_of_the_day(table: ChainTable) -> None:
    exact = [float(Decimal(f"{value:.7f}") * 365) for value in table.rows.theta[:50].tolist()]
    assert yearly(table.rows.theta[:50]).tolist() == exact
