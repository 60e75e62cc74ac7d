"""`option_chain_provider` and `future_chain_provider`: the contracts listed for a date, as symbols.

They read the chain file of the last trading day before the date (looking back as `option_chain` does) and leave out what has expired.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from leanlocal.surface import LeanObject
from leanlocal.symbols import Symbol

Contracts = Callable[[Any, date], list[Symbol]]


class BacktestingOptionChainProvider(LeanObject[Contracts]):
    """Option contracts of an underlying or a canonical symbol."""

    def __init__(self, core: Contracts) -> None:
        self._core = core

    def get_option_contract_list(self, symbol: Any, date: date) -> list[Symbol]:
        """Symbols listed on a date; empty without a chain file."""
        return self._core(symbol, _day(date))


class BacktestingFutureChainProvider(LeanObject[Contracts]):
    """Contracts of a future."""

    def __init__(self, core: Contracts) -> None:
        self._core = core

    def get_future_contract_list(self, symbol: Any, date: date) -> list[Symbol]:
        """Symbols listed on a date; empty without a chain file."""
        return self._core(symbol, _day(date))


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
