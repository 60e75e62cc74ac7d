"""The synthetic market: seeded paths, an arbitrage-free surface, quotes computed when they are asked for."""

from marketdata.synthetic.market import MarketParameters, SyntheticMarket

__all__ = ["MarketParameters", "SyntheticMarket"]
