"""Where LEAN keeps a series: archive path and entry name for each security type, resolution and tick type.

Layout as documented in LEAN's data-folder readme: everything lower case; below hour resolution one archive a day; options at hour and daily resolution one
archive a year; an option's strike is written times 10,000.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TypeVar

from marketdata.port import Instrument, Kind, Step, Tick
from vocabulary.errors import BadInput

T = TypeVar("T")

SCALED = frozenset({Kind.EQUITY, Kind.OPTION, Kind.INDEX_OPTION})
OPTIONS = frozenset({Kind.OPTION, Kind.INDEX_OPTION, Kind.FUTURE_OPTION})


def divisor_of(kind: Kind) -> int:
    """Units per 1.00 of price in the files of this security type."""
    return 10_000 if kind in SCALED else 1


def long_ticks(kind: Kind) -> tuple[Tick, ...]:
    """Tick types that hour and daily files of this security type can hold: shares and indices keep trades only, currencies quotes only."""
    if kind in (Kind.EQUITY, Kind.INDEX):
        return (Tick.TRADE,)
    return (Tick.QUOTE,) if kind is Kind.FOREX else tuple(Tick)


def root_of(instrument: Instrument) -> PurePosixPath:
    """`option/usa`, `future/cme` …"""
    return PurePosixPath(instrument.kind.value, instrument.market)


def day_archive(instrument: Instrument, tick: Tick, day: date) -> str:
    """Archive that holds one day of minute rows."""
    folder = f"{instrument.kind.value}/{instrument.market}/{Step.MINUTE.value}/{instrument.ticker}"
    if instrument.kind is Kind.FUTURE_OPTION:
        folder += f"/{required(instrument.contract_month, instrument, 'contract_month')}"
    style = f"_{required(instrument.style, instrument, 'style')}" if instrument.kind in OPTIONS else ""
    return f"{folder}/{stamp(day)}_{tick.value}{style}.zip"


def day_entry(instrument: Instrument, tick: Tick, day: date) -> str:
    """Entry inside `day_archive`."""
    return f"{stamp(day)}_{instrument.ticker}_minute_{tick.value}{contract_suffix(instrument)}.csv"


@lru_cache(maxsize=1024)
def stamp(day: date) -> str:
    """`yyyyMMdd`."""
    return f"{day:%Y%m%d}"


def long_archive(instrument: Instrument, step: Step, tick: Tick, year: int | None) -> PurePosixPath:
    """Archive of hour or daily rows; options keep one per `year`, the others ignore it."""
    folder = root_of(instrument) / step.value
    if instrument.kind in OPTIONS:
        if instrument.kind is Kind.FUTURE_OPTION:
            folder = folder / instrument.ticker / required(instrument.contract_month, instrument, "contract_month")
        return folder / f"{instrument.ticker}_{year}_{tick.value}_{required(instrument.style, instrument, 'style')}.zip"
    name = f"{instrument.ticker}_{tick.value}" if instrument.kind is Kind.FUTURE else instrument.ticker
    return folder / f"{name}.zip"


def long_entry(instrument: Instrument, tick: Tick) -> str:
    """Entry inside `long_archive`."""
    suffix = contract_suffix(instrument)
    return f"{instrument.ticker}_{tick.value}{suffix}.csv" if suffix else f"{instrument.ticker}.csv"


def universe_folder(canonical: Instrument) -> PurePosixPath:
    """Folder of the chain files of an option root or future."""
    folder = root_of(canonical) / "universes" / canonical.ticker
    return folder / required(canonical.contract_month, canonical, "contract_month") if canonical.kind is Kind.FUTURE_OPTION else folder


@lru_cache(maxsize=1 << 14)
def contract_suffix(instrument: Instrument) -> str:
    """`_american_call_7450000_20160115`, `_202409`, or nothing."""
    if instrument.kind is Kind.FUTURE:
        return f"_{required(instrument.contract_month, instrument, 'contract_month')}"
    if instrument.kind not in OPTIONS:
        return ""
    strike = required(instrument.strike, instrument, "strike")
    expiry = required(instrument.expiry, instrument, "expiry")
    return f"_{instrument.style}_{required(instrument.right, instrument, 'right')}_{scaled_strike(strike)}_{expiry:%Y%m%d}"


def scaled_strike(strike: Decimal) -> str:
    """A strike as file names carry it: times 10,000, as a whole number."""
    return str(int(strike * 10_000))


def required(value: T | None, instrument: Instrument, field: str) -> T:
    """`value`, or BadInput naming the field that this security type needs."""
    if value is None:
        raise BadInput(f"{instrument.kind.value} {instrument.ticker}: {field} is needed to find its rows")
    return value
