"""Friday 0DTE: iron condors and faded spreads that live for some hours (A1; S002-37)."""

from strategies.zero_dte.entry import ZeroDte
from strategies.zero_dte.parameters import ZeroDteParameters

__all__ = ["ZeroDte", "ZeroDteParameters"]
