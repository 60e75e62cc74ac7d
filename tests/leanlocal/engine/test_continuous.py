"""Continuous futures: which contract they follow, from how deep, and indicators on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from leanlocal.clock import HOUR
from leanlocal.consolidators.rows import grid_ends
from leanlocal.enums import DataMappingMode, DataNormalizationMode, Resolution
from leanlocal.runtime.exports import exported
from leanlocal.symbols import Symbol
from marketdata.port import Columns, Instrument, Kind, MapRow, Step, SymbolProperties, Tick
from tests.leanlocal.memory_market import DAY, NEXT_DAY, MemoryMarket, every_minute, run_on

QCAlgorithm = exported()["QCAlgorithm"]
NEAR, NEXT, FAR = (str(Symbol.create_future("ES", "cme", expiry).id) for expiry in (datetime(2024, 7, 1), datetime(2024, 9, 20), datetime(2024, 12, 20)))
PRICES = {"202407": 100.0, "202409": 110.0, "202412": 120.0}


class Futures(MemoryMarket):
    """One share's minutes, priced by contract month."""

    def bars(self, instrument: Instrument, step: Step, tick: Tick, day: date | None) -> Columns | None:
        price = PRICES.get(instrument.contract_month or "")
        if instrument.kind is not Kind.FUTURE or price is None or day is None or day not in (DAY, NEXT_DAY):
            return None
        prices = MemoryMarket(shares={day: every_minute(price)})
        return prices.bars(Instrument(Kind.EQUITY, "usa", "abc"), step, tick, day)

    def map_rows(self, ticker: str, market: str, kind: Kind) -> Sequence[MapRow]:
        ends = ((DAY, NEAR), (date(2024, 9, 20), NEXT), (date(2024, 12, 20), FAR))
        return [MapRow(day, name.lower(), "CME", int(DataMappingMode.LAST_TRADING_DAY)) for day, name in ends] if kind is Kind.FUTURE else ()

    def market_hours(self) -> dict[str, object]:
        entries: Any = super().market_hours()["entries"]
        evening = [{"start": "09:30:00", "end": "16:00:00", "state": "market"}, {"start": "18:00:00", "end": "24:00:00", "state": "postmarket"}]
        return {"entries": {**entries, "Future-cme-[*]": {**entries["Equity-usa-[*]"], "monday": evening, "tuesday": evening}}}

    def symbol_properties(self) -> dict[tuple[str, str, str], SymbolProperties]:
        one = Decimal(1)
        return {**super().symbol_properties(), ("cme", "[*]", "future"): SymbolProperties("future", "USD", Decimal(50), Decimal("0.25"), one, one, one)}


class Follows(QCAlgorithm):  # type: ignore[misc,valid-type]
    """Logs what is mapped and what the average of its prices is, each noon."""

    depth = 0
    extended = False

    def initialize(self) -> None:
        self.set_start_date(2024, 7, 1)
        self.set_end_date(2024, 7, 2)
        self.es = self.add_future(
            "ES",
            Resolution.MINUTE,
            data_mapping_mode=DataMappingMode.LAST_TRADING_DAY,
            data_normalization_mode=DataNormalizationMode.BACKWARDS_RATIO,
            contract_depth_offset=self.depth,
            extended_market_hours=self.extended,
        )
        self.average = self.sma(self.es.symbol, 5, Resolution.MINUTE)
        self.schedule.on(self.date_rules.every_day(), self.time_rules.at(12, 0), self.look)

    def look(self) -> None:
        self.log(f"{self.es.mapped.value} {self.average.current.value:g}")


class Deep(Follows):
    depth = 1


def said(kind: type[Any], folder: Path) -> list[str]:
    run = run_on(Futures(), kind, folder)
    return [line.split(" ", 2)[2] for line in run.log.lines]


def test_indicator_of_a_continuous_future_follows_it_from_contract_to_contract(tmp_path: Path) -> None:
    assert said(Follows, tmp_path) == ["ES01N24 100", "ES20U24 110"]


def test_depth_counts_contracts_behind_the_mapped_one(tmp_path: Path) -> None:
    assert said(Deep, tmp_path) == ["ES20U24 110", "ES20Z24 120"]


class Extended(Follows):
    extended = True


def test_days_of_an_extended_subscription_end_with_the_regular_session(tmp_path: Path) -> None:
    run: Any = run_on(Futures(), Extended, tmp_path)
    feed = run.securities[run.algorithm.es.symbol].feeds[0]
    midnight = feed.hours.midnight(DAY)
    assert feed.subscription.extended
    assert list(grid_ends(feed, Step.DAILY, midnight, midnight + 24 * HOUR)) == [midnight + 16 * HOUR]
    assert midnight + 20 * HOUR in list(grid_ends(feed, Step.HOUR, midnight, midnight + 24 * HOUR))
