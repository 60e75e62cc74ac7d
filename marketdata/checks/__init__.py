"""Checks of market data: static arbitrage in chains, realism of a market's figures."""

from marketdata.checks.no_arbitrage import ArbitrageReport, Break, NoArbitrageParameters, check_no_arbitrage

__all__ = ["ArbitrageReport", "Break", "NoArbitrageParameters", "check_no_arbitrage"]
