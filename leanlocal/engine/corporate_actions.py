"""Dividends and splits of subscribed equities, from their factor files.

A change of the price factor after a row's date is a dividend, a change of the split factor a split (with a warning on the row's date); both happen at
midnight of the next trading day. Sources: lean-fidelity §1.4, §6.5.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from leanlocal.clock import MINUTE, Micros
from leanlocal.engine.marks import MarkSource
from leanlocal.enums import DataNormalizationMode, SecurityType, SplitType
from leanlocal.exact import ZERO, div, from_raw, mul
from leanlocal.feeds.blocks import TradeBlock
from leanlocal.feeds.loading import STEP_LENGTH
from leanlocal.securities.core import SecurityCore
from leanlocal.securities.instruments import FactorTable, distribution
from leanlocal.slices.events import Dividend, Split
from marketdata.port import Tick

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext


SUBMISSION_BUFFER = 15 * MINUTE + MINUTE // 2


@dataclass(frozen=True, slots=True)
class Action:
    """One dividend or split (or its warning). number: cash per share, or the factor prices are multiplied with."""

    moment: Micros
    security: SecurityCore
    number: Decimal
    reference: Decimal
    split: SplitType | None


def actions_of(security: SecurityCore, table: FactorTable, first: date, last: date) -> list[Action]:
    """Actions of an equity whose midnights lie between two dates."""
    hours = security.hours
    found: list[Action] = []
    for row, following in zip(table.rows, table.rows[1:], strict=False):
        if not first <= row.day <= last:
            continue
        moment = hours.midnight(hours.next_trading_day(row.day))
        if row.price_factor != following.price_factor:
            found.append(Action(moment, security, distribution(row, following), row.reference_price, None))
        if row.split_factor != following.split_factor:
            factor = div(row.split_factor, following.split_factor)
            found.append(Action(hours.midnight(row.day), security, factor, row.reference_price, SplitType.WARNING))
            found.append(Action(moment, security, factor, row.reference_price, SplitType.SPLIT_OCCURRED))
    return found


def raw_close(security: SecurityCore) -> Decimal:
    """Last traded price as the file has it, whatever the normalization; zero before the first row."""
    rows = [row for feed in security.feeds if feed.subscription.tick is Tick.TRADE and (row := feed.row_at(security.clock.now)) is not None]
    if not rows:
        return ZERO
    latest = max(rows, key=lambda row: row.end)
    block = cast("TradeBlock", latest.block)
    return from_raw(float(block.ohlc[latest.row, 3]), block.divisor)


def liquidation_moment(warning: Action) -> Micros:
    """When options are sold before a split: the last step of the stock's resolution at which a market-on-close order is still taken."""
    security = warning.security
    closes = security.hours.next_close(warning.moment)
    step = min((STEP_LENGTH[config.step] for config in security.user_configs), default=MINUTE)
    zone = security.hours.zone
    return zone.to_utc(zone.to_local(closes - SUBMISSION_BUFFER) // step * step)


class CorporateActions(MarkSource):
    """Actions of all subscribed equities."""

    def __init__(self, run: RunContext) -> None:
        self._run = run
        self._actions: list[Action] = []
        self._now: list[Action] = []
        self._watched: set[SecurityCore] = set()

    def watch(self, security: SecurityCore) -> None:
        """Look after an equity that has been subscribed."""
        if security.kind is SecurityType.EQUITY and security not in self._watched:
            self._watched.add(security)
            begin = self._run.securities.window.begin or self._run.start
            first = security.hours.next_trading_day(security.hours.local_date(begin), -1)
            last = security.hours.local_date(self._run.end)
            self._actions += actions_of(security, self._run.securities.factor_table(security.symbol), first, last)

    def marks(self, after: Micros, until: Micros) -> Iterable[Micros]:
        """Their midnights."""
        moments = {action.moment for action in self._actions}
        moments |= {liquidation_moment(action) for action in self._actions if action.split is SplitType.WARNING}
        return {moment for moment in moments if after < moment <= until}

    def begin_step(self, moment: Micros) -> None:
        """Put the moment's actions into the slice."""
        self._now = [action for action in self._actions if action.moment == moment and action.security.configs]
        for action in self._now:
            self._event(action)

    def contracts_to_sell(self, moment: Micros) -> list[SecurityCore]:
        """Options on stocks that split tomorrow, once it is late enough in the day."""
        splitting = {action.security for action in self._actions if action.split is SplitType.WARNING and liquidation_moment(action) == moment}
        if not splitting:
            return []
        options = [security for security in self._run.securities.values() if security.is_option and security.underlying in splitting]
        return [option for option in options if option.configs and not option.is_canonical]

    def _event(self, action: Action) -> None:
        events, symbol = self._run.slice_events, action.security.symbol
        time = action.security.hours.zone.local_datetime(action.moment)
        if action.split is None:
            events.dividends[symbol] = Dividend(symbol, time, action.number, action.reference)
            return
        warning = action.split is SplitType.WARNING
        events.splits[symbol] = Split(symbol, time, action.number, raw_close(action.security) if warning else action.reference, action.split)

    def apply(self) -> None:
        """Dividends, then splits, change cash and holdings."""
        for action in self._now:
            mode = action.security.normalization
            if action.split is None and mode in (DataNormalizationMode.RAW, DataNormalizationMode.SPLIT_ADJUSTED):
                self._run.handler.apply_dividend(action.security, action.number)
        for action in self._now:
            if action.split is SplitType.SPLIT_OCCURRED and action.security.normalization is DataNormalizationMode.RAW:
                self._run.handler.apply_split(action.security, action.number, action.reference)
                action.security.set_price(mul(action.reference, action.number))

    def deliver(self) -> None:
        """Tell the algorithm."""
        hooks, moment = self._run.hooks, self._run.slice
        events = self._run.slice_events
        if events.splits and hooks.overrides("on_splits"):
            hooks.call("on_splits", moment.splits)
        if events.dividends and hooks.overrides("on_dividends"):
            hooks.call("on_dividends", moment.dividends)
