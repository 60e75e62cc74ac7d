"""Generic exit rules and the manager that asks them. Strategies combine these with rules of their own into plans."""

from trading.exits.assignment import AssignmentRisk, ExDividend
from trading.exits.calendar import DaysToExpiryExit, TimeStop
from trading.exits.delivery import FlattenDelivery, OrphanedLongs
from trading.exits.leaving import close_all, reduce_to
from trading.exits.profit import ProfitTarget, StopLoss
from trading.exits.volatility import VixSpike

__all__ = [
    "AssignmentRisk",
    "DaysToExpiryExit",
    "ExDividend",
    "FlattenDelivery",
    "OrphanedLongs",
    "ProfitTarget",
    "StopLoss",
    "TimeStop",
    "VixSpike",
    "close_all",
    "reduce_to",
]
