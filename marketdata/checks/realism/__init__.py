"""Realism of the synthetic market: figures beside real samples and published ones."""

from marketdata.checks.realism.report import RealismParameters, RealismReport, realism_report, write_realism

__all__ = ["RealismParameters", "RealismReport", "realism_report", "write_realism"]
