"""What is held of one security: signed quantity, average price, and the money it has made and cost so far.

Prices are not pushed into a holding: its value is computed from the security's price when somebody asks, which is the same number.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from leanlocal.enums import SecurityType
from leanlocal.exact import ONE, ZERO, add, mul, neg, sub
from leanlocal.portfolio.cash import CashCore

if TYPE_CHECKING:
    from leanlocal.securities.core import SecurityCore


class HoldingCore:
    """Position in one security. All money in account currency unless a name says otherwise."""

    __slots__ = (
        "average_price",
        "last_trade_profit",
        "quantity",
        "quote_cash",
        "security",
        "settled_profit",
        "total_dividends",
        "total_fees",
        "total_sale_volume",
        "traded_profit",
    )

    def __init__(self, security: SecurityCore) -> None:
        self.security = security
        self.quantity = ZERO
        self.average_price = ZERO
        self.traded_profit = ZERO
        self.last_trade_profit = ZERO
        self.total_fees = ZERO
        self.total_sale_volume = ZERO
        self.total_dividends = ZERO
        self.settled_profit = ZERO
        self.quote_cash: CashCore | None = None

    @property
    def rate(self) -> Decimal:
        """Account currency per unit of quote currency."""
        return self.quote_cash.rate if self.quote_cash else ONE

    @property
    def invested(self) -> bool:
        """Whether anything is held."""
        return self.quantity != 0

    def value_of(self, quantity: Decimal, price: Decimal) -> Decimal:
        """quantity x price x multiplier in account currency."""
        return mul(price, quantity, self.security.multiplier, self.rate)

    @property
    def holdings_value(self) -> Decimal:
        """Market value at the security's price, signed."""
        return self.value_of(self.quantity, self.security.price) if self.quantity else ZERO

    @property
    def holdings_cost(self) -> Decimal:
        """What the position cost at its average price, signed."""
        return self.value_of(self.quantity, self.average_price) if self.quantity else ZERO

    def close_price(self) -> Decimal:
        """Price at which the position could be closed: bid when long, ask when short, the price when there is no quote."""
        security = self.security
        side = security.bid if self.quantity > 0 else security.ask
        return side or security.price

    @property
    def unrealized_profit(self) -> Decimal:
        """What closing now would make: at the closing side's price and after the fee of a market order."""
        return self.close_profit(include_fees=True)

    def close_profit(self, *, include_fees: bool, price: Decimal | None = None) -> Decimal:
        """Profit of closing now at a price, the closing side's when none is given."""
        if not self.quantity:
            return ZERO
        value = self.value_of(self.quantity, self.close_price() if price is None else price)
        fees = self.security.market_order_fee(neg(self.quantity)) if include_fees else ZERO
        return sub(sub(value, self.holdings_cost), fees)

    @property
    def unsettled_profit(self) -> Decimal:
        """A future's profit, after the fee of closing, that is not yet paid into the account."""
        if self.security.kind != SecurityType.FUTURE or not self.quantity:
            return ZERO
        return sub(self.unrealized_profit, self.settled_profit)

    @property
    def portfolio_value(self) -> Decimal:
        """Contribution to the account's value: market value, for futures only what is not settled."""
        return self.unsettled_profit if self.security.kind == SecurityType.FUTURE else self.holdings_value

    @property
    def profit(self) -> Decimal:
        """Realised profit and the dividends received, before fees."""
        return add(self.traded_profit, self.total_dividends)

    @property
    def net_profit(self) -> Decimal:
        """Realised profit and dividends less fees."""
        return sub(self.profit, self.total_fees)

    def add_profit(self, profit: Decimal) -> None:
        """Book a realised profit."""
        self.traded_profit = add(self.traded_profit, profit)
        self.last_trade_profit = profit
