"""A folder made from a provider gives back what the provider gives, however the work was cut and interrupted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from cli.markets import synthetic_source
from marketdata.leanfolder import LeanFolder
from marketdata.leanfolder.materialise import materialise
from marketdata.leanfolder.plan import FolderPlan
from marketdata.leanfolder.served import ServedMarket
from marketdata.port import Instrument, Kind, MarketData, QuoteColumns, Step, Tick, TradeColumns
from vocabulary.errors import BadInput

SPY = Instrument(Kind.EQUITY, "usa", "spy")
ROOT = Instrument(Kind.OPTION, "usa", "spy", style="american")
PUT = Instrument(Kind.OPTION, "usa", "spy", date(2024, 7, 5), Decimal(545), "put", "american")
FIRST, LAST = date(2024, 7, 1), date(2024, 7, 2)


def plan(**changes: object) -> FolderPlan:
    fields: dict[str, object] = {"plain": (SPY,), "roots": (ROOT,), "first": FIRST, "last": LAST, "contracts": 60, **changes}
    return FolderPlan(**fields)  # type: ignore[arg-type]


@pytest.fixture
def source(shared: Path) -> partial[LeanFolder]:
    return partial(LeanFolder, shared / "parity" / "market" / "data")


def contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def test_written_minutes_equal_the_source(source: partial[LeanFolder], tmp_path: Path) -> None:
    done: list[str] = []
    files = materialise(source, plan(), tmp_path, 1, done.append)
    ours, theirs = LeanFolder(tmp_path), source()
    picked, wanted = ours.bars(PUT, Step.MINUTE, Tick.QUOTE, FIRST), theirs.bars(PUT, Step.MINUTE, Tick.QUOTE, FIRST)
    assert isinstance(picked, QuoteColumns)
    assert isinstance(wanted, QuoteColumns)
    assert (picked.start == wanted.start).all()
    assert (picked.bid == wanted.bid).all()
    daily = ours.bars(SPY, Step.DAILY, Tick.TRADE, None)
    assert isinstance(daily, TradeColumns)
    assert len(daily.start) == 2
    assert files > 8
    assert done == ["reference files", "2024-07-01", "2024-07-02", "daily bars", "hour bars"]


@pytest.mark.slow
def test_two_processes_write_the_same_bytes_as_one(source: partial[LeanFolder], tmp_path: Path) -> None:
    for processes in (1, 2):
        materialise(source, plan(), tmp_path / str(processes), processes, lambda _: None)
    assert contents(tmp_path / "1") == contents(tmp_path / "2")


def test_an_interrupted_write_goes_on_where_it_stopped(source: partial[LeanFolder], tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    materialise(source, plan(), whole, 1, lambda _: None)

    def stop_after_first_day(part: str) -> None:
        if part == FIRST.isoformat():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        materialise(source, plan(), broken, 1, stop_after_first_day)
    finished = {path: (broken / path).stat().st_mtime_ns for path in contents(broken) if "/minute/" in path}
    materialise(source, plan(), broken, 1, lambda _: None)
    assert contents(broken) == contents(whole)
    assert finished == {path: (broken / path).stat().st_mtime_ns for path in finished}


def test_a_plan_limits_contracts_to_the_nearest(source: partial[LeanFolder], tmp_path: Path) -> None:
    materialise(source, plan(contracts=6, last=FIRST, steps=frozenset({Step.MINUTE})), tmp_path, 1, lambda _: None)
    archive = tmp_path / "option/usa/minute/spy/20240701_quote_american.zip"
    names = LeanFolder(tmp_path)._archives.names(str(archive.relative_to(tmp_path)))  # pyright: ignore[reportPrivateUsage]
    assert 1 <= len(names) <= 6


def test_hour_files_of_shares_hold_trades_only(tmp_path: Path) -> None:
    source = synthetic_source(1, FIRST, LAST)
    assert source().bars(SPY, Step.HOUR, Tick.QUOTE, None) is not None
    materialise(source, plan(steps=frozenset({Step.HOUR}), contracts=2), tmp_path, 1, lambda _: None)
    assert isinstance(LeanFolder(tmp_path).bars(SPY, Step.HOUR, Tick.TRADE, None), TradeColumns)


def test_plans_that_make_no_sense_are_refused() -> None:
    with pytest.raises(BadInput, match="after last day"):
        plan(first=LAST, last=FIRST)
    with pytest.raises(BadInput, match="at least 1"):
        plan(contracts=0)


def test_what_was_served_is_written_and_serves_the_same(source: partial[LeanFolder], tmp_path: Path) -> None:
    served: MarketData = ServedMarket(source())
    first = served.bars(PUT, Step.MINUTE, Tick.QUOTE, FIRST)
    served.bars(SPY, Step.DAILY, Tick.TRADE, None)
    served.universe(ROOT, FIRST)
    served.factor_rows("spy", "usa")
    served.map_rows("spy", "usa", Kind.EQUITY)
    assert isinstance(served, ServedMarket)
    served.write(tmp_path)
    again = LeanFolder(tmp_path)
    columns = again.bars(PUT, Step.MINUTE, Tick.QUOTE, FIRST)
    assert isinstance(columns, QuoteColumns)
    assert isinstance(first, QuoteColumns)
    assert (columns.ask == first.ask).all()
    universe, wanted = again.universe(ROOT, FIRST), source().universe(ROOT, FIRST)
    assert universe is not None
    assert wanted is not None
    assert np.allclose(universe.delta, wanted.delta, equal_nan=True)
    assert again.factor_rows("spy", "usa") == source().factor_rows("spy", "usa")
