"""A holding as an algorithm sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leanlocal.enums import SecurityType
from leanlocal.exact import div, from_python, to_float
from leanlocal.surface import LeanObject
from leanlocal.symbols import Symbol
from leanlocal.views import view_of

if TYPE_CHECKING:
    from leanlocal.securities.core import SecurityCore


class SecurityHolding(LeanObject["SecurityCore"]):
    """What is held of one security."""

    def __init__(self, security: SecurityCore) -> None:
        self._core = security

    @property
    def security(self) -> Any:
        """The security."""
        return view_of(self._core)

    @property
    def symbol(self) -> Symbol:
        """Its symbol."""
        return self._core.symbol

    @property
    def type(self) -> SecurityType:
        """Its kind."""
        return self._core.kind

    @property
    def leverage(self) -> float:
        """Its leverage."""
        return to_float(self._core.leverage)

    @property
    def quantity(self) -> float:
        """Signed quantity."""
        return to_float(self._core.holding.quantity)

    @property
    def absolute_quantity(self) -> float:
        """Quantity without sign."""
        return to_float(abs(self._core.holding.quantity))

    @property
    def average_price(self) -> float:
        """Average price of what is held."""
        return to_float(self._core.holding.average_price)

    @property
    def price(self) -> float:
        """Last price."""
        return to_float(self._core.price)

    @property
    def invested(self) -> bool:
        """Whether anything is held."""
        return self._core.holding.invested

    hold_stock = invested

    @property
    def is_long(self) -> bool:
        """Held long."""
        return self._core.holding.quantity > 0

    @property
    def is_short(self) -> bool:
        """Held short."""
        return self._core.holding.quantity < 0

    @property
    def holdings_value(self) -> float:
        """Signed market value."""
        return to_float(self._core.holding.holdings_value)

    @property
    def absolute_holdings_value(self) -> float:
        """Market value without sign."""
        return to_float(abs(self._core.holding.holdings_value))

    @property
    def holdings_cost(self) -> float:
        """Signed cost."""
        return to_float(self._core.holding.holdings_cost)

    @property
    def absolute_holdings_cost(self) -> float:
        """Cost without sign."""
        return to_float(abs(self._core.holding.holdings_cost))

    @property
    def unlevered_holdings_cost(self) -> float:
        """Cost over leverage."""
        return to_float(div(self._core.holding.holdings_cost, self._core.leverage))

    @property
    def unlevered_absolute_holdings_cost(self) -> float:
        """Cost over leverage without sign."""
        return abs(self.unlevered_holdings_cost)

    @property
    def unrealized_profit(self) -> float:
        """What closing now would make."""
        return to_float(self._core.holding.unrealized_profit)

    @property
    def unrealized_profit_percent(self) -> float:
        """The same over the cost."""
        cost = abs(self._core.holding.holdings_cost)
        return to_float(div(self._core.holding.unrealized_profit, cost)) if cost else 0.0

    @property
    def profit(self) -> float:
        """Realised profit."""
        return to_float(self._core.holding.profit)

    @property
    def net_profit(self) -> float:
        """Realised profit less fees."""
        return to_float(self._core.holding.net_profit)

    @property
    def last_trade_profit(self) -> float:
        """Profit of the last closing fill."""
        return to_float(self._core.holding.last_trade_profit)

    @property
    def total_fees(self) -> float:
        """Fees paid."""
        return to_float(self._core.holding.total_fees)

    @property
    def total_dividends(self) -> float:
        """Dividends received."""
        return to_float(self._core.holding.total_dividends)

    @property
    def total_sale_volume(self) -> float:
        """Value of all fills."""
        return to_float(self._core.holding.total_sale_volume)

    def total_close_profit(self, include_fees: bool = True, exit_price: float | None = None) -> float:
        """What closing at a price (the closing side's when none is given) would make."""
        price = None if exit_price is None else from_python(exit_price)
        return to_float(self._core.holding.close_profit(include_fees=include_fees, price=price))

    def get_quantity_value(self, quantity: float, price: float | None = None) -> float:
        """Value of a quantity at a price in account currency."""
        at = self._core.price if price is None else from_python(price)
        return to_float(self._core.holding.value_of(from_python(quantity), at))

    def __str__(self) -> str:
        holding = self._core.holding
        return f"{self._core.symbol.value}: {to_float(holding.quantity):g} @ {to_float(holding.average_price):g}"
