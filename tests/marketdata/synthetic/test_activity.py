"""What is worked out for a whole list is what is worked out for each of its contracts alone."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from marketdata.port import Instrument, InterestColumns, Kind, Step, Tick, TradeColumns
from marketdata.synthetic import MarketParameters, SyntheticMarket

DAY = date(2024, 8, 5)
ROOTS = [
    Instrument(Kind.OPTION, "usa", "spy", style="american"),
    Instrument(Kind.INDEX_OPTION, "usa", "spxw", style="european"),
    Instrument(Kind.FUTURE_OPTION, "cme", "es", style="american", contract_month="202409"),
]


@pytest.mark.parametrize("root", ROOTS, ids=lambda one: one.ticker)
def test_a_contract_asked_for_alone_has_the_interest_and_trades_it_has_in_the_list(root: Instrument) -> None:
    parameters = MarketParameters(first=DAY, last=DAY)
    listed, alone = SyntheticMarket(parameters), SyntheticMarket(parameters)
    rows = listed.universe(root, DAY)
    assert rows is not None
    for row in range(0, len(rows.expiry), 7):
        right = "call" if rows.right[row] == "C" else "put"
        contract = Instrument(root.kind, root.market, root.ticker, rows.expiry[row], rows.strike[row], right, root.style, root.contract_month)
        for market in (listed, alone):
            interest = market.bars(contract, Step.MINUTE, Tick.OPEN_INTEREST, DAY)
            assert interest is None or (isinstance(interest, InterestColumns) and interest.value[-1] == rows.open_interest[row])
        ours, theirs = (traded(market, contract) for market in (listed, alone))
        assert np.array_equal(ours, theirs)


def traded(market: SyntheticMarket, contract: Instrument) -> NDArray[np.float64]:
    """(rows, 2) minute and size of every trade of the day."""
    found = market.bars(contract, Step.MINUTE, Tick.TRADE, DAY)
    return np.stack([found.start.astype(np.float64), found.volume], axis=1) if isinstance(found, TradeColumns) else np.empty((0, 2))
