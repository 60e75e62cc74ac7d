"""IPMCC, the income poor-man's covered call: weekly calls sold against a deep LEAP call (A4; S002-39)."""

from strategies.ipmcc.entry import Ipmcc
from strategies.ipmcc.parameters import CalledAway, EntryLevel, IpmccParameters, SafeInvariant

__all__ = ["CalledAway", "EntryLevel", "Ipmcc", "IpmccParameters", "SafeInvariant"]
