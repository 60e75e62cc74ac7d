"""`self.portfolio`: cash, holdings and margin of the account."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from leanlocal.enums import OrderDirection
from leanlocal.exact import from_python, mul, sub, to_float
from leanlocal.mappings import SymbolMapping, as_symbol
from leanlocal.portfolio.cash_surface import CashBook
from leanlocal.portfolio.group_surface import SecurityPositionGroupModel
from leanlocal.portfolio.holding_surface import SecurityHolding
from leanlocal.portfolio.margin_calls import MarginCallModel

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext
    from leanlocal.portfolio.holdings import HoldingCore
    from leanlocal.securities.core import SecurityCore


class SecurityPortfolioManager(SymbolMapping[SecurityHolding]):
    """The account."""

    def __init__(self, run: RunContext) -> None:
        super().__init__(lambda: {symbol: SecurityHolding(security) for symbol, security in run.securities.items()})
        self._run = run

    def __getitem__(self, key: Any) -> SecurityHolding:
        security = self._security(key)
        return super().__getitem__(key) if security is None else SecurityHolding(security)

    def _security(self, key: Any) -> SecurityCore | None:
        symbol = as_symbol(key)
        return None if symbol is None else self._run.securities.get(symbol)

    def _sum(self, value: Callable[[HoldingCore], Decimal]) -> float:
        return to_float(self._run.ledger.sum_of(value))

    @property
    def cash(self) -> float:
        """Settled cash in account currency."""
        return to_float(self._run.ledger.cash_book.total)

    @property
    def unsettled_cash(self) -> float:
        """Cash on its way, in account currency."""
        return to_float(self._run.ledger.unsettled_cash_book.total)

    @property
    def cash_book(self) -> CashBook:
        """Settled cash by currency."""
        return CashBook(self._run.ledger.cash_book, self._run.ledger.touch)

    @property
    def unsettled_cash_book(self) -> CashBook:
        """Cash on its way by currency."""
        return CashBook(self._run.ledger.unsettled_cash_book, self._run.ledger.touch)

    @property
    def positions(self) -> SecurityPositionGroupModel:
        """Groups that are margined together."""
        return SecurityPositionGroupModel(self._run)

    @property
    def securities(self) -> Any:
        """All securities."""
        return self._run.algorithm.securities

    @property
    def transactions(self) -> Any:
        """All orders."""
        return self._run.algorithm.transactions

    @property
    def total_portfolio_value(self) -> float:
        """Cash and holdings."""
        return to_float(self._run.ledger.total_value)

    @property
    def total_portfolio_value_less_free_buffer(self) -> float:
        """Value less the buffer that sizing leaves free."""
        value = self._run.ledger.total_value
        return to_float(sub(value, mul(value, from_python(self._run.settings.free_portfolio_value_percentage))))

    @property
    def total_holdings_value(self) -> float:
        """Sum of absolute market values."""
        return self._sum(lambda holding: abs(holding.holdings_value))

    @property
    def total_absolute_holdings_cost(self) -> float:
        """Sum of absolute costs."""
        return self._sum(lambda holding: abs(holding.holdings_cost))

    @property
    def total_unlevered_absolute_holdings_cost(self) -> float:
        """Sum of absolute costs over leverage."""
        return sum(holding.unlevered_absolute_holdings_cost for holding in self.values)

    @property
    def invested(self) -> bool:
        """Whether anything is held."""
        return bool(self._run.ledger.invested())

    hold_stock = invested

    @property
    def total_unrealized_profit(self) -> float:
        """What closing everything now would make."""
        return self._sum(lambda holding: holding.unrealized_profit)

    total_unrealised_profit = total_unrealized_profit

    @property
    def total_profit(self) -> float:
        """Realised profit."""
        return self._sum(lambda holding: holding.profit)

    @property
    def total_net_profit(self) -> float:
        """Realised profit less fees."""
        return self._sum(lambda holding: holding.net_profit)

    @property
    def total_fees(self) -> float:
        """Fees paid."""
        return self._sum(lambda holding: holding.total_fees)

    @property
    def total_sale_volume(self) -> float:
        """Value of all fills."""
        return self._sum(lambda holding: holding.total_sale_volume)

    @property
    def total_margin_used(self) -> float:
        """Maintenance margin of everything held."""
        return to_float(self._run.handler.account.margin_used())

    @property
    def margin_remaining(self) -> float:
        """Value not tied up."""
        return to_float(self._run.handler.account.margin_remaining())

    def get_margin_remaining(self, symbol: Any = None, direction: OrderDirection = OrderDirection.BUY) -> float:
        """Value not tied up; with a symbol, what an order in it could use."""
        if symbol is None:
            return self.margin_remaining
        if isinstance(symbol, (int, float)):
            return to_float(self._run.handler.account.margin_remaining(from_python(symbol)))
        return self.get_buying_power(symbol, direction)

    def get_buying_power(self, symbol: Any, direction: OrderDirection = OrderDirection.BUY) -> float:
        """What an order in a security could use."""
        security = self._security(symbol)
        if security is None:
            raise KeyError(f"{symbol} is not in the portfolio")
        return to_float(self._run.handler.account.buying_power(security, OrderDirection(direction)))

    def set_cash(self, *arguments: Any) -> None:
        """Set the account currency's cash (amount), or another currency's (code, amount, conversion rate)."""
        ledger = self._run.ledger
        if isinstance(arguments[0], str):
            ledger.set_cash(arguments[0], from_python(arguments[1]))
        else:
            ledger.set_cash(ledger.cash_book.account_currency, from_python(arguments[0]))

    @property
    def margin_call_model(self) -> Any:
        """Who calls for margin."""
        return self._run.handler.margin_calls.model

    @margin_call_model.setter
    def margin_call_model(self, value: Any) -> None:
        self.set_margin_call_model(value)

    def set_margin_call_model(self, margin_call_model: Any) -> None:
        """Turn margin calls off with `MarginCallModel.NULL`; NotImplementedError for models of one's own."""
        if margin_call_model not in (MarginCallModel.NULL, self._run.handler.margin_calls.model):
            raise NotImplementedError("A margin call model of one's own is not in leanlocal; see docs/lean-coverage.md")
        self._run.handler.margin_calls.model = margin_call_model
