"""The symbol-properties database is asked for single rows, and names the row it cannot read."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from marketdata.leanfolder.references import PropertiesTable
from vocabulary.errors import CorruptData, MissingData

HEADER = "market,symbol,type,description,quote_currency,contract_multiplier,minimum_price_variation,lot_size"
ROWS = (
    "# a comment, with, commas,",
    "cme,ES,future,E-mini S&P 500,USD,50,0.25,1",
    "usa,[*],option,Options,USD,100,0.01,1",
    "usa,SPY,Option,The ETF's,USD,10,0.01,1",
    "usa,SPYX,option,Another,USD,7,0.01,1",
    "usa,BAD,option,No number,USD,many,0.01,1",
    "usa,SPY,option,The later one counts,USD,100,0.01,1",
)


def table(folder: Path, ending: str = "\n", mark: bytes = b"") -> PropertiesTable:
    path = folder / "symbol-properties-database.csv"
    path.write_bytes(mark + ending.join((HEADER, *ROWS)).encode())
    return PropertiesTable(path)


@pytest.mark.parametrize(("ending", "mark"), [("\n", b""), ("\r\n", b"\xef\xbb\xbf")])
def test_row_is_found_by_its_whole_key_in_any_case(tmp_path: Path, ending: str, mark: bytes) -> None:
    found = table(tmp_path, ending, mark)
    assert found["cme", "ES", "future"].contract_multiplier == Decimal(50)
    assert found["usa", "SPY", "option"].contract_multiplier == Decimal(100)
    assert found["usa", "SPYX", "option"].description == "Another"
    assert found.get(("usa", "PY", "option")) is None
    assert ("cme", "ES", "future") in found
    assert ("cme", "NQ", "future") not in found


def test_unreadable_row_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorruptData, match="row 7"):
        table(tmp_path)["usa", "BAD", "option"]


def test_all_keys_can_be_listed(tmp_path: Path) -> None:
    found = table(tmp_path)
    assert len(found) == 5
    assert ("usa", "[*]", "option") in list(found)


def test_missing_database_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingData, match="symbol-properties"):
        PropertiesTable(tmp_path / "symbol-properties-database.csv")
