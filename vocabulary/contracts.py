"""Contract, leg, structure: what is traded, and in which proportion.

A structure is the unit of everything: it is opened, priced, managed, rolled, closed, limited and reported whole. Its legs carry coprime signed
ratios, so that "units" means the same to the strategy, the margin model and the combo order. A leg may be an option, shares or a future.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from math import gcd

from vocabulary.errors import BadInput


class Right(Enum):
    """Call or put."""

    CALL = "C"
    PUT = "P"


class Style(Enum):
    """When the holder may exercise."""

    AMERICAN = "american"
    EUROPEAN = "european"


class Settlement(Enum):
    """How an expiring option settles, and at which time of the expiry day."""

    PHYSICAL_PM = "physical_pm"
    CASH_PM = "cash_pm"
    CASH_AM = "cash_am"


class AssetClass(Enum):
    """What kind of thing a contract is; liquidity limits, fees and delivery depend on it."""

    EQUITY = "equity"
    INDEX = "index"
    FUTURE = "future"
    EQUITY_OPTION = "equity_option"
    INDEX_OPTION = "index_option"
    FUTURE_OPTION = "future_option"

    @property
    def is_option(self) -> bool:
        """True for the three option classes."""
        return self in (AssetClass.EQUITY_OPTION, AssetClass.INDEX_OPTION, AssetClass.FUTURE_OPTION)


@dataclass(frozen=True, slots=True, order=False)
class Contract:
    """One tradable instrument. `key` is its unique text and the identity used in journals and gateways.

    underlying: ticker that correlation groups and limits look up ("SPY", "SPX", "ES"). series: option root when it differs ("SPXW"), or the future's
    ticker. multiplier: account-currency units per 1.00 of price. expiry, strike, right, style, settlement are None for shares and indices; a future has
    an expiry only; a future option carries the delivery `future_expiry`.
    """

    asset: AssetClass
    underlying: str
    multiplier: float
    series: str = ""
    expiry: date | None = None
    strike: float | None = None
    right: Right | None = None
    style: Style | None = None
    settlement: Settlement | None = None
    future_expiry: date | None = None

    @property
    def key(self) -> str:
        """Unique, stable, readable: `SPY 2024-11-15 P 450`, `ES 2024-09-20`, `SPY`."""
        parts = [self.series or self.underlying]
        if self.future_expiry is not None:
            parts.append(f"[{self.future_expiry.isoformat()}]")
        if self.expiry is not None:
            parts.append(self.expiry.isoformat())
        if self.right is not None and self.strike is not None:
            parts += [self.right.value, f"{self.strike:g}"]
        return " ".join(parts)

    @property
    def strike_price(self) -> float:
        """The strike of an option; raises BadInput for a contract that has none, so that no rule reckons with a strike of 0."""
        if self.strike is None:
            raise BadInput(f"{self.key} has no strike")
        return self.strike

    def days_to_expiry(self, today: date) -> int:
        """Calendar days from `today` to expiry; raises BadInput for a contract without expiry."""
        if self.expiry is None:
            raise BadInput(f"{self.key} has no expiry")
        return (self.expiry - today).days


@dataclass(frozen=True, slots=True)
class Leg:
    """A contract and its signed ratio inside a structure: positive is bought, negative is sold."""

    contract: Contract
    ratio: int


class StructureKind(Enum):
    """The shapes the desk trades; the name fixes what the exit rules may assume of the legs."""

    IRON_CONDOR = "iron_condor"
    PUT_SPREAD = "put_spread"
    CALL_SPREAD = "call_spread"
    LT112 = "lt112"
    STRANGLE = "strangle"
    POOR_MANS_COVERED_CALL = "poor_mans_covered_call"
    SHORT_CALL = "short_call"
    SHORT_PUT = "short_put"
    LONG_CALL = "long_call"
    LONG_PUT = "long_put"
    SHARES = "shares"
    FUTURE = "future"
    CUSTOM = "custom"


@dataclass(frozen=True, slots=True)
class Structure:
    """Legs with coprime ratios and a kind. Raises BadInput when ratios share a divisor, a leg is zero or a contract appears twice."""

    kind: StructureKind
    legs: tuple[Leg, ...]

    def __post_init__(self) -> None:
        ratios = [abs(leg.ratio) for leg in self.legs]
        if not ratios or 0 in ratios:
            raise BadInput(f"structure {self.kind.value}: needs at least one leg and no zero ratio, got {ratios}")
        if gcd(*ratios) != 1:
            raise BadInput(f"structure {self.kind.value}: leg ratios {ratios} share the divisor {gcd(*ratios)}; put it into the units")
        if len({leg.contract for leg in self.legs}) != len(self.legs):
            raise BadInput(f"structure {self.kind.value}: the same contract appears in two legs")

    @property
    def underlying(self) -> str:
        """Ticker of the first leg's underlying; all legs of a structure share it."""
        return self.legs[0].contract.underlying

    @property
    def key(self) -> str:
        """Readable identity: `+1 SPY 2024-11-15 P 450 / -1 SPY 2024-11-15 P 440`."""
        return " / ".join(f"{leg.ratio:+d} {leg.contract.key}" for leg in self.legs)

    @property
    def nearest_expiry(self) -> date | None:
        """First expiry among the legs, None when no leg expires."""
        return min((leg.contract.expiry for leg in self.legs if leg.contract.expiry is not None), default=None)

    def reversed(self) -> Structure:
        """The same legs with opposite signs: what closes this structure."""
        return Structure(self.kind, tuple(Leg(leg.contract, -leg.ratio) for leg in self.legs))
