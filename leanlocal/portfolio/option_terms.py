"""Terms of an option contract that margin, exercise and bookkeeping share: unit of trade, scaled strike, intrinsic value, way of settlement."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from leanlocal.enums import OptionRight, SecurityType
from leanlocal.exact import ONE, ZERO, mul, sub
from leanlocal.symbols import OPTION_TYPES

if TYPE_CHECKING:
    from leanlocal.securities.core import SecurityCore


def is_option(security: SecurityCore) -> bool:
    """Option on anything."""
    return security.kind in OPTION_TYPES


def is_call(security: SecurityCore) -> bool:
    """Call rather than put."""
    return security.right == OptionRight.CALL


def settles_in_cash(security: SecurityCore) -> bool:
    """Index options pay the intrinsic value; all others deliver the underlying."""
    return security.kind == SecurityType.INDEX_OPTION


def contract_unit(security: SecurityCore) -> Decimal:
    """Units of the underlying one contract delivers: the multiplier, but 1 for an option on a future."""
    return ONE if security.kind == SecurityType.FUTURE_OPTION else security.multiplier


def scaled_strike(security: SecurityCore) -> Decimal:
    """Strike in the underlying's price (some index options quote a fifth of it)."""
    strike = security.strike
    return strike if security.strike_multiplier == 1 else mul(strike, security.strike_multiplier)


def underlying_of(security: SecurityCore) -> SecurityCore:
    """The option's underlying security."""
    if security.underlying is None:
        raise TypeError(f"{security.symbol} has no underlying")
    return security.underlying


def intrinsic_value(security: SecurityCore) -> Decimal:
    """What exercising one unit is worth at the underlying's last price."""
    spot, strike = underlying_of(security).close, scaled_strike(security)
    gain = sub(spot, strike) if is_call(security) else sub(strike, spot)
    return max(ZERO, gain)


def in_the_money_amount(security: SecurityCore, quantity: Decimal) -> Decimal:
    """Intrinsic value of a number of contracts."""
    return mul(abs(quantity), contract_unit(security), intrinsic_value(security))
