"""When margin is looked at: every five minutes from the day's first step on, whether or not the steps between were visited."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from leanlocal.enums import OptionRight, OptionStyle
from leanlocal.runtime.exports import exported
from leanlocal.symbols import Symbol
from tests.leanlocal.memory_market import DAY, MemoryMarket, every_minute, run_on

QCAlgorithm = exported()["QCAlgorithm"]


class NearTheLimit(QCAlgorithm):  # type: ignore[misc,valid-type]
    """Sells a put at 10:33 and is left with less than five percent."""

    def initialize(self) -> None:
        self.set_start_date(2024, 7, 1)
        self.set_end_date(2024, 7, 1)
        self.set_cash(1_730)
        self.warned: list[str] = []
        share = self.add_equity("ABC", data_normalization_mode=exported()["DataNormalizationMode"].RAW).symbol
        self.put = self.add_option_contract(Symbol.create_option(share, "usa", OptionStyle.AMERICAN, OptionRight.PUT, 95, datetime(2024, 7, 19))).symbol
        self.schedule.on(self.date_rules.on(2024, 7, 1), self.time_rules.at(10, 33), lambda: self.market_order(self.put, -1))
        self.schedule.on(self.date_rules.on(2024, 7, 1), self.time_rules.at(10, 58), lambda: self.market_order(self.put, 1))

    def on_margin_call_warning(self) -> None:
        self.warned.append(f"{self.time:%H:%M}")


class Watching(NearTheLimit):
    """Sees every slice."""

    def on_data(self, slice: Any) -> None:
        """Nothing."""


def warned(kind: type[Any], folder: Path) -> list[str]:
    market = MemoryMarket(shares={DAY: every_minute(100.0)}, options={("put", 95.0): {DAY: every_minute(1.5)}})
    return run_on(market, kind, folder).algorithm.warned


def test_margin_is_checked_five_minutes_after_the_last_check_counted_from_the_first_step(tmp_path: Path) -> None:
    assert warned(NearTheLimit, tmp_path) == ["10:36", "10:41", "10:46", "10:51", "10:56"]


def test_jumping_over_steps_does_not_move_the_checks(tmp_path: Path) -> None:
    assert warned(NearTheLimit, tmp_path) == warned(Watching, tmp_path)
