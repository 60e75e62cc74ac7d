"""Numbers in rows are exactly what the text says, and anything else is refused with its row."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketdata.leanfolder.rows import columns_from, table_from
from marketdata.port import QuoteColumns, Tick, TradeColumns
from vocabulary.errors import CorruptData

numbers = st.one_of(
    st.integers(0, 10**12).map(str),
    st.decimals(min_value=-99999, max_value=99999, places=4).map(lambda d: f"{d:f}"),
    st.just(""),
)


@given(st.lists(st.lists(numbers, min_size=6, max_size=6), min_size=1, max_size=30))
def test_every_field_equals_what_float_reads(rows: list[list[str]]) -> None:
    rows = [["1", *row[1:]] for row in rows]
    text = "\n".join(",".join(row) for row in rows).encode()
    expected = np.array([[float(field) if field else 0.0 for field in row] for row in rows])
    assert (table_from(text, 6, "text") == expected).all()


def test_quote_row_with_an_absent_side_has_zeros_there() -> None:
    columns = columns_from(b"75660000,,,,,0,1682.25,1682.25,1682.25,1682.25,39\n", Tick.QUOTE, 1, 0, "es")
    assert isinstance(columns, QuoteColumns)
    assert columns.bid.tolist() == [[0, 0, 0, 0]]
    assert columns.ask[0, 3] == 1682.25
    assert columns.start[0] == 75_660_000_000


def test_daily_row_starts_at_its_date() -> None:
    columns = columns_from(b"20160229 00:00,1,2,3,4,5\r\n20160301 16:30,1,2,3,4,5\r\n", Tick.TRADE, 10_000, None, "spy")
    assert isinstance(columns, TradeColumns)
    assert columns.start.astype("datetime64[us]").tolist() == [
        np.datetime64("2016-02-29T00:00", "us").item(),
        np.datetime64("2016-03-01T16:30", "us").item(),
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"1,2,3,4,5,6\n1,2,3,4,5\n", "row 2: 5 fields where 6 are needed"),
        (b"1,2,3,4,5,6\n1,2,3,4,5,6,7\n", "row 2: 7 fields where 6 are needed"),
        (b"1,2,3,4,5,6\n1,NaN,3,4,5,6\n", "row 2: unexpected character 'N'"),
        (b"1,2.5.1,3,4,5,6\n", "not a number"),
        (b"1,2-1,3,4,5,6\n", "not a number"),
    ],
)
def test_a_bad_row_is_refused_with_its_number(text: bytes, says: str) -> None:
    with pytest.raises(CorruptData, match=says):
        table_from(text, 6, "spy.csv")


def test_an_impossible_date_is_refused() -> None:
    with pytest.raises(CorruptData, match="row 2"):
        columns_from(b"20240102 00:00,1,2,3,4,5\n20241302 00:00,1,2,3,4,5\n", Tick.TRADE, 1, None, "spx.csv")
