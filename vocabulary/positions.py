"""Open structures as facts: what is held, what it brought in, what it would cost to leave.

A position changes on fills alone. Booked money is Decimal in account currency; marks are floats. Credits are positive, debits negative, and a short
is marked at the price it would cost to buy back (ask), a long at what it would bring (bid); the mid stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Protocol

from vocabulary.contracts import Contract, Structure
from vocabulary.decisions import Strategy


class PositionState(Enum):
    """Life of a position. PENDING: its opening order is out; CLOSING: a closing order is out; CLOSED: nothing is held any more."""

    PENDING = "pending"
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Holding:
    """What is held of one contract inside a position: signed quantity (contracts or shares) and average price per unit."""

    contract: Contract
    quantity: int
    average_price: Decimal


@dataclass(frozen=True, slots=True)
class Position:
    """One structure from its order to its end.

    structure and units: as opened; holdings: what is left now (component exits, assignments and rolls change it). net_cash: all premiums and share
    money received less paid so far, without fees; entry_credit: net_cash of the opening alone (credit positive); fees: positive. All in account currency.
    entry_days_to_expiry: calendar days of the nearest expiry at opening, None without expiry. mfe, mae: best and worst open profit seen, at natural prices.
    """

    id: str
    strategy: Strategy
    structure: Structure
    units: int
    state: PositionState
    opened: datetime | None
    closed: datetime | None
    holdings: tuple[Holding, ...]
    entry_credit: Decimal
    net_cash: Decimal
    fees: Decimal
    entry_days_to_expiry: int | None
    mfe: float
    mae: float
    rolls: int
    exit_rule: str

    @property
    def underlying(self) -> str:
        """Ticker of the underlying."""
        return self.structure.underlying

    def short_holdings(self) -> tuple[Holding, ...]:
        """Holdings sold short."""
        return tuple(held for held in self.holdings if held.quantity < 0)

    def nearest_expiry(self) -> date | None:
        """First expiry among what is still held."""
        return min((held.contract.expiry for held in self.holdings if held.contract.expiry is not None), default=None)


@dataclass(frozen=True, slots=True)
class Greeks:
    """Sensitivities in the units of the desk: delta in shares (contract delta x multiplier x units), gamma in delta per 1.00 of the underlying,
    theta in account currency per calendar day, vega per 1 volatility point, rho per 1 % of rate."""

    delta: float
    gamma: float
    theta: float
    vega: float
    rho: float


@dataclass(frozen=True, slots=True)
class Marks:
    """A position valued now. natural: liquidation value at the closing side of each quote; mid: at mid prices (account currency, a short is negative).

    profit_natural and profit_mid: net_cash plus that value, before fees. complete is False when a held contract has no usable quote; then the figures are
    NaN and no rule may act on them. oldest: age in seconds of the oldest quote used. greeks: None when they cannot be computed.
    """

    natural: float
    mid: float
    profit_natural: float
    profit_mid: float
    complete: bool
    oldest: float
    greeks: Greeks | None


class PositionBook(Protocol):
    """Read-only list of positions, newest state."""

    def open_positions(self, strategy: Strategy | None = None) -> Sequence[Position]:
        """Positions that hold or are about to hold something (PENDING, OPEN, CLOSING), oldest first."""
        ...

    def closed_positions(self, strategy: Strategy | None = None) -> Sequence[Position]:
        """Positions that ended, oldest first."""
        ...
