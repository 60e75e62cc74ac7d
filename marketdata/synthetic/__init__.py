"""The synthetic market: seeded paths, an arbitrage-free surface, quotes computed when they are asked for."""

from marketdata.synthetic.market import MarketParameters, SyntheticMarket
from marketdata.synthetic.scenarios import NAMED, Scenario, named_scenario, scenario_from_toml

__all__ = ["NAMED", "MarketParameters", "Scenario", "SyntheticMarket", "named_scenario", "scenario_from_toml"]
