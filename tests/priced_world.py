"""A small market of plain values for the strategies and risk rules: real exchange sessions, flat-volatility option prices, no engine.

Every contract is priced by Black-Scholes from the price and volatility a test sets, so a quote, a chain and a delta always agree. It implements the
MarketView and PositionBook protocols with values; nothing of the product is replaced.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

import exchange_calendars
import numpy as np

from greeks.european import greeks
from strategies.entry_calendar import nth_weekday
from vocabulary.contracts import AssetClass, Contract, Right, Settlement, Structure, Style
from vocabulary.decisions import Decision, Strategy
from vocabulary.market import AccountView, Chain, DailyBars, Dividend, Quote, Session
from vocabulary.positions import Holding, Marks, Position, PositionState

NEW_YORK = ZoneInfo("America/New_York")
RATE = 0.05
STEPS = {"SPX": 5.0, "ES": 25.0, "CL": 1.0, "GC": 10.0}
MULTIPLIERS = {"ES": 50.0, "CL": 1000.0, "GC": 100.0}


@cache
def calendar() -> exchange_calendars.ExchangeCalendar:
    """New York sessions with their holidays and early closes."""
    return exchange_calendars.get_calendar("XNYS", start="2022-01-01", end="2028-12-31")


def option(underlying: str, expiry: date, right: Right, strike: float) -> Contract:
    """A contract of the kind its underlying has: future option for ES, CL, GC; index option for SPX; else equity option."""
    if underlying in MULTIPLIERS:
        month = date(expiry.year, expiry.month, 28)
        return Contract(AssetClass.FUTURE_OPTION, underlying, MULTIPLIERS[underlying], "", expiry, strike, right, Style.AMERICAN, future_expiry=month)
    if underlying == "SPX":
        return Contract(AssetClass.INDEX_OPTION, "SPX", 100.0, "SPXW", expiry, strike, right, Style.EUROPEAN, Settlement.CASH_PM)
    return Contract(AssetClass.EQUITY_OPTION, underlying, 100.0, "", expiry, strike, right, Style.AMERICAN, Settlement.PHYSICAL_PM)


@cache
def expiries(today: date) -> tuple[date, ...]:
    """Today and the next twelve Fridays (or the Thursday before a holiday), then monthlies for two years."""
    friday = today + timedelta(days=(4 - today.weekday()) % 7)
    weeklies = [friday + timedelta(weeks=week) for week in range(13)]
    months = [(today.replace(day=1) + timedelta(days=31 * month)).replace(day=1) for month in range(3, 25)]
    days = {*weeklies, *(nth_weekday(month, 4, 3) for month in months)}
    return tuple(sorted({day if calendar().is_session(day.isoformat()) else day - timedelta(days=1) for day in days} | {today}))


@cache
def ladder_contracts(underlying: str, today: date, step: float, low: int, high: int) -> tuple[Contract, ...]:
    """Every option of an underlying: all expiries, both rights, strikes low to high in steps."""
    strikes = [step * number for number in range(low, high + 1)]
    return tuple(option(underlying, day, right, strike) for day in expiries(today) for right in (Right.CALL, Right.PUT) for strike in strikes)


@dataclass
class PricedWorld:
    """The view. Attributes may be changed between calls; `hidden` contracts have no quote, `registered` None quotes everything."""

    now: datetime = datetime(2024, 6, 12, 10, 0, tzinfo=NEW_YORK)
    prices: dict[str, float] = field(default_factory=lambda: {"SPY": 500.0, "SPX": 5000.0, "QQQ": 440.0, "IWM": 200.0, "GLD": 200.0, "TLT": 95.0})
    volatility: float = 0.16
    vix: float | None = 16.0
    opens: dict[str, float] = field(default_factory=dict)
    account: AccountView = field(default_factory=lambda: AccountView("USD", 100_000.0, 100_000.0, 0.0, 100_000.0))
    half_spread: float = 0.01
    hidden: set[Contract] = field(default_factory=set)
    closes: dict[str, list[float]] = field(default_factory=dict)
    range_share: float = 0.01
    strikes: tuple[float, float] = (0.5, 1.4)

    def price(self, underlying: str) -> float | None:
        return self.prices.get(underlying)

    def opening_price(self, underlying: str) -> float | None:
        return self.opens.get(underlying, self.prices.get(underlying))

    def quote(self, contract: Contract) -> Quote | None:
        if contract in self.hidden or contract.underlying not in self.prices:
            return None
        if not contract.asset.is_option:
            spot = self.prices[contract.underlying]
            return Quote(spot - 0.01, spot + 0.01, spot, 0.0)
        mid = float(self._values(contract.underlying, (contract,)).price[0])
        half = max(0.005, self.half_spread * mid)
        return Quote(max(0.0, mid - half), mid + half, mid, 0.0)

    def chain(self, underlying: str) -> Chain | None:
        if underlying not in self.prices:
            return None
        contracts = self._contracts(underlying)
        found = self._values(underlying, contracts)
        strike = np.array([contract.strike for contract in contracts], dtype=np.float64)
        expiry = np.array([contract.expiry for contract in contracts], dtype="datetime64[D]")
        is_call = np.array([contract.right is Right.CALL for contract in contracts])
        flat = np.full(len(contracts), self.volatility)
        many = np.full(len(contracts), 5000.0)
        price = np.asarray(found.price)
        columns = (price, price, flat, np.asarray(found.delta), np.asarray(found.gamma), np.asarray(found.theta), np.asarray(found.vega), many, many)
        return Chain(underlying, self.now, self.prices[underlying], contracts, strike, expiry, is_call, *columns)

    def daily(self, underlying: str, days: int) -> DailyBars:
        closes = np.array(self.closes.get(underlying, self._flat_history(underlying)))[-days:]
        last = np.datetime64(self.now.date(), "D")
        day = last - np.arange(len(closes), 0, -1)
        half = closes * self.range_share / 2
        return DailyBars(day, closes, closes + half, closes - half, closes)

    def session(self, underlying: str, day: date) -> Session | None:
        if not calendar().is_session(day.isoformat()):
            return None
        opening, closing = calendar().session_open_close(day.isoformat())
        return Session(day, opening.to_pydatetime().astimezone(NEW_YORK), closing.to_pydatetime().astimezone(NEW_YORK))

    def sessions(self, underlying: str, first: date, last: date) -> Sequence[Session]:
        days = [stamp.date() for stamp in calendar().sessions_in_range(first.isoformat(), last.isoformat())] if first <= last else []
        return [session for day in days if (session := self.session(underlying, day)) is not None]

    def rate(self) -> float:
        return RATE

    def next_dividend(self, underlying: str) -> Dividend | None:
        return None

    def at(self, day: date, moment: time = time(10, 0)) -> PricedWorld:
        """Move the clock."""
        self.now = datetime.combine(day, moment, tzinfo=NEW_YORK)
        return self

    def _contracts(self, underlying: str) -> tuple[Contract, ...]:
        spot = self.prices[underlying]
        step = STEPS.get(underlying, 1.0)
        low, high = (int(spot * share / step) for share in self.strikes)
        return ladder_contracts(underlying, self.now.date(), step, max(1, low // 10 * 10), high // 10 * 10 + 10)

    def _values(self, underlying: str, contracts: tuple[Contract, ...]):
        is_call = np.array([contract.right is Right.CALL for contract in contracts])
        strike = np.array([contract.strike for contract in contracts], dtype=np.float64)
        ends = [datetime.combine(contract.expiry or self.now.date(), time(16), tzinfo=NEW_YORK) for contract in contracts]
        years = np.maximum(60.0, np.array([(end - self.now).total_seconds() for end in ends])) / (365.0 * 86400.0)
        carry = RATE if underlying in MULTIPLIERS else 0.0
        return greeks(is_call, self.prices[underlying], strike, years, RATE, carry, self.volatility)

    def _flat_history(self, underlying: str) -> list[float]:
        """A year and a half around today's price, ending a little above it, with a high well above: a pullback in a calm market."""
        spot = self.prices.get(underlying, self.vix if underlying == "VIX" and self.vix is not None else 0.0)
        wave = 1.0 + 0.04 * np.sin(np.arange(400) / 15.0)
        return list(spot * 1.01 * wave / wave[-1]) if spot else []


@dataclass
class PlainBook:
    """The position book as two lists."""

    opened: list[Position] = field(default_factory=list)
    ended: list[Position] = field(default_factory=list)

    def open_positions(self, strategy: Strategy | None = None) -> Sequence[Position]:
        return [position for position in self.opened if strategy is None or position.strategy is strategy]

    def closed_positions(self, strategy: Strategy | None = None) -> Sequence[Position]:
        return [position for position in self.ended if strategy is None or position.strategy is strategy]


def position_of(world: PricedWorld, strategy: Strategy, structure: Structure, units: int = 1, opened: datetime | None = None, number: int = 1) -> Position:
    """An open position filled at the world's mids."""
    holdings = tuple(Holding(leg.contract, leg.ratio * units, Decimal(str(round(quoted_mid(world, leg.contract), 4)))) for leg in structure.legs)
    cash = -sum((held.quantity * held.average_price * Decimal(str(held.contract.multiplier)) for held in holdings), Decimal(0))
    when = opened or world.now
    expiry = structure.nearest_expiry
    days = None if expiry is None else (expiry - when.date()).days
    return Position(f"p{number}", strategy, structure, units, PositionState.OPEN, when, None, holdings, cash, cash, Decimal(0), days, 0.0, 0.0, 0, "")


def opened_by(world: PricedWorld, decision: Decision, number: int = 1) -> Position:
    """The position an OPEN decision becomes when it fills whole at the mids."""
    assert decision.structure is not None
    return position_of(world, decision.strategy, decision.structure, decision.units, number=number)


def quoted_mid(world: PricedWorld, contract: Contract) -> float:
    quote = world.quote(contract)
    assert quote is not None
    return quote.mid


def marks_of(world: PricedWorld, position: Position) -> Marks:
    """The position valued at the world's quotes, natural and mid."""
    natural = mid = 0.0
    for held in position.holdings:
        quote = world.quote(held.contract)
        assert quote is not None
        natural += held.quantity * held.contract.multiplier * (quote.bid if held.quantity > 0 else quote.ask)
        mid += held.quantity * held.contract.multiplier * quote.mid
    cash = float(position.net_cash)
    return Marks(natural, mid, cash + natural, cash + mid, True, 0.0, None)
