"""Contract filters: LEAN's filter universes over one chain file.

Each call narrows the current list in place and returns the universe, so that forgetting to return it changes nothing. The strike ladder is built from the
list as it stands at the first `strikes` call of a selection. Sources: lean-fidelity §2.4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from leanlocal.enums import SecurityType
from leanlocal.exact import to_float
from leanlocal.market_hours import ExchangeHours
from leanlocal.slices.bars import TradeBar, trade_bar
from leanlocal.surface import LeanObject
from leanlocal.symbol_book import ArgumentException
from leanlocal.symbols import Symbol
from leanlocal.universes.files import ChainTable, TableColumns
from leanlocal.universes.rows import UniverseRow, underlying_bar
from leanlocal.universes.strategy_filters import StrategyFilters

if TYPE_CHECKING:
    from leanlocal.securities.core import SecurityCore

STANDARD, WEEKLY = 1, 2
WEEKLY_INDEX_ROOTS = frozenset({"SPXW", "NQX", "RUTW"})
Filter = Callable[["ContractUniverse"], Any]
Rows = NDArray[np.int64]


class ContractUniverse(LeanObject[TableColumns]):
    """Contracts of a chain file that have passed the filters so far."""

    def __init__(self, table: ChainTable, hours: ExchangeHours, local: datetime) -> None:
        self._core = table.columns
        self._hours = hours
        self._local = local
        self._types = STANDARD | WEEKLY
        self._rows: Rows = np.arange(len(table), dtype=np.int64)

    def __iter__(self) -> Iterator[UniverseRow]:
        table = self._core.table
        return (UniverseRow(table, int(row)) for row in self._rows)

    def __len__(self) -> int:
        return int(self._rows.size)

    @property
    def count(self) -> int:
        """Number of contracts left."""
        return len(self)

    @property
    def local_time(self) -> datetime:
        """Exchange clock at the selection."""
        return self._local

    @property
    def underlying(self) -> TradeBar | None:
        """The file's row of the underlying."""
        bar = underlying_bar(self._core.table)
        return None if bar is None else trade_bar(*bar)

    def expiration(self, min_expiry: Any = None, max_expiry: int | timedelta | None = None, **named: Any) -> ContractUniverse:
        """Expiries from a first to a last number of days after the date (or the next trading day), inclusive; or a list of dates."""
        listed: Sequence[date] | None = named.get("expiries", _listed(min_expiry))
        if listed is not None:
            return self._keep(np.isin(self._core.expiry[self._rows], [day.toordinal() for day in listed]))
        low = _days(min_expiry if min_expiry is not None else named["min_expiry_days"])
        high = _days(max_expiry if max_expiry is not None else named["max_expiry_days"])
        reference = self._hours.open_on_or(self._local.date(), 1).toordinal()
        expiry = self._core.expiry[self._rows]
        return self._keep((expiry >= reference + low) & (expiry <= reference + high))

    def expiring_after(self, date: date) -> ContractUniverse:
        """Expiries later than a date."""
        return self._keep(self._core.expiry[self._rows] > date.toordinal())

    def expiring_before(self, date: date) -> ContractUniverse:
        """Expiries earlier than a date."""
        return self._keep(self._core.expiry[self._rows] < date.toordinal())

    def zero_dte(self) -> ContractUniverse:
        """Only what expires today."""
        return self.expiration(0, 0)

    def farthest_expiration(self) -> ContractUniverse:
        """Only the latest expiry."""
        expiry = self._by_expiry()
        return self._keep(expiry == expiry[-1:]) if expiry.size else self

    def volume(self, min: int, max: int) -> ContractUniverse:
        """Volume of the day within bounds, inclusive."""
        values = np.nan_to_num(self._core.table.rows.volume[self._rows])
        return self._keep((values >= min) & (values <= max))

    def include_weeklys(self) -> ContractUniverse:
        """Weeklies too (they are included by default)."""
        self._types |= WEEKLY
        return self

    def standards_only(self) -> ContractUniverse:
        """No weeklies."""
        self._types = STANDARD
        return self

    def weeklys_only(self) -> ContractUniverse:
        """Only weeklies."""
        self._types = WEEKLY
        return self

    def front_month(self) -> ContractUniverse:
        """Only the nearest expiry."""
        expiry = self._by_expiry()
        return self._keep(expiry == expiry[:1]) if expiry.size else self

    def back_months(self) -> ContractUniverse:
        """All but the nearest expiry."""
        expiry = self._by_expiry()
        return self._keep(expiry != expiry[:1]) if expiry.size else self

    def back_month(self) -> ContractUniverse:
        """Only the second expiry."""
        return self.back_months().front_month()

    def contracts(self, contracts: Any) -> ContractUniverse:
        """Only the given contracts: a list of symbols or rows, or a function that gives one."""
        chosen: Any = contracts(list(self)) if callable(contracts) else contracts
        wanted = {getattr(item, "symbol", item) for item in chosen}
        table = self._core.table
        return self._keep(np.array([table.symbol(int(row)) in wanted for row in self._rows], dtype=np.bool_))

    def selected(self) -> list[Symbol]:
        """The result: symbols in the file's order, expiry types applied."""
        self._apply_types()
        table = self._core.table
        return [table.symbol(int(row)) for row in self._rows]

    def _by_expiry(self) -> Rows:
        self._apply_types()
        order = np.argsort(self._core.expiry[self._rows], kind="stable")
        self._rows = self._rows[order]
        return self._core.expiry[self._rows]

    def _apply_types(self) -> None:
        if self._types == STANDARD | WEEKLY or not self._rows.size:
            return
        standard = {day: self._is_standard(date.fromordinal(day)) for day in set(self._core.expiry[self._rows].tolist())}
        wanted = self._types == STANDARD
        self._keep(np.array([standard[day] == wanted for day in self._core.expiry[self._rows].tolist()], dtype=np.bool_))

    def _is_standard(self, expiry: date) -> bool:
        canonical = self._core.table.canonical
        third_friday = _third_friday(expiry)
        if canonical.security_type is SecurityType.INDEX_OPTION:
            return canonical.id.symbol not in WEEKLY_INDEX_ROOTS or expiry == third_friday
        if canonical.security_type is SecurityType.OPTION:
            return third_friday.day - 2 < expiry.day < third_friday.day + 2
        return True

    def _keep(self, mask: NDArray[np.bool_]) -> ContractUniverse:
        self._rows = self._rows[mask]
        return self


class OptionFilterUniverse(StrategyFilters, ContractUniverse):
    """Filters of option chains."""

    def __init__(self, table: ChainTable, hours: ExchangeHours, local: datetime, security: SecurityCore) -> None:
        super().__init__(table, hours, local)
        self._security = security
        self._ladder: list[float] | None = None

    def strikes(self, min_strike: Any = None, max_strike: int | None = None, **named: Any) -> OptionFilterUniverse:
        """Strikes from a first to a last step around the underlying's close; or a list of strikes."""
        listed: Sequence[float] | None = named.get("strikes", _listed(min_strike))
        strike = self._core.strike[self._rows]
        if listed is not None:
            self._keep(np.isin(strike, list(listed)))
            return self
        if not isinstance(min_strike, int) or max_strike is None:
            raise ArgumentException("strikes needs a first and a last step, or a list of strikes")
        if self._ladder is None:
            self._ladder = sorted(set(self._core.strike[self._rows].tolist()))
        low, high = strike_range(self._ladder, self._reference_price(), min_strike, max_strike)
        self._keep((strike >= low) & (strike <= high))
        return self

    def strikes_above(self, price: float) -> OptionFilterUniverse:
        """Strikes above a price."""
        self._keep(self._core.strike[self._rows] > price)
        return self

    def strikes_below(self, price: float) -> OptionFilterUniverse:
        """Strikes below a price."""
        self._keep(self._core.strike[self._rows] < price)
        return self

    def in_the_money(self) -> OptionFilterUniverse:
        """Calls below and puts above the underlying's close; none when it is unknown."""
        return self._by_money(inside=True)

    def out_of_the_money(self) -> OptionFilterUniverse:
        """Calls above and puts below the underlying's close; none when it is unknown."""
        return self._by_money(inside=False)

    def _by_money(self, *, inside: bool) -> OptionFilterUniverse:
        strike, call, price = self._core.strike[self._rows], self._core.is_call[self._rows], self._reference_price()
        if price <= 0:
            self._keep(np.zeros(strike.size, dtype=np.bool_))
        else:
            self._keep((strike != price) & ((strike < price) == (call == inside)))
        return self

    def calls_only(self) -> OptionFilterUniverse:
        """Only calls."""
        self._keep(self._core.is_call[self._rows])
        return self

    def puts_only(self) -> OptionFilterUniverse:
        """Only puts."""
        self._keep(~self._core.is_call[self._rows])
        return self

    def delta(self, min: float, max: float) -> OptionFilterUniverse:
        """Delta within bounds, inclusive."""
        return self._between(self._core.table.rows.delta, min, max, "delta")

    def gamma(self, min: float, max: float) -> OptionFilterUniverse:
        """Gamma within bounds, inclusive."""
        return self._between(self._core.table.rows.gamma, min, max, "gamma")

    def theta(self, min: float, max: float) -> OptionFilterUniverse:
        """Theta per year within bounds, inclusive."""
        return self._between(self._core.table.rows.theta * 365, min, max, "theta")

    def vega(self, min: float, max: float) -> OptionFilterUniverse:
        """Vega within bounds, inclusive."""
        return self._between(self._core.table.rows.vega, min, max, "vega")

    def rho(self, min: float, max: float) -> OptionFilterUniverse:
        """Rho within bounds, inclusive."""
        return self._between(self._core.table.rows.rho, min, max, "rho")

    def implied_volatility(self, min: float, max: float) -> OptionFilterUniverse:
        """Implied volatility within bounds, inclusive."""
        return self._between(self._core.table.rows.iv, min, max, "implied_volatility")

    def open_interest(self, min: int, max: int) -> OptionFilterUniverse:
        """Open interest within bounds, inclusive."""
        return self._between(self._core.table.rows.open_interest, min, max, "open_interest")

    d, g, t, v, r, iv, oi = delta, gamma, theta, vega, rho, implied_volatility, open_interest
    itm, otm = in_the_money, out_of_the_money

    def _between(self, column: NDArray[np.float64], low: float, high: float, name: str) -> OptionFilterUniverse:
        if self._security.kind is SecurityType.FUTURE_OPTION:
            raise ValueError(f"{name} filter is not supported for future options")
        values = np.nan_to_num(column[self._rows])
        self._keep((values >= low) & (values <= high))
        return self

    def _reference_price(self) -> float:
        rows = self._core.table.rows
        close = rows.underlying[3] if rows.underlying is not None else 0.0
        return close / to_float(self._security.strike_multiplier)


class FutureFilterUniverse(ContractUniverse):
    """Filters of future chains."""

    def expiration_cycle(self, months: Sequence[int]) -> FutureFilterUniverse:
        """Only contracts that expire in given months."""
        wanted = frozenset(months)
        self._keep(np.array([date.fromordinal(day).month in wanted for day in self._core.expiry[self._rows].tolist()], dtype=np.bool_))
        return self


def strike_range(ladder: Sequence[float], price: float, low: int, high: int) -> tuple[float, float]:
    """Lowest and highest strike for steps low..high around a price; an empty range (1, 0) when there is none.

    When the price is no strike itself the next higher strike is step one for positive and step zero for other bounds.
    """
    empty = (1.0, 0.0)
    at = int(np.searchsorted(ladder, price))
    if at >= len(ladder):
        return empty
    if ladder[at] != price:
        if low < 0 < high:
            high -= 1
        elif low > 0:
            low, high = low - 1, high - 1
    first, last = max(at + low, 0), min(at + high, len(ladder) - 1)
    if first >= len(ladder) or last < 0:
        return empty
    return ladder[first], ladder[last]


def _listed(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else None


def _days(span: Any) -> int:
    return span.days if isinstance(span, timedelta) else int(span)


def _third_friday(day: date) -> date:
    first = day.replace(day=1)
    return first + timedelta(days=(4 - first.weekday()) % 7 + 14)


def default_filter(universe: ContractUniverse) -> Any:
    """LEAN's default: strikes one step around the money, up to 35 days; no contracts of futures."""
    if isinstance(universe, OptionFilterUniverse):
        return universe.strikes(-1, 1).expiration(0, 35)
    return universe.contracts([])


def set_filter(security: SecurityCore, *arguments: Any, **named: Any) -> None:
    """Set the filter of a chain from the forms LEAN's set_filter takes."""
    values = list(arguments) + list(named.values())
    if len(values) == 1 and callable(values[0]):
        security.option_filter = values[0]
    elif len(values) == 4:
        low, high, first, last = values
        security.option_filter = lambda universe: universe.strikes(low, high).expiration(first, last)  # pyright: ignore[reportUnknownLambdaType]
    elif len(values) == 2 and (isinstance(values[0], timedelta) or security.kind is SecurityType.FUTURE):
        security.option_filter = lambda universe: universe.expiration(values[0], values[1])  # pyright: ignore[reportUnknownLambdaType]
    elif len(values) == 2:
        security.option_filter = lambda universe: universe.strikes(values[0], values[1])  # pyright: ignore[reportUnknownLambdaType]
    else:
        raise TypeError(f"set_filter does not take {arguments} {named}")
