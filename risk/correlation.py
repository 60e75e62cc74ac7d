"""Nine correlation groups: every symbol the desk may trade is in exactly one, an unknown symbol is refused (S002-26 to S002-28, S002-42).

The groups and their first members are those of S002; the gaps the method leaves (SPX, grains, meats, further crude and currency contracts, the pullback
shares of the IPMCC) are filled by what the product moves with. The method's second table, finer groups with their own caps, is kept beside it: a
position needs a slot in both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from vocabulary.errors import BadInput


class Group(Enum):
    """The nine groups of S002."""

    EQUITY_INDEX = "equity_index"
    ENERGY = "energy"
    METALS = "metals"
    TREASURIES = "treasuries"
    VOLATILITY = "volatility"
    CURRENCIES = "currencies"
    TECHNOLOGY = "technology"
    COMMODITIES = "commodities"
    REAL_ESTATE = "real_estate"


def _tickers(text: str) -> tuple[str, ...]:
    return tuple(text.split())


MEMBERS: Mapping[Group, tuple[str, ...]] = {
    Group.EQUITY_INDEX: _tickers("SPY QQQ IWM DIA ES MES NQ MNQ YM MYM RTY M2K SPX SPXW XSP NDX RUT VOO VTI TQQQ TNA"),
    Group.ENERGY: _tickers("CL MCL USO XLE OIH GUSH DRIP NG QM RB HO XOP UCO UNG BOIL"),
    Group.METALS: _tickers("GC MGC GLD SLV SI GDX GDXJ NUGT DUST HG IAU SIL PL"),
    Group.TREASURIES: _tickers("TLT IEF SHY ZB ZN ZF ZT TMF TMV"),
    Group.VOLATILITY: _tickers("VIX UVXY VXX SVXY VIXY XIV"),
    Group.CURRENCIES: _tickers("6E 6A 6B 6J 6C 6S M6E M6A DXY UUP FXE FXB IBIT"),
    Group.TECHNOLOGY: _tickers("NVDA AAPL MSFT GOOGL GOOG AMZN META TSLA MSTR HOOD SOFI PLTR"),
    Group.COMMODITIES: _tickers("DBA DBC CORN WEAT SOYB ZC ZS ZW LE HE GF"),
    Group.REAL_ESTATE: _tickers("IYR VNQ REZ REM"),
}


@dataclass(frozen=True, slots=True)
class FineGroup:
    """A finer group of the method (DOC1, v17) with its own cap on positions."""

    name: str
    cap: int
    members: tuple[str, ...]


FINE_GROUPS = (
    FineGroup("index futures", 2, _tickers("ES MES NQ MNQ RTY M2K YM MYM")),
    FineGroup("index funds", 3, _tickers("SPY QQQ IWM DIA VOO VTI")),
    FineGroup("safe haven", 2, _tickers("GC MGC GLD IAU TLT ZB ZN")),
    FineGroup("industrial metals", 2, _tickers("SI SIL SLV HG PL")),
    FineGroup("crude", 2, _tickers("CL MCL QM RB HO XLE XOP USO UCO")),
    FineGroup("gas", 1, _tickers("NG UNG BOIL")),
    FineGroup("grains", 2, _tickers("ZC ZS ZW")),
    FineGroup("proteins", 1, _tickers("LE HE GF")),
    FineGroup("currencies", 2, _tickers("6E 6B 6A 6C 6J 6S M6E M6A DXY FXE FXB")),
)

INDEX_FAMILY = frozenset(_tickers("SPY SPX SPXW XSP VOO VTI ES MES"))  # what counts as the same S&P 500 position (three SPY-equivalents, C)
BANNED = frozenset(_tickers("OJ LBS DX VX NG ZR PA KC CC SB"))  # never traded (A7)

_GROUP_OF = {symbol: group for group, members in MEMBERS.items() for symbol in members}
_FINE_GROUP_OF = {symbol: group for group in FINE_GROUPS for symbol in group.members}


def group_of(symbol: str) -> Group | None:
    """The one group of a symbol, None when it is unknown: then nothing new may be opened on it."""
    return _GROUP_OF.get(symbol)


def fine_group_of(symbol: str) -> FineGroup | None:
    """The method's finer group of a symbol, None where the method names none."""
    return _FINE_GROUP_OF.get(symbol)


def crisis_cap(group: Group) -> int:
    """Positions a group may hold at the emergency level: one, two for metals and bonds (PY, C)."""
    return 2 if group in (Group.METALS, Group.TREASURIES) else 1


def require_known(symbols: Mapping[str, tuple[str, ...]]) -> None:
    """Refuse a configuration that would trade a symbol without a group. `symbols`: parameter key -> its symbols. Raises BadInput."""
    for key in sorted(symbols):
        for symbol in symbols[key]:
            if symbol not in _GROUP_OF:
                raise BadInput(f"parameter {key}={symbol}: in no correlation group, so it can never be traded; known: {', '.join(sorted(_GROUP_OF))}")
            if symbol in BANNED:
                raise BadInput(f"parameter {key}={symbol}: on the method's never-trade list ({', '.join(sorted(BANNED))})")
