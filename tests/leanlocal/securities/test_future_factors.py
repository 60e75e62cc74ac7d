"""Past prices of a continuous future are adjusted as the factor file says."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from leanlocal.enums import DataNormalizationMode
from leanlocal.securities.instruments import FutureFactorTable
from marketdata.leanfolder import LeanFolder
from vocabulary.errors import CorruptData

D = Decimal
MODE = DataNormalizationMode


def line(day: str, mode: int, ratio: str, backward: str, forward: str) -> str:
    scales = {"BackwardsRatioScale": [ratio], "BackwardsPanamaCanalScale": [backward], "ForwardPanamaCanalScale": [forward]}
    text = json.dumps({"Date": f"{day}T00:00:00", **scales, "DataMappingMode": mode})
    return text.replace(f'"{ratio}"', ratio).replace(f'"{backward}"', backward).replace(f'"{forward}"', forward)


@pytest.fixture
def folder(tmp_path: Path) -> LeanFolder:
    files = tmp_path / "future/cme/factor_files"
    files.mkdir(parents=True)
    lines = [line("2013-09-19", 0, "0.92", "-170.0", "80.0"), line("2013-10-01", 1, "0.5", "-1.0", "1.0"), line("2013-12-19", 0, "0.93", "-166.50", "93.50")]
    (files / "es.csv").write_text("\n".join(lines))
    return LeanFolder(tmp_path)


def table(folder: LeanFolder) -> FutureFactorTable:
    return FutureFactorTable(folder.future_factor_rows("ES", "cme"), 0)


@pytest.mark.parametrize(("mode", "price"), [(MODE.BACKWARDS_RATIO, "93.00"), (MODE.BACKWARDS_PANAMA_CANAL, "-66.50"), (MODE.FORWARD_PANAMA_CANAL, "193.50")])
def test_row_at_or_after_the_day_of_the_same_mapping_mode_adjusts_the_price(folder: LeanFolder, mode: MODE, price: str) -> None:
    factors = table(folder).factors([date(2013, 10, 1)], mode)
    assert factors.scaled(D(100), 0) == D(price)
    assert factors.volume_of(0) == 1


def test_days_after_the_last_row_are_not_adjusted(folder: LeanFolder) -> None:
    days = [date(2013, 9, 19), date(2013, 9, 20), date(2013, 12, 20)]
    factors = table(folder).factors(days, MODE.BACKWARDS_RATIO)
    assert [factors.scaled(D(100), row) for row in range(3)] == [92, 93, 100]


def test_future_without_a_factor_file_has_no_rows(folder: LeanFolder) -> None:
    assert list(folder.future_factor_rows("NQ", "cme")) == []


def test_line_that_is_no_factor_row_is_named(folder: LeanFolder, tmp_path: Path) -> None:
    (tmp_path / "future/cme/factor_files/gc.csv").write_text('{"Date": "2013-10-01T00:00:00"}\n')
    with pytest.raises(CorruptData, match=r"gc\.csv: row 1"):
        folder.future_factor_rows("GC", "cme")
