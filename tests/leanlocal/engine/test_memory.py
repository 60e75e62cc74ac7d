"""Memory grows with what is subscribed, not with what was ever subscribed: contracts that were rolled away leave no rows behind."""

from __future__ import annotations

import gc
from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from leanlocal.algorithm.qc_algorithm import QCAlgorithm
from leanlocal.enums import DataNormalizationMode, Resolution
from leanlocal.feeds.blocks import Block
from leanlocal.feeds.feed import DAYS_KEPT, Feed
from leanlocal.run import COLLECT_AFTER, seldom_collected
from leanlocal.symbols import Symbol
from leanlocal.testing import AlgorithmTest
from marketdata.synthetic import MarketParameters, SyntheticMarket

CONTRACTS = 12
TICKS = 3
FIRST, LAST = date(2024, 1, 2), date(2024, 4, 30)


class RollsEveryWeek(QCAlgorithm):
    """Replaces its contracts every Monday and looks at all of them every day."""

    def initialize(self):
        self.set_start_date(FIRST)
        self.set_end_date(LAST)
        self.spy = self.add_equity("SPY", Resolution.MINUTE, data_normalization_mode=DataNormalizationMode.RAW).symbol
        self.contracts: list[Symbol] = []
        self.ever: set[Symbol] = set()
        self.rows = 0
        self.schedule.on(self.date_rules.week_start(self.spy), self.time_rules.midnight, self.roll)
        self.schedule.on(self.date_rules.every_day(self.spy), self.time_rules.at(10, 0), self.look)

    def roll(self):
        for symbol in self.contracts:
            self.remove_option_contract(symbol)
        chain = list(self.option_chain(self.spy))
        self.rows = max(self.rows, len(chain))
        listed = [c for c in chain if 7 <= (c.expiry - self.time).days <= 21]
        spot = listed[0].underlying_last_price
        listed.sort(key=lambda c: (abs(c.strike - spot), c.expiry, c.strike, c.right))
        self.contracts = [self.add_option_contract(c.symbol).symbol for c in listed[:CONTRACTS]]
        self.ever.update(self.contracts)

    def look(self):
        assert sum(self.securities[symbol].price for symbol in self.contracts) > 0


def alive() -> Counter[type]:
    """Objects of the engine that exist now."""
    gc.collect()
    return Counter(kind for one in gc.get_objects() for kind in (Block, Feed, Symbol) if isinstance(one, kind))


@pytest.mark.slow
def test_rows_of_rolled_contracts_are_let_go() -> None:
    before = alive()
    market = SyntheticMarket(MarketParameters(first=FIRST - timedelta(days=10), last=LAST))
    with AlgorithmTest(RollsEveryWeek, market) as test:
        test.run_to(datetime(2024, 1, 31, 12, 0))
        early, contracts = alive(), len(test.algorithm.ever)
        test.run_to(datetime(2024, 4, 30, 12, 0))
        late = alive()
        assert len(test.algorithm.ever) > 3 * contracts
    feeds = (CONTRACTS + 2) * TICKS
    for count in (early, late):
        assert count[Feed] - before[Feed] <= 2 * feeds  # those of a week before leave a day later
        assert count[Block] - before[Block] <= 2 * feeds * (DAYS_KEPT + 1)
    assert late[Symbol] - before[Symbol] <= 3 * test.algorithm.rows + len(test.algorithm.ever)  # names of a chain go when half of them have expired


def test_a_run_leaves_the_garbage_collector_as_it_was() -> None:
    before = gc.get_threshold()
    with seldom_collected():
        assert gc.get_threshold()[0] >= COLLECT_AFTER
    assert gc.get_threshold() == before
