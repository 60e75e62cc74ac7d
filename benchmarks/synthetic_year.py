"""What a year of five strategies asks of the synthetic market, in CPU seconds: 60 contract-days of minute quotes a day, two chains per underlying and week,
minute and daily bars of the underlyings.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from datetime import date

import numpy as np

from marketdata.port import Instrument, Kind, Step, Tick
from marketdata.synthetic import MarketParameters, SyntheticMarket
from marketdata.synthetic.calendar import sessions

FIRST, LAST = date(2024, 1, 2), date(2024, 12, 31)
HISTORY = date(2022, 12, 1)
CONTRACTS = 60
CHAINS = [
    *(Instrument(Kind.OPTION, "usa", ticker) for ticker in ("spy", "qqq", "iwm", "gld", "tlt")),
    *(Instrument(Kind.INDEX_OPTION, "usa", ticker) for ticker in ("spx", "spxw")),
    Instrument(Kind.FUTURE_OPTION, "cme", "es", contract_month="202412"),
    Instrument(Kind.FUTURE_OPTION, "nymex", "lo", contract_month="202412"),
    Instrument(Kind.FUTURE_OPTION, "comex", "og", contract_month="202412"),
]
UNDERLYINGS = [
    *(Instrument(Kind.EQUITY, "usa", ticker) for ticker in ("spy", "qqq", "iwm", "gld", "tlt")),
    *(Instrument(Kind.INDEX, "usa", ticker) for ticker in ("spx", "vix")),
]


def main() -> None:
    """Prints CPU seconds by part and the peak memory."""
    began = time.process_time()
    market = SyntheticMarket(MarketParameters(first=HISTORY, last=LAST))
    made = time.process_time()
    for one in UNDERLYINGS:
        market.bars(one, Step.DAILY, Tick.TRADE, None)
    daily = time.process_time()
    contracts = chains = 0
    spent = {"underlying minutes": 0.0, "chains": 0.0, "contract quotes": 0.0}
    held: list[Instrument] = []
    calendar = sessions()
    for index in range(calendar.on_or_before(FIRST), calendar.on_or_before(LAST) + 1):
        day = calendar.date(index)
        start = time.process_time()
        for one in UNDERLYINGS:
            market.bars(one, Step.MINUTE, Tick.TRADE, day)
        after = time.process_time()
        spent["underlying minutes"] += after - start
        if day.weekday() in (1, 3):
            held = list(chosen(market, day))
            chains += len(CHAINS)
        between = time.process_time()
        spent["chains"] += between - after
        contracts += sum(market.bars(one, Step.MINUTE, Tick.QUOTE, day) is not None for one in held)
        spent["contract quotes"] += time.process_time() - between
    total = time.process_time() - began
    print(f"market made {made - began:.2f} s, daily bars of {len(UNDERLYINGS)} underlyings over two years {daily - made:.2f} s")
    print(", ".join(f"{name} {seconds:.2f} s" for name, seconds in spent.items()), f"({contracts} contract-days, {chains} chains)")
    print(f"one year: {total:.1f} s CPU, peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def chosen(market: SyntheticMarket, day: date) -> Iterator[Instrument]:
    """Contracts an algorithm might hold: a few of each chain around the money and out of it."""
    for canonical in CHAINS:
        rows = market.universe(canonical, day)
        if rows is None or not len(rows.expiry):
            continue
        style = "european" if canonical.kind is Kind.INDEX_OPTION else "american"
        for row in np.linspace(0, len(rows.expiry) - 1, CONTRACTS // len(CHAINS)).astype(int).tolist():
            right = "call" if rows.right[row] == "C" else "put"
            yield Instrument(canonical.kind, canonical.market, canonical.ticker, rows.expiry[row], rows.strike[row], right, style, canonical.contract_month)


if __name__ == "__main__":
    main()
