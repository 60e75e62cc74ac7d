"""A share is found by every ticker it has had."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from marketdata.leanfolder import LeanFolder
from marketdata.port import Kind


@pytest.fixture
def folder(tmp_path: Path) -> LeanFolder:
    maps, factors = tmp_path / "equity/usa/map_files", tmp_path / "equity/usa/factor_files"
    maps.mkdir(parents=True)
    factors.mkdir()
    (maps / "late.csv").write_text("20040101,first,Q\n20130628,first,Q\n20190318,middle,Q\n20190320,late,Q\n")
    (maps / "plain.csv").write_text("20000103,plain,Q\n20501231,plain,Q\n")
    (maps / "first.csv").write_text("20130701,first,Q\n20501231,first,Q\n")
    (factors / "late.csv").write_text("20130628,0.8,1,32.6\n20501231,1,1,0\n")
    return LeanFolder(tmp_path)


@pytest.mark.parametrize("ticker", ["late", "MIDDLE", "Late"])
def test_old_and_new_tickers_lead_to_one_history(folder: LeanFolder, ticker: str) -> None:
    rows = folder.map_rows(ticker, "usa", Kind.EQUITY)
    assert (rows[0].ticker, rows[0].day, rows[-1].ticker) == ("first", date(2004, 1, 1), "late")
    assert folder.factor_rows(ticker, "usa")[0].price_factor == Decimal("0.8")


def test_ticker_given_to_another_share_belongs_to_its_last_bearer(folder: LeanFolder) -> None:
    assert folder.map_rows("first", "usa", Kind.EQUITY)[0].day == date(2013, 7, 1)


def test_ticker_without_any_map_file_has_no_rows(folder: LeanFolder) -> None:
    assert list(folder.map_rows("nobody", "usa", Kind.EQUITY)) == []
    assert folder.map_rows("plain", "usa", Kind.EQUITY)[0].ticker == "plain"
