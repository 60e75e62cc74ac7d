"""Legs of combo orders, and the checks of their ratios."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from math import gcd
from typing import Any

from leanlocal.surface import LeanObject
from leanlocal.symbol_book import ArgumentException
from leanlocal.symbols import Symbol


class Leg(LeanObject[None]):
    """One leg of a combo: what, in which signed ratio, and its own limit when the combo has a limit per leg."""

    def __init__(self) -> None:
        self.symbol: Any = None
        self.quantity = 0
        self.order_price: float | None = None

    @staticmethod
    def create(symbol: Any, quantity: int, limit_price: float | None = None) -> Leg:
        """A leg."""
        leg = Leg()
        leg.symbol = symbol if isinstance(symbol, (Symbol, str)) else symbol.symbol
        leg.quantity = int(quantity)
        leg.order_price = limit_price
        return leg


def check_ratio(legs: Sequence[Leg], quantity: float) -> None:
    """ArgumentException unless the ratios have no common divisor."""
    if not legs:
        raise ArgumentException("The list of values cannot be empty")
    divisor = reduce(gcd, (abs(leg.quantity) for leg in legs))
    if divisor <= 1:
        return
    asked = ", ".join(f"{leg.quantity} {_text(leg)}" for leg in legs)
    reduced = ", ".join(f"{leg.quantity // divisor if leg.quantity >= 0 else -(-leg.quantity // divisor)} {_text(leg)}" for leg in legs)
    raise ArgumentException(
        "The global combo quantity should be used to increase or reduce the size of the order, while the leg quantities should be used to specify the "
        f"ratio of the order. The combo order quantities should be reduced from {_plain(quantity)}x({asked}) to {_plain(quantity * divisor)}x({reduced})."
    )


def _text(leg: Leg) -> str:
    return leg.symbol if isinstance(leg.symbol, str) else leg.symbol.value


def _plain(quantity: float) -> str:
    return format(quantity, "g")


def check_limit_prices(legs: Sequence[Leg], limit: float) -> None:
    """ArgumentException unless a net limit is given and no leg has one."""
    if limit == 0:
        raise ArgumentException("ComboLimitOrder requires a limit price")
    if any(leg.order_price is not None for leg in legs):
        raise ArgumentException("ComboLimitOrder does not support limit prices for individual legs")


def check_leg_prices(legs: Sequence[Leg]) -> None:
    """ArgumentException unless every leg has a limit."""
    if any(not leg.order_price for leg in legs):
        raise ArgumentException("ComboLegLimitOrder requires a limit price for each leg")
