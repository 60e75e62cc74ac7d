"""A market view over plain values that a test sets, and the contracts tests trade."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np

from trading.paper_gateway import PaperGateway
from vocabulary.contracts import AssetClass, Contract, Leg, Right, Settlement, Structure, StructureKind, Style
from vocabulary.market import AccountView, Chain, DailyBars, Dividend, Quote, Session

NEW_YORK = ZoneInfo("America/New_York")
TODAY = date(2024, 7, 10)
OPEN = datetime(2024, 7, 10, 9, 30, tzinfo=NEW_YORK)


class PlainMarket:
    """MarketView whose answers are attributes. Weekdays have sessions from 9:30 to 16:00."""

    def __init__(self, now: datetime = OPEN + timedelta(hours=1)) -> None:
        self.now = now
        self.account = AccountView("USD", 100_000.0, 100_000.0, 0.0, 100_000.0)
        self.vix: float | None = 15.0
        self.prices: dict[str, float] = {"SPY": 550.0}
        self.quotes: dict[Contract, Quote] = {}
        self.closes: dict[str, dict[date, float]] = {}
        self.dividend: Dividend | None = None

    def price(self, underlying: str) -> float | None:
        return self.prices.get(underlying)

    def opening_price(self, underlying: str) -> float | None:
        return self.prices.get(underlying)

    def quote(self, contract: Contract) -> Quote | None:
        return self.quotes.get(contract)

    def chain(self, underlying: str) -> Chain | None:
        return None

    def daily(self, underlying: str, days: int) -> DailyBars:
        rows = sorted(self.closes.get(underlying, {}).items())[-days:]
        values = np.array([close for _, close in rows])
        return DailyBars(np.array([day for day, _ in rows], dtype="datetime64[D]"), values, values, values, values)

    def session(self, underlying: str, day: date) -> Session | None:
        if day.weekday() > 4:
            return None
        return Session(day, datetime.combine(day, time(9, 30), NEW_YORK), datetime.combine(day, time(16), NEW_YORK))

    def sessions(self, underlying: str, first: date, last: date) -> Sequence[Session]:
        days = (first + timedelta(days=step) for step in range((last - first).days + 1))
        return [session for day in days if (session := self.session(underlying, day)) is not None]

    def rate(self) -> float:
        return 0.05

    def next_dividend(self, underlying: str) -> Dividend | None:
        return self.dividend

    def set_quote(self, contract: Contract, bid: float, ask: float, age: float = 0.0) -> None:
        self.quotes[contract] = Quote(bid, ask, (bid + ask) / 2, age)

    def pass_minutes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)


def option(right: str, strike: float, expiry: date = date(2024, 8, 16), underlying: str = "SPY", style: Style = Style.AMERICAN) -> Contract:
    """An equity option of 100 shares."""
    return Contract(
        AssetClass.EQUITY_OPTION, underlying, 100.0, expiry=expiry, strike=strike, right=Right(right), style=style, settlement=Settlement.PHYSICAL_PM
    )


SHARES = Contract(AssetClass.EQUITY, "SPY", 1.0)
PUT_540, PUT_530, PUT_500 = option("P", 540.0), option("P", 530.0), option("P", 500.0)
CALL_560, CALL_570 = option("C", 560.0), option("C", 570.0)
CONDOR = Structure(StructureKind.IRON_CONDOR, (Leg(PUT_530, 1), Leg(PUT_540, -1), Leg(CALL_560, -1), Leg(CALL_570, 1)))
PUT_SPREAD = Structure(StructureKind.PUT_SPREAD, (Leg(PUT_540, -1), Leg(PUT_530, 1)))
STRANGLE = Structure(StructureKind.STRANGLE, (Leg(PUT_540, -1), Leg(CALL_560, -1)))
LT112 = Structure(StructureKind.LT112, (Leg(PUT_540, 1), Leg(PUT_530, -1), Leg(PUT_500, -2)))


def quoted_market() -> PlainMarket:
    """All test contracts quoted: bid 1 below the ask of the nearer strike, no age."""
    market = PlainMarket()
    for contract, bid, ask in ((PUT_540, 4.0, 4.1), (PUT_530, 2.0, 2.1), (PUT_500, 0.5, 0.55), (CALL_560, 4.4, 4.5), (CALL_570, 1.9, 2.0)):
        market.set_quote(contract, bid, ask)
    market.set_quote(SHARES, 549.99, 550.01)
    return market


def paper(market: PlainMarket) -> PaperGateway:
    """A paper account with 100,000 in cash."""
    return PaperGateway(market, Decimal(100_000))
