"""Orders for the next opening: which row wakes them, and what becomes of a contract that is removed while its market is closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from leanlocal.clock import HOUR, MINUTE, micros_of
from leanlocal.enums import OptionRight, OptionStyle, OrderStatus, OrderType
from leanlocal.runtime.exports import exported
from leanlocal.symbols import Symbol
from marketdata.port import Columns, Instrument, Kind, Step, Tick
from tests.leanlocal.memory_market import DAY, NEXT_DAY, MemoryMarket, Row, every_minute, run_on

QCAlgorithm = exported()["QCAlgorithm"]
OPENING = micros_of(datetime(2024, 7, 2)) + 13 * HOUR + 31 * MINUTE


class RemovesAtNight(QCAlgorithm):  # type: ignore[misc,valid-type]
    """Buys a put in the session and removes it in the evening."""

    def initialize(self) -> None:
        self.set_start_date(2024, 7, 1)
        self.set_end_date(2024, 7, 2)
        share = self.add_equity("ABC", data_normalization_mode=exported()["DataNormalizationMode"].RAW).symbol
        self.put = self.add_option_contract(Symbol.create_option(share, "usa", OptionStyle.AMERICAN, OptionRight.PUT, 95, datetime(2024, 7, 19))).symbol
        self.schedule.on(self.date_rules.on(2024, 7, 1), self.time_rules.at(11, 0), lambda: self.market_order(self.put, 1))
        self.schedule.on(self.date_rules.on(2024, 7, 1), self.time_rules.at(20, 0), lambda: self.remove_security(self.put))


class TradedOnce(MemoryMarket):
    """Its options trade on the first day only."""

    def bars(self, instrument: Instrument, step: Step, tick: Tick, day: date | None) -> Columns | None:
        if instrument.kind is Kind.OPTION and tick is Tick.TRADE and day == DAY:
            return super().bars(Instrument(Kind.EQUITY, instrument.market, instrument.ticker), step, tick, day)
        return super().bars(instrument, step, tick, day)


def sale(market: type[MemoryMarket], folder: Path) -> tuple[Any, Any]:
    quotes: dict[date, Sequence[Row]] = {DAY: every_minute(2.0), NEXT_DAY: every_minute(lambda minute: 3.0 if minute < 580 else 4.0)}
    run: Any = run_on(market(shares={day: every_minute(100.0) for day in quotes}, options={("put", 95.0): quotes}), RemovesAtNight, folder)
    return run, run.handler.orders[2]


def test_contract_removed_while_closed_is_sold_at_the_next_opening_and_keeps_its_data_until_then(tmp_path: Path) -> None:
    run, sold = sale(MemoryMarket, tmp_path)
    assert (sold.kind, sold.status, sold.tag, sold.last_fill) == (OrderType.MARKET_ON_OPEN, OrderStatus.FILLED, "Removed", OPENING)
    assert sold.price == Decimal("2.99")
    assert not sold.security.holding.quantity
    assert not sold.security.is_tradable
    assert len(run.handler.orders) == 2


def test_quote_row_wakes_an_opening_order_of_an_option_that_has_traded_before(tmp_path: Path) -> None:
    _, sold = sale(TradedOnce, tmp_path)
    assert (sold.status, sold.last_fill) == (OrderStatus.FILLED, OPENING)
