"""Parameters of execution: `execution.<field>`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from vocabulary.orders import OrderStyle
from vocabulary.parameters import setting


class Brokerage(Enum):
    """Whose rules orders obey; decides the order style, fees and margin."""

    DEFAULT = "default"
    INTERACTIVE_BROKERS = "interactive_brokers"
    CHARLES_SCHWAB = "charles_schwab"
    TRADE_STATION = "trade_station"
    TASTYTRADE = "tastytrade"

    @property
    def style(self) -> OrderStyle:
        """tastytrade refuses combos at market (method H 2), so there a net limit walks; elsewhere combos go at market."""
        return OrderStyle.COMBO_LIMIT if self is Brokerage.TASTYTRADE else OrderStyle.COMBO_MARKET


class StyleChoice(Enum):
    """Order style as a parameter: what the brokerage takes, or one of the two."""

    BROKERAGE = "brokerage"
    COMBO_MARKET = "combo_market"
    COMBO_LIMIT = "combo_limit"


@dataclass(frozen=True, slots=True)
class ExecutionSettings:
    """How orders are placed, walked and given up."""

    style: StyleChoice = setting(StyleChoice.BROKERAGE, "", "method H 2", "order style; `brokerage` takes what the brokerage model accepts")
    quote_wait: int = setting(15, "minutes", "rows of quiet contracts come every 5 to 10 minutes", "how long an order waits for quotes of its legs", 1, 240)
    order_timeout: int = setting(10, "minutes", "method A7: atomic timeout, lengthened to the row spacing", "age at which a working order is cancelled", 1, 240)
    closing_timeout: int = setting(
        30, "minutes", "own: LEAN fills a limit only when each leg has had a new row, which takes up to 10 minutes", "the same of a closing order", 1, 240
    )
    walk_start: float = setting(0.4, "fraction of mid to natural", "HEAD starts 40 % into the spread", "first limit of an opening", 0.0, 1.0)
    walk_start_closing: float = setting(0.8, "fraction of mid to natural", "leaving is worth more than a tick", "first limit of a closing", 0.0, 1.0)
    walk_step: float = setting(0.2, "fraction of mid to natural", "HEAD +20 % per retry", "how far each step moves the limit", 0.01, 1.0)
    walk_end: float = setting(3.0, "fraction of mid to natural", "own: three times the half spread", "no step concedes more", 1.0, 20.0)
    walk_every: int = setting(1, "minutes", "own: ten steps within the timeout, the natural price after three", "time between steps", 1, 60)
    max_legs_market: int = setting(6, "legs", "method A7: at most 6 legs", "largest combo sent at market", 1, 12)
    max_legs_limit: int = setting(4, "legs", "tastytrade takes 4 legs", "largest combo sent as a limit", 1, 12)
    stale_after: float = setting(3000.0, "seconds", "LEAN holds market orders on quotes older than an hour", "oldest quote a closing order may use", 1.0)

    stale_after_limit: float = setting(900.0, "seconds", "rows of quiet contracts come every 5 to 10 minutes", "the same where limits are used", 1.0)

    def usable_age(self, style: OrderStyle) -> float:
        """Oldest quote a closing order may use, in seconds: a limit waits for a new row of every leg, and one that has gone silent would keep all unsold."""
        return self.stale_after if style is OrderStyle.COMBO_MARKET else self.stale_after_limit

    def style_for(self, brokerage: Brokerage) -> OrderStyle:
        """The order style to use at a brokerage."""
        return brokerage.style if self.style is StyleChoice.BROKERAGE else OrderStyle(self.style.value)

    def max_legs(self, style: OrderStyle) -> int:
        """Largest combo of that style."""
        return self.max_legs_market if style is OrderStyle.COMBO_MARKET else self.max_legs_limit
