"""A feed: one subscription of one instrument, pulled instead of pushed.

Nobody tells a feed about time. Whoever needs the last row asks with the current moment, and the day's rows are read when that happens first. Rows that ended
before the subscription began do not exist for it. Days that are over keep only their last row and the quote sides to carry on. The last answer is kept with
the time for which it stands: most questions of a step, and of the next, have the same one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, NamedTuple, TypeVar, cast

import numpy as np

from leanlocal.clock import MINUTE, Micros
from leanlocal.feeds.blocks import AnyBlock, BarFacts, Factors, Floats, InterestBlock, QuoteBlock, TradeBlock, carried_sides
from leanlocal.feeds.loading import STEP_LENGTH, BlockLoader, joined_blocks, within_hours
from leanlocal.market_hours import ExchangeHours
from marketdata.port import Instrument, Kind, Step, Tick

DAYS_KEPT = 3
LOOK_AHEAD_DAYS = 12
_DAY = timedelta(days=1)
_FIRST_DAY_OF_FILES = date(1990, 1, 1)
ALWAYS: Micros = 1 << 62
NOTHING_YET = (0, 0, None)
InstrumentOf = Callable[[date], Instrument]
FactorsOf = Callable[[list[date]], Factors]


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a feed delivers. begin: rows must end after it; last_day: last data day with rows (expiry or end of the run); until: none begins after it."""

    tick: Tick
    step: Step
    extended: bool
    fill_forward: bool
    begin: Micros
    last_day: date
    internal: bool = False
    until: Micros = ALWAYS

    @property
    def period(self) -> Micros:
        """Length of its bars."""
        return STEP_LENGTH[self.step]


class RowAt(NamedTuple):
    """A row of a block."""

    block: AnyBlock
    row: int

    @property
    def end(self) -> Micros:
        """When it was delivered."""
        return self.block.end_list[self.row]


class Standing(NamedTuple):
    """An answer and the moments since <= t < until for which it stands."""

    since: Micros
    until: Micros
    row: RowAt | None


@dataclass(frozen=True, slots=True)
class Sides:
    """Quote sides as of the end of a day, to be carried on."""

    bid: Floats | None = None
    ask: Floats | None = None


BlockT = TypeVar("BlockT", TradeBlock, QuoteBlock, InterestBlock)


class Feed(Generic[BlockT]):
    """Rows of one subscription. factors: price factors of dates, None when prices are raw."""

    def __init__(
        self, loader: BlockLoader, subscription: Subscription, hours: ExchangeHours, instrument_of: InstrumentOf, factors: FactorsOf | None = None
    ) -> None:
        self.subscription = subscription
        self.hours = hours
        self._loader = loader
        self._instrument_of = instrument_of
        self._factors = factors
        self._first_day = hours.data_zone.local_date(subscription.begin)
        self._blocks: dict[date, BlockT | None] = {}
        self._raw_sides: dict[date, Sides] = {}
        self._before: dict[date, RowAt | None] = {}
        self._with_closed_hours: dict[date, BlockT] = {}
        self._standing = Standing(*NOTHING_YET)
        self._span: tuple[Micros, Micros, date] = (0, 0, self._first_day)
        self._near_session: tuple[Micros, Micros] = (0, 0)
        self._facts_of: RowAt | None = None
        self._facts: BarFacts | None = None

    def row_at(self, now: Micros) -> RowAt | None:
        """The last row that ended at or before the moment."""
        since, until, row = self._standing
        if since <= now < until:
            return row
        self._standing = standing = self._look(now)
        return standing.row

    def _look(self, now: Micros) -> Standing:
        first, last, day = self._span
        if not first <= now < last:
            first, last, day = self._span = self._span_of(now)
        block = self.block(day)
        if block is None:
            return Standing(first, last, self._row_before(day))
        ends = block.end_list
        row = bisect_right(ends, now) - 1
        until = ends[row + 1] if row + 1 < len(ends) else last
        if row < 0:
            return Standing(first, until, self._row_before(day))
        return Standing(ends[row], until, RowAt(block, row))

    def may_end_at(self, now: Micros) -> bool:
        """False when no row, real or repeated, can end at the moment, whatever the file holds: no session is near. Asked before a day's rows are read."""
        first, last = self._near_session
        if first < now < last:
            return True
        subscription, hours = self.subscription, self.hours
        if subscription.step is not Step.MINUTE or subscription.tick is Tick.OPEN_INTEREST or hours.always_open:
            return True
        for day in {hours.local_date(now - 1), hours.local_date(now - MINUTE)}:
            for opens, closes in hours.sessions(day, subscription.extended):
                if opens < now < closes + MINUTE:
                    self._near_session = opens, closes + MINUTE
                    return True
        return False

    def repeated_at(self, now: Micros) -> RowAt | None:
        """The row that fill-forward repeats at the moment: the last of the file, in market hours or not, for LEAN filters hours after filling."""
        row = self.row_at(now)
        for day in sorted(self._with_closed_hours, reverse=True):
            block = self._with_closed_hours[day]
            at = bisect_right(block.end_list, now) - 1
            if at >= 0:
                return RowAt(block, at) if row is None or block.end_list[at] > row.end else row
        return row

    def facts_at(self, now: Micros) -> BarFacts | None:
        """The last row as exact facts (trade and quote feeds)."""
        found = self.row_at(now)
        return None if found is None else self.facts_of(found)

    def facts_of(self, found: RowAt) -> BarFacts | None:
        """A row of this feed as exact facts, None for open interest."""
        if found is not self._facts_of and found != self._facts_of:
            block = found.block
            self._facts_of, self._facts = found, None if isinstance(block, InterestBlock) else block.facts(found.row)
        return self._facts

    def next_end_after(self, now: Micros, *, closed_hours: bool = False) -> Micros | None:
        """When the next row will end, on wish one outside market hours too; None when none comes within the days looked ahead."""
        day = self._day_of(now + 1)
        for _ in range(LOOK_AHEAD_DAYS):
            if day > self.subscription.last_day:
                return None
            block = self.block(day)
            if closed_hours:
                block = self._with_closed_hours.get(self._key_of(day), block)
            if block is not None:
                row = bisect_right(block.end_list, now)
                if row < len(block.end_list):
                    return block.end_list[row]
            if self.subscription.step is not Step.MINUTE:
                return None
            day += _DAY
        return None

    def last_row_of_file(self, now: Micros) -> RowAt | None:
        """The last row that ended by now whether or not it was in market hours: what the file says last.

        A file of hours or days is read from its beginning, so rows from before the subscription count; of a minute file they do not.
        """
        day = self._day_of(now)
        while day >= self._first_day:
            block = self._read(day, _FIRST_DAY_OF_FILES)
            if block is not None:
                row = bisect_right(block.end_list, now) - 1
                if row >= 0:
                    begun = block.end_list[row] > self.subscription.begin or self.subscription.step is not Step.MINUTE
                    return RowAt(block, row) if begun else None
            if self.subscription.step is not Step.MINUTE:
                return None
            day -= _DAY
        return None

    def block(self, day: date) -> BlockT | None:
        """Rows delivered on a data-zone day (of the whole subscription for hour and daily feeds)."""
        key = self._key_of(day)
        if key not in self._blocks:
            self._forget(key)
            self._blocks[key] = self._load(day)
        return self._blocks[key]

    def blocks_between(self, start: Micros, end: Micros) -> Iterator[BlockT]:
        """Blocks of every data day that touches start < t <= end, read again where they were dropped."""
        if self.subscription.step is not Step.MINUTE:
            block = self.block(self._first_day)
            if block is not None:
                yield block
            return
        day, last = self._day_of(start + 1), self._day_of(end)
        while day <= last:
            block = self.block(day)
            if block is not None:
                yield block
            day += _DAY

    def release(self) -> None:
        """Drop every column (the subscription is over)."""
        self._blocks.clear()
        self._before.clear()
        self._with_closed_hours.clear()
        self._standing = Standing(*NOTHING_YET)
        self._facts_of = self._facts = None

    def _key_of(self, day: date) -> date:
        return day if self.subscription.step is Step.MINUTE else date.min

    def _day_of(self, now: Micros) -> date:
        return self.hours.data_zone.local_date(now - 1)

    def _span_of(self, now: Micros) -> tuple[Micros, Micros, date]:
        """The data day of a moment with its first moment, and the first that is over: a row that ends at midnight belongs to the day before."""
        day = self._day_of(now)
        if self.subscription.step is not Step.MINUTE:
            return 0, ALWAYS, day
        zone = self.hours.data_zone
        return zone.midnight(day) + 1, zone.midnight(day + _DAY) + 1, day

    def _row_before(self, day: date) -> RowAt | None:
        if self.subscription.step is not Step.MINUTE or day <= self._first_day:
            return None
        if day not in self._before:
            self._before = {day: self._search_back(day - _DAY)}
        return self._before[day]

    def _search_back(self, day: date) -> RowAt | None:
        while day >= self._first_day:
            block = self.block(day)
            if block is not None and len(block):
                return RowAt(block, len(block) - 1)
            day -= _DAY
        return None

    def _forget(self, coming: date) -> None:
        for kept in (self._blocks, self._with_closed_hours):
            while len(kept) >= DAYS_KEPT:
                del kept[min(kept) if min(kept) < coming else max(kept)]

    def _load(self, day: date) -> BlockT | None:
        block = self._read(day)
        if block is None:
            return None
        begin, until = self.subscription.begin, self.subscription.until
        if int(block.ends[0]) <= begin or int(block.starts[-1]) > until:
            block = block.kept((block.ends > begin) & (block.starts <= until))
        if isinstance(block, QuoteBlock) and self.subscription.fill_forward and len(block):
            block = self._with_sides(block, day)
        inside = within_hours(block, self.hours, self.subscription.extended)
        for one in (block, inside):
            if isinstance(one, TradeBlock | QuoteBlock) and self._factors is not None and len(one):
                one.factors = self._factors_of(one)
        if inside is not block:
            self._with_closed_hours[self._key_of(day)] = cast("BlockT", block)
        return cast("BlockT", inside)

    def _read(self, day: date, since: date | None = None) -> AnyBlock | None:
        """Rows of a minute file, or those of a file of hours or days from `since` on (a week before the subscription unless given)."""
        subscription = self.subscription
        last = day if subscription.step is Step.MINUTE else subscription.last_day
        instrument = self._instrument_of(last)
        if instrument.kind is Kind.FUTURE and instrument.contract_month is None:
            return None  # a continuous future that is mapped to nothing has no rows
        if subscription.step is Step.MINUTE:
            return self._loader.minute_day(instrument, subscription.tick, day, self.hours)
        parts = (
            self._loader.whole_file(name, subscription.step, subscription.tick, self.hours, first, end)
            for name, first, end in names_between(self._instrument_of, since or self._first_day - 7 * _DAY, last)
        )
        return joined_blocks([block for block in parts if block is not None])

    def _factors_of(self, block: TradeBlock | QuoteBlock) -> Factors:
        zone = self.hours.zone
        factors = cast("FactorsOf", self._factors)
        if self.subscription.step is Step.MINUTE:
            return factors([zone.local_date(int(block.ends[0]))])
        return factors([zone.local_date(end) for end in block.end_list])

    def _with_sides(self, block: QuoteBlock, day: date) -> QuoteBlock:
        sides = Sides()
        if self.subscription.step is Step.MINUTE and not (block.bid[0].any() and block.ask[0].any()):
            sides = self._sides_before(day)
        full = carried_sides(block, sides.bid, sides.ask)
        self._raw_sides[day] = _last_sides(full)
        return full

    def _sides_before(self, day: date) -> Sides:
        day -= _DAY
        while day >= self._first_day:
            if day not in self._raw_sides:
                self._load(day)
            if day in self._raw_sides:
                return self._raw_sides[day]
            day -= _DAY
        return Sides()


def _last_sides(block: QuoteBlock) -> Sides:
    bid, ask = block.bid[-1], block.ask[-1]
    return Sides(np.array(bid) if bid.any() else None, np.array(ask) if ask.any() else None)


def names_between(instrument_of: InstrumentOf, first: date, last: date) -> list[tuple[Instrument, date, date]]:
    """The names an instrument has between two dates, each with its first and last date; a name that comes back is not looked for."""
    found: list[tuple[Instrument, date, date]] = []
    begin = first
    while instrument_of(begin) != instrument_of(last):
        low, high = begin.toordinal(), last.toordinal()
        while high - low > 1:
            middle = (low + high) // 2
            if instrument_of(date.fromordinal(middle)) == instrument_of(begin):
                low = middle
            else:
                high = middle
        found.append((instrument_of(begin), begin, date.fromordinal(low)))
        begin = date.fromordinal(high)
    return [*found, (instrument_of(last), begin, last)]
