"""Where the price of a security comes from before its own first row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from leanlocal.enums import OptionRight, OptionStyle
from leanlocal.runtime.exports import exported
from leanlocal.securities.initializers import CompositeSecurityInitializer, FuncSecurityInitializer
from leanlocal.symbols import Symbol
from marketdata.port import Columns, Instrument, Kind, Step, Tick, UniverseRows
from tests.leanlocal.memory_market import DAY, NEXT_DAY, MemoryMarket, Row, _columns, every_minute, run_on  # pyright: ignore[reportPrivateUsage]
from tests.leanlocal.orders.test_trading_day import EXPIRY

QCAlgorithm = exported()["QCAlgorithm"]
RAW = exported()["DataNormalizationMode"].RAW
D = Decimal
OPENING = 571


@dataclass
class WithDailyQuotes(MemoryMarket):
    """The puts have a daily quote and a daily trade of the day before. traded: minute trades by day and strike."""

    traded: dict[tuple[date | None, float], Sequence[Row]] = field(default_factory=dict[tuple[date | None, float], Sequence[Row]])

    def bars(self, instrument: Instrument, step: Step, tick: Tick, day: date | None) -> Columns | None:
        if step is Step.DAILY and instrument.kind is Kind.OPTION and tick is not Tick.OPEN_INTEREST:
            rows: list[Row] = [(1, 9.3, 9.9)] if tick is Tick.QUOTE else [(1, 9.5, 9.5)]
            return _columns(rows, tick, DAY)
        if tick is Tick.TRADE and instrument.kind is Kind.OPTION and step is Step.MINUTE:
            return _columns(self.traded.get((day, float(instrument.strike or 0))), tick, day or DAY)
        return super().bars(instrument, step, tick, day)


def market() -> WithDailyQuotes:
    made = WithDailyQuotes(shares={DAY: every_minute(100.0), NEXT_DAY: every_minute(100.0)})
    made.options = {("put", strike): {NEXT_DAY: every_minute(1.0, 0.1)} for strike in (90.0, 95.0)}
    made.traded = {(NEXT_DAY, 95.0): [(OPENING + 27, 1.2, 1.2)]}
    return made


class Late(QCAlgorithm):  # type: ignore[misc,valid-type]
    """Adds contracts at 10:00 of the second day; 95 traded three minutes before, 90 not."""

    initializer: Any = None

    def initialize(self) -> None:
        self.set_start_date(2024, 7, 2)
        self.set_end_date(2024, 7, 2)
        self.seen: dict[float, tuple[float, Any]] = {}
        self.prepare()
        self.share = self.add_equity("ABC", data_normalization_mode=RAW).symbol
        self.schedule.on(self.date_rules.on(2024, 7, 2), self.time_rules.at(10, 0), self.act)

    def prepare(self) -> None:
        """Set up how securities are initialized."""

    def act(self) -> None:
        for strike in (90, 95):
            put = self.add_option_contract(Symbol.create_option(self.share, "usa", OptionStyle.AMERICAN, OptionRight.PUT, strike, EXPIRY))
            last = put.get_last_data()
            self.seen[strike] = (put.price, None if last is None else last.end_time.date())


def seen(kind: type[Any], folder: Path) -> dict[float, tuple[float, Any]]:
    found: list[Any] = []

    class Kept(kind):
        def on_end_of_algorithm(self) -> None:
            found.append(self.seen)

    run_on(market(), Kept, folder)
    return found[0]


def test_contract_without_a_trade_is_seeded_from_yesterdays_daily_bars_and_one_with_both_from_the_minute(tmp_path: Path) -> None:
    class Seeds(Late):
        def prepare(self) -> None:
            seeder = exported()["FuncSecuritySeeder"](self.get_last_known_prices)
            self.set_security_initializer(exported()["BrokerageModelSecurityInitializer"](self.brokerage_model, seeder))

    prices = seen(Seeds, tmp_path)
    assert prices == {90: (9.6, DAY), 95: (1.0, NEXT_DAY)}


def test_seed_initial_prices_gives_added_contracts_a_price(tmp_path: Path) -> None:
    class Seeds(Late):
        def prepare(self) -> None:
            self.settings.seed_initial_prices = True

    assert seen(Seeds, tmp_path) == {90: (9.6, DAY), 95: (1.0, NEXT_DAY)}


def test_without_a_seed_a_new_contract_has_no_price(tmp_path: Path) -> None:
    assert seen(Late, tmp_path) == {90: (0.0, None), 95: (0.0, None)}


def test_market_price_may_be_set_from_history(tmp_path: Path) -> None:
    class Sets(Late):
        def prepare(self) -> None:
            self.set_security_initializer(lambda security: security.set_market_price(self.get_last_known_price(security)))

    assert seen(Sets, tmp_path)[95][0] == 1.0


def test_initializers_run_one_after_the_other() -> None:
    called: list[str] = []
    both = CompositeSecurityInitializer(FuncSecurityInitializer(lambda security: called.append(f"first {security}")), lambda security: called.append("second"))
    both.initialize("ABC")
    assert called == ["first ABC", "second"]
    assert len(both.initializers) == 2


class ChainMarket(MemoryMarket):
    """Two days, and a chain file of the first with one put."""

    def universe(self, canonical: Instrument, day: date) -> UniverseRows | None:
        if day != DAY:
            return None
        one = np.array([1.0])
        return UniverseRows(day, (100.0, 100.0, 100.0, 100.0, 1.0), [EXPIRY.date()], [D(100)], ["P"], *([one] * 12))

    def universe_days(self, canonical: Instrument) -> Sequence[date]:
        return (DAY,)


def test_contracts_a_universe_selects_pass_through_the_initializer_and_take_the_settings_leverage(tmp_path: Path) -> None:
    class Chain(QCAlgorithm):  # type: ignore[misc,valid-type]
        def initialize(self) -> None:
            self.set_start_date(2024, 7, 2)
            self.set_end_date(2024, 7, 2)
            self.universe_settings.leverage = 3
            self.set_security_initializer(lambda security: setups.append(security.symbol.value))
            self.add_equity("ABC", data_normalization_mode=RAW)
            self.add_option("ABC").set_filter(-5, 5, 0, 60)

    setups: list[str] = []
    made = ChainMarket(shares={day: every_minute(100.0) for day in (DAY, NEXT_DAY)})
    made.options = {("put", 100.0): {NEXT_DAY: every_minute(1.0, 0.1)}}
    run = run_on(made, Chain, tmp_path)
    assert setups == ["ABC", "?ABC", "ABC   240719P00100000"]
    assert run.securities[next(symbol for symbol in run.securities if symbol.value == setups[-1])].leverage == 3
