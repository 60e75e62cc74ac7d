"""LEAP ladder: a year-long option a week, sold for income or bought for protection or appreciation (A5; S002-40)."""

from strategies.leap_ladder.entry import LeapLadder
from strategies.leap_ladder.parameters import LadderSide, LeapLadderParameters

__all__ = ["LadderSide", "LeapLadder", "LeapLadderParameters"]
