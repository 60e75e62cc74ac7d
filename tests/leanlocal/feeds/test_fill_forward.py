"""What fill-forward repeats: the last row of the file, which need not lie in market hours."""

from __future__ import annotations

from pathlib import Path

from leanlocal.enums import DataNormalizationMode, Resolution
from leanlocal.runtime.exports import exported
from tests.leanlocal.memory_market import DAY, MemoryMarket, every_minute, run_on

QCAlgorithm = exported()["QCAlgorithm"]
BEFORE_THE_OPENING = (560, 99.0, 99.0)


class Watches(QCAlgorithm):
    """Notes the first bars of the day and the price the security shows with them."""

    def initialize(self) -> None:
        self.set_start_date(DAY.year, DAY.month, DAY.day)
        self.set_end_date(DAY.year, DAY.month, DAY.day)
        self.abc = self.add_equity("ABC", Resolution.MINUTE, data_normalization_mode=DataNormalizationMode.RAW).symbol
        self.set_benchmark(lambda _: 1)

    def on_data(self, slice) -> None:  # type: ignore[no-untyped-def]
        bar = slice.bars.get(self.abc)
        if bar is not None and self.time.hour == 9 and self.time.minute <= 33:
            self.log(f"{self.time:%H:%M} {bar.close} {bar.volume} {bar.is_fill_forward} {self.securities[self.abc].price}")


def _lines(market: MemoryMarket, folder: Path) -> list[str]:
    run = run_on(market, Watches, folder)
    return [line.split(" ", 2)[2] for line in run.log.lines]


def test_a_row_before_the_opening_is_repeated_but_is_no_price(tmp_path: Path) -> None:
    rows = [BEFORE_THE_OPENING, *every_minute(100.0, first=573)]
    assert _lines(MemoryMarket(shares={DAY: rows}), tmp_path) == [
        "09:31 99.0 0.0 True 0.0",
        "09:32 99.0 0.0 True 0.0",
        "09:33 100.0 1000.0 False 100.0",
    ]


def test_nothing_is_repeated_before_the_first_row(tmp_path: Path) -> None:
    assert _lines(MemoryMarket(shares={DAY: every_minute(100.0, first=573)}), tmp_path) == ["09:33 100.0 1000.0 False 100.0"]
