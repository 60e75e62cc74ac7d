"""The LEAN algorithm: subscribes underlyings, builds the desk, wakes it when it asks to be woken, hands it order events. Wiring only.

Runs unchanged in LEAN (backtest and live) and on the embedded engine. One handler does everything due in a minute, because LEAN keeps no order among
events of the same minute; the desk plans each day by itself, so holidays and early closes come from the exchange calendar.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from AlgorithmImports import AccountType, BrokerageName, Dividends, OrderEvent, QCAlgorithm

from conductor.compose import build_desk, read_blueprint
from conductor.desk import Desk
from trading.lean_gateway import LeanGateway
from trading.lean_gateway_market import LeanMarket
from trading.lean_gateway_symbols import LeanSymbols
from trading.settings import Brokerage
from vocabulary.errors import BadInput

OBJECT_STORE = "object-store:"
LAUNCHER_SAMPLES = frozenset({"intrinio-username", "intrinio-password", "ema-fast", "ema-slow"})
"""Sample parameters that stand in the configuration LEAN's launcher is shipped with: they mean nobody, so they are not refused as unknown."""
BROKERAGES = {
    Brokerage.DEFAULT: BrokerageName.DEFAULT,
    Brokerage.INTERACTIVE_BROKERS: BrokerageName.INTERACTIVE_BROKERS_BROKERAGE,
    Brokerage.CHARLES_SCHWAB: BrokerageName.CHARLES_SCHWAB,
    Brokerage.TRADE_STATION: BrokerageName.TRADE_STATION,
    Brokerage.TASTYTRADE: BrokerageName.TASTYTRADE,
}


class Thetadesk(QCAlgorithm):
    """Five rule-based options-income strategies behind one risk gate."""

    _desk: Desk
    _market: LeanMarket
    _gateway: LeanGateway
    _planned: set[datetime]

    def initialize(self) -> None:
        """Read the parameters, subscribe what is traded and watched, build the desk, plan the daily start."""
        given: Any = self.get_parameters()
        parameters = {str(key): str(value) for key, value in dict(given).items()}
        blueprint = read_blueprint({key: value for key, value in parameters.items() if key not in LAUNCHER_SAMPLES})
        settings = blueprint.desk
        self.set_start_date(settings.start.year, settings.start.month, settings.start.day)
        self.set_end_date(settings.end.year, settings.end.month, settings.end.day)
        self.set_cash(settings.cash)
        self.set_brokerage_model(BROKERAGES[settings.brokerage], AccountType.MARGIN)
        symbols = LeanSymbols(self)
        for ticker in blueprint.symbols:
            symbols.add_underlying(ticker)
        self._planned = set()
        self._market = LeanMarket(self, symbols, settings.vix_max_age, settings.assumed_vix or None)
        self._gateway = LeanGateway(self, symbols, self._market)
        self._desk = build_desk(blueprint, self._market, self._gateway, self._journal_path(settings.journal), settings.start, self.log)
        if self._desk.ledger.replayed:
            self._resume(symbols)
        clock = symbols.underlying("SPY")
        self.schedule.on(self.date_rules.every_day(clock), self.time_rules.at(9, 0), self._start_day)
        if self.live_mode:
            soon = self.time + timedelta(minutes=1)
            self.schedule.on(self.date_rules.on(soon.year, soon.month, soon.day), self.time_rules.at(soon.hour, soon.minute), self._start_day)

    def _resume(self, symbols: LeanSymbols) -> None:
        """Take an existing journal up again, live only: a backtest starts with an empty account and needs an empty journal."""
        if not self.live_mode:
            raise BadInput("parameter journal: the file holds an earlier run; a backtest needs a new one")
        for position in self._desk.ledger.book.open_positions():
            symbols.add_underlying(position.underlying)
        self._desk.resume(self._gateway)

    def on_order_event(self, order_event: OrderEvent) -> None:
        """Keep the event for the desk's next look."""
        self._gateway.hear(order_event)

    def on_dividends(self, dividends: Dividends) -> None:
        """Tell the market view who went ex-dividend."""
        for dividend in dividends.values():
            self._market.hear_dividend(dividend.symbol.value, float(dividend.distribution))

    def on_end_of_algorithm(self) -> None:
        """Write the end of the run."""
        self._desk.finish()

    def _start_day(self) -> None:
        if self.is_warming_up:
            return
        self._planned.clear()
        for at in self._desk.start_day():
            self._wake_at(at)

    def _wake(self) -> None:
        again = self._desk.wake()
        if again is not None:
            self._wake_at(again)

    def _wake_at(self, at: datetime) -> None:
        """Schedule one wake-up; a minute is never scheduled twice."""
        if at in self._planned:
            return
        self._planned.add(at)
        self.schedule.on(self.date_rules.on(at.year, at.month, at.day), self.time_rules.at(at.hour, at.minute), self._wake)

    def _journal_path(self, text: str) -> Path | None:
        """Where the journal lives: nowhere, a file, or a key of LEAN's object store."""
        if not text:
            return None
        if text.startswith(OBJECT_STORE):
            return Path(self.object_store.get_file_path(text.removeprefix(OBJECT_STORE)))
        return Path(text)
