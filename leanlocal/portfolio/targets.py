"""Targets of a portfolio, and the order in which several are traded: what frees margin first."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from leanlocal.exact import mul
from leanlocal.surface import LeanObject

if TYPE_CHECKING:
    from leanlocal.securities.core import SecurityCore


class PortfolioTarget(LeanObject[None]):
    """A security and how much of it is wanted."""

    def __init__(self, symbol: Any, quantity: float, tag: str = "") -> None:
        self._symbol = symbol
        self._quantity = quantity
        self._tag = tag

    @property
    def symbol(self) -> Any:
        """The security's symbol."""
        return self._symbol

    @property
    def quantity(self) -> float:
        """Units, or for `set_holdings` a share of the account."""
        return self._quantity

    @property
    def tag(self) -> str:
        """Text for the order."""
        return self._tag


def by_margin_impact(sized: Sequence[tuple[SecurityCore, Decimal]]) -> list[tuple[SecurityCore, Decimal]]:
    """Orders that reduce a position first, then the larger ones."""

    def key(item: tuple[SecurityCore, Decimal]) -> tuple[bool, Decimal]:
        security, quantity = item
        held = security.holding.quantity
        reduces = bool(held) and (held > 0) != (quantity > 0)
        return not reduces, -abs(mul(quantity, security.price))

    return sorted(sized, key=key)
