"""Daily samples of a run."""

from __future__ import annotations

from pathlib import Path

from leanlocal.charts.samplers import Samplers
from leanlocal.exact import exact_arithmetic
from tests.leanlocal.memory_market import run_on
from tests.leanlocal.orders.test_trading_day import Desk, market


class Buys(Desk):
    """Buys shares once."""

    def act(self) -> None:
        self.market_order(self.share, 100)


def test_last_sample_at_a_midnight_replaces_that_midnights_turnover(tmp_path: Path) -> None:
    run = run_on(market(), Buys, tmp_path)
    with exact_arithmetic():
        samplers = Samplers(run)
        midnight = run.end + 1
        samplers.daily(midnight)
        points = run.charts.chart("Portfolio Turnover").of("Portfolio Turnover", "%").points
        once = points[-1]
        samplers.daily(midnight)
        assert once[1] is not None
        assert once[1] > 0
        assert points[-1] == once
        assert [moment for moment, _ in points].count(midnight) == 1
