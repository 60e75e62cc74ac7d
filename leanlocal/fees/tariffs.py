"""Broker tariffs as pure functions of quantity and price.

Sources: the published schedules as LEAN's fee models apply them (lean-fidelity 5 and 5.1): Interactive Brokers fixed US equity price, its first monthly
tier for options, futures per contract with exchange and regulatory parts; Charles Schwab; tastytrade; TradeStation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from leanlocal.exact import ONE, ZERO, mul

D = Decimal
_DEAR, _DEAR_FROM = D("0.65"), D("0.10")
_MIDDLING, _MIDDLING_FROM = D("0.50"), D("0.05")
_CHEAP = D("0.25")


def ib_equity_fee(quantity: Decimal, price: Decimal) -> Decimal:
    """Interactive Brokers, US shares: 0.005 a share, at least 1.00; capped at 0.5 % of the trade value unless below the minimum."""
    raw = mul(D("0.005"), abs(quantity))
    if raw < ONE:
        return ONE
    cap = abs(mul(D("0.005"), mul(quantity, price)))
    return min(raw, cap)


def ib_option_fee(quantity: Decimal, premium: Decimal) -> Decimal:
    """Interactive Brokers, US options, up to 10,000 contracts a month: by premium 0.65, 0.50 (below 0.10) or 0.25 (below 0.05) each, at least 1.00."""
    each = _DEAR if premium >= _DEAR_FROM else _MIDDLING if premium >= _MIDDLING_FROM else _CHEAP
    return max(mul(abs(quantity), each), ONE)


@dataclass(frozen=True, slots=True)
class FutureTariff:
    """Per contract: the broker's part and the exchange's part."""

    broker: Decimal
    exchange: Decimal


REGULATORY_FEE = D("0.02")
_STANDARD = D("0.85")
_DEFAULT_EXCHANGE = D("1.60")

FUTURE_TARIFFS: Mapping[str, FutureTariff] = {
    **{ticker: FutureTariff(_STANDARD, D("1.28")) for ticker in ("ES", "NQ", "YM", "RTY", "EMD")},
    **{ticker: FutureTariff(D("0.25"), D("0.30")) for ticker in ("MYM", "M2K", "MES", "MNQ", "2YY", "5YY", "10Y", "30Y", "MCL", "MGC", "SIL")},
    **{ticker: FutureTariff(D("0.15"), D("0.24")) for ticker in ("M6A", "M6B", "M6E")},
    "BTC": FutureTariff(D("5"), D("6")),
    "MBT": FutureTariff(D("2.25"), D("2.5")),
    "ETH": FutureTariff(D("3"), D("4")),
    "MET": FutureTariff(D("0.20"), D("0.20")),
}
"""Futures by ticker; any other pays 0.85 and 1.60."""

FUTURE_OPTION_TARIFFS: Mapping[str, FutureTariff] = {
    **{ticker: FutureTariff(_STANDARD, D("0.55")) for ticker in ("ES", "NQ", "YM", "RTY", "EMD")},
    **{ticker: FutureTariff(D("0.25"), D("0.20")) for ticker in ("MYM", "M2K", "MES", "MNQ")},
    "BTC": FutureTariff(D("5"), D("5")),
    "MBT": FutureTariff(D("1.25"), D("2")),
}
"""Options on futures by the future's ticker; any other pays 0.85 and 1.60."""


def ib_future_fee(quantity: Decimal, ticker: str, *, is_option: bool) -> Decimal:
    """Interactive Brokers, US futures and options on them."""
    table = FUTURE_OPTION_TARIFFS if is_option else FUTURE_TARIFFS
    tariff = table.get(ticker, FutureTariff(_STANDARD, _DEFAULT_EXCHANGE))
    return mul(abs(quantity), tariff.broker + tariff.exchange + REGULATORY_FEE)


def schwab_fee(quantity: Decimal, *, is_option: bool, is_index_option: bool) -> Decimal:
    """Charles Schwab: 0.65 per equity option, 1.00 per index option, nothing for shares."""
    if is_index_option:
        return mul(abs(quantity), ONE)
    return mul(abs(quantity), D("0.65")) if is_option else ZERO


def tradestation_fee(quantity: Decimal, *, is_option: bool, is_index_option: bool, is_future: bool) -> Decimal:
    """TradeStation, residents of the United States: 0.60 per equity option, 1.00 per index option, 1.50 per future, nothing for shares."""
    each = D("0.60") if is_option else ONE if is_index_option else D("1.50") if is_future else ZERO
    return mul(abs(quantity), each)


def tastytrade_fee(quantity: Decimal, *, is_option: bool, is_future: bool, is_future_option: bool, opens: bool) -> Decimal:
    """tastytrade: options 1.00 and future options 2.50 per contract to open, closing free; futures 1.25 per contract; shares free."""
    if is_future:
        return mul(abs(quantity), D("1.25"))
    if not opens:
        return ZERO
    if is_future_option:
        return mul(abs(quantity), D("2.50"))
    return mul(abs(quantity), ONE) if is_option else ZERO
