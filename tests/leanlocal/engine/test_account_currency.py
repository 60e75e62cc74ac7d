"""An account in pounds: rates come from a currency pair nobody asked for, whose days are cut in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from leanlocal.charts.benchmark import SecurityBenchmark
from leanlocal.clock import datetime_of
from leanlocal.enums import Resolution
from leanlocal.exact import exact_arithmetic
from leanlocal.runtime.exports import exported
from marketdata.port import Columns, Instrument, Kind, QuoteColumns, Step, SymbolProperties, Tick
from tests.leanlocal.memory_market import MINUTE, MemoryMarket, run_on

QCAlgorithm = exported()["QCAlgorithm"]
D = Decimal
RATES = {date(2024, 6, 30): 1.25, date(2024, 7, 1): 1.28, date(2024, 7, 2): 1.6, date(2024, 7, 3): 2.0}
"""Close of the pair by the UTC day of its row."""


class PoundMarket(MemoryMarket):
    """Daily rows of GBPUSD, and nothing else."""

    def bars(self, instrument: Instrument, step: Step, tick: Tick, day: date | None) -> Columns | None:
        if instrument.kind is not Kind.FOREX or step is not Step.DAILY or tick is not Tick.QUOTE:
            return None
        starts = np.array([(day - date(1970, 1, 1)).days * 1440 * MINUTE for day in RATES], dtype=np.int64)
        prices = np.array([[rate] * 4 for rate in RATES.values()])
        return QuoteColumns(starts, prices, prices, np.zeros(len(RATES)), np.zeros(len(RATES)), 1)

    def market_hours(self) -> dict[str, object]:
        hours: Any = super().market_hours()["entries"]
        whole = [{"start": "00:00:00", "end": "1.00:00:00", "state": "market"}]
        days = dict.fromkeys(("sunday", "monday", "tuesday", "wednesday", "thursday"), whole)
        pair = {"dataTimeZone": "UTC", "exchangeTimeZone": "America/New_York", **days, "holidays": [], "earlyCloses": {}, "lateOpens": {}}
        return {"entries": {**hours, "Forex-oanda-[*]": pair}}

    def symbol_properties(self) -> dict[tuple[str, str, str], SymbolProperties]:
        one = D(1)
        return {**super().symbol_properties(), ("oanda", "GBPUSD", "forex"): SymbolProperties("pair", "USD", one, D("0.00001"), one, one, one)}


class Pounds(QCAlgorithm):  # type: ignore[misc,valid-type]
    """Holds dollars for one day."""

    def initialize(self) -> None:
        self.set_account_currency("GBP")
        self.set_start_date(2024, 7, 1)
        self.set_end_date(2024, 7, 1)
        self.set_cash(1_000)
        self.set_cash("USD", 640)
        self.add_equity("ABC", Resolution.DAILY)
        self.set_benchmark("ABC")


@pytest.fixture
def run(tmp_path: Path) -> Any:
    return run_on(PoundMarket(), Pounds, tmp_path)


def moments(run: Any) -> list[tuple[datetime, float]]:
    return [(datetime_of(row[0]).replace(tzinfo=UTC), row[4]) for row in run.samplers.candles.rows]


def test_first_sample_values_foreign_cash_at_the_rate_of_before_the_start(run: Any) -> None:
    assert moments(run)[0] == (datetime(2024, 7, 1, 4, tzinfo=UTC), 1_000 + 640 / 1.25)


def test_days_of_a_pair_end_at_midnight_utc_and_the_one_begun_before_the_end_is_the_runs_last_moment(run: Any) -> None:
    assert (datetime(2024, 7, 2, 0, tzinfo=UTC), 1_000 + 640 / 1.28) in moments(run)
    assert moments(run)[-1] == (datetime(2024, 7, 3, 0, tzinfo=UTC), 1_000 + 640 / 1.6)


def test_benchmark_is_measured_in_account_currency(run: Any) -> None:
    assert isinstance(run.benchmark, SecurityBenchmark)
    with exact_arithmetic():
        run.benchmark.security.set_price(D(80))
        assert run.benchmark.value(run.clock.now) == 50
