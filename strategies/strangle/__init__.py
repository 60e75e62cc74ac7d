"""Strangles on futures, and on funds where the account cannot hold futures (A3; S002-38, S002-49)."""

from strategies.strangle.entry import StrangleStrategy
from strategies.strangle.parameters import IvRankSource, StrangleParameters

__all__ = ["IvRankSource", "StrangleParameters", "StrangleStrategy"]
