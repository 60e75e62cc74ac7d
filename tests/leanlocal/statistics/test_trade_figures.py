"""How trades are counted and how their excursions are signed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from leanlocal.statistics.trade_builder import Fill, TradeBuilder
from leanlocal.statistics.trade_figures import trade_figures
from leanlocal.statistics.trades import Trade

D = Decimal
HOUR = 3_600_000_000


@dataclass(frozen=True)
class Contract:
    """A contract that never trades between the fills."""

    multiplier: Decimal
    price: Decimal

    def price_updates(self, start: int, end: int) -> tuple[tuple[int, ...], tuple[float, ...]]:
        """No rows."""
        return (), ()


def closed(result: str, is_win: bool, hour: int) -> Trade[str]:
    profit = D(result)
    worst, best = min(profit, D(0)), max(profit, D(0))
    start, end = hour * HOUR, (hour + 1) * HOUR
    return Trade(("SPX",), start, D(1), 1, D(1), end, D(0), profit, D(0), worst, best, best - profit, is_win, (1, 2))


def test_long_option_settled_in_the_money_counts_as_a_win_and_its_premium_as_a_loss() -> None:
    figures = trade_figures([closed("85", True, 0), closed("-19620", True, 1), closed("-40", False, 2)])
    assert (figures.number_of_winning_trades, figures.number_of_losing_trades) == (2, 1)
    assert figures.max_consecutive_winning_trades == 2
    assert (figures.win_loss_ratio, figures.total_profit, figures.total_loss) == (D(2), D(85), D(-19660))
    assert (figures.average_loss, figures.average_profit) == (D(-9830), D(85))
    assert figures.win_rate + figures.loss_rate == 1


def test_assigned_short_that_kept_premium_stays_a_winner() -> None:
    figures = trade_figures([closed("273", False, 0)])
    assert (figures.number_of_winning_trades, figures.max_consecutive_winning_trades) == (1, 1)


def test_flat_trade_at_the_peak_starts_a_drawdown() -> None:
    figures = trade_figures([closed("10", True, 0), closed("0", False, 1), closed("5", True, 4)])
    assert figures.maximum_drawdown_duration == 4 * HOUR


def short_trade(entry: str, leave: str) -> Trade[Contract]:
    builder, contract = TradeBuilder[Contract](), Contract(D(100), D(0))
    builder.process_fill(Fill(contract, 0, D(entry), D(-1), D(1), 1))
    builder.process_fill(Fill(contract, HOUR, D(leave), D(1), D(1), 2))
    return builder.closed[0]


def test_short_that_never_gained_has_a_positive_zero_as_best_result() -> None:
    assert str(short_trade("4.4100", "4.6000").mfe) == "0.00"


def test_flat_result_of_a_short_is_a_negative_zero() -> None:
    assert str(short_trade("4.7200", "4.7200").profit_loss) == "-0.00"
