"""Option roots: what is listed under one ticker, how it is quoted and when it settles.

Ticks are the exchanges': SPX, SPXW 0.05 below 3.00 and 0.10 from there; SPY, QQQ, IWM, XSP a cent; GLD, TLT a cent below 3.00 and 0.05 from there; ES 0.05
below 10, 0.25 from there; LO 0.01; OG 0.10. Strike steps: the finest near the money, five (or ten) times that further away.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from marketdata.port import Kind
from marketdata.synthetic import expiries
from marketdata.synthetic.calendar import CLOSE, LATE_CLOSE, NODES, OPEN, node_at, third_friday
from marketdata.synthetic.underlyings import UNDERLYINGS, Underlying

Months = Callable[[date], tuple[tuple[int, int], ...]]


@dataclass(frozen=True, slots=True)
class StrikeSteps:
    """Strike distances. fine: near the money; coarse: beyond (twice that far out and for long expiries); near_days: expiries further away have coarse steps
    only; near_limit: the fine zone reaches at most so far from the price, as a share of it.
    """

    fine: float
    coarse: float
    near_days: int
    near_limit: float


@dataclass(frozen=True, slots=True)
class OptionRoot:
    """One option root.

    ticks: (small, large) and tick_from the price from which the large one holds; opens, closes: quoted minutes;
    settles: node of expiry (third Fridays may differ: settles_monthly); spread_of_price, spread_of_vega: quoted width as share of the price and in volatility
    points; busy: open interest of an at-the-money monthly contract. For future options `months` gives the delivery months and `expiries_of_month` their
    expiries; else `expiries`.
    """

    ticker: str
    kind: Kind
    market: str
    underlying: Underlying
    style: str
    steps: StrikeSteps
    ticks: tuple[float, float]
    tick_from: float
    spread_of_price: float
    spread_of_vega: float
    busy: float
    expiries: Callable[[date], Sequence[date]] | None = None
    months: Months | None = None
    expiries_of_month: Callable[[date, int, int], Sequence[date]] | None = None
    opens: int = OPEN
    closes: int = CLOSE
    settles: int = CLOSE
    settles_monthly: int = CLOSE

    @property
    def scale(self) -> int:
        """Units per 1.00 in the files."""
        return 1 if self.kind is Kind.FUTURE_OPTION else 10_000

    def settle_node(self, expiry: date) -> int:
        """Node at which the option expires on its day."""
        return self.settles_monthly if expiry == third_friday(expiry.year, expiry.month) else self.settles

    def listed(self, day: date, contract_month: str | None) -> Sequence[date]:
        """Expiries on the list on a day, ascending."""
        if self.expiries_of_month is not None:
            year, month = int((contract_month or "0000")[:4]), int((contract_month or "0000")[4:6])
            return self.expiries_of_month(day, year, month) if month else ()
        return self.expiries(day) if self.expiries is not None else ()


def fund(
    ticker: str, schedule: Callable[[date], Sequence[date]], steps: StrikeSteps, ticks: tuple[float, float], width: tuple[float, float], busy: float
) -> OptionRoot:
    """American options on a fund, physically settled."""
    return OptionRoot(ticker, Kind.OPTION, "usa", UNDERLYINGS[ticker], "american", steps, ticks, 3.0, *width, busy, schedule)


def index(
    ticker: str, level: str, schedule: Callable[[date], Sequence[date]], steps: StrikeSteps, ticks: tuple[float, float], busy: float, monthly: int
) -> OptionRoot:
    """European options on an index, settled in cash."""
    width = (0.005, 0.10)
    return OptionRoot(
        ticker, Kind.INDEX_OPTION, "usa", UNDERLYINGS[level], "european", steps, ticks, 3.0, *width, busy, schedule, closes=LATE_CLOSE, settles_monthly=monthly
    )


PENNY, NICKEL = (0.01, 0.01), (0.01, 0.05)
INDEX_TICKS = (0.05, 0.10)


Pair = tuple[float, float]


def future_option(ticker: str, market: str, future: str, steps: StrikeSteps, ticks: Pair, tick_from: float, width: Pair) -> OptionRoot:
    """American options on a future; delivery months, expiries, settlement and interest come from the tables below."""
    months, by_month, settles, busy = FUTURE_SERIES[ticker]
    return OptionRoot(
        ticker,
        Kind.FUTURE_OPTION,
        market,
        UNDERLYINGS[future],
        "american",
        steps,
        ticks,
        tick_from,
        *width,
        busy,
        months=months,
        expiries_of_month=by_month,
        closes=NODES,
        settles=settles,
        settles_monthly=settles,
    )


FUTURE_SERIES: Mapping[str, tuple[Months, Callable[[date, int, int], Sequence[date]], int, float]] = {
    "es": (expiries.equity_index_months, expiries.index_future_options, CLOSE, 1500.0),
    "lo": (expiries.crude_months, expiries.crude_options, node_at(14, 30), 2500.0),
    "og": (expiries.gold_months, expiries.gold_options, node_at(13, 30), 1500.0),
}
ROOTS: Mapping[str, OptionRoot] = {
    root.ticker: root
    for root in (
        fund("spy", expiries.busy_fund, StrikeSteps(1.0, 5.0, 70, 0.04), PENNY, (0.001, 0.03), 9000.0),
        fund("qqq", expiries.busy_fund, StrikeSteps(1.0, 5.0, 70, 0.04), PENNY, (0.0012, 0.04), 6000.0),
        fund("iwm", expiries.quiet_fund, StrikeSteps(1.0, 5.0, 130, 0.10), PENNY, (0.002, 0.05), 5000.0),
        fund("gld", expiries.quiet_fund, StrikeSteps(1.0, 5.0, 130, 0.10), NICKEL, (0.004, 0.10), 2500.0),
        fund("tlt", expiries.quiet_fund, StrikeSteps(1.0, 2.0, 130, 0.10), NICKEL, (0.005, 0.12), 3500.0),
        index("spx", "spx", expiries.index_monthlies, StrikeSteps(5.0, 25.0, 16, 0.03), INDEX_TICKS, 5000.0, OPEN),
        index("spxw", "spx", expiries.index_weeklies, StrikeSteps(5.0, 25.0, 16, 0.03), INDEX_TICKS, 2500.0, CLOSE),
        index("xsp", "xsp", expiries.index_weeklies, StrikeSteps(1.0, 5.0, 45, 0.03), PENNY, 400.0, CLOSE),
        future_option("es", "cme", "es", StrikeSteps(5.0, 25.0, 45, 0.03), (0.05, 0.25), 10.0, (0.003, 0.08)),
        future_option("lo", "nymex", "cl", StrikeSteps(0.5, 1.0, 130, 0.10), (0.01, 0.01), 0.0, (0.006, 0.30)),
        future_option("og", "comex", "gc", StrikeSteps(5.0, 25.0, 130, 0.06), (0.1, 0.1), 0.0, (0.006, 0.30)),
    )
}
