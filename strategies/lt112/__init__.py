"""LT112, the long-term 1-1-2: one put debit spread financed by two far puts, or a plain put credit spread (A2; S002-36)."""

from strategies.lt112.entry import Lt112
from strategies.lt112.parameters import Lt112Parameters, Lt112Structure

__all__ = ["Lt112", "Lt112Parameters", "Lt112Structure"]
