"""Rates between the account's currency and the others it holds or trades in, from currency pairs subscribed without the algorithm asking.

A pair quoted the other way round gives its inverse. The pairs come in the finest resolution the algorithm itself subscribes; a currency without a pair, or
before its pair's first price, has rate 0, as in LEAN.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from leanlocal import symbol_book
from leanlocal.enums import Resolution, SecurityType
from leanlocal.exact import ONE, ZERO, div
from leanlocal.portfolio.cash import CashCore
from leanlocal.securities.core import STEP_OF, SecurityCore
from leanlocal.securities.initializers import set_from_bar
from leanlocal.views import view_of
from marketdata.port import Step

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext

FOREX_MARKET = "oanda"


def attach_conversions(run: RunContext) -> None:
    """Give every currency of the account a source of its rate; called once, when `initialize` is over."""
    book = run.ledger.cash_book
    step = _finest_step(run)
    for cash in list(book):
        if cash.symbol != book.account_currency and not cash.fixed_rate:
            _attach(run, cash, book.account_currency, step)


def seed_conversions(run: RunContext) -> None:
    """Give every pair its last price before the run begins, so that the first sample already has rates."""
    for security in run.securities.values():
        if security.kind is SecurityType.FOREX and not security.price:
            for bar in run.history.last_known(security):
                set_from_bar(security, bar)


def _finest_step(run: RunContext) -> Step:
    steps = [resolution for security in run.securities.values() for resolution in security.resolutions]
    return STEP_OF.get(min(steps, default=Resolution.MINUTE), Step.MINUTE)


def _attach(run: RunContext, cash: CashCore, account_currency: str, step: Step) -> None:
    properties = run.data.symbol_properties()
    for pair, inverse in ((cash.symbol + account_currency, False), (account_currency + cash.symbol, True)):
        if properties.get((FOREX_MARKET, pair, "forex")) is not None:
            security = run.securities.create(symbol_book.create(pair, SecurityType.FOREX, FOREX_MARKET))
            run.securities.subscribe(security, step, internal=True)
            _use(cash, security, inverse)
            return


def _use(cash: CashCore, pair: SecurityCore, inverse: bool) -> None:
    def rate() -> Decimal:
        price = pair.price
        if not price:
            return ZERO
        return div(ONE, price) if inverse else price

    def rates(times: NDArray[np.int64]) -> NDArray[np.float64]:
        prices = pair.price_array(times)
        return np.divide(1.0, prices, out=np.zeros(prices.size), where=prices != 0) if inverse else prices

    cash.source, cash.rates, cash.securities = rate, rates, (view_of(pair),)
