"""Statistics and trades in LEAN's JSON layout."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from leanlocal.exact import round_half_even, text
from leanlocal.results.json_text import iso_time, plain, span_text
from leanlocal.results.order_json import symbol_tree
from leanlocal.statistics.portfolio import PortfolioFigures
from leanlocal.statistics.trade_figures import TradeFigures

if TYPE_CHECKING:
    from leanlocal.statistics.trades import Trade


def camel(name: str) -> str:
    """total_net_profit -> totalNetProfit; MAE and MFE stay capitals."""
    head, *rest = name.split("_")
    return head + "".join(part.upper() if part in ("mae", "mfe") else part.title() for part in rest)


def portfolio_tree(figures: PortfolioFigures) -> dict[str, str]:
    """Portfolio statistics in LEAN's JSON: texts of 4 decimals."""
    return {camel(name): text(round_half_even(getattr(figures, name), 4)) for name in PortfolioFigures.names()}


def trade_tree(figures: TradeFigures) -> dict[str, Any]:
    """Trade statistics in LEAN's JSON."""
    tree: dict[str, Any] = {}
    for field in fields(figures):
        value = getattr(figures, field.name)
        if isinstance(value, Decimal):
            tree[camel(field.name)] = text(round_half_even(value, 4))
        elif field.name.endswith("duration"):
            tree[camel(field.name)] = span_text(value)
        elif field.name.endswith("date_time"):
            tree[camel(field.name)] = None if value is None else iso_time(value)
        else:
            tree[camel(field.name)] = value
    return tree


def closed_trade_tree(trade: Trade[Any]) -> dict[str, Any]:
    """A closed trade in LEAN's JSON."""
    return plain(
        {
            "symbols": [symbol_tree(security.symbol) for security in trade.securities],
            "entryTime": iso_time(trade.entry_time),
            "entryPrice": trade.entry_price,
            "direction": 0 if trade.direction > 0 else 1,
            "quantity": trade.quantity,
            "exitTime": iso_time(trade.exit_time),
            "exitPrice": trade.exit_price,
            "profitLoss": trade.profit_loss,
            "totalFees": trade.fees,
            "mae": trade.mae,
            "mfe": trade.mfe,
            "duration": span_text(trade.duration),
            "endTradeDrawdown": trade.drawdown,
            "isWin": trade.is_win,
            "orderIds": list(trade.order_ids),
        }
    )
